"""Embeddings: requests of a hundred texts, and one answer of all their replies."""

from typing import Any

import orjson
import pytest

from tests.wires.gemini.support import refused, target, write
from tests.wires.support import JSON, call
from trunkline.errors import Failure
from trunkline.types import Json
from trunkline.wires import gemini

MODEL = "gemini-embedding-2"


def text(words: str, **more: Any) -> Json:
    return {"model": f"models/{MODEL}", "content": {"parts": [{"text": words}]}, **more}


REQUESTS: dict[str, tuple[Json, list[Json], tuple[str, ...]]] = {
    "one text": ({"input": "a"}, [text("a")], ()),
    "texts": ({"input": ["a", "b"]}, [text("a"), text("b")], ()),
    "a size": ({"input": "a", "dimensions": 8}, [text("a", outputDimensionality=8)], ()),
    "an encoding": ({"input": "a", "encoding_format": "base64"}, [text("a")], ()),
    "Gemini's own": ({"input": "a", "taskType": "RETRIEVAL_QUERY"}, [text("a", taskType="RETRIEVAL_QUERY")], ()),
    "Gemini's own in snake case": ({"input": "a", "task_type": "T"}, [text("a", taskType="T")], ()),
    "without counterpart": ({"input": "a", "user": "u", "x": 1}, [text("a")], ("user", "x")),
}


@pytest.mark.parametrize(("body", "wanted", "dropped"), REQUESTS.values(), ids=REQUESTS)
def test_requests(body: Json, wanted: list[Json], dropped: tuple[str, ...]) -> None:
    written = write(body, MODEL, kind="embeddings")
    assert (written.request, written.dropped) == ({"requests": wanted}, dropped)
    assert written.path == f"/v1beta/models/{MODEL}:batchEmbedContents"


def test_the_name_stands_in_each_request_as_it_is() -> None:
    written = write({"input": "a"}, "models/a/b", kind="embeddings")
    assert written.path == "/v1beta/models/a%2Fb:batchEmbedContents"
    assert written.request["requests"][0]["model"] == "models/a/b"


TOKENS: dict[str, Any] = {"token ids": [1, 2], "lists of them": [[1], [2]], "among texts": ["a", [1]]}


@pytest.mark.parametrize("given", TOKENS.values(), ids=TOKENS)
def test_token_ids_are_refused(given: Any) -> None:
    assert refused({"input": given}, MODEL, kind="embeddings") == ("unsupported_parameter", "input")


def reply(*vectors: list[float], **more: Any) -> bytes:
    return orjson.dumps({"embeddings": [{"values": vector} for vector in vectors], **more})


def embedded(replies: list[bytes], body: Json, model: str = MODEL) -> tuple[Json, list[Json]]:
    """The answer, and the requests that followed the first."""
    what = call("embeddings", body=body)
    decoder = gemini.decoder(what, body, target(model), JSON)
    sent: list[Json] = []
    told: list[Json] = []
    for data in replies:
        for place in range(len(data)):
            assert not list(decoder.feed(data[place : place + 1]))
        told += decoder.close()
        if decoder.follow is not None:
            sent.append(orjson.loads(decoder.follow.request.content))
            decoder = decoder.follow.decoder(JSON)
    (answer,) = told
    return answer, sent


def test_one_reply() -> None:
    answer, sent = embedded([reply([1.0, 0.0], [0.0, 1.0])], {"input": ["a", "b"]})
    assert answer == {
        "object": "list",
        "model": MODEL,
        "data": [
            {"object": "embedding", "index": 0, "embedding": [1.0, 0.0]},
            {"object": "embedding", "index": 1, "embedding": [0.0, 1.0]},
        ],
    }
    assert sent == []


def test_a_hundred_at_a_time() -> None:
    texts = [str(number) for number in range(205)]
    vectors = [[float(number)] for number in range(205)]
    replies = [reply(*vectors[:100]), reply(*vectors[100:200]), reply(*vectors[200:])]
    answer, sent = embedded(replies, {"input": texts, "dimensions": 1})
    assert [row["embedding"] for row in answer["data"]] == vectors
    assert [row["index"] for row in answer["data"]] == list(range(205))
    assert [[one["content"]["parts"][0]["text"] for one in request["requests"]] for request in sent] == [
        texts[100:200],
        texts[200:],
    ]
    assert all(one["outputDimensionality"] == 1 for request in sent for one in request["requests"])


def test_base64() -> None:
    answer, _ = embedded([reply([1.0])], {"input": "a", "encoding_format": "base64"})
    assert answer["data"][0]["embedding"] == "AACAPw=="


def test_counts_where_it_counts() -> None:
    answer, _ = embedded([reply([1.0], usageMetadata={"promptTokenCount": 3})], {"input": "a"})
    assert answer["usage"] == {"prompt_tokens": 3, "total_tokens": 3}


def test_one_text_answered_alone() -> None:
    answer, _ = embedded([orjson.dumps({"embedding": {"values": [1.0]}})], {"input": "a"})
    assert [row["embedding"] for row in answer["data"]] == [[1.0]]


LENGTHS: dict[str, tuple[str, list[float], list[float]]] = {
    "cut short": ("models/gemini-embedding-001", [3.0, 4.0], [0.6, 0.8]),
    "nothing to scale": ("gemini-embedding-001", [0.0, 0.0], [0.0, 0.0]),
    "another model": (MODEL, [3.0, 4.0], [3.0, 4.0]),
}


@pytest.mark.parametrize(("model", "given", "wanted"), LENGTHS.values(), ids=LENGTHS)
def test_vectors_are_of_length_one(model: str, given: list[float], wanted: list[float]) -> None:
    answer, _ = embedded([reply(given)], {"input": "a", "dimensions": 2}, model)
    assert answer["data"][0]["embedding"] == pytest.approx(wanted)


BROKEN: dict[str, bytes] = {
    "no JSON": b"{",
    "no object": b"[]",
    "no vectors": b"{}",
    "an empty list": b'{"embeddings": []}',
    "a vector that is none": b'{"embeddings": [{"values": "x"}, 1]}',
    "numbers that are none": b'{"embeddings": [{"values": ["x"]}]}',
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_reply(data: bytes) -> None:
    with pytest.raises(Failure) as failure:
        embedded([data], {"input": ["a", "b"], "encoding_format": "base64"}, "gemini-embedding-001")
    assert failure.value.kind == "invalid_response"


def test_an_error_inside() -> None:
    with pytest.raises(Failure) as failure:
        embedded([b'{"error": {"code": 503, "message": "m"}}'], {"input": "a"})
    assert (failure.value.kind, failure.value.words) == ("overloaded", "m")
