"""How much a model thinks, and what it writes at most.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_OutputConfig.html
"""

from typing import Any

from trunkline.types import TOKEN_LIMITS, Json
from trunkline.wires.anthropic import rules as claude
from trunkline.wires.anthropic.thinking import token_limit, write_thinking
from trunkline.wires.bedrock.pieces import at, joined
from trunkline.wires.bedrock.rules import EXTRA, Rules
from trunkline.wires.loss import Losses

LIMIT = ("inferenceConfig", "maxTokens")


def thinking(asks: Json, rules: Rules, losses: Losses, *, may_budget: bool) -> Json:
    """`may_budget` false: Claude's thinking by budget would be refused in this conversation, or with this choice of
    tools."""
    if rules.claude:
        return _claude(asks, rules.claude, losses, may_budget=may_budget)
    level = _level(asks.get("reasoning_effort"), rules, losses)
    effort = joined(at(rules.effort[:-1], dict(rules.with_effort)), at(rules.effort, level)) if level else {}
    return joined(effort, _limit(asks, rules, losses, alone=bool(level) and level == rules.alone))


def _claude(asks: Json, own: claude.Rules, losses: Losses, *, may_budget: bool) -> Json:
    """A limit counts against the account's quota from the start, so one that nobody asked for stands only where a
    budget must be below it: https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html"""
    limit = token_limit(asks, own, losses)
    written = write_thinking(asks, limit, own, losses, may_budget=may_budget)
    kind = written.get("thinking", {}).get("type")
    return joined(
        at(LIMIT, written["max_tokens"]) if limit.name or kind == "enabled" else {},
        at((EXTRA, "thinking"), written["thinking"]) if kind else {},
        {"outputConfig": written["output_config"]} if "output_config" in written else {},
    )


def _level(effort: Any, rules: Rules, losses: Losses) -> str:
    """The model's word for it, "" where none is due."""
    if effort is None or (effort == "none" and not rules.effort):
        return ""
    level = rules.efforts.get(effort) if isinstance(effort, str) else None
    if level is None:
        losses.add("reasoning_effort")
    elif level and level != effort:
        losses.add("reasoning_effort", level)
    return level or ""


def _limit(asks: Json, rules: Rules, losses: Losses, *, alone: bool) -> Json:
    name = next((name for name in TOKEN_LIMITS if asks.get(name) is not None), None)
    if name is None:
        return {}
    if alone:
        losses.add(name)
        return {}
    most = rules.max_tokens or asks[name]
    if asks[name] > most:
        losses.add(name, "clamped")
    return at(LIMIT, min(asks[name], most))
