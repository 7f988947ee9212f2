"""Chunks and completions as upstreams send them, and what a client would make of ours."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletionChunk

from trunkline.hub.chunks import ChunkStream
from trunkline.types import Json

USAGE: Json = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}


def choice(delta: Any = None, finish: Any = None, index: Any = 0, **rest: Any) -> Json:
    return {"index": index, "delta": {} if delta is None else delta, "finish_reason": finish, **rest}


def chunk(*choices: Any, **rest: Any) -> Json:
    frame = {"id": "chatcmpl-up", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "up-1"}
    return {**frame, "choices": list(choices), **rest}


def text(content: str) -> Json:
    return chunk(choice({"content": content}))


def calls(*parts: Any) -> Json:
    return chunk(choice({"tool_calls": list(parts)}))


ROLE = chunk(choice({"role": "assistant", "content": ""}))
STOP = chunk(choice({}, "stop"))
END_CALLS = chunk(choice({}, "tool_calls"))


CALL: Json = {"id": "c0", "type": "function", "function": {"name": "f", "arguments": "{}"}}
LOGPROBS: Json = {"content": [{"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}], "refusal": None}


def answer(message: Any, finish: Any = "stop", **rest: Any) -> Json:
    """A completion of one choice; `...` leaves a finish reason out."""
    one = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
    whole = {
        "id": "chatcmpl-up",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "up-1",
        "choices": [{key: value for key, value in one.items() if value is not ...}],
        "usage": USAGE,
    }
    return {**whole, **rest}


def says(content: str | None = "a", **rest: Any) -> Json:
    return {"role": "assistant", "content": content, **rest}


def stream() -> ChunkStream:
    return ChunkStream("req-0123456789ab", 42, "configured")


def conformed(chunks: Iterable[Json], law: ChunkStream | None = None) -> list[Json]:
    """What is left of a stream, by `law` or a new one."""
    law = law or stream()
    return [told for one in chunks for told in law.conform(deepcopy(one))]


def sdk_reads(chunks: Iterable[Json]) -> Json:
    """The completion that the official SDK's `.stream()` makes of these chunks, each strictly of its type."""
    state = ChatCompletionStreamState[None]()
    for one in chunks:
        for _ in state.handle_chunk(ChatCompletionChunk.model_validate(one, strict=True)):
            pass
    # Not get_final_completion(), which raises where an answer was cut short or filtered.
    return state.current_completion_snapshot.to_dict(mode="json")
