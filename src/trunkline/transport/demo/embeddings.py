"""Embeddings: unit vectors that depend on the input and on nothing else; near texts are not near."""

import base64
import hashlib
import math
import struct
from typing import Any

import orjson

from trunkline.transport.demo.problems import Rejected
from trunkline.types import Json

DIMENSIONS = 64
MOST_DIMENSIONS = 4_096
MOST_INPUTS = 2_048
MOST_NUMBERS = 2**20  # in one answer: they are made in the event loop


def embed(body: Json) -> bytes:
    """The answer to an embeddings request. Raises Rejected."""
    inputs = _inputs(body.get("input"))
    dimensions = body.get("dimensions") or DIMENSIONS
    if type(dimensions) is not int or not 0 < dimensions <= MOST_DIMENSIONS:
        raise Rejected(f"'dimensions' must be an integer between 1 and {MOST_DIMENSIONS}.", param="dimensions")
    if len(inputs) * dimensions > MOST_NUMBERS:
        raise Rejected(f"At most {MOST_NUMBERS} numbers in one answer.", param="input")
    form = body.get("encoding_format") or "float"
    if form not in ("float", "base64"):
        raise Rejected("'encoding_format' must be 'float' or 'base64'.", param="encoding_format")
    data = [
        {"object": "embedding", "index": index, "embedding": _vector(each, dimensions, form)}
        for index, each in enumerate(inputs)
    ]
    tokens = sum(_tokens(each) for each in inputs)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return orjson.dumps({"object": "list", "data": data, "model": body["model"], "usage": usage})


def _inputs(value: Any) -> list[Any]:
    """Each a string or a list of token ids."""
    alone = isinstance(value, str) or (isinstance(value, list) and bool(value) and type(value[0]) is int)
    inputs = [value] if alone else value
    if not isinstance(inputs, list) or not 0 < len(inputs) <= MOST_INPUTS or not all(map(_is_input, inputs)):
        raise Rejected(
            f"'input' must be a string, an array of token ids, or 1 to {MOST_INPUTS} of these, none of them empty.",
            param="input",
        )
    return inputs


def _is_input(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(type(token) is int for token in value)
    return isinstance(value, str) and value != ""


def _tokens(value: Any) -> int:
    return len(value) if isinstance(value, list) else math.ceil(len(value.encode()) / 4)


def _vector(value: Any, dimensions: int, form: str) -> str | list[float]:
    noise = hashlib.shake_128(orjson.dumps(value)).digest(4 * dimensions)
    numbers = [number + 0.5 for number in struct.unpack(f"<{dimensions}i", noise)]  # no vector is zero
    length = math.hypot(*numbers)
    packed = struct.pack(f"<{dimensions}f", *(number / length for number in numbers))
    if form == "base64":
        return base64.b64encode(packed).decode()
    return list(struct.unpack(f"<{dimensions}f", packed))
