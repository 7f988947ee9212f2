"""What the properties of every wire are tried on."""

from tests.wires.cohere.support import (
    BENCH,
    START,
    THINKS,
    USAGE,
    argues,
    called,
    calls,
    cites,
    closes,
    ends,
    opens,
    planned,
    text,
    thought,
)
from tests.wires.cohere.test_types import FEATURES
from tests.wires.samples import Samples, answers, requests, vectors
from tests.wires.support import DONE, SSE, sse
from trunkline.types import Json

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

EMBED: Json = {"input": ["a"], "dimensions": 8, "truncate": "END", "encoding_format": "base64", "user": "u"}
SAMPLES = Samples(
    answers={
        **answers(BENCH, (SSE, sse, STORY), MESSAGE),
        "vectors": vectors(BENCH, EMBEDDED, asked={"input": "a"}),
    },
    requests={
        **requests(BENCH, FEATURES, THINKS),
        **requests(BENCH, {"embeddings": EMBED}, "embed-v4.0", kind="embeddings"),
    },
    pieces=[sse(ends("ERROR", error="e")), DONE],
)
