"""What holds for any bytes, and for anything wrong with a request or a reply."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, WRONG, cut, paths, place, raised_by, replaced, splits
from tests.wires.cohere.support import (
    START,
    USAGE,
    argues,
    called,
    calls,
    cites,
    closes,
    ends,
    opens,
    planned,
    read,
    target,
    text,
    thought,
    write,
)
from tests.wires.cohere.test_types import FEATURES
from tests.wires.support import DONE, JSON, NOW, SSE, call, sse
from trunkline.errors import ApiError, Failure
from trunkline.hub.request import CHAT
from trunkline.types import Call, Json
from trunkline.wires import cohere

BODY: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}
ASKED: dict[str, tuple[Call, str]] = {
    "events": (call(stream=True, body=BODY), SSE),
    "events folded": (call(body=BODY), SSE),
    "JSON": (call(body=BODY), JSON),
    "JSON as events": (call(stream=True, body=BODY), JSON),
}

SOURCE: Json = {"type": "document", "id": "1", "document": {"url": "https://x", "title": "t"}}
CITED: Json = {"start": 0, "end": 1, "text": "a", "sources": [SOURCE], "content_index": 1, "type": "TEXT_CONTENT"}
PROBABLE: Json = {"text": "né", "token_ids": [1], "logprobs": [-0.5]}
STORY: list[Json] = [
    START,
    opens("thinking"),
    thought("hm"),
    closes(),
    opens("text", 1),
    text("né🙂", 1, logprobs=PROBABLE),
    closes(1),
    planned("so"),
    calls(),
    argues('{"a":1}'),
    called(),
    calls("free", "f_2", 1),
    argues('{"input":"x"}', 1),
    called(1),
    cites(CITED),
    ends("TOOL_CALL", error=None, error_type=None),
]
MESSAGE: Json = {
    "id": "uuid-1",
    "finish_reason": "TOOL_CALL",
    "error": None,
    "message": {
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "a"}],
        "tool_plan": "so",
        "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
            {"id": "2", "type": "function", "function": {"name": "free", "arguments": '{"input":"x"}'}},
        ],
        "citations": [CITED],
    },
    "usage": {**USAGE, "tokens": {"input_tokens": 1, "output_tokens": 1, "reasoning_tokens": 1}},
    "logprobs": [PROBABLE],
}
EMBEDDED: Json = {"embeddings": {"float": [[0.5]]}, "meta": {"billed_units": {"input_tokens": 3}}}

PIECES = [
    *(sse(event) for event in STORY),
    sse(ends("ERROR", error="e")),
    DONE,
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


def test_whatever_is_wrong_with_embeddings_only_failure_is_raised() -> None:
    def told(wrong: Json) -> None:
        decoder = cohere.decoder(call("embeddings", body={"input": "a"}), {"input": "a"}, target(), JSON)
        list(decoder.feed(orjson.dumps(wrong)))
        orjson.dumps(list(decoder.close()))

    raised = {place(path): raised_by(told, EMBEDDED, path) for path in paths(EMBEDDED)}
    assert {name: errors for name, errors in raised.items() if errors} == {}


@PROPERTY
@given(st.integers(400, 599), st.binary(max_size=40) | ANY_JSON.map(orjson.dumps))
def test_any_error_reply_has_a_class(status: int, body: bytes) -> None:
    failure = cohere.error(status, {}, body, NOW)
    assert isinstance(failure, Failure)
    assert failure.words


def checked(path: tuple[Any, ...]) -> bool:
    """Whether `hub.request` has seen to the type of what stands there, before a wire sees it."""
    outer = path[0] in CHECKED and len(path) == 1
    message = path[0] == "messages" and (len(path) == 2 or path[2:] in (("role",), ("content",)))
    part = path[0] == "messages" and len(path) == 4 and path[2] == "content"
    stops = path[0] == "stop"
    return outer or message or part or stops or (path[0] == "tools" and (len(path) == 2 or path[2:] == ("type",)))


CHECKED = frozenset(CHAT)


@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_whatever_is_wrong_below_a_request_is_an_answer_of_ours(body: Json) -> None:
    """The input stays as it was (`write` looks), and nothing is raised but ApiError; the decoder looks at it, too."""
    raised: dict[str, Any] = {}
    for path in paths(body):
        if checked(path):
            continue
        for wrong in WRONG:
            try:
                changed = replaced(body, path, wrong)
                cohere.decoder(call(body=changed), changed, target(), JSON)
                write(changed, "command-a-plus-05-2026")
            except ApiError:
                continue
            except Exception as error:
                raised[f"{place(path)} = {wrong!r}"] = repr(error)
    assert raised == {}
