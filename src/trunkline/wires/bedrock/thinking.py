"""How much a model thinks, and what it writes at most.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_OutputConfig.html
"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.anthropic import thinking as claude
from trunkline.wires.anthropic.rules import Rules as ClaudeRules
from trunkline.wires.asks import limit_of
from trunkline.wires.bedrock.pieces import at, joined
from trunkline.wires.bedrock.rules import EXTRA, Rules
from trunkline.wires.loss import Losses

LIMIT = ("inferenceConfig", "maxTokens")


def write_thinking(asks: Json, rules: Rules, losses: Losses, *, may_budget: bool) -> Json:
    """`may_budget` false: Claude's thinking by budget would be refused in this conversation, or with this choice of
    tools."""
    if rules.claude:
        return _claude(asks, rules.claude, losses, may_budget=may_budget)
    level = _level(asks.get("reasoning_effort"), rules, losses)
    effort = joined(at(rules.effort[:-1], dict(rules.with_effort)), at(rules.effort, level)) if level else {}
    return joined(effort, _limit(asks, rules, losses, alone=bool(level) and level == rules.alone))


def _claude(asks: Json, own: ClaudeRules, losses: Losses, *, may_budget: bool) -> Json:
    """A limit counts against the account's quota from the start, so one that nobody asked for stands only where a
    budget must be below it: https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html"""
    limit = claude.token_limit(asks, own, losses)
    written = claude.write_thinking(asks, limit, own, losses, may_budget=may_budget)
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
    limit = limit_of(asks, None if alone else rules.max_tokens, losses)
    if limit is None:
        return {}
    if alone:
        losses.add(limit.name)
        return {}
    return at(LIMIT, limit.tokens)
