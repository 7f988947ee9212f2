"""Replies in one piece: (what was asked, content type, bytes, events, failure), whatever the chunking (faults B)."""

from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.hub.upstream import CALL, USAGE, answer, says, text
from tests.wires.support import JSON, WIRE, Outcome, as_client, call, read, reader, sse, target
from trunkline.errors import Failure
from trunkline.hub.completion import conform_completion, fold
from trunkline.types import Json


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and the content type of its reply."""

    stream: bool
    content_type: str


FORMS = {
    "JSON": Asked(False, JSON),
    "JSON without a content type": Asked(False, ""),
    "JSON for a stream": Asked(True, "application/json; charset=utf-8"),
}
WHOLE = {
    "text": answer(says("né")),
    "calls": answer(says(None, tool_calls=[CALL]), "tool_calls"),
    "no finish": answer(says(), None),
    "n=2": answer({}) | {"choices": [{"index": i, "message": says(), "finish_reason": "stop"} for i in (0, 1)]},
}


@pytest.mark.parametrize("asked", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
def test_a_whole_answer(whole: Json, asked: Asked) -> None:
    """Padding before it is no fault: some servers send it to keep a connection open."""
    seen = conform_completion(orjson.loads(orjson.dumps(whole)), "x", 1, "x")
    body = b"\n \n" + orjson.dumps(whole) + b"\n"
    outcome = in_all_ways(reader(call(stream=asked.stream), asked.content_type), body)
    assert outcome.failed is None
    if not asked.stream:
        assert outcome.events == [seen]
        return
    assert outcome.events[-1] == {"usage": USAGE}
    told = fold(as_client(outcome.events), USAGE)
    assert [one["message"] for one in told["choices"]] == [one["message"] for one in seen["choices"]]
    assert [one["finish_reason"] for one in told["choices"]] == [one["finish_reason"] for one in seen["choices"]]


NO_ANSWER: dict[str, bytes] = {
    "empty": b"",
    "blanks": b" \n\n",
    "truncated": orjson.dumps(answer(says()))[:-3],
    "HTML": b"<!doctype html><html></html>",
    "text": b"OK",
    "a list": b"[]",
    "null": b"null",
    "NaN": b'{"choices": NaN}',
    "no choices": b'{"id": "x"}',
    "choices null": b'{"choices": null}',
    "choices empty": b'{"choices": []}',
    "no message": b'{"choices": [{"index": 0, "finish_reason": "stop"}]}',
    "error null and no choices": b'{"error": null}',
    "BOM": b"\xef\xbb\xbfx",
    "a stream": sse(text("a")),
    "deeper than can be sent": orjson.dumps(answer(says()))[:-1] + b',"x":' + b"[" * 300 + b"]" * 300 + b"}",
    "deeper than can be read": orjson.dumps(answer(says()))[:-1] + b',"x":' + b"[" * 5000 + b"]" * 5000 + b"}",
}


@pytest.mark.parametrize("stream", [False, True], ids=["unary", "stream"])
@pytest.mark.parametrize("body", NO_ANSWER.values(), ids=NO_ANSWER)
def test_rows_29_to_32_no_answer(body: bytes, stream: bool) -> None:
    outcome = read(call(stream=stream), JSON, [body])
    assert outcome.events == []
    assert (outcome.failed or ("",))[0] == "invalid_response"


@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=utf-8", "Text/HTML"])
@pytest.mark.parametrize("stream", [False, True], ids=["unary", "stream"])
def test_row_29_a_page_is_no_answer(stream: bool, content_type: str) -> None:
    with pytest.raises(Failure, match="HTML") as raised:
        WIRE.decoder(call(stream=stream), {}, target(), content_type)
    assert raised.value.kind == "invalid_response"


VECTORS: Json = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}], "model": "up-1"}


@pytest.mark.parametrize("content_type", [JSON, "", "text/plain"])
@pytest.mark.parametrize(("encoding", "vector"), [("float", [0.5]), (None, [0.5]), ("base64", "AAAAPw==")])
def test_embeddings(encoding: str | None, vector: Any, content_type: str) -> None:
    asked = call("embeddings", body={"encoding_format": encoding})
    outcome = in_all_ways(reader(asked, content_type), orjson.dumps(VECTORS))
    assert outcome == Outcome([{**VECTORS, "data": [{**VECTORS["data"][0], "embedding": vector}]}])


@pytest.mark.parametrize("body", [b"", b"{}", b'{"data": []}', b'{"data": [{"embedding": null}]}', b"[]", b"x"])
def test_no_embeddings(body: bytes) -> None:
    outcome = read(call("embeddings"), JSON, [body])
    assert (outcome.events, (outcome.failed or ("",))[0]) == ([], "invalid_response")
