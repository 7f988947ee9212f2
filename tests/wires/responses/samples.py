"""What the properties of every wire are tried on."""

from tests.wires.responses.support import (
    BENCH,
    REASONS,
    added,
    created,
    custom_call,
    delta,
    done,
    ended,
    function_call,
    message,
    response,
    text,
    thought,
)
from tests.wires.responses.test_types import FEATURES
from tests.wires.samples import Samples, answers, requests
from tests.wires.support import SSE, sse
from trunkline.types import Json

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

SAMPLES = Samples(
    answers=answers(BENCH, (SSE, sse, STORY), RESPONSE, asked={}),
    requests=requests(BENCH, FEATURES, REASONS),
    pieces=[
        sse({"type": "error", "code": "server_error", "message": "m"}),
        sse(ended(status="failed", error={"code": "server_error", "message": "m"})),
    ],
)
