"""What a stream says beyond what a whole answer does."""

import orjson

from tests.hub.support import in_all_ways
from tests.wires.gemini.support import function_call, read, reader, said, sse, streamed
from tests.wires.support import JSON, SSE, call
from trunkline.types import Json

PAGE: Json = {"web": {"uri": "https://x", "title": "t"}}


def test_a_stream_in_any_pieces() -> None:
    story = sse(
        said({"text": "hm", "thought": True}, finish=None),
        said({"text": "né🙂"}, finish=None),
        said(function_call("f", "1", "s", a="ü"), finish=None),
        said({"text": "", "thoughtSignature": "t"}, groundingMetadata={"groundingChunks": [PAGE]}),
    )
    outcome = in_all_ways(reader(call(stream=True), SSE), story)
    assert outcome.failed is None


def test_a_call_opens_and_then_says_its_arguments() -> None:
    pieces = [
        piece
        for chunk in streamed(said(function_call("f", "1", a=1), function_call("g", "2")))
        for piece in chunk["choices"][0]["delta"].get("tool_calls", ())
    ]
    assert [piece["index"] for piece in pieces] == [0, 0, 1, 1]
    assert [piece.get("id") for piece in pieces] == ["1", None, "2", None]
    assert [piece["function"]["arguments"] for piece in pieces] == ["", '{"a":1}', "", "{}"]


def test_a_stop_after_the_call_is_for_its_sake() -> None:
    chunks = streamed(said(function_call(), finish=None), said({"text": ""}))
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks][-1] == "tool_calls"


def test_an_error_in_the_stream_comes_after_what_was_said() -> None:
    error = {"error": {"code": 429, "message": "m", "status": "RESOURCE_EXHAUSTED"}}
    outcome = read(call(stream=True), SSE, [sse(said({"text": "a"}, finish=None), error)])
    assert [event["choices"][0]["delta"] for event in outcome.events] == [{"content": "a"}]
    assert outcome.failed == ("rate_limit", "m", "RESOURCE_EXHAUSTED")


def test_an_end_without_a_reason_is_nothing_we_say() -> None:
    outcome = read(call(stream=True), SSE, [sse(said({"text": "a"}, finish=None))])
    assert all(event["choices"][0]["finish_reason"] is None for event in outcome.events)


def test_a_stream_as_one_list() -> None:
    """What Google sends without `alt=sse`, and some gateways always."""
    body = orjson.dumps([said({"text": "a"}, finish=None), said({"text": "b"})])
    (completion,) = read(call(), JSON, [body]).events
    assert completion["choices"][0]["message"]["content"] == "ab"
    assert read(call(stream=True), JSON, [body]).failed is None


def test_a_stream_where_one_answer_was_asked_for() -> None:
    (completion,) = read(call(), SSE, [sse(said({"text": "a"}, finish=None), said({"text": "b"}))]).events
    assert completion["choices"][0]["message"]["content"] == "ab"


def test_a_page_is_no_answer() -> None:
    assert read(call(), "text/html", [b"<html>"]).failed is not None
