"""Embeddings by InvokeModel: one text at a time by Titan, 96 by Cohere."""

from typing import Any

import orjson
import pytest

from tests.wires.bedrock.support import target
from tests.wires.support import JSON, call
from trunkline.errors import ApiError, Failure
from trunkline.ports import Encoded
from trunkline.types import Json
from trunkline.wires import bedrock

TITAN, TITAN_1 = "amazon.titan-embed-text-v2:0", "amazon.titan-embed-text-v1"
NOVA = "amazon.nova-2-multimodal-embeddings-v1:0"
COHERE, COHERE_4 = "cohere.embed-english-v3", "us.cohere.embed-v4:0"


def asked(body: Json, model: str) -> list[Encoded]:
    """Every request that is sent, each answered with vectors that count up from 0."""
    return play(body, model)[0]


def play(body: Json, model: str, **told: Any) -> tuple[list[Encoded], Json]:
    """The requests, and the answer."""
    what = call("embeddings", body=body)
    request = bedrock.encode(what, body, target(model))
    decoder = bedrock.decoder(what, body, target(model), JSON)
    sent, number = [request], 0
    while True:
        texts = orjson.loads(sent[-1].content)
        count = len(texts.get("texts", [texts.get("inputText")]))
        vectors = [[float(number + index)] for index in range(count)]
        number += count
        one = {"embedding": vectors[0], "inputTextTokenCount": 2} if "inputText" in texts else {"embeddings": vectors}
        list(decoder.feed(orjson.dumps({**one, **told})))
        events = list(decoder.close())
        if decoder.follow is None:
            return sent, events[0]
        sent.append(decoder.follow.request)
        decoder = decoder.follow.decoder(JSON)


SEARCH = {"input_type": "search_document"}
ROWS: dict[str, tuple[str, Json, Json, tuple[str, ...]]] = {
    "Titan": (TITAN, {}, {"inputText": "a"}, ()),
    "Titan with all": (TITAN, {"dimensions": 256, "normalize": True, "user": "u"}, {
        "inputText": "a", "dimensions": 256, "normalize": True}, ("user",)),
    "the older Titan": (TITAN_1, {"dimensions": 256}, {"inputText": "a"}, ("dimensions",)),
    "Cohere": (COHERE, {"encoding_format": "base64"}, {"texts": ["a"], **SEARCH}, ()),
    "Cohere with all": (COHERE, {"input_type": "search_query", "truncate": "END", "dimensions": 256}, {
        "texts": ["a"], "input_type": "search_query", "truncate": "END"}, ("dimensions",)),
    "the newer Cohere": (COHERE_4, {"dimensions": 256}, {
        "texts": ["a"], **SEARCH, "embedding_types": ["float"], "output_dimension": 256}, ()),
    "Nova": (NOVA, {}, {"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": {
        "embeddingPurpose": "GENERIC_INDEX", "text": {"truncationMode": "NONE", "value": "a"}}}, ()),
    "Nova with all": (NOVA, {"dimensions": 256, "embeddingPurpose": "CLUSTERING"}, {
        "taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": {
            "embeddingPurpose": "CLUSTERING", "embeddingDimension": 256,
            "text": {"truncationMode": "NONE", "value": "a"}}}, ()),
}  # fmt: skip


@pytest.mark.parametrize(("model", "body", "wanted", "lost"), ROWS.values(), ids=ROWS)
def test_a_request(model: str, body: Json, wanted: Json, lost: tuple[str, ...]) -> None:
    (request,) = asked({"input": "a", **body}, model)
    assert (orjson.loads(request.content), request.dropped) == (wanted, lost)
    assert request.path == f"/model/{model.replace(':', '%3A')}/invoke"


def test_one_text_at_a_time() -> None:
    sent, answer = play({"input": ["a", "b", "c"]}, TITAN)
    assert [orjson.loads(one.content)["inputText"] for one in sent] == ["a", "b", "c"]
    assert [(row["index"], row["embedding"]) for row in answer["data"]] == [(0, [0.0]), (1, [1.0]), (2, [2.0])]
    assert answer["usage"] == {"prompt_tokens": 6, "total_tokens": 6}
    assert answer["model"] == TITAN


def test_96_texts_at_a_time() -> None:
    sent, answer = play({"input": ["x"] * 200}, COHERE)
    assert [len(orjson.loads(one.content)["texts"]) for one in sent] == [96, 96, 8]
    assert [row["embedding"][0] for row in answer["data"]] == list(range(200))
    assert "usage" not in answer  # Cohere's count stands in a header alone


def test_vectors_of_nova() -> None:
    _, answer = play({"input": ["a", "b"]}, NOVA, embeddings=[{"embeddingType": "TEXT", "embedding": [1.0]}])
    assert [row["embedding"] for row in answer["data"]] == [[1.0], [1.0]]


def test_vectors_by_type() -> None:
    _, answer = play({"input": "a", "encoding_format": "base64"}, COHERE_4, embeddings={"float": [[1.0]]})
    assert answer["data"][0]["embedding"] == "AACAPw=="


IDS: dict[str, Any] = {"token ids": [1, 2], "lists of token ids": [[1], [2]]}


@pytest.mark.parametrize("given", IDS.values(), ids=IDS)
def test_token_ids(given: Any) -> None:
    with pytest.raises(ApiError) as raised:
        asked({"input": given}, TITAN)
    assert (raised.value.code, raised.value.param) == ("unsupported_parameter", "input")


def test_a_model_that_embeds_nothing() -> None:
    with pytest.raises(ApiError) as raised:
        asked({"input": "a"}, "us.anthropic.claude-sonnet-4-6")
    assert raised.value.code == "no_capable_target"


BROKEN: dict[str, bytes] = {
    "no JSON": b"{",
    "nothing": b"{}",
    "a word": b'{"message": "m"}',
    "no vector": b'{"embedding": null}',
    "no vectors": b'{"embeddings": [null]}',
    "of another type": b'{"embeddings": {"int8": [[1]]}}',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_is_no_answer(body: bytes) -> None:
    what = call("embeddings", body={"input": "a"})
    decoder = bedrock.decoder(what, what.body, target(COHERE), JSON)
    with pytest.raises(Failure) as raised:
        list(decoder.feed(body)) + list(decoder.close())
    assert raised.value.kind == "invalid_response"
