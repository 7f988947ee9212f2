"""Embeddings: what the provider sent, in the encoding the client asked for."""

import base64
import struct
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types import CreateEmbeddingResponse

from tests.hub.support import PROPERTY, paths, place, raised_by
from trunkline.errors import Failure
from trunkline.hub.embeddings import conform_embeddings
from trunkline.types import Json

FLOATS = [0.5, -1.0, 0.25]
BASE64 = "AAAAPwAAgL8AAIA+"  # the same, little-endian float32
USAGE = {"prompt_tokens": 2, "total_tokens": 2}


def answer(*vectors: Any, **rest: Any) -> Json:
    rows = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    return {"object": "list", "data": rows, "model": "up-1", "usage": USAGE, **rest}


def conform(body: Json, encoding: str | None) -> Json:
    """As the answer to a request for as many vectors as it has."""
    rows = body.get("data")
    asked: Json = {"input": ["text"] * len(rows) if isinstance(rows, list) else "text"}
    return conform_embeddings(deepcopy(body), {**asked, "encoding_format": encoding}, "configured")


@pytest.mark.parametrize(
    ("given", "texts"),
    [("one", 1), (["one", "two"], 2), ([1, 2, 3], 1), ([[1, 2], [3]], 2)],
    ids=["a string", "strings", "token ids", "token ids of two texts"],
)
def test_every_input_has_its_vector(given: Any, texts: int) -> None:
    """A vector that is missing would move all after it to the wrong text."""
    conform_embeddings(answer(*[FLOATS] * texts), {"input": given}, "m")
    for wrong in (texts - 1, texts + 1):
        with pytest.raises(Failure, match="embeddings") as failed:
            conform_embeddings(answer(*[FLOATS] * wrong), {"input": given}, "m")
        assert failed.value.kind == "invalid_response"


@pytest.mark.parametrize("sent", [FLOATS, BASE64], ids=["floats", "base64"])
@pytest.mark.parametrize(("encoding", "seen"), [("float", FLOATS), ("base64", BASE64), (None, None)])
def test_the_encoding_is_the_one_asked_for(sent: Any, encoding: str | None, seen: Any) -> None:
    """None takes what came."""
    seen = seen or sent
    assert conform(answer(sent, sent), encoding) == answer(seen, seen)


def test_integers_are_numbers() -> None:
    assert conform(answer([1, 0]), "base64") == answer(base64.b64encode(struct.pack("<2f", 1, 0)).decode())


FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False)


@PROPERTY
@given(st.lists(FLOAT32, min_size=1, max_size=20))
def test_floats_and_base64_are_the_same_vector(vector: list[float]) -> None:
    encoded = conform(answer(vector), "base64")["data"][0]["embedding"]
    assert base64.b64decode(encoded) == struct.pack(f"<{len(vector)}f", *vector)
    assert conform(answer(encoded), "float")["data"][0]["embedding"] == vector
    assert conform(answer(encoded), "base64")["data"][0]["embedding"] == encoded


MENDED: dict[str, tuple[Json, Json]] = {
    "no frame": (
        {"data": [{"embedding": FLOATS}, {"embedding": FLOATS}]},
        {"object": "list", "model": "configured", "data": answer(FLOATS, FLOATS)["data"]},
    ),
    "no model": (answer(FLOATS, model=None), answer(FLOATS, model="configured")),
    "other objects": (
        answer(object="embeddings") | {"data": [{"object": "vector", "index": 0, "embedding": FLOATS}]},
        answer(FLOATS),
    ),
    "index null": (answer() | {"data": [{"index": None, "embedding": FLOATS}]}, answer(FLOATS)),
    "own order": (
        answer() | {"data": [{"index": 1, "embedding": [1.0]}, {"index": 0, "embedding": [2.0]}]},
        answer() | {"data": [{"object": "embedding", "index": i, "embedding": [v]} for i, v in ((1, 1.0), (0, 2.0))]},
    ),
    "extensions": (answer(FLOATS, x=1), answer(FLOATS, x=1)),
}


@pytest.mark.parametrize(("sent", "seen"), MENDED.values(), ids=MENDED)
def test_what_the_client_sees(sent: Json, seen: Json) -> None:
    assert conform(sent, "float") == seen


@pytest.mark.parametrize("encoding", ["float", "base64", None])
def test_the_sdk_takes_it(encoding: str | None) -> None:
    CreateEmbeddingResponse.model_construct(**conform(answer(FLOATS), encoding))
    read = CreateEmbeddingResponse.model_validate(conform(answer(BASE64), "float"), strict=True)
    assert read.data[0].embedding == FLOATS


BAD: dict[str, Json] = {
    "empty": {},
    "no data": {"object": "list"},
    "data null": answer() | {"data": None},
    "data empty": answer(),
    "data is an object": answer() | {"data": {"0": {"embedding": FLOATS}}},
    "data is text": answer() | {"data": "x"},
    "a row is null": answer() | {"data": [None]},
    "a row is a vector": answer() | {"data": [FLOATS]},
    "no vector": answer() | {"data": [{"index": 0}]},
    "vector null": answer(None),
    "vector empty": answer([]),
    "vector empty text": answer(""),
    "vector is a number": answer(1.0),
    "vector is an object": answer({"float": FLOATS}),
    "the second vector is null": answer(FLOATS, None),
}
NO_FLOATS: dict[str, Any] = {
    "text": ["x"],
    "null": [1.0, None],
    "nested": [FLOATS],
    "beyond a double": [10**400],
    "boolean": [{}],
}
NO_BASE64: dict[str, str] = {
    "not base64": "hello!",
    "not ASCII": "né",
    "cut": BASE64[:-1],
    "no float32": base64.b64encode(b"abc").decode(),
    "padding only": "====",
    "blanks": BASE64[:8] + "\n" + BASE64[8:],
}


@pytest.mark.parametrize("encoding", ["float", "base64", None])
@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_no_vector_is_a_failure(body: Json, encoding: str | None) -> None:
    fails(body, encoding)


@pytest.mark.parametrize("vector", NO_FLOATS.values(), ids=NO_FLOATS)
def test_what_are_no_numbers_are_no_base64(vector: Any) -> None:
    fails(answer(vector), "base64")


@pytest.mark.parametrize("vector", NO_BASE64.values(), ids=NO_BASE64)
def test_what_is_no_base64_is_no_floats(vector: str) -> None:
    fails(answer(vector), "float")


def fails(body: Json, encoding: str | None) -> None:
    with pytest.raises(Failure) as raised:
        conform(body, encoding)
    assert raised.value.kind == "invalid_response"


@pytest.mark.parametrize("encoding", ["float", "base64", None])
@pytest.mark.parametrize("vector", [FLOATS, BASE64], ids=["floats", "base64"])
def test_whatever_is_wrong_only_failure_is_raised(vector: Any, encoding: str | None) -> None:
    body = answer(vector)
    raised = {
        place(path): raised_by(lambda wrong: orjson.dumps(conform(wrong, encoding)), body, path) for path in paths(body)
    }
    assert {name: errors for name, errors in raised.items() if errors} == {}
