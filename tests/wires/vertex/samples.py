"""What the properties of every wire are tried on, whoever's model it is."""

from tests.wires.anthropic.samples import MESSAGE
from tests.wires.anthropic.samples import STORY as CLAUDE_STORY
from tests.wires.anthropic.test_types import FEATURES as ASKED_OF_CLAUDE
from tests.wires.gemini.support import function_call, said
from tests.wires.samples import Samples, answers, named, requests, vectors
from tests.wires.support import SSE, sse
from tests.wires.vertex.support import BENCH, CLAUDE, GEMINI, OPEN
from tests.wires.vertex.test_types import FEATURES
from trunkline.types import Json

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
}
EMBEDDED: dict[str, Json] = {
    "text-embedding-005": VECTORS,
    "gemini-embedding-001": VECTORS,
    "gemini-embedding-2": {"embedding": {"values": [1.0]}, "usageMetadata": {"promptTokenCount": 1}},
}
EMBED: Json = {"input": ["a"], "dimensions": 3, "taskType": "T", "title": "t", "autoTruncate": True, "x": 1}
SAMPLES = Samples(
    answers={
        name: answer
        for model, (story, whole) in TOLD.items()
        for name, answer in named(model, answers(BENCH, (SSE, sse, story), whole, asked={}, model=model)).items()
    }
    | {model: vectors(BENCH, body, asked={"input": "a"}, model=model) for model, body in EMBEDDED.items()},
    requests={
        **requests(BENCH, ASKED_OF_CLAUDE, CLAUDE),
        **requests(BENCH, FEATURES, GEMINI, OPEN),
        **requests(BENCH, {"embeddings": EMBED}, *EMBEDDED, kind="embeddings"),
    },
    pieces=[sse({"error": {"code": 503, "message": "m", "status": "UNAVAILABLE"}})],
)
