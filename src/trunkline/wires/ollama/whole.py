"""A whole answer as a completion, and vectors."""

from trunkline.errors import Failure
from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires import tell
from trunkline.wires.fields import as_list
from trunkline.wires.ollama.answers import FINISH, checked, logprobs, said, usage


def completion(data: bytes, call_id: str, custom: frozenset[str]) -> Json:
    """Raises Failure where there is no answer in it."""
    body = checked(data, "the answer")
    if not isinstance(body.get("message"), dict):
        raise Failure("invalid_response", "the answer has no message")
    message = {"content": None, "refusal": None, **said(body, call_id, custom)}
    for call in message.get("tool_calls", ()):
        del call["index"]
    finish = tell.finish_reason(body.get("done_reason"), FINISH, called="tool_calls" in message)
    return {"model": body.get("model"), **tell.completion(message, finish, usage(body), logprobs(body))}


def embeddings(data: bytes) -> Json:
    """All of them, of one request. Raises Failure."""
    body = checked(data, "the answer")
    rows = [{"index": index, "embedding": vector} for index, vector in enumerate(as_list(body.get("embeddings")))]
    tokens = count(body.get("prompt_eval_count"))
    counted = {"usage": {"prompt_tokens": tokens, "total_tokens": tokens}} if tokens else {}
    return {"data": rows, "model": body.get("model"), **counted}
