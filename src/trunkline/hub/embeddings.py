"""Embedding answers, in the encoding the client asked for whatever the provider sent."""

import base64
from array import array
from sys import byteorder
from typing import Any

from trunkline.errors import Failure
from trunkline.types import Json


def conform_embeddings(body: Json, asked: Json, model: str) -> Json:
    """The provider's answer as the client may see it; changed in place.

    By the client's `encoding_format`: "base64" gets little-endian float32, "float" floats; None takes what came.
    Raises Failure(invalid_response) where a vector is missing.
    """
    data = body.get("data")
    if not isinstance(data, list) or not data:
        raise Failure("invalid_response", "the answer has no embeddings")
    texts = _texts(asked.get("input"))
    if len(data) != texts:
        raise Failure("invalid_response", f"the answer has {len(data)} embeddings for {texts} inputs")
    encoding = asked.get("encoding_format")
    for position, row in enumerate(data):
        if not isinstance(row, dict):
            raise Failure("invalid_response", "an embedding of the answer is not an object")
        row["object"] = "embedding"
        if not isinstance(row.get("index"), int):
            row["index"] = position
        row["embedding"] = _encode(row.get("embedding"), encoding)
    body["object"] = "list"
    body["model"] = body.get("model") or model
    return body


def _texts(given: Any) -> int:
    """One for a string or the token ids of one text, else one for each."""
    return len(given) if isinstance(given, list) and given and not isinstance(given[0], int) else 1


def _encode(vector: Any, encoding: str | None) -> Any:
    if isinstance(vector, list) and vector:
        return _to_base64(vector) if encoding == "base64" else vector
    if isinstance(vector, str) and vector:
        return _to_floats(vector) if encoding == "float" else vector
    raise Failure("invalid_response", "an embedding of the answer has no vector")


def _to_base64(vector: list[Any]) -> str:
    try:
        floats = array("f", vector)
    except (TypeError, OverflowError):
        raise Failure("invalid_response", "an embedding of the answer holds more than numbers") from None
    if byteorder == "big":
        floats.byteswap()
    return base64.b64encode(floats.tobytes()).decode()


def _to_floats(text: str) -> list[float]:
    floats = array("f")
    try:
        floats.frombytes(base64.b64decode(text, validate=True))
    except ValueError:
        raise Failure("invalid_response", "an embedding of the answer is not base64 of float32") from None
    if byteorder == "big":
        floats.byteswap()
    return floats.tolist()
