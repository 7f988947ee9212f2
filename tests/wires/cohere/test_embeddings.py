"""Embeddings: (body, the requests that it comes to, what is lost), and the vectors back."""

from typing import Any

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.wires.cohere.support import read, refused, target, write
from tests.wires.support import JSON, Outcome, call
from trunkline.types import Json
from trunkline.wires import cohere

MODEL = "embed-v4.0"
BASE: Json = {"model": MODEL, "input_type": "search_document", "embedding_types": ["float"]}


ROWS: dict[str, tuple[Json, Json, tuple[str, ...]]] = {
    "a text": ({"input": "a"}, {"texts": ["a"]}, ()),
    "texts": ({"input": ["a", "b"]}, {"texts": ["a", "b"]}, ()),
    "dimensions": ({"input": "a", "dimensions": 256}, {"texts": ["a"], "output_dimension": 256}, ()),
    "base64": ({"input": "a", "encoding_format": "base64"}, {"texts": ["a"]}, ()),
    "what for": ({"input": "a", "input_type": "search_query"}, {"texts": ["a"], "input_type": "search_query"}, ()),
    "other numbers": ({"input": "a", "embedding_types": ["int8"]}, {"texts": ["a"], "embedding_types": ["int8"]}, ()),
    "several sorts of numbers": (
        {"input": "a", "embedding_types": ["int8", "float"]},
        {"texts": ["a"], "embedding_types": ["int8"]},
        ("embedding_types=trimmed",),
    ),
    "no numbers": ({"input": "a", "embedding_types": []}, {"texts": ["a"]}, ()),
    "numbers of no sort": ({"input": "a", "embedding_types": 1}, {"texts": ["a"]}, ()),
    "their own": (
        {"input": "a", "truncate": "NONE", "max_tokens": 5, "priority": 1},
        {"texts": ["a"], "truncate": "NONE", "max_tokens": 5, "priority": 1},
        (),
    ),
    "no counterpart": ({"input": "a", "user": "u", "x": 1}, {"texts": ["a"]}, ("user", "x")),
}


@pytest.mark.parametrize(("body", "wanted", "lost"), ROWS.values(), ids=ROWS)
def test_requests(body: Json, wanted: Json, lost: tuple[str, ...]) -> None:
    written = write(body, MODEL, kind="embeddings", stream=False)
    assert (written.request, written.dropped) == ({**BASE, **wanted}, lost)


@pytest.mark.parametrize("tokens", [[1, 2], [[1], [2]], ["a", 1]])
def test_token_ids_mean_nothing_to_it(tokens: list[Any]) -> None:
    assert refused({"input": tokens}, MODEL, kind="embeddings") == ("unsupported_parameter", "input")


def answer(vectors: Any, tokens: Any = 3, kind: str = "float") -> bytes:
    meta = {"api_version": {"version": "2"}, "billed_units": {"input_tokens": tokens}}
    return orjson.dumps({"id": "1", "texts": [], "embeddings": {kind: vectors}, "meta": meta})


def told_of(body: Json, pieces: list[bytes]) -> Outcome:
    return read(call("embeddings", body=body), JSON, pieces, MODEL)


def test_vectors() -> None:
    body: Json = {"input": ["a", "b"]}
    outcome = in_all_ways(lambda pieces: told_of(body, pieces), answer([[0.5], [0.25]]))
    assert outcome.events == [
        {
            "object": "list",
            "model": MODEL,
            "data": [
                {"object": "embedding", "index": 0, "embedding": [0.5]},
                {"object": "embedding", "index": 1, "embedding": [0.25]},
            ],
            "usage": {"prompt_tokens": 3, "total_tokens": 3},
        }
    ]


def test_vectors_in_base64() -> None:
    (told,) = told_of({"input": "a", "encoding_format": "base64"}, [answer([[0.5]])]).events
    assert told["data"][0]["embedding"] == "AAAAPw=="


def test_other_numbers() -> None:
    (told,) = told_of({"input": "a", "embedding_types": ["int8"]}, [answer([[1, -2]], kind="int8")]).events
    assert told["data"][0]["embedding"] == [1, -2]


def test_tokens_that_nobody_counted() -> None:
    (told,) = told_of({"input": "a"}, [orjson.dumps({"embeddings": {"float": [[0.5]]}})]).events
    assert "usage" not in told


def test_more_texts_than_it_takes_at_once() -> None:
    texts = [str(number) for number in range(200)]
    body: Json = {"input": texts, "dimensions": 256}
    what = call("embeddings", body=body)
    sent = [orjson.loads(cohere.encode(what, body, target(MODEL)).content)]
    decoder = cohere.decoder(what, body, target(MODEL), JSON)
    for _ in range(2):
        list(decoder.feed(answer([[float(text)] for text in sent[-1]["texts"]], 10)))
        assert list(decoder.close()) == []
        assert decoder.follow is not None
        assert decoder.follow.request.path == "/v2/embed"
        sent.append(orjson.loads(decoder.follow.request.content))
        decoder = decoder.follow.decoder(JSON)
    list(decoder.feed(answer([[float(text)] for text in sent[-1]["texts"]], 10)))
    (told,) = decoder.close()
    assert decoder.follow is None
    assert [len(one["texts"]) for one in sent] == [96, 96, 8]
    assert all(one["output_dimension"] == 256 for one in sent)
    assert [row["embedding"] for row in told["data"]] == [[float(text)] for text in texts]
    assert told["usage"] == {"prompt_tokens": 30, "total_tokens": 30}


FAILED: dict[str, tuple[bytes, tuple[str, str, str | None]]] = {
    "no vectors": (b"{}", ("invalid_response", "the answer has no embeddings", None)),
    "no vector": (answer([]), ("invalid_response", "the answer has no embeddings", None)),
    "an error with a good status": (b'{"message": "m"}', ("server_error", "m", None)),
    "no JSON": (b"<html>", ("invalid_response", "the answer is not valid JSON", None)),
}


@pytest.mark.parametrize(("body", "wanted"), FAILED.values(), ids=FAILED)
def test_failures(body: bytes, wanted: tuple[str, str, str | None]) -> None:
    assert told_of({"input": "a"}, [body]).failed == wanted
