"""What holds for any bytes, and for anything wrong with a request or a reply."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, WRONG, cut, paths, place, raised_by, replaced, splits
from tests.wires.anthropic.support import (
    MESSAGE_STOP,
    TEXT,
    delta,
    message_delta,
    message_start,
    read,
    sse,
    start,
    stop,
    tool_use,
    write,
)
from tests.wires.anthropic.test_types import FEATURES
from tests.wires.support import JSON, NOW, SSE, call
from trunkline.errors import ApiError
from trunkline.hub.request import CHAT
from trunkline.types import Call, Json
from trunkline.wires import anthropic

BODY: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}
ASKED: dict[str, tuple[Call, str]] = {
    "events": (call(stream=True, body=BODY), SSE),
    "events folded": (call(body=BODY), SSE),
    "JSON": (call(body=BODY), JSON),
    "JSON as events": (call(stream=True, body=BODY), JSON),
}

STORY: list[Json] = [
    message_start(input_tokens=1),
    start(0, {"type": "thinking", "thinking": ""}),
    delta(0, type="thinking_delta", thinking="hm"),
    delta(0, type="signature_delta", signature="s"),
    stop(0),
    start(1, TEXT),
    delta(1, type="text_delta", text="né🙂"),
    delta(1, type="citations_delta", citation={"url": "https://x", "title": "t"}),
    stop(1),
    start(2, tool_use("1")),
    delta(2, type="input_json_delta", partial_json='{"a":1}'),
    stop(2),
    start(3, tool_use("2", "free", input="x")),
    stop(3),
    message_delta("refusal", {"output_tokens": 2}, stop_details={"explanation": "no"}),
    MESSAGE_STOP,
]
MESSAGE: Json = {
    "id": "msg_1", "model": "m", "type": "message", "stop_reason": "refusal", "stop_details": {"explanation": "no"},
    "content": [
        {"type": "text", "text": "a", "citations": [{"url": "https://x", "title": "t"}]},
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "redacted_thinking", "data": "d"},
        tool_use("1", a=1),
        tool_use("2", "free", input="x"),
    ],
    "usage": {"input_tokens": 1, "output_tokens": 1, "cache_creation_input_tokens": 1, "cache_creation": {"x": 1},
              "output_tokens_details": {"thinking_tokens": 1}},
}  # fmt: skip

PIECES = [
    *(sse(event) for event in STORY),
    sse({"type": "error", "error": {"type": "overloaded_error", "message": "m"}}),
    b": ping\r\n\r\n",
    b"data: {",
    b"\n",
    b"\xf0\x9f",
]
STREAMS = st.lists(st.sampled_from(PIECES), max_size=10).map(b"".join)
BODIES = st.binary(max_size=20) | ANY_JSON.map(orjson.dumps) | st.just(orjson.dumps(MESSAGE)) | st.just(sse(*STORY))


@pytest.mark.parametrize(("asked", "content_type"), ASKED.values(), ids=ASKED)
def test_any_bytes_in_any_pieces(asked: Call, content_type: str) -> None:
    """The same events, and nothing raised but Failure, after what came before."""

    @PROPERTY
    @given((STREAMS | BODIES).flatmap(lambda data: st.tuples(st.just(data), splits(data))))
    def holds(case: tuple[bytes, list[bytes]]) -> None:
        data, pieces = case
        whole = read(asked, content_type, cut(data, set()))
        assert read(asked, content_type, pieces) == whole
        assert read(asked, content_type, cut(data, set(range(len(data))))) == whole

    holds()


@pytest.mark.parametrize(("asked", "content_type"), ASKED.values(), ids=ASKED)
def test_whatever_is_wrong_with_a_reply_only_failure_is_raised(asked: Call, content_type: str) -> None:
    """And what is told can be sent."""
    reply: Json = {"events": STORY} if content_type == SSE else MESSAGE

    def told(wrong: Json) -> None:
        if content_type != SSE:
            body = orjson.dumps(wrong)
        else:
            events = wrong.get("events")
            events = events if isinstance(events, list) else [events]
            body = b"".join(b"data: %b\n\n" % orjson.dumps(event) for event in events)
        orjson.dumps(read(asked, content_type, [body]).events)

    raised = {place(path): raised_by(told, reply, path) for path in paths(reply)}
    assert {name: errors for name, errors in raised.items() if errors} == {}


@PROPERTY
@given(st.integers(400, 599), st.binary(max_size=40) | ANY_JSON.map(orjson.dumps))
def test_any_error_reply_has_a_class(status: int, body: bytes) -> None:
    assert anthropic.error(status, {}, body, NOW).words is not None


def checked(path: tuple[Any, ...]) -> bool:
    """Whether `hub.request` has seen to the type of what stands there, before a wire sees it."""
    outer = path[0] in CHECKED and len(path) == 1
    message = path[0] == "messages" and (len(path) == 2 or path[2:] in (("role",), ("content",)))
    part = path[0] == "messages" and len(path) == 4 and path[2] == "content"
    return outer or message or part or (path[0] == "tools" and (len(path) == 2 or path[2:] == ("type",)))


CHECKED = frozenset(CHAT)


@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_whatever_is_wrong_below_a_request_is_an_answer_of_ours(body: Json) -> None:
    """The input stays as it was (`write` looks), and nothing is raised but ApiError."""
    raised: dict[str, Any] = {}
    for path in paths(body):
        if checked(path):
            continue
        for wrong in WRONG:
            try:
                write(replaced(body, path, wrong), "claude-sonnet-5-5")
            except ApiError:
                continue
            except Exception as error:
                raised[f"{place(path)} = {wrong!r}"] = repr(error)
    assert raised == {}
