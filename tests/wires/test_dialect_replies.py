"""What a client hears of each built-in row's replies."""

from typing import Any

import orjson
import pytest

from tests.wires.dialect_support import read, target
from tests.wires.support import SSE, WIRE, call, sse
from trunkline.errors import Failure
from trunkline.types import Json


def whole(row: str, message: Json, finish: str = "stop", more: Json | None = None, choice: Json | None = None) -> Any:
    """A completion of this provider, as a client gets it."""
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish, **(choice or {})}], **(more or {})}
    return read(row, False, orjson.dumps(body))


def used(prompt: int, completion: int, total: int, **more: Any) -> Json:
    return {"usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total, **more}}


COUNTED: dict[str, tuple[Json, Json]] = {
    "xai": (
        used(204, 1, 287, completion_tokens_details={"reasoning_tokens": 82}),
        used(204, 83, 287, completion_tokens_details={"reasoning_tokens": 82}),
    ),
    "xai counted as by all": (
        used(204, 83, 287, completion_tokens_details={"reasoning_tokens": 82}),
        used(204, 83, 287, completion_tokens_details={"reasoning_tokens": 82}),
    ),
    "azure_ai": (
        used(7, 1, 8, prompt_tokens_details={"cached_tokens": 163}),
        used(170, 1, 171, prompt_tokens_details={"cached_tokens": 163}),
    ),
    "azure_ai cached within": (
        used(200, 1, 201, prompt_tokens_details={"cached_tokens": 163}),
        used(200, 1, 201, prompt_tokens_details={"cached_tokens": 163}),
    ),
    "together": (
        used(9, 1, 10, cached_tokens=4),
        used(9, 1, 10, cached_tokens=4, prompt_tokens_details={"cached_tokens": 4}),
    ),
    "deepseek": (
        used(9, 1, 10, prompt_cache_hit_tokens=4),
        used(9, 1, 10, prompt_cache_hit_tokens=4, prompt_tokens_details={"cached_tokens": 4}),
    ),
}


@pytest.mark.parametrize(("name", "said", "told"), [(name, *row) for name, row in COUNTED.items()])
def test_how_tokens_are_counted(name: str, said: Json, told: Json) -> None:
    assert whole(name.split()[0], {"content": "x"}, more=said)["usage"] == told["usage"]


FINISHES = [
    ("together", "eos", "stop"),
    ("huggingface", "eos_token", "stop"),
    ("sambanova", "end_of_text", "stop"),
    ("mistral", "model_length", "length"),
    ("mistral", "length", "length"),
    ("vllm", "abort", "stop"),
]


@pytest.mark.parametrize(("row", "said", "told"), FINISHES)
def test_why_it_ended(row: str, said: str, told: str) -> None:
    assert whole(row, {"content": "x"}, said)["choices"][0]["finish_reason"] == told


def test_a_starved_provider_is_overloaded() -> None:
    with pytest.raises(Failure) as failure:
        whole("deepseek", {"content": ""}, "insufficient_system_resource")
    assert failure.value.kind == "overloaded"


def test_content_in_parts() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "2 and "}, {"type": "text", "text": "2"}]}
    parts = [thinking, {"type": "text", "text": "4"}, {"type": "reference", "reference_ids": [1]}]
    message = whole("mistral", {"content": parts})["choices"][0]["message"]
    assert message == {"role": "assistant", "content": "4", "reasoning_content": "2 and 2"}


def chunk(delta: Json | None, finish: str | None = None, **more: Any) -> Json:
    choice: Json = {"index": 0, "finish_reason": finish} | ({} if delta is None else {"delta": delta})
    return {"id": "i", "model": "m", "created": 1, "choices": [choice], **more}


