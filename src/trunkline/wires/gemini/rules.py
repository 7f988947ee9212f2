"""What each Gemini model accepts, as data.

Sources: https://ai.google.dev/gemini-api/docs/thinking, .../gemini-3, .../function-calling, .../structured-output and
.../file-input-methods. A name nobody knows is taken for the newest Gemini.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from trunkline.wires.tables import by_model

Thinking = Literal["level", "budget", "none"]

LEVELS = ("minimal", "low", "medium", "high", "xhigh")
WITHOUT_XHIGH = ("minimal", "low", "medium", "high")
WITHOUT_MINIMAL = ("low", "medium", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a model accepts.

    thinking   by `thinkingLevel`, by `thinkingBudget`, or not to be mentioned at all: the wrong one is a 400
    levels     the levels it takes, from the least
    budget     its least and greatest budget in tokens
    off        a budget of 0 turns thinking off
    signed     calls of the current turn must come back with their signature, or it is a 400
    mixed      functions together with Google's own tools or with a JSON schema
    rich       pictures in the results of functions, and a resolution for each picture
    system     takes `systemInstruction`
    urls       fetches public URLs
    """

    thinking: Thinking = "level"
    levels: tuple[str, ...] = WITHOUT_MINIMAL
    budget: tuple[int, int] = (0, 24_576)
    off: bool = False
    signed: bool = True
    mixed: bool = True
    rich: bool = True
    system: bool = True
    urls: bool = True


_FOUR = Rules(levels=WITHOUT_XHIGH)
_BUDGET = Rules(thinking="budget", off=True, signed=False, mixed=False, rich=False)
_PLAIN = Rules(thinking="none", signed=False, mixed=False, rich=False, urls=False)

# Model name -> rules; the first that matches counts.
TABLE: tuple[tuple[str, Rules], ...] = (
    (r"gemini-2\.5-.*(image|tts|audio)", Rules(thinking="none", signed=False, mixed=False, rich=False)),
    (r"gemini-.*(image|tts|audio)|nano-banana", Rules(thinking="none")),
    (r"gemini-2\.5-pro", Rules(thinking="budget", budget=(128, 32_768), signed=False, mixed=False, rich=False)),
    (r"gemini-2\.5-flash-lite",
     Rules(thinking="budget", budget=(512, 24_576), off=True, signed=False, mixed=False, rich=False)),
    (r"gemini-2\.5-flash|gemini-robotics-er-1\.5", _BUDGET),
    (r"gemini-2\.5", Rules(thinking="budget", budget=(128, 24_576), signed=False, mixed=False, rich=False)),
    (r"gemini-(2\.0|1\.\d|exp)|learnlm|gemini-pro(?!-latest)", _PLAIN),
    (r"gemma-[123]",
     Rules(thinking="none", signed=False, mixed=False, rich=False, urls=False, system=False)),
    (r"gemma", Rules(thinking="none", signed=False, mixed=False, rich=False, urls=False)),
    (r"gemini-3-pro", Rules(levels=("low", "high"))),
    (r"gemini-3(\.[1-6])?-flash|gemini-flash(-lite)?-latest", _FOUR),
)  # fmt: skip

NEWEST = Rules()

# Tokens of thinking by effort, as Google's own OpenAI endpoint reads it:
# https://ai.google.dev/gemini-api/docs/openai#thinking
BUDGETS = {"minimal": 1_024, "low": 1_024, "medium": 8_192, "high": 24_576, "xhigh": 32_768, "max": 32_768}

# Its vectors are of length 1 only at full size: https://ai.google.dev/gemini-api/docs/embeddings#control-embedding-size
UNNORMALISED = re.compile(r"gemini-embedding-001")


@lru_cache(256)
def rules_of(model: str) -> Rules:
    """By name, with or without `models/` before it and a date or `-preview` behind it."""
    return by_model(TABLE, model, NEWEST)
