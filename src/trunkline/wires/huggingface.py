"""Hugging Face's feature extraction: embeddings of any model, where there is no other way to them.

https://huggingface.co/docs/inference-providers/tasks/feature-extraction
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson

from trunkline.errors import ApiError, Failure
from trunkline.ports import Decoder, Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires import openai
from trunkline.wires.asks import asked
from trunkline.wires.batches import texts_of
from trunkline.wires.loss import incapable, unsupported
from trunkline.wires.replies import decoder_of, parse

MODEL = re.compile(r"(?!\.\.?(/|\Z))[\w.-]+(/(?!\.\.?\Z)[\w.-]+)?\Z")
NATIVE = frozenset({"normalize", "prompt_name", "truncate", "truncation_direction"})
SAID = NATIVE | {"model", "input", "encoding_format"}


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The texts as `inputs`; `body` is not changed. Raises ApiError for what is no text."""
    if call.kind != "embeddings":
        raise incapable(f"{target.id} is asked for embeddings alone by this API.")
    if not MODEL.match(target.model):
        raise ApiError("model_not_found", f"{target.id} is no name of a model there.", param="model")
    asks, losses = asked(body, target, SAID)
    texts = texts_of(asks, target.id)
    if "dimensions" in asks:
        raise unsupported("dimensions", f"{target.id} has vectors of one length; leave `dimensions` out.")
    inputs = texts if isinstance(asks["input"], list) else texts[0]
    request = {"inputs": inputs, **{name: asks[name] for name in NATIVE if name in asks}}
    path = f"/models/{quote(target.model)}/pipeline/feature-extraction"
    return Encoded(path, orjson.dumps(request), dropped=losses.names)


def decoder(call: Call, _body: Json, target: Target, content_type: str) -> Decoder:
    """Reads bare lists of numbers. Raises Failure for a page meant for a browser."""

    def no_stream() -> Decoder:
        raise Failure("invalid_response", "the answer is a stream, not a list of vectors")

    return decoder_of(call, target, content_type, events=no_stream, read=_embeddings)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says: `{"error": …}`, as in the rest of its API."""
    return openai.error(status, headers, body, now)


def _embeddings(data: bytes) -> Json:
    """One vector where one text was asked for as such. Models without pooling tell one for each token, which is not
    what was asked for."""
    told = parse(data, "the answer")
    vectors = [told] if isinstance(told, list) and told and not isinstance(told[0], list) else told
    if not isinstance(vectors, list) or not all(_is_vector(vector) for vector in vectors):
        raise Failure("invalid_response", "the answer is not one vector for each text: does this model embed?")
    return {"data": [{"embedding": vector} for vector in vectors]}


def _is_vector(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(number, int | float) for number in given)
