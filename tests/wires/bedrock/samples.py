"""What the properties of every wire are tried on."""

from typing import Any

from tests.wires.bedrock.frames import event, exception, fault
from tests.wires.bedrock.support import (
    BENCH,
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
    text,
    thought,
)
from tests.wires.bedrock.test_types import FEATURES
from tests.wires.features import SCHEMA
from tests.wires.samples import Samples, answers, named, requests
from trunkline.types import Json

FORMED: Json = {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}}

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

UNHEARD = ["unheard", {"x": [1]}]


def written(*events: Any) -> bytes:
    """Whatever of these is the name and the payload of an event."""
    return b"".join(event(str(one[0]), one[1]) for one in events if isinstance(one, list) and len(one) == 2)


STREAM = (FRAMES, written, [list(one) for one in STORY])
EMBED: Json = {"input": ["a"], "dimensions": 8, "normalize": True, "user": "u", "x": 1}
SAMPLES = Samples(
    answers={
        **answers(BENCH, STREAM, MESSAGE, unheard=UNHEARD),
        **named("formed", answers(BENCH, STREAM, MESSAGE, unheard=UNHEARD, asked=FORMED, model=NOVA)),
    },
    requests={
        **requests(BENCH, FEATURES, CLAUDE, NOVA, MISTRAL),
        **requests(BENCH, {"embeddings": EMBED}, "amazon.titan-embed-text-v2:0", kind="embeddings"),
    },
    pieces=[
        event("malformed", {"x": 1}),
        exception("throttlingException", message="m"),
        fault("InternalError", "m"),
        frames(ended("malformed_tool_use")),
        b"\x00\x00\x00\x10",
    ],
)
