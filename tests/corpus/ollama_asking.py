"""A recorded request to Ollama as the OpenAI request that means the same, and what two of Ollama's have in common
beyond how they are written."""

from typing import Any

import orjson

from tests.corpus.recordings import Json

# Fields that an OpenAI request can say, by OpenAI's names or Ollama's own.
SAID = frozenset({"model", "messages", "stream", "tools", "format", "think", "options", "keep_alive", "temperature"})


def counterpart(native: Json) -> Json | None:
    """None where OpenAI's request has no words for it."""
    messages = native.get("messages")
    if native.keys() - SAID or not isinstance(messages, list):
        return None
    body: Json = {"messages": _messages(messages)}
    for name in ("tools", "think", "options", "keep_alive"):
        if native.get(name) is not None:
            body[name] = native[name]
    if native.get("format"):
        schema = {"type": "json_schema", "json_schema": {"name": "n", "schema": native["format"]}}
        body["response_format"] = {"type": "json_object"} if native["format"] == "json" else schema
    return body


def _messages(messages: list[Json]) -> list[Json]:
    """Ollama's results name the tool, OpenAI's the call: each is taken for that of the last call of this name."""
    told, called = [], dict[Any, str]()
    for index, message in enumerate(messages):
        said = {"role": message["role"], "content": message["content"]}
        if message.get("thinking"):
            said["reasoning_content"] = message["thinking"]
        if message.get("tool_calls"):
            said["tool_calls"] = [_call(call, f"call_{index}_{i}") for i, call in enumerate(message["tool_calls"])]
            called |= {call["function"]["name"]: call["id"] for call in said["tool_calls"]}
        if message["role"] == "tool":
            said["tool_call_id"] = called.get(message.get("tool_name"), next(reversed(called.values()), "call_x"))
        told.append(said)
    return told


def _call(call: Json, identity: str) -> Json:
    function = call["function"]
    said = {"name": function["name"], "arguments": orjson.dumps(function["arguments"]).decode()}
    return {"id": identity, "type": "function", "function": said}


def meaning(native: Json) -> Json:
    """The request less what makes no difference to Ollama: the model and how the answer comes, empty options, what the
    server ignores, and how calls and their results find each other."""
    said = {name: value for name, value in native.items() if name not in ("model", "stream", "temperature") and value}
    if native.get("think") is False:
        said["think"] = False
    said["messages"] = [_plain(message) for message in native["messages"]]
    return said


def _plain(message: Json) -> Json:
    plain = {k: v for k, v in message.items() if k not in ("tool_calls", "tool_name", "tool_call_id") and v}
    if message.get("tool_calls"):
        plain["tool_calls"] = [
            {key: call["function"][key] for key in ("name", "arguments")} for call in message["tool_calls"]
        ]
    return plain
