"""What each Claude model accepts, as data.

Sources: the migration guides of each model and the thinking, effort and structured-output pages of
https://platform.claude.com/docs. A name nobody knows is taken for the newest Claude if it is one, else for a server
that takes everything.
"""

from dataclasses import dataclass, replace
from typing import Literal

from trunkline.wires.tables import by_model

Thinking = Literal["adaptive", "budget", "none"]
Off = Literal["disabled", "between_tools", "low"]

EFFORTS = ("low", "medium", "high", "xhigh", "max")
WITHOUT_XHIGH = ("low", "medium", "high", "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a model accepts.

    max_tokens   the most it writes, thinking included: a higher limit is a 400; None where nobody knows
    thinking     `adaptive` by effort, `budget` in tokens, or none
    efforts      the levels of `output_config.effort`
    off          what comes nearest to no reasoning
    sampling     temperature, top_p and top_k under version 2023-06-01
    both         temperature together with top_p
    forced       tool_choice `any` and `tool`
    system       role `system` after the first user turn
    structured   output_config.format and strict tools
    prefill      a last message of the assistant, to be gone on with
    """

    max_tokens: int | None = 128_000
    thinking: Thinking = "adaptive"
    efforts: tuple[str, ...] = EFFORTS
    off: Off = "disabled"
    sampling: bool = False
    both: bool = True
    forced: bool = True
    system: bool = True
    structured: bool = True
    prefill: bool = False


NEWEST = Rules(off="low", forced=False)
_BUDGET = Rules(max_tokens=64_000, thinking="budget", sampling=True, both=False, system=False, prefill=True)
_OLD = Rules(max_tokens=64_000, thinking="budget", sampling=True, system=False, structured=False, prefill=True)
_OLDEST = Rules(max_tokens=4_096, thinking="none", sampling=True, system=False, structured=False, prefill=True)

# Model name, without vendor prefix and with dots as dashes -> rules; the first that matches counts.
TABLE: tuple[tuple[str, Rules], ...] = (
    (r"claude-(fable|mythos)-5", NEWEST),
    (r"claude-opus-5-5", NEWEST),
    (r"claude-sonnet-5-5", Rules(off="between_tools", forced=False)),
    (r"claude-haiku-5-5", Rules()),
    (r"claude-(opus|sonnet)-5(?!-\d\b)", Rules()),
    (r"claude-opus-4-8", Rules()),
    (r"claude-opus-4-7", Rules(system=False)),
    (r"claude-(opus|sonnet)-4-6", Rules(efforts=WITHOUT_XHIGH, sampling=True, both=False, system=False)),
    (r"claude-(opus|sonnet|haiku)-4-5|claude-4-5-(opus|sonnet|haiku)", _BUDGET),
    (r"claude-opus-4-1", replace(_BUDGET, max_tokens=32_000)),
    (r"claude-opus-4(?!-[2-9]\b)|claude-4-opus", replace(_OLD, max_tokens=32_000)),
    (r"claude-sonnet-4(?!-[2-9]\b)|claude-4-sonnet|claude-3-7", _OLD),
    (r"claude-3-5", replace(_OLDEST, max_tokens=8_192)),
    (r"claude-(3|2|instant)", _OLDEST),
    (r"claude-", NEWEST),
)  # fmt: skip

PERMISSIVE = Rules(max_tokens=None, sampling=True, system=False, prefill=True)

# A low limit that nobody asked for cuts off a model that thinks: thinking counts.
UNKNOWN_MAX_TOKENS = 32_000

# Tokens of thinking for models that want a number, by effort.
BUDGETS = {"minimal": 1_024, "low": 1_024, "medium": 8_192, "high": 16_384, "xhigh": 32_000, "max": 32_000}


def rules_of(model: str) -> Rules:
    """By name as people write it: `claude-sonnet-4-5-20250929`, `anthropic/claude-haiku-4.5`,
    `us.anthropic.claude-opus-4-6-v1:0`."""
    return by_model(TABLE, model.replace(".", "-"), PERMISSIVE)
