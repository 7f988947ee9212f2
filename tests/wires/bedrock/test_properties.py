"""What holds for any bytes, and for anything wrong with a request or a reply."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, WRONG, cut, paths, place, raised_by, replaced, splits
from tests.wires.bedrock.frames import event, exception, fault
from tests.wires.bedrock.support import (
    CLAUDE,
    FRAMES,
    MISTRAL,
    NOVA,
    START,
    argued,
    cited,
    closed,
    counted,
    ended,
    frames,
    opened,
    read,
    text,
    thought,
    write,
)
from tests.wires.bedrock.test_types import FEATURES, SCHEMA
from tests.wires.support import JSON, NOW, call
from trunkline.errors import ApiError
from trunkline.hub.request import CHAT, EMBEDDINGS
from trunkline.types import Call, Json
from trunkline.wires import bedrock

FREE: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}
FORMED: Json = {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}}
ASKED: dict[str, tuple[Call, str, str]] = {
    "frames": (call(stream=True, body=FREE), FRAMES, CLAUDE),
    "frames folded": (call(body=FREE), FRAMES, CLAUDE),
    "frames of a formed answer": (call(stream=True, body=FORMED), FRAMES, NOVA),
    "JSON": (call(body=FREE), JSON, CLAUDE),
    "JSON as a stream": (call(stream=True, body=FREE), JSON, CLAUDE),
    "JSON of a formed answer": (call(body=FORMED), JSON, NOVA),
}

STORY: list[tuple[str, Json]] = [
    START,
    thought(0, text="hm"),
    thought(0, signature="s"),
    closed(0),
    thought(1, redactedContent="AAAA"),
    closed(1),
    text("né🙂", 2),
    cited(2, title="t", location={"web": {"url": "https://x", "domain": "x"}}),
    cited(2, title="t", location={"documentChar": {"documentIndex": 0, "start": 0, "end": 1}}),
    closed(2),
    opened(3, "1"),
    argued(3, '{"a":1}'),
    closed(3),
    opened(4, "2", "free"),
    argued(4, '{"input":"x"}'),
    closed(4),
    opened(5, "3", "answer"),
    argued(5, '{"a":2}'),
    closed(5),
    ended("tool_use", additionalModelResponseFields={"/x": 1}),
    counted(cacheReadInputTokens=1, cacheDetails=[{"ttl": "1h", "inputTokens": 1}]),
]
MESSAGE: Json = {
    "output": {"message": {"role": "assistant", "content": [
        {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}},
        {"reasoningContent": {"redactedContent": "AAAA"}},
        {"text": "né🙂"},
        {"citationsContent": {
            "content": [{"text": "a"}],
            "citations": [{"title": "t", "location": {"web": {"url": "https://x"}}}, {"title": "u"}],
        }},
        {"toolUse": {"toolUseId": "1", "name": "f", "input": {"a": 1}}},
        {"toolUse": {"toolUseId": "2", "name": "free", "input": {"input": "x"}}},
        {"toolUse": {"toolUseId": "3", "name": "answer", "input": {"a": 2}}},
    ]}},
    "stopReason": "tool_use",
    "usage": {"inputTokens": 1, "outputTokens": 1, "cacheWriteInputTokens": 1,
              "cacheDetails": [{"ttl": "5m", "inputTokens": 1}]},
    "serviceTier": {"type": "default"},
    "additionalModelResponseFields": {"/x": 1},
}  # fmt: skip

PIECES = [
    *(event(name, payload) for name, payload in STORY),
    event("malformed", {"x": 1}),
    exception("throttlingException", message="m"),
    fault("InternalError", "m"),
    frames(ended("malformed_tool_use")),
    b"\x00\x00\x00\x10",
    b"{}",
]
STREAMS = st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join)
BODIES = st.binary(max_size=20) | ANY_JSON.map(orjson.dumps) | st.just(orjson.dumps(MESSAGE)) | st.just(frames(*STORY))


@pytest.mark.parametrize(("asked", "content_type", "model"), ASKED.values(), ids=ASKED)
def test_any_bytes_in_any_pieces(asked: Call, content_type: str, model: str) -> None:
    """The same events, and nothing raised but Failure, after what came before."""

    @PROPERTY
    @given((STREAMS | BODIES).flatmap(lambda data: st.tuples(st.just(data), splits(data))))
    def holds(case: tuple[bytes, list[bytes]]) -> None:
        data, pieces = case
        whole = read(asked, content_type, cut(data, set()), model)
        assert read(asked, content_type, pieces, model) == whole
        assert read(asked, content_type, cut(data, set(range(len(data)))), model) == whole

    holds()


@pytest.mark.parametrize(("asked", "content_type", "model"), ASKED.values(), ids=ASKED)
def test_whatever_is_wrong_with_a_reply_only_failure_is_raised(asked: Call, content_type: str, model: str) -> None:
    """And what is told can be sent."""
    reply: Json = {"events": [list(one) for one in STORY]} if content_type == FRAMES else MESSAGE

    def told(wrong: Json) -> None:
        if content_type == JSON:
            body = orjson.dumps(wrong)
        else:
            events = wrong.get("events")
            pairs = [pair for pair in events if isinstance(pair, list)] if isinstance(events, list) else []
            body = b"".join(event(str(pair[0]), pair[1]) for pair in pairs if len(pair) == 2)
        orjson.dumps(read(asked, content_type, [body], model).events)

    raised = {place(path): raised_by(told, reply, path) for path in paths(reply)}
    assert {name: errors for name, errors in raised.items() if errors} == {}


@PROPERTY
@given(
    st.integers(400, 599),
    st.sampled_from(["", "ThrottlingException:http://x", "x", ":", "#"]),
    st.binary(max_size=40) | ANY_JSON.map(orjson.dumps),
)
def test_any_error_reply_has_a_class(status: int, name: str, body: bytes) -> None:
    assert bedrock.error(status, {"x-amzn-errortype": name}, body, NOW).words


def checked(path: tuple[Any, ...]) -> bool:
    """Whether `hub.request` has seen to the type of what stands there, before a wire sees it."""
    outer = path[0] in {*CHAT, *EMBEDDINGS} and len(path) == 1
    message = path[0] == "messages" and (len(path) == 2 or path[2:] in (("role",), ("content",)))
    part = path[0] == "messages" and len(path) == 4 and path[2] == "content"
    return outer or message or part or (path[0] == "tools" and (len(path) == 2 or path[2:] == ("type",)))


@pytest.mark.parametrize("model", [CLAUDE, NOVA, MISTRAL])
@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_whatever_is_wrong_below_a_request_is_an_answer_of_ours(body: Json, model: str) -> None:
    """The input stays as it was (`write` looks), and nothing is raised but ApiError."""
    raised: dict[str, Any] = {}
    for path in paths(body):
        if checked(path):
            continue
        for wrong in WRONG:
            try:
                write(replaced(body, path, wrong), model)
            except ApiError:
                continue
            except Exception as error:
                raised[f"{place(path)} = {wrong!r}"] = repr(error)
    assert raised == {}
