"""What the inputs of each family of models are called, as data.

Sources: the input schema on each model's page, such as https://replicate.com/meta/meta-llama-3-70b-instruct/api/schema.
What a schema does not know is ignored without a word, so nothing else is sent. A name nobody knows is taken for a model
of the most common schema.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

History = Literal["messages", "template", "transcript"]

_PENALTIES = ("presence_penalty", "frequency_penalty")
_SAMPLING = ("temperature", "top_p")


def _same(*names: str) -> Mapping[str, str]:
    return MappingProxyType({name: name for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The inputs of some models.

    limit    how the limit of tokens is called
    least    the lowest limit that is not refused
    default  the limit where nobody gives one, which cuts answers off; None where nobody knows
    system   where the system prompt goes; None: there is no such input
    history  how several turns are told: in `messages`, in the template of the model, or as a transcript
    images   the input for images, and whether it takes several; None: it sees none
    names    OpenAI parameter -> input
    stop     the input for stop sequences, joined by commas
    """

    limit: str = "max_tokens"
    least: int = 1
    default: int | None = None
    system: str | None = "system_prompt"
    history: History = "transcript"
    images: tuple[str, bool] | None = None
    names: Mapping[str, str] = field(default_factory=lambda: _same(*_SAMPLING, *_PENALTIES, "seed"))
    stop: str | None = "stop_sequences"


_OPENAI = Family(
    limit="max_completion_tokens",
    history="messages",
    images=("image_input", True),
    names=_same(*_SAMPLING, *_PENALTIES),
    stop=None,
)
_REASONING = Family(
    limit="max_completion_tokens",
    history="messages",
    images=("image_input", True),
    names=_same("reasoning_effort", "verbosity"),
    stop=None,
)
_PROMPT_ONLY = Family(system=None, names=_same(*_SAMPLING, *_PENALTIES), stop=None)

# Model name -> its family; the first that matches counts.
TABLE: tuple[tuple[str, Family], ...] = (
    (r"openai/(o\d|gpt-5)", _REASONING),
    (r"openai/gpt-oss", _PROMPT_ONLY),
    (r"openai/", _OPENAI),
    (r"anthropic/", Family(least=1024, images=("image", False), names=_same(), stop=None)),
    (r"google/gemini",
     Family(limit="max_output_tokens", system="system_instruction", images=("images", True), names=_same(*_SAMPLING),
            stop=None)),
    (r"meta/(meta-)?llama-3", Family(default=512, history="template")),
    (r"meta/(meta-)?llama-4|deepseek-ai/|qwen/|moonshotai/|xai/", _PROMPT_ONLY),
    (r"meta/(llama-2|codellama)", Family(default=512)),
)  # fmt: skip

COMMON = Family()


def family_of(model: str) -> Family:
    """By the model's name on Replicate: `meta/meta-llama-3-70b-instruct`."""
    return next((family for pattern, family in TABLE if re.match(pattern, model.lower())), COMMON)
