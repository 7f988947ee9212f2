"""Chat answers as OpenAI sends them: one JSON body, or the events of a stream."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import orjson

from trunkline.transport.demo.answer import Answer
from trunkline.transport.demo.logprobs import logprobs
from trunkline.transport.demo.request import Chat
from trunkline.types import Json

CREATED = 1_735_689_600  # fixed, so that the same request gets the same answer
FINGERPRINT = "fp_demo"
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Frames:
    """The events of one stream: `rounds` are made as they are sent, each holding the next token of every choice."""

    opening: tuple[bytes, ...]
    rounds: Iterator[tuple[bytes, ...]]
    ending: tuple[bytes, ...]


def event(data: Json) -> bytes:
    return b"data: " + orjson.dumps(data) + b"\n\n"


def usage(chat: Chat, answers: tuple[Answer, ...]) -> Json:
    prompt = math.ceil(chat.prompt_bytes / 4)
    completion = sum(len(answer.deltas) for answer in answers)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": sum(answer.reasoning_tokens for answer in answers),
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def whole(chat: Chat, answers: tuple[Answer, ...], *, finished: bool = True) -> bytes:
    """A `chat.completion`; without `finished` it lacks its finish reasons."""
    choices = [
        {
            "index": index,
            "message": _message(answer),
            "logprobs": _logprobs(chat, answer.deltas),
            "finish_reason": answer.finish if finished else None,
        }
        for index, answer in enumerate(answers)
    ]
    return orjson.dumps(_head(chat, "chat.completion") | {"choices": choices, "usage": usage(chat, answers)})


def stream(chat: Chat, answers: tuple[Answer, ...]) -> Frames:
    """`chat.completion.chunk` events; `usage` is null in all but its own chunk, and absent where not asked for."""
    head = _head(chat, "chat.completion.chunk")
    tail: Json = {"usage": None} if chat.include_usage else {}

    def chunk(index: int, delta: Json, finish: str | None = None) -> bytes:
        choice = {
            "index": index,
            "delta": delta,
            "logprobs": _logprobs(chat, (delta,)),
            "finish_reason": finish,
        }
        return event(head | {"choices": [choice]} | tail)

    opening = (chunk(index, {"role": "assistant", "content": "", "refusal": None}) for index in range(len(answers)))
    rounds = (
        tuple(chunk(index, delta) for index, delta in enumerate(deltas) if delta is not None)
        for deltas in zip_longest(*(answer.deltas for answer in answers))
    )
    finishes = (chunk(index, {}, answer.finish) for index, answer in enumerate(answers))
    counted = (event(head | {"choices": [], "usage": usage(chat, answers)}),) if chat.include_usage else ()
    return Frames(tuple(opening), rounds, (*finishes, *counted, DONE))


def _head(chat: Chat, kind: str) -> Json:
    return {
        "id": f"chatcmpl-{chat.digest[:29]}",
        "object": kind,
        "created": CREATED,
        "model": chat.model,
        "system_fingerprint": FINGERPRINT,
    }


def _logprobs(chat: Chat, deltas: Iterable[Json]) -> Json | None:
    texts = [delta["content"] for delta in deltas if delta.get("content")]
    if chat.alternatives is None or not texts:
        return None
    return logprobs(texts, chat.alternatives)


def _message(answer: Answer) -> Json:
    """The sum of the deltas."""
    texts: dict[str, list[str]] = {"reasoning_content": [], "content": []}
    tool_calls: list[Json] = []
    for delta in answer.deltas:
        for name in texts.keys() & delta.keys():
            texts[name].append(delta[name])
        for piece in delta.get("tool_calls", ()):
            _add(tool_calls, piece)
    message: Json = {"role": "assistant", "content": "".join(texts["content"]), "refusal": None}
    if texts["reasoning_content"]:
        message["reasoning_content"] = "".join(texts["reasoning_content"])
    if tool_calls:
        message |= {"content": None, "tool_calls": tool_calls}
    return message


def _add(tool_calls: list[Json], piece: Json) -> None:
    if "id" in piece:
        kind = piece["type"]
        tool_calls.append({"id": piece["id"], "type": kind, kind: dict(piece[kind])})
        return
    call = tool_calls[piece["index"]]
    for name, text in piece[call["type"]].items():
        call[call["type"]][name] += text
