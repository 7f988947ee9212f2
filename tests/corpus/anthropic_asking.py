"""A recorded Messages request as the OpenAI request that means the same, and what two Messages requests have in
common beyond how they are written."""

from collections.abc import Iterator
from typing import Any

import orjson

from tests.corpus.recordings import Json

# Fields that an OpenAI request can say, by OpenAI's names or Anthropic's own.
SAID = frozenset({
    "model", "messages", "system", "max_tokens", "stream", "tools", "tool_choice", "temperature", "top_p", "top_k",
    "stop_sequences", "thinking", "output_config", "metadata", "cache_control",
})  # fmt: skip
CHOICES = {"auto": "auto", "any": "required", "none": "none"}


def counterpart(native: Json) -> Json | None:
    """None where OpenAI's request has no words for it, or the recorded one is broken on purpose."""
    messages = native.get("messages")
    if native.keys() - SAID or not isinstance(messages, list) or not all(isinstance(m, dict) for m in messages):
        return None
    if not 0 <= native.get("temperature", 0) <= 2 or not 0 <= native.get("top_p", 0) <= 1:
        return None  # we refuse it first
    if any(block["type"].startswith(("server_tool_use", "web_search_tool")) for block in _all_blocks(native)):
        return None
    system = [{"role": "system", "content": _blocks(native["system"])}] if native.get("system") else []
    body: Json = {"messages": [*system, *(told for message in messages for told in _messages(message))]}
    for name in ("max_tokens", "stream", "temperature", "top_p", "top_k", "thinking", "output_config", "cache_control"):
        if native.get(name) is not None:
            body[name] = native[name]
    if native.get("stop_sequences"):
        body["stop"] = native["stop_sequences"]
    if native.get("metadata"):
        body["user"] = native["metadata"]["user_id"]
    return {**body, **_tools(native)}


def _all_blocks(native: Json) -> Iterator[Json]:
    for message in native["messages"]:
        yield from _blocks(message["content"])


def _blocks(content: Any) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _messages(message: Json) -> Iterator[Json]:
    blocks = _blocks(message["content"])
    if message["role"] == "assistant":
        yield _assistant(blocks)
        return
    for block in blocks:
        if block["type"] == "tool_result":
            content = [_part(inner) for inner in _blocks(block.get("content") or [])]
            marked = {name: block[name] for name in ("is_error", "cache_control") if block.get(name)}
            yield {"role": "tool", "tool_call_id": block["tool_use_id"], "content": content, **marked}
    rest = [_part(block) for block in blocks if block["type"] != "tool_result"]
    if rest:
        yield {"role": message["role"], "content": rest}


def _assistant(blocks: list[Json]) -> Json:
    told: Json = {"role": "assistant", "content": [block for block in blocks if block["type"] == "text"]}
    thoughts = [_detail(block) for block in blocks if "thinking" in block["type"]]
    calls = [_call(block) for block in blocks if block["type"] == "tool_use"]
    return told | ({"reasoning_details": thoughts} if thoughts else {}) | ({"tool_calls": calls} if calls else {})


def _detail(block: Json) -> Json:
    form = {"format": "anthropic-claude-v1"}
    if block["type"] == "redacted_thinking":
        return {"type": "reasoning.encrypted", "data": block["data"], **form}
    return {"type": "reasoning.text", "text": block["thinking"], "signature": block["signature"], **form}


def _call(block: Json) -> Json:
    function = {"name": block["name"], "arguments": orjson.dumps(block["input"]).decode()}
    mark = {"cache_control": block["cache_control"]} if "cache_control" in block else {}
    return {"id": block["id"], "type": "function", "function": function, **mark}


def _part(block: Json) -> Json:
    """Text as it is; images and PDFs in OpenAI's form; else the block itself, which passes."""
    source = block.get("source", {})
    mark = {name: block[name] for name in ("cache_control",) if block.get(name)}
    if block["type"] == "image" and source["type"] == "url":
        return {"type": "image_url", "image_url": {"url": source["url"]}, **mark}
    if source.get("type") != "base64" or block.keys() - {"type", "source", "title", "cache_control"}:
        return block
    url = f"data:{source['media_type']};base64,{source['data']}"
    if block["type"] == "image":
        return {"type": "image_url", "image_url": {"url": url}, **mark}
    title = {"filename": block["title"]} if block.get("title") else {}
    return {"type": "file", "file": {"file_data": url, **title}, **mark}


def _tools(native: Json) -> Json:
    body: Json = {}
    if native.get("tools"):
        body["tools"] = [_tool(tool) for tool in native["tools"]]
    choice = native.get("tool_choice") or {}
    if choice:
        named = {"type": "function", "function": {"name": choice.get("name")}}
        body["tool_choice"] = CHOICES.get(choice["type"], named)
        if choice.get("disable_parallel_tool_use"):
            body["parallel_tool_calls"] = False
    return body


def _tool(tool: Json) -> Json:
    plain = tool.keys() <= {"name", "description", "input_schema", "cache_control", "type"}
    if not plain or tool.get("type", "custom") != "custom":
        return {"type": "custom", **tool}
    function = {"name": tool["name"], "parameters": tool["input_schema"]}
    described = {"description": tool["description"]} if "description" in tool else {}
    mark = {"cache_control": tool["cache_control"]} if tool.get("cache_control") else {}
    return {"type": "function", "function": {**function, **described}, **mark}


def meaning(native: Json, system: str = "system") -> Json:
    """The request less what makes no difference to Anthropic: the model and how the answer comes, strings for
    blocks, turns of one role in a row, blank text, defaults written out.

    `system`: who says a later system message; on older models the user.
    """
    said = {name: value for name, value in native.items() if name not in ("model", "stream", "messages") and value}
    if "system" in said:
        said["system"] = _plain(said["system"])
    for name in ("temperature", "top_p"):
        if said.get(name) == 1:
            del said[name]
    said["messages"] = _turns(native["messages"], system)
    return said | _tools_meant(said.pop("tools", []), said.pop("tool_choice", {}))


def _turns(messages: list[Json], system: str) -> list[Json]:
    turns: list[Json] = []
    for message in messages:
        blocks, role = _plain(message["content"]), system if message["role"] == "system" else message["role"]
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += blocks
        elif blocks:
            turns.append({"role": role, "content": blocks})
    for turn in turns:
        if turn["role"] == "user":
            turn["content"].sort(key=lambda block: block["type"] != "tool_result")
    return turns


def _tools_meant(tools: list[Json], choice: Json) -> Json:
    meant = [{k: v for k, v in tool.items() if (k, v) != ("type", "custom") and v} for tool in tools]
    choice = {name: value for name, value in choice.items() if value}
    return ({"tools": meant} if meant else {}) | (
        {"tool_choice": choice} if choice not in ({}, {"type": "auto"}) else {}
    )


def _plain(content: Any) -> list[Json]:
    blocks = []
    for block in _blocks(content):
        kept = {name: value for name, value in block.items() if value not in (None, False, {"type": "direct"})}
        if block["type"] == "tool_result":
            kept["content"] = _plain(block.get("content") or [])
        if block["type"] != "text" or block["text"].strip():
            blocks.append(kept)
    return blocks
