"""Embeddings: https://docs.cohere.com/v2/reference/embed, at most 96 texts a request."""

from typing import Any

import orjson

from trunkline.errors import Failure
from trunkline.hub.usage import count
from trunkline.ports import Encoded
from trunkline.types import Json, Target
from trunkline.wires.asks import asked
from trunkline.wires.batches import Embedded, in_batches, texts_of
from trunkline.wires.cohere.failures import error_inside
from trunkline.wires.fields import as_list, as_object
from trunkline.wires.loss import Losses
from trunkline.wires.replies import parse_object

PATH = "/v2/embed"
MOST_TEXTS = 96
# OpenAI has no word for what the vectors are for: most of them are what will be searched.
INPUT_TYPE = "search_document"

NATIVE = ("output_dimension", "truncate", "max_tokens", "priority")
READ = frozenset({"model", "input", "dimensions", "encoding_format", "input_type", "embedding_types", *NATIVE})


def batches(body: Json, target: Target) -> list[Encoded]:
    """The requests that embed these texts, in order. Raises ApiError for token ids."""
    asks, losses = asked(body, target, READ)
    settings = _settings(asks, target.model, losses)
    return [
        Encoded(PATH, orjson.dumps({**settings, "texts": texts}), dropped=losses.names)
        for texts in in_batches(texts_of(asks, target.id), MOST_TEXTS)
    ]


def _settings(asks: Json, model: str, losses: Losses) -> Json:
    """Floats, or the one type of number that the client wants: OpenAI's answer has one vector a text."""
    kinds = as_list(asks.get("embedding_types")) or ["float"]
    if len(kinds) > 1:
        losses.add("embedding_types", "trimmed")
    sized = {"output_dimension": asks["dimensions"]} if "dimensions" in asks else {}
    return {
        "model": model,
        "input_type": asks.get("input_type", INPUT_TYPE),
        "embedding_types": kinds[:1],
        **sized,
        **{name: asks[name] for name in NATIVE if name in asks},
    }


def embedded(data: bytes) -> Embedded:
    """Raises Failure where there are no vectors in it."""
    body = parse_object(data, "the answer")
    by_type = body.get("embeddings")
    vectors: Any = next((one for one in by_type.values() if one), None) if isinstance(by_type, dict) else by_type
    if not isinstance(vectors, list):
        if isinstance(body.get("message"), str):
            raise error_inside(body)
        raise Failure("invalid_response", "the answer has no embeddings")
    units = as_object(body.get("meta")).get("billed_units")
    return Embedded(vectors, count(units.get("input_tokens")) if isinstance(units, dict) else None)
