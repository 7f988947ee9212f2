"""How much a model thinks, and what it writes at most: `reasoning_effort` by the model's rules.

https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking, .../effort, .../extended-thinking
"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.anthropic.rules import BUDGETS, EFFORTS, UNKNOWN_MAX_TOKENS, Rules
from trunkline.wires.asks import Limit, limit_of
from trunkline.wires.loss import Losses

LEAST_BUDGET = 1_024
# Above it Anthropic's SDKs refuse to wait for one answer: it may take more than ten minutes, and idle connections die.
LONGEST_UNARY = 21_333


def token_limit(asks: Json, rules: Rules, losses: Losses) -> Limit:
    """What the client allows, else the most that the model writes: a lower default would cut off a model that
    thinks."""
    return limit_of(asks, rules.max_tokens, losses) or Limit("", rules.max_tokens or UNKNOWN_MAX_TOKENS)


def write_thinking(asks: Json, limit: Limit, rules: Rules, losses: Losses, *, may_budget: bool) -> Json:
    """`max_tokens`, `thinking`, `output_config`. `may_budget` false: thinking by budget would be refused in this
    conversation or with this choice of tools."""
    ours = _by_effort(asks.get("reasoning_effort"), rules, losses)
    given = asks.get("thinking")
    thinking: Any = given if isinstance(given, dict) else ours.get("thinking")
    effort = ours.get("effort")
    if thinking and thinking.get("type") == "enabled":
        effort = None if isinstance(given, dict) and rules.thinking != "adaptive" else effort
        if not may_budget:
            losses.add("thinking" if isinstance(given, dict) else "reasoning_effort")
            thinking = None
    written: Json = {"max_tokens": limit.tokens}
    if thinking:
        written |= _within(thinking, limit, rules, losses)
    if effort:
        written["output_config"] = {"effort": effort}
    return written


def _by_effort(effort: Any, rules: Rules, losses: Losses) -> Json:
    if effort is None:
        return {}
    if rules.thinking == "none" or effort not in ("none", "minimal", *EFFORTS):
        if not (rules.thinking == "none" and effort == "none"):
            losses.add("reasoning_effort")
        return {}
    if rules.thinking == "budget":
        return _budget(effort, losses)
    if effort == "none":
        return _off(rules, losses)
    level = {"minimal": "low"}.get(effort, effort)
    level = level if level in rules.efforts else "max"
    if level != effort:
        losses.add("reasoning_effort", level)
    # Without it newer models answer with empty thinking, and whoever asks for reasoning wants to read it.
    return {"thinking": {"type": "adaptive", "display": "summarized"}, "effort": level}


def _budget(effort: str, losses: Losses) -> Json:
    """Thinking is off where nothing asks for it."""
    if effort == "none":
        return {}
    if effort == "minimal":
        losses.add("reasoning_effort", "low")
    return {"thinking": {"type": "enabled", "budget_tokens": BUDGETS[effort]}}


def _off(rules: Rules, losses: Losses) -> Json:
    if rules.off == "disabled":
        return {"thinking": {"type": "disabled"}}
    losses.add("reasoning_effort", rules.off)
    return {"thinking": {"type": "between_tools"}} if rules.off == "between_tools" else {"effort": "low"}


def _within(thinking: Json, limit: Limit, rules: Rules, losses: Losses) -> Json:
    """A budget is less than the limit: the limit gives way first, up to what the model writes, then the budget."""
    budget = thinking.get("budget_tokens")
    if not isinstance(budget, int) or budget < limit.tokens:
        return {"thinking": thinking}
    raised = limit.tokens + max(budget, LEAST_BUDGET)
    tokens = min(raised, rules.max_tokens or raised)
    if tokens > limit.tokens:
        losses.add(limit.name or "max_tokens", "raised")
    if budget >= tokens:
        losses.add("thinking", "clamped")
    return {"max_tokens": tokens, "thinking": {**thinking, "budget_tokens": min(budget, tokens - 1)}}
