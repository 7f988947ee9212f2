"""What holds for any bytes in any pieces: the same events, and nothing raised but Failure, after what came before."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, cut, paths, place, raised_by, splits
from tests.hub.upstream import CALL, LOGPROBS, ROLE, STOP, answer, choice, chunk, says, text
from tests.wires.support import DONE, JSON, SSE, call, read, sse
from trunkline.types import Call, Json

ASKED: dict[str, tuple[Call, str]] = {
    "events": (call(stream=True), SSE),
    "events folded": (call(), SSE),
    "JSON": (call(), JSON),
    "JSON as events": (call(stream=True), JSON),
    "floats": (call("embeddings", body={"encoding_format": "float"}), JSON),
    "base64": (call("embeddings", body={"encoding_format": "base64"}), JSON),
}

WHOLE_EVENTS = [
    sse(ROLE),
    sse(text("né🙂")),
    sse(STOP),
    DONE,
    sse({"error": {"message": "m", "code": 429}}),
    sse(chunk(choice({"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": None}}]}))),
    sse(chunk() | {"choices": None}),
    b"event: error\ndata: m\n\n",
    b": ping\r\n\r\n",
    b"event: ping\n\n",
]
BITS = [
    b"\n",
    b"\r",
    b"\r\n",
    b"data:",
    b"data: ",
    b"event: error",
    b"{",
    b"}",
    b'{"error": 1}',
    b"\xf0\x9f",
    b"[DONE]",
]
STREAMS = st.lists(st.sampled_from([*WHOLE_EVENTS, *WHOLE_EVENTS, *BITS]), max_size=8).map(b"".join)
BODIES = st.binary(max_size=20) | ANY_JSON.map(orjson.dumps) | st.just(orjson.dumps(answer(says())))


@pytest.mark.parametrize(("asked", "content_type"), ASKED.values(), ids=ASKED)
def test_any_bytes_in_any_pieces(asked: Call, content_type: str) -> None:
    @PROPERTY
    @given((STREAMS | BODIES).flatmap(lambda data: st.tuples(st.just(data), splits(data))))
    def holds(case: tuple[bytes, list[bytes]]) -> None:
        data, pieces = case
        whole = read(asked, content_type, cut(data, set()))
        assert read(asked, content_type, pieces) == whole
        assert read(asked, content_type, cut(data, set(range(len(data))))) == whole

    holds()


CHUNK = chunk(
    choice({"content": "a", "reasoning": "r", "tool_calls": [{"index": 0, **CALL}]}, "stop", logprobs=LOGPROBS)
)
VECTORS: Json = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}], "model": "m"}


@pytest.mark.parametrize(("asked", "content_type"), ASKED.values(), ids=ASKED)
def test_whatever_is_wrong_with_a_reply_only_failure_is_raised(asked: Call, content_type: str) -> None:
    """And what is told can be sent."""
    reply = VECTORS if asked.kind == "embeddings" else CHUNK if content_type == SSE else answer(says(tool_calls=[CALL]))

    def told(wrong: Json) -> None:
        body = sse(reply, wrong, reply) if content_type == SSE else orjson.dumps(wrong)
        orjson.dumps(read(asked, content_type, [body]).events)

    raised = {place(path): raised_by(told, reply, path) for path in paths(reply)}
    assert {name: errors for name, errors in raised.items() if errors} == {}
