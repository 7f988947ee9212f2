"""What a request asks for: less what asks for nothing, and nothing that would come out with another meaning."""

from collections.abc import Iterable
from typing import Any

from trunkline.types import Json
from trunkline.wires.loss import unsupported

# OpenAI's values that ask for nothing: without a counterpart, yet nothing is lost.
NEUTRAL: tuple[tuple[str, Any], ...] = (
    ("n", 1), ("logprobs", False), ("top_logprobs", 0), ("logit_bias", {}), ("frequency_penalty", 0),
    ("presence_penalty", 0), ("store", False), ("modalities", ["text"]), ("service_tier", "auto"),
    ("verbosity", "medium"), ("tools", []), ("stop", []), ("metadata", {}),
)  # fmt: skip

# Without a counterpart their loss would change the meaning of the answer (contract 3.4).
MEANING = ("n", "logprobs", "top_logprobs", "logit_bias", "audio", "modalities")


def without_neutral(body: Json) -> Json:
    """The body less what asks for nothing."""
    asks = dict(body)
    for name, value in NEUTRAL:
        if name in asks and asks[name] == value:
            del asks[name]
    return asks


def refuse_impossible(asks: Json, model: str, names: Iterable[str] = MEANING) -> None:
    """Raises ApiError for what would change the meaning of the answer; `names` are those without a counterpart."""
    for name in names:
        if name in asks and not (name == "modalities" and "audio" not in asks[name]):
            raise unsupported(name, f"`{name}` is not supported by {model}; leave it out, or ask for another model.")
