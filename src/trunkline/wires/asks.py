"""What a request asks for: less what asks for nothing, nothing that would come out with another meaning, and the
parameters that every wire reads the same way."""

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

from trunkline.errors import ApiError
from trunkline.types import TOKEN_LIMITS, Call, Json, Target
from trunkline.wires.fields import as_list, as_object
from trunkline.wires.loss import Losses, incapable, unsupported
from trunkline.wires.narrow import UNSAID, narrow, taken_by

# Without a counterpart their loss would change the meaning of the answer (contract 3.4).
MEANING = ("n", "logprobs", "top_logprobs", "logit_bias", "audio", "modalities")

# What the system says to a model that cannot be held to JSON.
JSON_ONLY = "Answer with one valid JSON object and nothing else: no prose, no code fence."
FITTING = "Answer with one JSON object that fits this JSON Schema, and nothing else:\n"


class Limit(NamedTuple):
    """How many tokens may be written, and the name by which the client said so."""

    name: str
    tokens: int


class Format(NamedTuple):
    """`response_format`. A schema is there where it is `json_schema`; `described`: all that is said with it."""

    kind: Literal["text", "json_object", "json_schema"]
    schema: Json
    described: Json


def chats_only(call: Call, target: Target, why: str) -> None:
    """Raises ApiError for what is no chat."""
    if call.kind != "chat":
        raise incapable(f"{target.id} makes no embeddings: {why}")


def asked(
    body: Json, target: Target, read: frozenset[str] | None = None, impossible: Iterable[str] = ()
) -> tuple[Json, Losses]:
    """What a request asks for, held to the provider's row, and what that lost; `body` is not changed.

    `read`: the names that the wire reads, the others are lost; None: it sorts them itself. `impossible`: those of
    MEANING that it has no counterpart for. Raises ApiError for what would change the meaning of the answer.
    """
    said = {name: value for name, value in body.items() if not _is_unsaid(name, value)}
    asks, lost = narrow(said, taken_by(target, said), target)
    for name in impossible:
        if name in asks and not (name == "modalities" and _is_written(asks[name])):
            why = f"`{name}` is not supported by {target.id}; leave it out, or ask for another model."
            raise unsupported(name, why)
    losses = Losses(lost)
    for name in asks.keys() - (asks.keys() if read is None else read):
        losses.add(name)
    return asks, losses


def _is_unsaid(name: str, value: Any) -> bool:
    return name in UNSAID and bool(value == UNSAID[name])


def _is_written(modalities: Any) -> bool:
    return isinstance(modalities, list) and "audio" not in modalities


def limit_of(asks: Json, most: int | None, losses: Losses) -> Limit | None:
    """At most what the model writes, where somebody knows; None where the client sets none."""
    name = next((name for name in TOKEN_LIMITS if asks.get(name) is not None), None)
    if name is None:
        return None
    if most is None or asks[name] <= most:
        return Limit(name, asks[name])
    losses.add(name, "clamped")
    return Limit(name, most)


def stops_of(asks: Json, losses: Losses, keep: Callable[[str], Any] = bool, native: str = "") -> list[str]:
    """`stop`, and those by the provider's `native` name for it: those that `keep` takes."""
    said = asks.get("stop") or []
    given = [*([said] if isinstance(said, str) else said), *as_list(asks.get(native))]
    kept = [text for text in given if isinstance(text, str) and text and keep(text)]
    if len(kept) < len(given):
        losses.add("stop", "trimmed" if kept else "")
    return kept


def format_of(asks: Json, model: str) -> Format:
    """Without its schema a `json_schema` is a `json_object`. Raises ApiError for any other form."""
    given = asks.get("response_format") or {}
    kind = given.get("type", "text")
    if kind not in ("text", "json_object", "json_schema"):
        raise unformed(model)
    described = as_object(given.get("json_schema"))
    schema = as_object(described.get("schema"))
    if kind == "json_schema" and not isinstance(described.get("schema"), dict):
        kind = "json_object"
    return Format(kind, schema, described)


def unformed(model: str) -> ApiError:
    """The end of a request for an answer in a form that the model cannot be held to."""
    return unsupported("response_format", f"{model} cannot be held to this `response_format`; ask for another model.")
