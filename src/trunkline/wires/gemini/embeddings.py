"""Embeddings: up to a hundred texts in one request.

https://ai.google.dev/api/embeddings
"""

import math
from typing import Any

import orjson

from trunkline.errors import Failure
from trunkline.ports import Encoded
from trunkline.types import Json, Target
from trunkline.wires.asks import asked
from trunkline.wires.batches import Embedded, in_batches, texts_of
from trunkline.wires.fields import as_object
from trunkline.wires.gemini.dialect import camel, path, resource
from trunkline.wires.gemini.failures import error_inside
from trunkline.wires.gemini.rules import UNNORMALISED
from trunkline.wires.loss import Losses
from trunkline.wires.replies import parse_object

MOST_TEXTS = 100
NATIVE = frozenset({"taskType", "title", "autoTruncate"})
READ = frozenset({"model", "input", "dimensions", "encoding_format"})


def batches(body: Json, target: Target) -> list[Encoded]:
    """The requests that embed these texts, in order. Raises ApiError for token ids."""
    asks, losses = asked(body, target)
    for name in asks.keys() - READ:
        if camel(name) not in NATIVE:
            losses.add(name)
    shared = {camel(name): value for name, value in asks.items() if camel(name) in NATIVE}
    if "dimensions" in asks:
        shared["outputDimensionality"] = asks["dimensions"]
    texts = in_batches(texts_of(asks, target.id), MOST_TEXTS)
    return [_request(batch, shared, target.model, losses) for batch in texts]


def _request(texts: list[str], shared: Json, model: str, losses: Losses) -> Encoded:
    name = resource(model)
    requests = [{"model": name, "content": {"parts": [{"text": text}]}, **shared} for text in texts]
    return Encoded(f"{path(name)}:batchEmbedContents", orjson.dumps({"requests": requests}), dropped=losses.names)


def embedded(data: bytes, model: str) -> Embedded:
    """One reply. Raises Failure where it has no vectors."""
    body = parse_object(data, "the answer")
    if body.get("error"):
        raise error_inside(body)
    # One text alone may be answered alone: https://ai.google.dev/api/embeddings#method:-models.embedcontent
    rows = body.get("embeddings", [body["embedding"]] if body.get("embedding") else None)
    if not isinstance(rows, list) or not rows:
        raise Failure("invalid_response", "the answer has no embeddings")
    vectors = [as_object(row).get("values") for row in rows]
    tokens = as_object(body.get("usageMetadata")).get("promptTokenCount")
    return Embedded(scaled(vectors, model), tokens if isinstance(tokens, int) else None)


def scaled(vectors: list[Any], model: str) -> list[Any]:
    """Of length 1, as every vector of OpenAI's is."""
    return [_normalised(vector) for vector in vectors] if UNNORMALISED.search(model) else vectors


def _normalised(vector: Any) -> Any:
    """What is no vector is seen later."""
    numbers = isinstance(vector, list) and all(isinstance(value, int | float) for value in vector)
    length = math.hypot(*vector) if numbers else 0.0
    return [value / length for value in vector] if 0 < length < math.inf else vector
