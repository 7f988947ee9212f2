"""OpenAI requests as far as `demo` looks at them; what OpenAI would refuse is Rejected."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson

from trunkline.transport.demo.problems import Rejected
from trunkline.types import Json

MOST_CHOICES = 128
MOST_ALTERNATIVES = 20

# They change how an answer is sent, not what it says: with and without them it is the same answer.
_DELIVERY = frozenset({"stream", "stream_options"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat request.

    limit         tokens allowed, None where the client did not say
    alternatives  how many `top_logprobs` each token has; None: no logprobs at all
    tool_choice   as it came, `auto` or `none` where it did not
    digest        names the answer: the same for the same request
    """

    model: str
    messages: tuple[Json, ...]
    stream: bool
    include_usage: bool
    choices: int
    limit: int | None
    stop: tuple[str, ...]
    tools: tuple[Json, ...]
    tool_choice: Any
    parallel: bool
    response_format: Mapping[str, Any]
    alternatives: int | None
    digest: str

    @property
    def prompt_bytes(self) -> int:
        """The size of all text in the messages."""
        return sum(len(text_of(message).encode()) for message in self.messages)


def read(content: bytes) -> Json:
    """The body of any request. Raises Rejected unless it is an object that names a model."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Rejected(f"We could not parse the JSON body of your request: {error}") from None
    if not isinstance(body, dict):
        raise Rejected("The body of the request must be a JSON object.")
    if not isinstance(body.get("model"), str):
        raise Rejected("You must provide a model parameter.", param="model")
    return body


def digest(body: Json) -> str:
    """Hex, of all that shapes the answer."""
    shaping = {name: value for name, value in body.items() if name not in _DELIVERY}
    return hashlib.sha256(orjson.dumps(shaping, option=orjson.OPT_SORT_KEYS)).hexdigest()


def chat(body: Json) -> Chat:
    """Raises Rejected."""
    tools = _tools(body)
    stream = body.get("stream") is True
    options = body.get("stream_options")
    if options is not None and not stream:
        raise Rejected(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options"
        )
    limit = "max_tokens" if body.get("max_completion_tokens") is None else "max_completion_tokens"
    return Chat(
        model=body["model"],
        messages=_messages(body),
        stream=stream,
        include_usage=isinstance(options, dict) and options.get("include_usage") is True,
        choices=_integer(body, "n", 1, MOST_CHOICES) or 1,
        limit=_integer(body, limit, 1, None),
        stop=_stop(body),
        tools=tools,
        tool_choice=body.get("tool_choice") or ("auto" if tools else "none"),
        parallel=body.get("parallel_tool_calls") is not False,
        response_format=_response_format(body),
        alternatives=_alternatives(body),
        digest=digest(body),
    )


def text_of(message: Json) -> str:
    """The text of a message, its text parts one to a line."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))


def _messages(body: Json) -> tuple[Json, ...]:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Rejected("'messages' must be an array with at least one message.", param="messages")
    for place, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise Rejected(f"'messages[{place}]' must be an object with a role.", param=f"messages[{place}]")
    return tuple(messages)


def _tools(body: Json) -> tuple[Json, ...]:
    tools = body.get("tools")
    if tools is None:
        return ()
    if not isinstance(tools, list) or not tools:
        raise Rejected("'tools' must be an array with at least one tool.", param="tools")
    for place, tool in enumerate(tools):
        kind = tool.get("type") if isinstance(tool, dict) else None
        definition = tool.get(kind) if kind in ("function", "custom") else None
        if not isinstance(definition, dict) or not isinstance(definition.get("name"), str):
            raise Rejected(f"'tools[{place}]' must name a function or custom tool.", param=f"tools[{place}]")
    return tuple(tools)


def _integer(body: Json, name: str, least: int, most: int | None) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most and value > most):
        bounds = f"between {least} and {most}" if most else f"of at least {least}"
        raise Rejected(f"'{name}' must be an integer {bounds}.", param=name)
    return value


def _stop(body: Json) -> tuple[str, ...]:
    stop = body.get("stop")
    texts = [stop] if isinstance(stop, str) else stop or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Rejected("'stop' must be a string or an array of strings.", param="stop")
    return tuple(text for text in texts if text)


def _response_format(body: Json) -> Mapping[str, Any]:
    wanted = body.get("response_format")
    if wanted is None:
        return MappingProxyType({})
    if not isinstance(wanted, dict) or wanted.get("type") not in ("text", "json_object", "json_schema"):
        raise Rejected(
            "'response_format.type' must be 'text', 'json_object' or 'json_schema'.", param="response_format"
        )
    if wanted["type"] == "json_schema" and not isinstance(wanted.get("json_schema"), dict):
        raise Rejected("Missing required parameter: 'response_format.json_schema'.", param="response_format")
    return wanted


def _alternatives(body: Json) -> int | None:
    wanted = _integer(body, "top_logprobs", 0, MOST_ALTERNATIVES)
    if body.get("logprobs") is True:
        return wanted or 0
    if wanted is not None:
        raise Rejected("'top_logprobs' is only allowed when 'logprobs' is enabled.", param="top_logprobs")
    return None
