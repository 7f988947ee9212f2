"""Embeddings: which method, how many texts at a time, and what its replies say."""

from typing import Any

import orjson
import pytest

from tests.wires.support import JSON, call
from tests.wires.vertex.support import read, refused, target, write
from trunkline.errors import Failure
from trunkline.types import Json
from trunkline.wires import vertex
from trunkline.wires.vertex.embeddings import batches

OLDER, FIRST, NEWER = "text-embedding-005", "gemini-embedding-001", "gemini-embedding-2"
BODY: Json = {"input": "hi", "dimensions": 3, "task_type": "RETRIEVAL_QUERY", "autoTruncate": False, "user": "u"}


def test_predict() -> None:
    written = write(BODY, OLDER, kind="embeddings")
    assert written.path == f"/publishers/google/models/{OLDER}:predict"
    assert written.request == {
        "instances": [{"content": "hi", "task_type": "RETRIEVAL_QUERY"}],
        "parameters": {"autoTruncate": False, "outputDimensionality": 3},
    }
    assert written.dropped == ("user",)


def test_embed_content() -> None:
    written = write(BODY, NEWER, kind="embeddings")
    assert written.path == f"/publishers/google/models/{NEWER}:embedContent"
    assert written.request == {
        "content": {"parts": [{"text": "hi"}]},
        "embedContentConfig": {"taskType": "RETRIEVAL_QUERY", "autoTruncate": False, "outputDimensionality": 3},
    }
    assert write({"input": "hi"}, NEWER, kind="embeddings").request == {"content": {"parts": [{"text": "hi"}]}}


def test_token_ids_are_not_text() -> None:
    assert refused({"input": [1, 2]}, OLDER, kind="embeddings") == ("unsupported_parameter", "input")


# Texts, model -> how many go in each request.
GROUPS: dict[str, tuple[list[str], str, list[int]]] = {
    "all at once": (["a"] * 250, OLDER, [250]),
    "more than go at once": (["a"] * 501, OLDER, [250, 250, 1]),
    "long ones": (["a" * 15_000] * 5, OLDER, [2, 2, 1]),
    "one that is too long for any": (["a", "a" * 50_000, "a"], OLDER, [1, 1, 1]),
    "two bytes a letter": (["ä" * 15_000] * 2, OLDER, [1, 1]),
    "one at a time": (["a"] * 3, FIRST, [1, 1, 1]),
    "one at a time, newer": (["a"] * 3, NEWER, [1, 1, 1]),
}


@pytest.mark.parametrize(("texts", "model", "sizes"), GROUPS.values(), ids=GROUPS)
def test_how_many_at_a_time(texts: list[str], model: str, sizes: list[int]) -> None:
    requests = [orjson.loads(request.content) for request in batches({"input": texts}, target(model))]
    assert [len(request.get("instances", [0])) for request in requests] == sizes
    sent = [one["content"] for request in requests for one in request.get("instances", ())]
    assert sent == (texts if model != NEWER else [])


def predictions(*vectors: Any, count: int | None = 2) -> Json:
    counted = {"statistics": {"token_count": count, "truncated": False}} if count is not None else {}
    return {"predictions": [{"embeddings": {"values": vector, **counted}} for vector in vectors]}


# A reply -> vectors and tokens.
REPLIES: dict[str, tuple[Json, list[list[float]], int | None]] = {
    "predictions": (predictions([1.0], [2.0]), [[1.0], [2.0]], 4),
    "uncounted": (predictions([1.0], count=None), [[1.0]], None),
    "one": ({"embedding": {"values": [1.0]}, "usageMetadata": {"promptTokenCount": 3}}, [[1.0]], 3),
    "one, uncounted": ({"embedding": {"values": [1.0]}, "truncated": False}, [[1.0]], None),
}


@pytest.mark.parametrize(("reply", "vectors", "tokens"), REPLIES.values(), ids=REPLIES)
def test_what_a_reply_says(reply: Json, vectors: list[list[float]], tokens: int | None) -> None:
    body = {"input": ["a"] * len(vectors)}
    model = NEWER if "embedding" in reply else OLDER
    outcome = read(call("embeddings", body=body), JSON, [orjson.dumps(reply)], model)
    (told,) = outcome.events
    assert [row["embedding"] for row in told["data"]] == vectors
    assert told.get("usage", {}).get("prompt_tokens") == tokens


@pytest.mark.parametrize(
    "reply", [{}, {"predictions": []}, {"predictions": [None]}, {"predictions": [{}]}, {"embedding": {}}]
)
def test_a_reply_without_vectors(reply: Json) -> None:
    outcome = read(call("embeddings", body={"input": "a"}), JSON, [orjson.dumps(reply)], OLDER)
    assert outcome.failed
    assert outcome.failed[0] == "invalid_response"


def test_an_error_inside() -> None:
    reply = {"error": {"code": 429, "message": "slow", "status": "RESOURCE_EXHAUSTED"}}
    outcome = read(call("embeddings", body={"input": "a"}), JSON, [orjson.dumps(reply)], OLDER)
    assert outcome.failed == ("rate_limit", "slow", "RESOURCE_EXHAUSTED")


def test_batches_are_told_as_one_answer() -> None:
    body = {"input": ["a", "b", "c"]}
    what = call("embeddings", body=body)
    decoder = vertex.decoder(what, body, target(FIRST), JSON)
    for number in (1.0, 2.0, 3.0):
        list(decoder.feed(orjson.dumps(predictions([number]))))
        told = list(decoder.close())
        if decoder.follow:
            assert told == []
            assert orjson.loads(decoder.follow.request.content)["instances"] == [{"content": "bc"[int(number) - 1]}]
            decoder = decoder.follow.decoder(JSON)
    # Shorter vectors of this model are not of length 1, as every vector of OpenAI's is.
    assert [(row["index"], row["embedding"]) for row in told[0]["data"]] == [(0, [1.0]), (1, [1.0]), (2, [1.0])]
    assert told[0]["usage"] == {"prompt_tokens": 6, "total_tokens": 6}


def test_a_failure_of_a_later_batch_is_the_answer() -> None:
    body = {"input": ["a", "b"]}
    decoder = vertex.decoder(call("embeddings", body=body), body, target(FIRST), JSON)
    list(decoder.feed(orjson.dumps(predictions([1.0]))))
    list(decoder.close())
    assert decoder.follow
    later = decoder.follow.decoder(JSON)
    list(later.feed(b"{}"))
    with pytest.raises(Failure):
        list(later.close())
