"""Requests written and replies read by the wire, as the tests' rows say them."""

from typing import Any

from tests.wires.support import PROVIDER, Bench
from trunkline.types import Json

REASONS, TALKS = "gpt-5.2", "gpt-4o"
SAID_HI: Json = {"type": "message", "role": "user", "content": "hi"}
US = {"format": "openai-responses-v1", "issuer": PROVIDER.name}

BENCH = Bench("responses", TALKS, paths={"chat": "/responses"})
target, write, refused, read, reader = BENCH.target, BENCH.write, BENCH.refused, BENCH.read, BENCH.reader


def asked(body: Json, model: str = TALKS) -> Json:
    """The request beyond what every request says."""
    request = write(body, model, stream=False).request
    same = {"model": model, "input": [SAID_HI], "store": False}
    return {name: value for name, value in request.items() if value != same.get(name)}


def response(*output: Json, status: str = "completed", **rest: Any) -> Json:
    usage = {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}
    return {
        "id": "resp_1", "object": "response", "created_at": 42.5, "model": "gpt-x", "status": status, "error": None,
        "incomplete_details": None, "output": list(output), "usage": usage, **rest,
    }  # fmt: skip


def text(words: str, **rest: Any) -> Json:
    return {"type": "output_text", "text": words, "annotations": [], "logprobs": [], **rest}


def message(*parts: Json, **rest: Any) -> Json:
    said = {"id": "msg_1", "role": "assistant", "status": "completed", "content": list(parts)}
    return {"type": "message", **said, **rest}


def function_call(identity: str, arguments: str = "{}", name: str = "f") -> Json:
    said = {"id": f"fc_{identity}", "call_id": identity, "name": name, "arguments": arguments, "status": "completed"}
    return {"type": "function_call", **said}


def custom_call(identity: str, said: str) -> Json:
    return {"type": "custom_tool_call", "id": f"ctc_{identity}", "call_id": identity, "name": "g", "input": said}


def thought(*summary: str, secret: str | None = None, **rest: Any) -> Json:
    parts = [{"type": "summary_text", "text": said} for said in summary]
    hidden = {"encrypted_content": secret} if secret else {}
    return {"type": "reasoning", "id": "rs_1", "summary": parts, **hidden, **rest}


def created() -> Json:
    return {"type": "response.created", "response": response(status="in_progress", usage=None)}


def ended(*output: Json, status: str = "completed", **rest: Any) -> Json:
    return {"type": f"response.{status}", "response": response(*output, status=status, **rest)}


def added(index: int, item: Json) -> Json:
    return {"type": "response.output_item.added", "output_index": index, "item": item}


def done(index: int, item: Json) -> Json:
    return {"type": "response.output_item.done", "output_index": index, "item": item}


def delta(index: int, what: str, piece: str, **rest: Any) -> Json:
    return {"type": f"response.{what}.delta", "output_index": index, "item_id": "x", "delta": piece, **rest}
