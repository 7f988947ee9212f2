"""Which models speak which format."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trunkline.errors import Failure
from trunkline.ports import Decoder, Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires import anthropic
from trunkline.wires import gemini as google
from trunkline.wires.failures import body_object
from trunkline.wires.loss import incapable
from trunkline.wires.vertex import claude, gemini, openapi


@dataclass(frozen=True, slots=True)
class Family:
    """How its models are asked, and their answers read."""

    encode: Callable[[Call, Json, Target], Encoded]
    decoder: Callable[[Call, Json, Target, str], Decoder]


def _not_served(_call: Call, _body: Json, target: Target) -> Encoded:
    why = f"{target.id} speaks its publisher's own format, which is not served through Vertex; ask its publisher."
    raise incapable(why)


GEMINI = Family(gemini.encode, gemini.decoder)
CLAUDE = Family(claude.encode, claude.decoder)
OPEN = Family(openapi.encode, openapi.decoder)
FOREIGN = Family(_not_served, openapi.decoder)

# Model name -> its family; the first that matches counts.
FAMILIES: tuple[tuple[str, Family], ...] = (
    (r"claude-", CLAUDE),
    (r"/.+-maas$|^xai/", OPEN),
    (r"^(google/|publishers/google/|endpoints/)", GEMINI),
    (r"/|^(mistral|ministral|codestral|jamba)", FOREIGN),
    (r"", GEMINI),
)


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as the model's publisher takes it; `body` is not changed.

    Raises ApiError for what the model lacks and whose loss would change the meaning.
    """
    return _family(target).encode(call, body, target)


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    return _family(target).decoder(call, body, target, content_type)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds. Anthropic's own errors come through Google's."""
    read = anthropic.error if body_object(body).get("type") == "error" else google.error
    return read(status, headers, body, now)


def _family(target: Target) -> Family:
    return next(family for pattern, family in FAMILIES if re.search(pattern, target.model))
