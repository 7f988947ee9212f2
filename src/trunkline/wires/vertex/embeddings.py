"""Embeddings: each generation of models has a method of its own.

https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from trunkline.errors import Failure
from trunkline.ports import Decoder, Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires.asks import asked
from trunkline.wires.batches import Embedded, batched, texts_of
from trunkline.wires.fields import as_list, as_object
from trunkline.wires.gemini.dialect import camel
from trunkline.wires.gemini.embeddings import scaled
from trunkline.wires.gemini.failures import error_inside
from trunkline.wires.replies import parse_object
from trunkline.wires.tables import by_model
from trunkline.wires.vertex.paths import path

# "250 input texts per request, 20,000 input tokens"; a token is hardly less than two bytes.
MOST_TEXTS, MOST_BYTES = 250, 40_000
OF_EACH = frozenset({"taskType", "title"})
OF_ALL = frozenset({"autoTruncate"})
READ = frozenset({"model", "input", "dimensions", "encoding_format"})


@dataclass(frozen=True, slots=True)
class Method:
    """how     the method's name
    most    texts in one request
    write   texts, and parameters by Google's names -> the body
    """

    how: str
    most: int
    write: Callable[[list[str], Json], Json]


def _predict(texts: list[str], said: Json) -> Json:
    each = {snake: said[name] for name, snake in (("taskType", "task_type"), ("title", "title")) if name in said}
    shared = {name: value for name, value in said.items() if name not in OF_EACH}
    instances = [{"content": text, **each} for text in texts]
    return {"instances": instances, **({"parameters": shared} if shared else {})}


def _embed_content(texts: list[str], said: Json) -> Json:
    content = {"parts": [{"text": texts[0]}]}
    return {"content": content, **({"embedContentConfig": said} if said else {})}


# Model name -> method; the first that matches counts. Gemini's take one text at a time.
METHODS: tuple[tuple[str, Method], ...] = (
    (r"gemini-embedding-(001|exp)", Method("predict", 1, _predict)),
    (r"gemini|maas", Method("embedContent", 1, _embed_content)),
)
TEXTS = Method("predict", MOST_TEXTS, _predict)


def batches(body: Json, target: Target) -> list[Encoded]:
    """The requests that embed these texts, in order. Raises ApiError for token ids."""
    asks, losses = asked(body, target)
    for name in asks.keys() - READ:
        if camel(name) not in OF_EACH | OF_ALL:
            losses.add(name)
    said = {camel(name): value for name, value in asks.items() if camel(name) in OF_EACH | OF_ALL}
    if "dimensions" in asks:
        said["outputDimensionality"] = asks["dimensions"]
    method = by_model(METHODS, target.model, TEXTS)
    where = path(target, "google", method.how)
    return [
        Encoded(where, orjson.dumps(method.write(some, said)), dropped=losses.names)
        for some in _grouped(texts_of(asks, target.id), method.most)
    ]


def _grouped(texts: list[str], most: int) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for text in texts:
        length = len(text.encode(errors="replace"))
        if group and (len(group) == most or size + length > MOST_BYTES):
            yield group
            group, size = [], 0
        group.append(text)
        size += length
    yield group


def decoder(call: Call, body: Json, target: Target) -> Decoder:
    """Reads the reply to the first of the requests, and asks for the others."""
    return batched(call, target, batches(body, target)[1:], partial(embedded, model=target.model))


def embedded(data: bytes, model: str) -> Embedded:
    """One reply. Raises Failure where it has no vectors."""
    body = parse_object(data, "the answer")
    if body.get("error"):
        raise error_inside(body)
    alone = body.get("embedding")
    if isinstance(alone, dict):
        return Embedded([alone.get("values")], _count(body.get("usageMetadata"), "promptTokenCount"))
    told = _predictions(body.get("predictions"))
    vectors = [one.get("values") for one in told]
    counts = [_count(one.get("statistics"), "token_count") for one in told]
    return Embedded(scaled(vectors, model), None if None in counts else sum(count or 0 for count in counts))


def _predictions(rows: Any) -> list[Json]:
    told = [as_object(row).get("embeddings") for row in as_list(rows)]
    found = [one for one in told if isinstance(one, dict)]
    if not found or len(found) < len(told):
        raise Failure("invalid_response", "the answer has no embeddings")
    return found


def _count(said: Any, name: str) -> int | None:
    value = as_object(said).get(name)
    return value if isinstance(value, int) else None
