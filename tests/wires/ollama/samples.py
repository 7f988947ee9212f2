"""What the properties of every wire are tried on."""

from tests.wires.ollama.support import BENCH, NDJSON, SWITCH, end, line, lines, tool_call
from tests.wires.ollama.test_types import FEATURES
from tests.wires.samples import Samples, answers, requests, vectors
from trunkline.types import Json

STORY: list[Json] = [
    line(thinking="hm"),
    {**line("né🙂"), "logprobs": [{"token": "a", "logprob": -1.0, "top_logprobs": [{"token": "a", "logprob": -1.0}]}]},
    line(tool_calls=[tool_call("f", "call_1", a=1), tool_call("free", input="x")]),
    end(prompt_eval_count=1, eval_count=2),
]
MESSAGE: Json = {**STORY[1], **STORY[3], "message": {**STORY[1]["message"], **STORY[2]["message"], "thinking": "hm"}}
VECTORS: Json = {"model": "m", "embeddings": [[1.0, 2.0]], "prompt_eval_count": 1}

EMBED: Json = {"input": ["a"], "dimensions": 8, "truncate": True, "keep_alive": "5m", "num_ctx": 1, "user": "u"}
SAMPLES = Samples(
    answers={
        **answers(BENCH, (NDJSON, lines, STORY), MESSAGE),
        "vectors": vectors(BENCH, VECTORS, asked={"input": "a"}),
    },
    requests={
        **requests(BENCH, FEATURES, SWITCH),
        **requests(BENCH, {"embeddings": EMBED}, "nomic-embed-text", kind="embeddings"),
    },
    pieces=[lines({"error": "boom"}), b"\r\n"],
)
