"""What each Cohere model accepts, as data.

Sources: https://docs.cohere.com/docs/models, .../reasoning, .../image-inputs, and the parameters' own notes in
https://docs.cohere.com/v2/reference/chat. A name nobody knows is taken for a model that takes everything.
"""

from dataclasses import dataclass

from trunkline.wires.tables import by_model


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a model accepts.

    max_tokens   the most it writes, thinking included: a higher limit is a 400; None where nobody knows
    thinking     it reasons, unless told not to
    vision       it sees images
    tool_choice  it can be made to call a tool, or not to
    """

    max_tokens: int | None = None
    thinking: bool = False
    vision: bool = False
    tool_choice: bool = True


# Model name -> rules; the first that matches counts.
TABLE: tuple[tuple[str, Rules], ...] = (
    (r"command-a-plus", Rules(max_tokens=64_000, thinking=True, vision=True)),
    (r"command-a-reasoning", Rules(max_tokens=32_000, thinking=True)),
    (r"command-a-vision", Rules(max_tokens=8_192, vision=True)),
    (r"command-a-(translate-)?\d", Rules(max_tokens=8_192)),
    (r"command-r7b", Rules(max_tokens=4_096)),
    (r"command-r(-plus)?\b", Rules(max_tokens=4_096, tool_choice=False)),
    (r"aya-vision", Rules(max_tokens=4_096, vision=True, tool_choice=False)),
    (r"aya-expanse", Rules(max_tokens=4_096, tool_choice=False)),
    (r"north-mini-code", Rules(max_tokens=64_000, thinking=True)),
    (r"north-small-translate", Rules(max_tokens=16_000)),
)

PERMISSIVE = Rules(thinking=True, vision=True)

# Tokens of thinking, by effort; from `high` on as many as the model wants, as Cohere recommends:
# https://docs.cohere.com/docs/reasoning
BUDGETS = {"minimal": 512, "low": 2_048, "medium": 8_192, "high": None, "xhigh": None, "max": None}

# What the same page asks to leave for the answer.
ROOM = 1_000


def rules_of(model: str) -> Rules:
    """By name as people write it: `command-a-03-2025`, `cohere.command-r-plus-v1:0`."""
    return by_model(TABLE, model, PERMISSIVE)
