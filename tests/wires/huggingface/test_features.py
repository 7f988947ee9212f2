"""Embeddings by feature extraction: rows of (what the client asks, what is sent) and (what came, what is told)."""

from typing import Any

import pytest

from tests.wires.dialect_support import target
from tests.wires.huggingface.samples import BENCH
from tests.wires.support import JSON, call
from trunkline.pipeline.apis import reached
from trunkline.types import Json

ASKED: dict[str, tuple[Json, Json, tuple[str, ...]]] = {
    "a text": ({"input": "a"}, {"inputs": "a"}, ()),
    "texts": ({"input": ["a", "b"]}, {"inputs": ["a", "b"]}, ()),
    "in base64": ({"input": "a", "encoding_format": "base64"}, {"inputs": "a"}, ()),
    "its own parameters": (
        {"input": "a", "normalize": True, "truncate": True, "prompt_name": "query"},
        {"inputs": "a", "normalize": True, "truncate": True, "prompt_name": "query"},
        (),
    ),
    "parameters of others": ({"input": "a", "user": "u"}, {"inputs": "a"}, ("user",)),
}


@pytest.mark.parametrize(("body", "sent", "dropped"), ASKED.values(), ids=ASKED)
def test_requests(body: Json, sent: Json, dropped: tuple[str, ...]) -> None:
    written = BENCH.write(body, kind="embeddings")
    assert (written.request, written.dropped) == (sent, dropped)


REFUSED: dict[str, tuple[Json, str, tuple[str, str]]] = {
    "token ids": ({"input": [1, 2]}, "org/model", ("unsupported_parameter", "input")),
    "token ids of two": ({"input": [[1], [2]]}, "org/model", ("unsupported_parameter", "input")),
    "a length": ({"input": "a", "dimensions": 8}, "org/model", ("unsupported_parameter", "dimensions")),
    "a path": ({"input": "a"}, "../../v1", ("model_not_found", "model")),
    "a path further on": ({"input": "a"}, "org/..", ("model_not_found", "model")),
    "another query": ({"input": "a"}, "org/model?x=1", ("model_not_found", "model")),
}


@pytest.mark.parametrize(("body", "model", "error"), REFUSED.values(), ids=REFUSED)
def test_refused(body: Json, model: str, error: tuple[str, str]) -> None:
    assert BENCH.refused(body, model, kind="embeddings") == error


TOLD: dict[str, tuple[Any, bytes, list[list[float]]]] = {
    "one vector for a text": ("a", b"[0.5, 1]", [[0.5, 1]]),
    "a vector for each": (["a", "b"], b"[[0.5], [1.0]]", [[0.5], [1.0]]),
}


@pytest.mark.parametrize(("given", "body", "vectors"), TOLD.values(), ids=TOLD)
def test_answers(given: Any, body: bytes, vectors: list[list[float]]) -> None:
    (told,) = BENCH.read(call("embeddings", body={"input": given}), JSON, [body]).events
    assert [row["embedding"] for row in told["data"]] == vectors
    assert "usage" not in told


BROKEN = {
    "a vector for each token": b"[[[0.5]]]",
    "no vector": b"[]",
    "an empty one": b"[[]]",
    "an object": b"{}",
    "fewer than texts": b"[[0.5]]",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_broken_answers(body: bytes) -> None:
    outcome = BENCH.read(call("embeddings", body={"input": ["a", "b"]}), JSON, [body])
    assert outcome.failed is not None
    assert outcome.failed[0] == "invalid_response"


def test_the_row_asks_for_embeddings_there_and_for_chat_where_it_did() -> None:
    row = target("huggingface", "base_url: 'https://router.huggingface.co/v1'")
    there = reached(row, None, "embeddings", {"input": "a"}).provider
    assert (there.wire, there.base_url) == ("huggingface", "https://router.huggingface.co/hf-inference")
    assert reached(row, None, "chat", {"messages": []}) is row
