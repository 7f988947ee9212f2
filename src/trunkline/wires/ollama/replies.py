"""Replies in hub form: lines of JSON, or one object that says what all of them would."""

from collections.abc import Iterator
from typing import Any

import orjson

from trunkline.decoders import JsonLines
from trunkline.errors import Failure
from trunkline.hub.usage import count
from trunkline.ports import Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.ollama.failures import error_inside
from trunkline.wires.ollama.reasoning import detail
from trunkline.wires.ollama.tools import custom_names
from trunkline.wires.replies import Streamed, decoder_of, parse_object

# `load` and `unload` answer requests without messages; a reason nobody knows is a stop.
FINISH = {"stop": "stop", "length": "length", "load": "stop", "unload": "stop"}


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    custom = custom_names(body.get("tools"))
    chats = call.kind == "chat"
    return decoder_of(
        call,
        target,
        content_type,
        # ollama.com calls its streams `application/json`, and one object is a stream of one line.
        streams="application/" if call.stream else "application/x-ndjson",
        events=lambda: Streamed(JsonLines(), Lines(call.id, custom)),
        read=(lambda data: _completion(data, call.id, custom)) if chats else _embeddings,
    )


class Lines:
    """A Reader. `custom`: names of the tools whose calls are free text."""

    __slots__ = ("_call_id", "_called", "_custom", "done")

    def __init__(self, call_id: str, custom: frozenset[str]) -> None:
        self._call_id = call_id
        self._custom = custom
        self._called = 0
        self.done = False

    def take(self, _name: str, data: bytes) -> Iterator[Json]:
        line = _checked(data, "a line of the stream")
        delta = said(line, self._call_id, self._custom, self._called)
        calls = delta.get("tool_calls", [])
        self._called += len(calls)
        self.done = line.get("done") is True
        finish = finish_reason(line.get("done_reason"), called=self._called > 0) if self.done else None
        choice: Json = {"index": 0, "delta": delta, "finish_reason": finish}
        if logprobs := _logprobs(line):
            choice["logprobs"] = logprobs
        yield {"model": line.get("model"), "choices": [choice], "usage": usage(line)}

    def end(self) -> Iterator[Json]:
        yield from ()


def said(line: Json, call_id: str, custom: frozenset[str], called: int = 0) -> Json:
    """What a message says, as OpenAI's; `called` tool calls came before it. Raises Failure."""
    message = line.get("message")
    message = {} if message is None else message
    if not isinstance(message, dict):
        raise Failure("invalid_response", "`message` of the answer is not an object")
    thought = message.get("thinking")
    told: Json = {"content": message["content"]} if message.get("content") else {}
    if thought:
        told |= {"reasoning_content": thought, "reasoning_details": [detail(thought)]}
    calls = message.get("tool_calls")
    if isinstance(calls, list) and calls:
        told["tool_calls"] = [tool_call(call, called + i, call_id, custom) for i, call in enumerate(calls)]
    return told


def tool_call(call: Any, number: int, call_id: str, custom: frozenset[str]) -> Json:
    """A whole call. Its id, which older servers leave out, is made of ours; its own index begins anew in every line."""
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        raise Failure("invalid_response", "a tool call of the answer has no function with a name")
    given = call.get("id")
    identity = given if isinstance(given, str) and given else f"call_{call_id[-12:]}_{number}"
    name, arguments = function["name"], function.get("arguments")
    if name in custom:
        text = arguments.get("input") if isinstance(arguments, dict) else None
        free: Json = {"name": name, "input": text if isinstance(text, str) else _dumps(arguments)}
        return {"index": number, "id": identity, "type": "custom", "custom": free}
    told = {"name": name, "arguments": _dumps(arguments)}
    return {"index": number, "id": identity, "type": "function", "function": told}


def _dumps(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else orjson.dumps(arguments or {}).decode()


def finish_reason(given: Any, *, called: bool) -> str:
    """Older servers say that they are done, and not why."""
    finish = FINISH.get(given, "stop") if isinstance(given, str) else "stop"
    return "tool_calls" if called and finish == "stop" else finish


def usage(line: Json) -> Json | None:
    """Counts are left out where they are 0; None where both are."""
    if "prompt_eval_count" not in line and "eval_count" not in line:
        return None
    prompt, completion = count(line.get("prompt_eval_count")), count(line.get("eval_count"))
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _logprobs(line: Json) -> Json | None:
    """The same entries as OpenAI's, which has `bytes` and `top_logprobs` in each."""
    given = line.get("logprobs")
    if not isinstance(given, list) or not given:
        return None
    whole = [{"bytes": None, "top_logprobs": [], **entry} for entry in given if isinstance(entry, dict)]
    for entry in whole:
        tops = entry["top_logprobs"] if isinstance(entry["top_logprobs"], list) else []
        entry["top_logprobs"] = [{"bytes": None, **top} for top in tops if isinstance(top, dict)]
    return {"content": whole, "refusal": None}


def _completion(data: bytes, call_id: str, custom: frozenset[str]) -> Json:
    body = _checked(data, "the answer")
    if not isinstance(body.get("message"), dict):
        raise Failure("invalid_response", "the answer has no message")
    message = {"content": None, "refusal": None, **said(body, call_id, custom)}
    for call in message.get("tool_calls", ()):
        del call["index"]
    finish = finish_reason(body.get("done_reason"), called="tool_calls" in message)
    counted = usage(body)
    return {
        "model": body.get("model"),
        "choices": [{"index": 0, "message": message, "logprobs": _logprobs(body), "finish_reason": finish}],
        **({"usage": counted} if counted else {}),
    }


def _embeddings(data: bytes) -> Json:
    body = _checked(data, "the answer")
    vectors = body.get("embeddings")
    rows = [{"index": i, "embedding": vector} for i, vector in enumerate(vectors if isinstance(vectors, list) else ())]
    tokens = count(body.get("prompt_eval_count"))
    counted = {"usage": {"prompt_tokens": tokens, "total_tokens": tokens}} if tokens else {}
    return {"data": rows, "model": body.get("model"), **counted}


def _checked(data: bytes, what: str) -> Json:
    """The object; the error that it may be instead is raised."""
    parsed = parse_object(data, what)
    if parsed.get("error"):
        raise error_inside(parsed)
    return parsed
