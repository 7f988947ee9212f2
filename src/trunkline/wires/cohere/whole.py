"""A whole message as a completion: https://docs.cohere.com/v2/reference/chat#response"""

from typing import Any

from trunkline.errors import Failure
from trunkline.hub.shape import arguments
from trunkline.types import Json
from trunkline.wires import tell
from trunkline.wires.cohere import reasoning
from trunkline.wires.cohere.answers import citations, cited, finish_reason, logprobs, tool_call, usage
from trunkline.wires.cohere.failures import error_inside, failed
from trunkline.wires.cohere.names import Names
from trunkline.wires.fields import as_list, as_objects, object_of, text_of


def completion(body: Json, call_id: str, names: Names) -> Json:
    """Raises Failure where there is no answer in it, or one that ended by failing."""
    message = body.get("message")
    if isinstance(message, str) or (message is None and body.get("error")):
        raise error_inside(body)
    if not isinstance(message, dict):
        raise Failure("invalid_response", "the answer has no message")
    failure = failed(body.get("finish_reason"), body.get("error"), body.get("error_type"))
    if failure is not None:
        raise failure
    said = _said(message, call_id, names)
    finish = finish_reason(body.get("finish_reason"), called="tool_calls" in said)
    told = tell.completion(said, finish, usage(body.get("usage")), logprobs(body.get("logprobs")))
    return {"id": body.get("id"), **told}


def _said(message: Json, call_id: str, names: Names) -> Json:
    """Blocks of a kind nobody knows are skipped."""
    text, thinking = "", ""
    details: list[Json] = []
    starts: dict[Any, int] = {}
    plan = text_of(message, "tool_plan")
    for index, block in enumerate(_blocks(message.get("content"))):
        starts[index] = len(text)
        text += text_of(block, "text")
        thought = text_of(block, "thinking")
        if thought:
            thinking += thought
            details.append(reasoning.thought(thought, len(details)))
    if plan:
        details.append({**reasoning.plan(plan), "index": len(details)})
    return tell.message(
        text,
        reasoning_content=thinking + plan,
        reasoning_details=details,
        tool_calls=_calls(message.get("tool_calls"), call_id, names),
        **cited(citations(message.get("citations")), starts),
    )


def _blocks(content: Any) -> list[Json]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return as_objects(content)


def _calls(given: Any, call_id: str, names: Names) -> list[Json]:
    calls: list[Json] = []
    for call in as_list(given):
        if not isinstance(call, dict):
            raise Failure("invalid_response", "a tool call of the answer is not an object")
        function = object_of(call, "function")
        identity = text_of(call, "id") or tell.made_id(call_id, len(calls))
        # Null or empty for a tool without arguments.
        told = arguments(function.get("arguments")) or "{}"
        calls.append(tool_call(identity, text_of(function, "name"), told, names))
    return calls
