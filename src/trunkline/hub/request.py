"""Client requests, checked against OpenAI's own ranges: wrong input is refused here, with the parameter named.

Source: wire facts of the Chat Completions and Embeddings references. Unknown keys pass: an SDK's `extra_body` arrives
as top-level keys, and each wire decides what it takes.
"""

from collections.abc import Callable
from typing import Any

import orjson

from trunkline.errors import ApiError
from trunkline.types import Json

MAX_DEPTH = 128

# Where a client may name an upstream or a credential, a gateway has been made to call it (CVE-2025-66405 and kin).
FORBIDDEN = frozenset({"api_base", "base_url", "api_key", "extra_headers", "fallbacks"})

Check = Callable[[Any], str | None]


def parse_body(raw: bytes) -> Json:
    """The client's JSON object. Raises ApiError invalid_json or invalid_request."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ApiError("invalid_json", f"The request body is not valid JSON: {error}.") from None
    if not isinstance(body, dict):
        raise ApiError("invalid_json", "The request body must be a JSON object.")
    # Fewer brackets than the limit cannot nest deeper than it, and counting bytes costs next to nothing.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and not _shallow(body):
        raise ApiError("invalid_json", f"The request body is nested deeper than {MAX_DEPTH} levels.")
    return {key: value for key, value in body.items() if value is not None}


def _shallow(body: Any) -> bool:
    layer, depth = [body], 0
    while layer:
        depth += 1
        if depth > MAX_DEPTH:
            return False
        layer = [
            child
            for node in layer
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return True


def check_chat(body: Json) -> None:
    """Raises ApiError invalid_request with the parameter that is wrong."""
    _check(body, CHAT)
    if "messages" not in body:
        raise _invalid("messages", "is required: an array of at least one message")
    if "stream_options" in body and body.get("stream") is not True:
        raise _invalid("stream_options", "is only allowed together with `stream: true`")
    if body.get("top_logprobs") and not body.get("logprobs"):
        raise _invalid("top_logprobs", "needs `logprobs: true`")


def check_embeddings(body: Json) -> None:
    """Raises ApiError invalid_request with the parameter that is wrong."""
    _check(body, EMBEDDINGS)
    if "input" not in body:
        raise _invalid("input", "is required: a string, an array of strings, or arrays of token ids")


def _check(body: Json, checks: dict[str, Check]) -> None:
    for key, value in body.items():
        if key in FORBIDDEN:
            raise _invalid(key, "is not accepted: upstreams and credentials come only from the configuration")
        check = checks.get(key)
        if check is not None:
            complaint = check(value)
            if complaint:
                raise _invalid(key, complaint)


def _invalid(param: str, complaint: str) -> ApiError:
    path = param if not complaint.startswith("[") else param + complaint.partition(" ")[0]
    text = complaint if path == param else complaint.partition(" ")[2]
    return ApiError("invalid_request", f"`{path}` {text}.", param=path)


def _is(kind: type | tuple[type, ...], text: str) -> Check:
    def check(value: Any) -> str | None:
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        return None if fits else f"must be {text}"

    return check


def _within(low: float, high: float, whole: bool = False) -> Check:
    text = f"must be {'an integer' if whole else 'a number'} between {low} and {high}"

    def check(value: Any) -> str | None:
        fits = isinstance(value, int) or (isinstance(value, float) and not whole)
        return None if fits and not isinstance(value, bool) and low <= value <= high else text

    return check


def _at_least_one(value: Any) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return None if fits else "must be an integer of at least 1"


def _messages(value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return "must be an array of at least one message"
    for index, message in enumerate(value):
        if not isinstance(message, dict):
            return f"[{index}] must be an object with `role` and `content`"
        if not isinstance(message.get("role"), str):
            return f'[{index}].role must be a string such as "user"'
        content = message.get("content")
        if not (content is None or isinstance(content, str | list)):
            return f"[{index}].content must be a string or an array of parts"
        if isinstance(content, list) and not all(isinstance(part, dict) for part in content):
            return f"[{index}].content must be an array of objects, each with a `type`"
    return None


def _tools(value: Any) -> str | None:
    if not isinstance(value, list):
        return "must be an array of tools"
    for index, tool in enumerate(value):
        if not isinstance(tool, dict) or not isinstance(tool.get("type"), str):
            return f'[{index}] must be an object with a `type` such as "function"'
    return None


def _stop(value: Any) -> str | None:
    if isinstance(value, str):
        return None
    fits = isinstance(value, list) and len(value) <= 4 and all(isinstance(item, str) for item in value)
    return None if fits else "must be a string or an array of at most 4 strings"


def _biases(value: Any) -> str | None:
    text = "must be an object of token ids, each with a number between -100 and 100"
    if not isinstance(value, dict):
        return text
    return next((text for bias in value.values() if _within(-100, 100)(bias)), None)


def _input(value: Any) -> str | None:
    if isinstance(value, str) or (isinstance(value, list) and 0 < len(value) <= 2048):
        return None
    return "must be a string, or an array of 1 to 2048 strings, token ids or arrays of token ids"


def _one_of(*values: str) -> Check:
    text = "must be " + " or ".join(f'"{value}"' for value in values)
    return lambda value: None if value in values else text


STRING, BOOLEAN, OBJECT = _is(str, "a string"), _is(bool, "true or false"), _is(dict, "an object")

CHAT: dict[str, Check] = {
    "model": STRING,
    "messages": _messages,
    "stream": BOOLEAN,
    "stream_options": OBJECT,
    "max_tokens": _at_least_one,
    "max_completion_tokens": _at_least_one,
    "n": _within(1, 128, whole=True),
    "temperature": _within(0, 2),
    "top_p": _within(0, 1),
    "frequency_penalty": _within(-2, 2),
    "presence_penalty": _within(-2, 2),
    "logit_bias": _biases,
    "logprobs": BOOLEAN,
    "top_logprobs": _within(0, 20, whole=True),
    "seed": _is(int, "an integer"),
    "stop": _stop,
    "tools": _tools,
    "tool_choice": _is((str, dict), "a string or an object"),
    "parallel_tool_calls": BOOLEAN,
    "response_format": OBJECT,
    "reasoning_effort": STRING,
    "metadata": OBJECT,
    "store": BOOLEAN,
    "user": STRING,
}

EMBEDDINGS: dict[str, Check] = {
    "model": STRING,
    "input": _input,
    "dimensions": _at_least_one,
    "encoding_format": _one_of("float", "base64"),
    "user": STRING,
}

# What OpenAI itself names; anything else comes from an SDK's `extra_body`.
PARAMETERS = frozenset({*CHAT, *EMBEDDINGS}) | {
    "audio",
    "function_call",
    "functions",
    "modalities",
    "moderation",
    "prediction",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "safety_identifier",
    "service_tier",
    "verbosity",
    "web_search_options",
}
