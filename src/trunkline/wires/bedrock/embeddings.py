"""Embeddings by InvokeModel, in each family's own form.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html, for Cohere
.../model-parameters-embed.html, for Nova https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import orjson

from trunkline.errors import Failure
from trunkline.hub.usage import count
from trunkline.ports import Encoded
from trunkline.types import Json, Target, nothing
from trunkline.wires.asks import asked
from trunkline.wires.batches import Embedded, in_batches, texts_of
from trunkline.wires.bedrock.paths import path
from trunkline.wires.bedrock.pieces import at, joined
from trunkline.wires.bedrock.rules import Path
from trunkline.wires.loss import incapable
from trunkline.wires.replies import parse_object
from trunkline.wires.tables import by_model

READ = frozenset({"model", "input", "encoding_format"})


def _titan(texts: list[str]) -> Json:
    return {"inputText": texts[0]}


def _cohere(texts: list[str]) -> Json:
    # OpenAI has no word for what the vectors are for: most of them are what will be searched.
    return {"texts": texts, "input_type": "search_document"}


def _cohere_4(texts: list[str]) -> Json:
    return {**_cohere(texts), "embedding_types": ["float"]}


def _nova(texts: list[str]) -> Json:
    text = {"truncationMode": "NONE", "value": texts[0]}
    params = {"embeddingPurpose": "GENERIC_INDEX", "text": text}
    return {"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": params}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How a family is asked.

    write  texts -> what asks for their vectors; `most`: as many at once
    takes  parameter, OpenAI's or the family's own -> where it stands
    """

    write: Callable[[list[str]], Json]
    most: int = 1
    takes: Mapping[str, Path] = field(default_factory=nothing)


NOVA = "singleEmbeddingParams"
COHERE: Mapping[str, Path] = {"input_type": ("input_type",), "truncate": ("truncate",)}

# Part of a model's id -> its family.
FAMILIES: tuple[tuple[str, Family], ...] = (
    (r"titan-embed-text-v2", Family(
        write=_titan, takes={"dimensions": ("dimensions",), "normalize": ("normalize",)},
    )),
    (r"titan-embed", Family(write=_titan)),
    (r"cohere\.embed-v4", Family(write=_cohere_4, most=96, takes={**COHERE, "dimensions": ("output_dimension",)})),
    (r"cohere\.embed", Family(write=_cohere, most=96, takes=COHERE)),
    (r"nova-.*embeddings", Family(
        write=_nova,
        takes={"dimensions": (NOVA, "embeddingDimension"), "embeddingPurpose": (NOVA, "embeddingPurpose")},
    )),
)  # fmt: skip


def batches(body: Json, target: Target) -> list[Encoded]:
    """The requests that embed these texts, in order. Raises ApiError for token ids, and for other models."""
    family = by_model(FAMILIES, target.model, None)
    if family is None:
        raise incapable(f"{target.id} makes no embeddings that this proxy knows; ask Titan, Cohere or Nova.")
    asks, losses = asked(body, target, READ | family.takes.keys())
    said = [at(where, asks[name]) for name, where in family.takes.items() if name in asks]
    url = path(target, "invoke")
    return [
        Encoded(url, orjson.dumps(joined(family.write(texts), *said)), dropped=losses.names)
        for texts in in_batches(texts_of(asks, target.id), family.most)
    ]


def embedded(data: bytes) -> Embedded:
    """A batch's vectors; only Titan counts the tokens where it can be read. Raises Failure."""
    told = parse_object(data, "the answer")
    if "embedding" in told:
        return Embedded([told["embedding"]], count(told.get("inputTextTokenCount")))
    vectors = told.get("embeddings")
    if isinstance(vectors, dict):
        vectors = vectors.get("float")
    if not isinstance(vectors, list):
        raise Failure("invalid_response", "the answer has no embeddings")
    return Embedded([one.get("embedding") if isinstance(one, dict) else one for one in vectors])
