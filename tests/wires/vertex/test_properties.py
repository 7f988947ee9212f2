"""What holds for any bytes, and for anything wrong with a request or a reply, whoever's model it is."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, WRONG, cut, paths, place, raised_by, replaced, splits
from tests.wires.anthropic.test_properties import MESSAGE
from tests.wires.anthropic.test_properties import STORY as CLAUDE_STORY
from tests.wires.anthropic.test_properties import checked as checked_before
from tests.wires.anthropic.test_types import FEATURES as ASKED_OF_CLAUDE
from tests.wires.gemini.support import function_call, said
from tests.wires.support import JSON, NOW, SSE, call, sse
from tests.wires.vertex.support import CLAUDE, GEMINI, OPEN, read, write
from tests.wires.vertex.test_types import FEATURES
from trunkline.errors import ApiError
from trunkline.types import Call, Json
from trunkline.wires import vertex

USAGE = {"usageMetadata": {"promptTokenCount": 1, "thoughtsTokenCount": 2, "trafficType": "ON_DEMAND"}}
GEMINI_STORY: list[Json] = [
    said({"text": "hm", "thought": True}, {"text": "né🙂"}, finish=None),
    {**said(function_call(identity="1", signature="c2ln", a=1)), **USAGE},
]
OPEN_STORY: list[Json] = [
    {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "né🙂"}}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1}},
]
COMPLETION: Json = {
    "id": "1",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}],
}
VECTORS: Json = {"predictions": [{"embeddings": {"values": [1.0], "statistics": {"token_count": 1}}}]}

# Model -> events of a stream, a whole answer.
TOLD: dict[str, tuple[list[Json], Json]] = {
    GEMINI: (GEMINI_STORY, GEMINI_STORY[1]),
    CLAUDE: (CLAUDE_STORY, MESSAGE),
    OPEN: (OPEN_STORY, COMPLETION),
    "text-embedding-005": ([], VECTORS),
    "gemini-embedding-001": ([], VECTORS),
    "gemini-embedding-2": ([], {"embedding": {"values": [1.0]}, "usageMetadata": {"promptTokenCount": 1}}),
}
EMBED = call("embeddings", body={"input": "a"})
ASKED: dict[str, tuple[str, Call, str]] = {
    f"{model}, {name}": (model, what, content_type)
    for model, (story, _) in TOLD.items()
    for name, what, content_type in (
        [
            ("events", call(stream=True), SSE),
            ("events folded", call(), SSE),
            ("JSON", call(), JSON),
            ("JSON as events", call(stream=True), JSON),
        ]
        if story
        else [("vectors", EMBED, JSON)]
    )
}
PIECES = [
    *(sse(event) for story, _ in TOLD.values() for event in story),
    sse({"error": {"code": 503, "message": "m", "status": "UNAVAILABLE"}}),
    sse({"type": "error", "error": {"type": "overloaded_error", "message": "m"}}),
    *(b": ping\r\n\r\n", b"data: {", b"\n", b"\xf0\x9f"),
]
STREAMS = st.lists(st.sampled_from(PIECES), max_size=10).map(b"".join)
WHOLE = st.sampled_from([orjson.dumps(answer) for _, answer in TOLD.values()])
BODIES = st.binary(max_size=20) | ANY_JSON.map(orjson.dumps) | WHOLE


@pytest.mark.parametrize(("model", "asked", "content_type"), ASKED.values(), ids=ASKED)
def test_any_bytes_in_any_pieces(model: str, asked: Call, content_type: str) -> None:
    """The same events, and nothing raised but Failure, after what came before."""

    @PROPERTY
    @given((STREAMS | BODIES).flatmap(lambda data: st.tuples(st.just(data), splits(data))))
    def holds(case: tuple[bytes, list[bytes]]) -> None:
        data, pieces = case
        whole = read(asked, content_type, cut(data, set()), model)
        assert read(asked, content_type, pieces, model) == whole
        assert read(asked, content_type, cut(data, set(range(len(data)))), model) == whole

    holds()


@pytest.mark.parametrize(("model", "asked", "content_type"), ASKED.values(), ids=ASKED)
def test_whatever_is_wrong_with_a_reply_only_failure_is_raised(model: str, asked: Call, content_type: str) -> None:
    """And what is told can be sent."""
    story, answer = TOLD[model]
    reply: Json = {"events": story} if content_type == SSE else answer

    def told(wrong: Json) -> None:
        body = orjson.dumps(wrong)
        if content_type == SSE:
            events = wrong.get("events")
            body = sse(*(events if isinstance(events, list) else [events]))
        orjson.dumps(read(asked, content_type, [body], model).events)

    raised = {place(path): raised_by(told, reply, path) for path in paths(reply)}
    assert {name: errors for name, errors in raised.items() if errors} == {}


@PROPERTY
@given(st.integers(400, 599), st.binary(max_size=40) | ANY_JSON.map(orjson.dumps))
def test_any_error_reply_has_a_class(status: int, body: bytes) -> None:
    assert vertex.error(status, {}, body, NOW).words is not None


REQUESTS = [*((CLAUDE, body) for body in ASKED_OF_CLAUDE.values()), *((GEMINI, body) for body in FEATURES.values())]


@pytest.mark.parametrize(("model", "body"), REQUESTS)
def test_whatever_is_wrong_below_a_request_is_an_answer_of_ours(model: str, body: Json) -> None:
    """The input stays as it was (`write` looks), and nothing is raised but ApiError."""
    raised: dict[str, Any] = {}
    for path in paths(body):
        if checked_before(path):
            continue
        for wrong in WRONG:
            try:
                write(replaced(body, path, wrong), model)
            except ApiError:
                continue
            except Exception as error:
                raised[f"{place(path)} = {wrong!r}"] = repr(error)
    assert raised == {}


EMBEDDED: Json = {"input": ["a"], "dimensions": 3, "taskType": "T", "title": "t", "autoTruncate": True, "x": 1}


@pytest.mark.parametrize("model", [model for model, (story, _) in TOLD.items() if not story])
def test_whatever_is_wrong_with_what_is_embedded(model: str) -> None:
    for path in paths(EMBEDDED):
        for wrong in WRONG if path[0] not in ("input", "dimensions") else ():
            write(replaced(EMBEDDED, path, wrong), model, kind="embeddings")
