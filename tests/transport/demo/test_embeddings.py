"""Embeddings: shapes, both encodings, and vectors that depend on the input alone."""

import math
from typing import Any

import pytest
from openai.types import CreateEmbeddingResponse

from tests.transport.demo.play import embed, play, unpacked


@pytest.mark.parametrize(
    ("value", "count", "tokens"),
    [
        ("five chars", 1, 3),
        (["a", "b", "five chars"], 3, 5),
        ([1, 2, 3], 1, 3),
        ([[1, 2], [3]], 2, 3),
        ("語", 1, 1),
    ],
)
def test_every_form_of_input(value: Any, count: int, tokens: int) -> None:
    body = embed(value)
    assert {key: body[key] for key in ("object", "model", "usage")} == {
        "object": "list",
        "model": "embed",
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }
    assert [(each["object"], each["index"]) for each in body["data"]] == [("embedding", n) for n in range(count)]
    CreateEmbeddingResponse.model_validate(body, strict=True)


@pytest.mark.parametrize("dimensions", [None, 1, 3, 1536])
def test_vectors_have_length_one(dimensions: int | None) -> None:
    vector = embed("x", dimensions=dimensions)["data"][0]["embedding"]
    assert len(vector) == (dimensions or 64)
    assert math.hypot(*vector) == pytest.approx(1, abs=1e-6)


def test_both_encodings_say_the_same() -> None:
    floats = embed("x", encoding_format="float")["data"][0]["embedding"]
    encoded = embed("x", encoding_format="base64")["data"][0]["embedding"]
    assert unpacked(encoded) == floats


def test_the_same_input_has_the_same_vector_and_another_another() -> None:
    vectors = [each["embedding"] for each in embed(["x", "y", "x"])["data"]]
    assert vectors[0] == vectors[2] == embed("x")["data"][0]["embedding"]
    assert vectors[0] != vectors[1]
    assert embed([1])["data"][0]["embedding"] != embed("1")["data"][0]["embedding"]


def test_any_model_embeds() -> None:
    assert len(play({"model": "echo", "input": "x"}, "/embeddings").json["data"]) == 1


@pytest.mark.parametrize(
    ("parameters", "param"),
    [
        ({"input": None}, "input"),
        ({"input": ""}, "input"),
        ({"input": []}, "input"),
        ({"input": [[]]}, "input"),
        ({"input": ["a", ""]}, "input"),
        ({"input": [1, "a"]}, "input"),
        ({"input": [True]}, "input"),
        ({"input": ["a"] * 2049}, "input"),
        ({"input": ["a"] * 2000, "dimensions": 4000}, "input"),
        ({"input": "a", "dimensions": -1}, "dimensions"),
        ({"input": "a", "dimensions": 5000}, "dimensions"),
        ({"input": "a", "dimensions": True}, "dimensions"),
        ({"input": "a", "encoding_format": "int8"}, "encoding_format"),
    ],
)
def test_what_openai_would_refuse_is_refused(parameters: Any, param: str) -> None:
    played = play({"model": "embed"} | parameters, "/embeddings")
    error = played.json["error"]
    assert (played.status, error["type"], error["param"]) == (400, "invalid_request_error", param)


@pytest.mark.parametrize(
    ("model", "status"), [("status-503", 503), ("error-after-3", 500), ("embed", 200), ("garbage-after-3", 200)]
)
def test_they_misbehave_like_whole_answers(model: str, status: int) -> None:
    played = play({"model": model, "input": "x"}, "/embeddings")
    assert played.status == status
    assert (b'"usage"' in played.body) == (model == "embed")
