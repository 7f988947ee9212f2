"""What unary and stream share: the message, finish reasons, counts and log probabilities in OpenAI's words."""

from typing import Any

from trunkline.errors import Failure
from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires import tell, tools
from trunkline.wires.fields import as_list, as_objects, dumps, object_of
from trunkline.wires.ollama.failures import error_inside
from trunkline.wires.ollama.reasoning import detail
from trunkline.wires.replies import parse_object

# `load` and `unload` answer requests without messages; older servers say that they are done, and not why.
FINISH = {"stop": "stop", "length": "length", "load": "stop", "unload": "stop"}


def checked(data: bytes, what: str) -> Json:
    """The object; the error that it may be instead is raised."""
    parsed = parse_object(data, what)
    if parsed.get("error"):
        raise error_inside(parsed)
    return parsed


def said(line: Json, call_id: str, custom: frozenset[str], called: int = 0) -> Json:
    """What a message says, as OpenAI's; `called` tool calls came before it. Raises Failure."""
    message = object_of(line, "message")
    thought = message.get("thinking")
    told: Json = {"content": message["content"]} if message.get("content") else {}
    if thought:
        told |= {"reasoning_content": thought, "reasoning_details": [detail(thought)]}
    calls = as_list(message.get("tool_calls"))
    if calls:
        told["tool_calls"] = [_call(call, called + index, call_id, custom) for index, call in enumerate(calls)]
    return told


def _call(call: Any, number: int, call_id: str, custom: frozenset[str]) -> Json:
    """A whole call. Its id, which older servers leave out, is made of ours; its own index begins anew in every line."""
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        raise Failure("invalid_response", "a tool call of the answer has no function with a name")
    identity, given = call.get("id"), function.get("arguments")
    known = identity if isinstance(identity, str) and identity else tell.made_id(call_id, number)
    arguments = given if isinstance(given, str) else dumps(given)
    return {"index": number, **tools.tool_call(known, function["name"], arguments, custom)}


def usage(line: Json) -> Json | None:
    """Counts are left out where they are 0; None where both are."""
    if "prompt_eval_count" not in line and "eval_count" not in line:
        return None
    return tell.usage(count(line.get("prompt_eval_count")), count(line.get("eval_count")))


def logprobs(line: Json) -> Json | None:
    """The same entries as OpenAI's, which has `bytes` and `top_logprobs` in each."""
    whole = [{"bytes": None, **entry, "top_logprobs": _tops(entry)} for entry in as_objects(line.get("logprobs"))]
    return {"content": whole, "refusal": None} if whole else None


def _tops(entry: Json) -> list[Json]:
    return [{"bytes": None, **top} for top in as_objects(entry.get("top_logprobs"))]
