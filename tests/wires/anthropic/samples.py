"""What the properties of every wire are tried on."""

from tests.wires.anthropic.support import (
    BENCH,
    MESSAGE_STOP,
    TEXT,
    delta,
    message_delta,
    message_start,
    start,
    stop,
    tool_use,
)
from tests.wires.anthropic.test_types import FEATURES
from tests.wires.samples import Samples, answers, requests
from tests.wires.support import SSE, sse
from trunkline.types import Json

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

OVERLOADED: Json = {"type": "error", "error": {"type": "overloaded_error", "message": "m"}}
SAMPLES = Samples(
    answers=answers(BENCH, (SSE, sse, STORY), MESSAGE),
    requests=requests(BENCH, FEATURES, "claude-sonnet-5-5"),
    pieces=[sse(OVERLOADED)],
    errors=[OVERLOADED],
)
