"""Embeddings: up to a hundred texts in one request.

https://ai.google.dev/api/embeddings
"""

import math
from typing import Any

import orjson

from trunkline.errors import ApiError, Failure
from trunkline.ports import Encoded
from trunkline.types import Json, Target
from trunkline.wires.batches import Embedded
from trunkline.wires.gemini.dialect import camel, path, resource
from trunkline.wires.gemini.failures import error_inside
from trunkline.wires.gemini.rules import UNNORMALISED
from trunkline.wires.loss import Losses
from trunkline.wires.narrow import narrow
from trunkline.wires.replies import parse_object

MOST_TEXTS = 100
NATIVE = frozenset({"taskType", "title", "autoTruncate"})
READ = frozenset({"model", "input", "dimensions", "encoding_format"})


def batches(body: Json, target: Target) -> list[Encoded]:
    """The requests that embed these texts, in order. Raises ApiError for token ids."""
    asks, lost = narrow(body, target)
    losses = Losses()
    for name in lost:
        losses.add(*name.partition("=")[::2])
    for name in asks.keys() - READ:
        if camel(name) not in NATIVE:
            losses.add(name)
    given = asks["input"]
    texts = [given] if isinstance(given, str) else given
    if not all(isinstance(text, str) for text in texts):
        why = "`input` must be text for Gemini models: they do not read token ids."
        raise ApiError("unsupported_parameter", why, param="input", should_retry=False)
    shared = {camel(name): value for name, value in asks.items() if camel(name) in NATIVE}
    if "dimensions" in asks:
        shared["outputDimensionality"] = asks["dimensions"]
    return [
        _request(texts[start : start + MOST_TEXTS], shared, target.model, losses)
        for start in range(0, len(texts), MOST_TEXTS)
    ]


def _request(texts: list[str], shared: Json, model: str, losses: Losses) -> Encoded:
    name = resource(model)
    requests = [{"model": name, "content": {"parts": [{"text": text}]}, **shared} for text in texts]
    return Encoded(f"{path(name)}:batchEmbedContents", orjson.dumps({"requests": requests}), dropped=losses.names)


def read(data: bytes, model: str) -> Embedded:
    """One reply. Raises Failure where it has no vectors."""
    body = parse_object(data, "the answer")
    if body.get("error"):
        raise error_inside(body)
    # One text alone may be answered alone: https://ai.google.dev/api/embeddings#method:-models.embedcontent
    rows = body.get("embeddings", [body["embedding"]] if body.get("embedding") else None)
    if not isinstance(rows, list) or not rows:
        raise Failure("invalid_response", "the answer has no embeddings")
    vectors = [row.get("values") if isinstance(row, dict) else None for row in rows]
    if UNNORMALISED.search(model):
        vectors = [normalised(vector) for vector in vectors]
    usage = body.get("usageMetadata")
    tokens = usage.get("promptTokenCount") if isinstance(usage, dict) else None
    return Embedded(vectors, tokens if isinstance(tokens, int) else None)


def normalised(vector: Any) -> Any:
    """Of length 1, as every vector of OpenAI's is; what is no vector is seen later."""
    numbers = isinstance(vector, list) and all(isinstance(value, int | float) for value in vector)
    length = math.hypot(*vector) if numbers else 0.0
    return [value / length for value in vector] if 0 < length < math.inf else vector