# Row -> the provider's chunks, what each choice of the client's says.
STREAMS: dict[str, tuple[list[Json], list[Json]]] = {
    "mistral": (
        [
            chunk({"role": "assistant", "content": ""}, p="abc"),
            chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}, p="ab"),
            chunk({"content": "4"}, "stop", p="a", **used(1, 1, 2)),
        ],
        [{"role": "assistant", "content": ""}, {"content": "", "reasoning_content": "hm"}, {"content": "4"}],
    ),
    "perplexity": (
        [
            {
                **chunk({"content": "a"}),
                "choices": [{"index": 0, "delta": {"content": "a"}, "message": {"content": "a"}}],
            },
            chunk({"content": "b"}, "stop"),
        ],
        [{"role": "assistant", "content": "a"}, {"content": "b"}],
    ),
    "together": (
        [
            {
                "choices": [
                    {
                        "index": 0,
                        "delta": {"role": "assistant", "content": "a", "token_id": 5},
                        "seed": 10176929106694746000,
                        "text": "a",
                        "logprobs": 0.5,
                    }
                ]
            },
            {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "b"}, "finish_reason": "eos"}]},
        ],
        [{"role": "assistant", "content": "a", "token_id": 5}, {"content": "b"}],
    ),
    "azure": (
        [
            {"id": "", "model": "", "created": 0, "choices": [], "prompt_filter_results": [{"prompt_index": 0}]},
            chunk({"role": "assistant", "content": "a"}),
            chunk(None, content_filter_offsets={}),
            chunk({}, "stop"),
            chunk(None),
        ],
        [{"role": "assistant", "content": "a"}, {}],
    ),
    "groq": (
        [chunk({"content": "a"}, x_groq={"id": "r"}), chunk({}, "stop", x_groq={"id": "r", **used(3, 1, 4)})],
        [{"role": "assistant", "content": "a"}, {}],
    ),
}


@pytest.mark.parametrize(("row", "said", "told"), [(name, *row) for name, row in STREAMS.items()])
def test_streams(row: str, said: list[Json], told: list[Json]) -> None:
    chunks = read(row, True, sse(*said, b"[DONE]"))
    choices = [choice for one in chunks for choice in one["choices"]]
    assert [choice["delta"] for choice in choices] == told
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(told) - 1) + ["stop"]
    assert {one["model"] for one in chunks} <= {"m", "up-1"}
    assert all(
        choice.keys() <= {"index", "delta", "finish_reason"} and "p" not in one for one in chunks for choice in choices
    )


def test_usage_under_x_groq_is_found() -> None:
    decoder = WIRE.decoder(call(stream=True), {}, target("groq"), SSE)
    *_, last = decoder.feed(sse(chunk({}, "stop", x_groq={"id": "r", **used(3, 1, 4)})))
    assert last["usage"] == used(3, 1, 4)["usage"]


TOOL_USE_FAILED = {"error": {"message": "m", "type": "t", "code": "tool_use_failed", "status_code": 400}}

BROKEN: list[tuple[str, bytes, str]] = [
    (
        "groq",
        b"event: error\n" + sse(TOOL_USE_FAILED),
        "invalid_request",
    ),
    ("groq", sse({"choices": [], "x_groq": {"error": "over capacity"}}), "server_error"),
    ("openrouter", b": OPENROUTER PROCESSING\n\n" + sse({"error": {"code": 502, "message": "m"}}), "server_error"),
    ("xai", sse({"code": "429", "error": "slow down"}), "rate_limit"),
    ("llamacpp", sse({"error": {"code": 400, "message": "m", "type": "exceed_context_size_error"}}), "context_window"),
]


@pytest.mark.parametrize(("row", "body", "kind"), BROKEN)
def test_errors_in_a_stream(row: str, body: bytes, kind: str) -> None:
    with pytest.raises(Failure) as failure:
        read(row, True, body)
    assert failure.value.kind == kind


BLOCK = {"error": {"code": "content_filter", "message": "blocked", "status": 400}}


def test_a_blocked_prompt_is_an_answer_without_words() -> None:
    choice: Json = read("azure", False, orjson.dumps(BLOCK))["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == (None, "content_filter")
    (told,) = read("azure", True, sse(BLOCK))
    assert told["choices"] == [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": "content_filter"}]


def test_an_answer_cut_before_its_first_word() -> None:
    body = {"choices": [{"index": 0, "finish_reason": "content_filter", "content_filter_results": {}}]}
    choice: Json = read("azure", False, orjson.dumps(body))["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == (None, "content_filter")


def test_padding_before_json() -> None:
    body = {"choices": [{"index": 0, "message": {"content": "x"}, "finish_reason": "stop"}]}
    assert read("openrouter", False, b" \n\n \n" + orjson.dumps(body))["choices"][0]["message"]["content"] == "x"


def test_log_probabilities_in_parallel_lists() -> None:
    old = {"tokens": ["a", "b"], "token_logprobs": [-0.5, -1.5], "token_ids": [1, 2]}
    said = whole("together", {"content": "ab"}, choice={"logprobs": old, "seed": 2**64 - 1, "text": "ab"})["choices"][0]
    assert [(one["token"], one["logprob"]) for one in said["logprobs"]["content"]] == [("a", -0.5), ("b", -1.5)]
    assert said.keys() == {"index", "message", "finish_reason", "logprobs"}
