"""What upstreams say: whole replies, events and streams, as steps of an `Upstream`."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.kit.upstream import Fin, Request, Send, Step

Json = dict[str, Any]

USAGE: Json = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
DONE = b"data: [DONE]\n\n"
LAST_CHUNK = Send(b"0\r\n\r\n")

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 429: "Too Many Requests", 500: "Internal Server Error"}


def head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def raw_reply(status: int, body: bytes, headers: Mapping[str, str]) -> list[Step]:
    return [Send(head(status, {"content-length": str(len(body)), **headers}) + body)]


def json_reply(status: int, body: object, headers: Mapping[str, str] | None = None) -> list[Step]:
    return raw_reply(status, json.dumps(body).encode(), {"content-type": "application/json", **(headers or {})})


def error_reply(
    status: int, message: str = "no", headers: Mapping[str, str] | None = None, **rest: object
) -> list[Step]:
    """An error in OpenAI's form; `rest` are further members of the error object."""
    return json_reply(status, {"error": {"message": message, "type": None, "code": None, **rest}}, headers)


def html_reply(status: int) -> list[Step]:
    page = b"<html><head><title>oops</title></head><body><h1>nginx says no</h1></body></html>"
    return raw_reply(status, page, {"content-type": "text/html"})


def completion(text: str | None = "Hello", finish: str | None = "stop", **rest: object) -> Json:
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
    return {
        "id": "chatcmpl-up",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "m-2026",
        "choices": [choice],
        "usage": USAGE,
        **rest,
    }


def chunk(text: str | None = None, *, finish: str | None = None, **rest: object) -> Json:
    """One chunk of a stream; without text its delta is empty."""
    delta = {} if text is None else {"content": text}
    return {
        "id": "chatcmpl-up",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "m-2026",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
        **rest,
    }


ROLE: Json = {
    **chunk(),
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}],
}
FINISH = chunk(finish="stop")
USAGE_CHUNK: Json = {**chunk(), "choices": [], "usage": USAGE}


def event(body: Json) -> bytes:
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def framed(data: bytes) -> Send:
    """`data` as one chunk of a chunked body."""
    return Send(b"%x\r\n%s\r\n" % (len(data), data))


SSE_HEAD = Send(head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"}))


def open_sse(*items: Json | bytes | Step) -> list[Step]:
    """A stream that has not ended: events, raw bytes, and steps between them. How it goes on is up to the caller."""
    steps: list[Step] = [SSE_HEAD]
    for item in items:
        match item:
            case dict():
                steps.append(framed(event(item)))
            case bytes():
                steps.append(framed(item))
            case _:
                steps.append(item)
    return steps


def sse(*items: Json | bytes | Step, done: bool = True) -> list[Step]:
    """A stream that ends well as HTTP goes, with `[DONE]` unless told otherwise."""
    return [*open_sse(*items, *([DONE] if done else [])), LAST_CHUNK]


def eof_sse(*items: Json | bytes) -> list[Step]:
    """A stream without chunked framing: only the end of the connection says that it is over."""
    body = b"".join(event(item) if isinstance(item, dict) else item for item in items)
    return [Send(head(200, {"content-type": "text/event-stream", "connection": "close"}) + body), Fin()]


def tokens(count: int) -> list[Json]:
    return [chunk(f"t{number} ") for number in range(count)]


def say(text: str = "Hello") -> Callable[[Request], Sequence[Step]]:
    """A good answer, unary or streamed as the request wants it, with usage."""

    def answer(request: Request) -> Sequence[Step]:
        if request.json.get("stream"):
            return sse(ROLE, chunk(text), FINISH, USAGE_CHUNK)
        return json_reply(200, completion(text))

    return answer


def sliced(steps: Sequence[Step], piece: int = 1) -> list[Step]:
    """The same answer in writes of `piece` bytes."""
    return [Send(step.data, piece) if isinstance(step, Send) else step for step in steps]
