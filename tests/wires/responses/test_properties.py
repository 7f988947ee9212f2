"""What holds for any bytes, and for anything wrong with a request or a reply."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, WRONG, cut, paths, place, raised_by, replaced, splits
from tests.wires.responses.support import (
    REASONS,
    added,
    created,
    custom_call,
    delta,
    done,
    ended,
    function_call,
    message,
    read,
    response,
    text,
    thought,
    write,
)
from tests.wires.responses.test_types import FEATURES
from tests.wires.support import JSON, NOW, SSE, call, sse
from trunkline.errors import ApiError
from trunkline.hub.request import CHAT
from trunkline.types import Call, Json
from trunkline.wires import responses

ASKED: dict[str, tuple[Call, str]] = {
    "events": (call(stream=True), SSE),
    "events folded": (call(), SSE),
    "JSON": (call(), JSON),
    "JSON as events": (call(stream=True), JSON),
}

CITED = {"type": "url_citation", "start_index": 0, "end_index": 1, "title": "t", "url": "https://x"}
LIKELY = {"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}
WORDS = message(text("né🙂", annotations=[CITED], logprobs=[LIKELY]), {"type": "refusal", "refusal": "no"}, phase="p")
OUTPUT: list[Json] = [
    thought("hm", secret="d", content=[{"type": "reasoning_text", "text": "x"}]),
    WORDS,
    function_call("1", '{"a":1}'),
    custom_call("2", "x"),
    {"type": "image_generation_call", "id": "ig_1", "result": "iVBO", "output_format": "webp"},
]
USAGE = {"input_tokens": 1, "input_tokens_details": {"cached_tokens": 1}, "output_tokens": 1, "total_tokens": 2}
RESPONSE = response(*OUTPUT, usage=USAGE, service_tier="flex", moderation={"x": 1})
CUT: Json = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
STORY: list[Json] = [
    created(),
    added(0, thought()),
    delta(0, "reasoning_summary_text", "hm", summary_index=0),
    delta(0, "reasoning_text", "x", content_index=0),
    done(0, OUTPUT[0]),
    added(1, message()),
    delta(1, "output_text", "né🙂", content_index=0, logprobs=[LIKELY]),
    delta(1, "refusal", "no", content_index=1),
    done(1, WORDS),
    added(2, function_call("1", "")),
    delta(2, "function_call_arguments", '{"a":1}'),
    done(2, OUTPUT[2]),
    done(3, OUTPUT[3]),
    done(4, OUTPUT[4]),
    ended(*OUTPUT, usage=USAGE, service_tier="flex", **CUT),
]

PIECES = [
    *(sse(event) for event in STORY),
    sse({"type": "error", "code": "server_error", "message": "m"}),
    sse(ended(status="failed", error={"code": "server_error", "message": "m"})),
    b": ping\r\n\r\n",
    b"data: {",
    b"\n",
    b"\xf0\x9f",
]
STREAMS = st.lists(st.sampled_from(PIECES), max_size=10).map(b"".join)
BODIES = st.binary(max_size=20) | ANY_JSON.map(orjson.dumps) | st.just(orjson.dumps(RESPONSE)) | st.just(sse(*STORY))


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
    reply: Json = {"events": STORY} if content_type == SSE else RESPONSE

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
    assert responses.error(status, {}, body, NOW).words is not None


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
                write(replaced(body, path, wrong), REASONS)
            except ApiError:
                continue
            except Exception as error:
                raised[f"{place(path)} = {wrong!r}"] = repr(error)
    assert raised == {}
