"""What the properties of every wire are tried on, with the oddities of some who speak OpenAI's dialect."""

from functools import partial

from tests.hub.upstream import CALL, LOGPROBS, ROLE, STOP, answer, choice, chunk, says, text
from tests.wires.dialect_support import target
from tests.wires.samples import Answer, Asked, Samples, answers, requests, vectors
from tests.wires.support import DONE, OPENAI, SSE, Bench, call, openai, sse
from tests.wires.test_dialect_types import OWN, REQUESTS
from trunkline.config.rows import rows
from trunkline.types import Json

CHUNK = chunk(
    choice({"content": "a", "reasoning": "r", "tool_calls": [{"index": 0, **CALL}]}, "stop", logprobs=LOGPROBS)
)
ANSWER = answer(says(tool_calls=[CALL]))
VECTORS: Json = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}], "model": "m"}
ODD: list[Json] = [
    {"choices": [{"index": 0, "delta": {"content": [{"type": "text", "text": "é"}]}, "seed": 1}], "p": "x"},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "eos"}], "x_groq": {"usage": {"prompt_tokens": 1}}},
]
# Every built-in provider that speaks it.
DIALECTS = {
    name: Bench("openai", "m", provider=target(name).provider)
    for name, row in rows().providers.items()
    if rows().kinds[row.kind].wire == "openai"
}
EMBED: Json = {"input": ["a"], "dimensions": 8, "encoding_format": "base64", "user": "u", "x": 1}

SAMPLES = Samples(
    answers={
        **answers(OPENAI, (SSE, sse, [ROLE, text("né🙂"), CHUNK, STOP]), ANSWER, asked={}),
        **{form: vectors(OPENAI, VECTORS, asked={"encoding_format": form}) for form in ("float", "base64")},
        **{
            row: Answer(partial(DIALECTS[row].decoder, call(stream=True), SSE), ODD, sse)
            for row in ("groq", "mistral", "together", "azure")
        },
    },
    requests={
        f"{name} ({row})": Asked(DIALECTS[row], body, "m")
        for row in ("openai", "groq", "mistral", "together")
        for name, body in {**REQUESTS, **OWN.get(row, {})}.items()
    }
    | requests(OPENAI, {"embeddings": EMBED}, "m", kind="embeddings"),
    pieces=[
        DONE,
        b"[DONE]",
        sse({"error": {"message": "m", "code": 429}}),
        sse(chunk(choice({"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": None}}]}))),
        sse(chunk() | {"choices": None}),
        b"event: error\ndata: m\n\n",
        b"event: ping\n\n",
        b'{"error": 1}',
    ],
    errors=[openai()],
)
