"""A recorded Converse request as the OpenAI request that means the same, and what two Converse requests have in common
beyond how they are written."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from tests.corpus.recordings import Json

SAMPLED = {"maxTokens": "max_tokens", "temperature": "temperature", "topP": "top_p", "stopSequences": "stop"}
OWN = ("guardrailConfig", "additionalModelRequestFields")
MEDIA = {"pdf": "application/pdf", "txt": "text/plain"}
UNWANTED: tuple[Any, ...] = (None, "", [], {})


def counterpart(native: Json) -> Json:
    """System, turns, tools, images, files and formats in OpenAI's words; the rest in Converse's own."""
    system = [{"role": "system", "content": _parts(native["system"])}] if native.get("system") else []
    body: Json = {"messages": [*system, *(told for message in native["messages"] for told in _messages(message))]}
    for theirs, ours in SAMPLED.items():
        if theirs in native.get("inferenceConfig", {}):
            body[ours] = native["inferenceConfig"][theirs]
    body |= {name: native[name] for name in OWN if native.get(name)}
    if "thinking" in body.get("additionalModelRequestFields", {}):
        body["thinking"] = body.pop("additionalModelRequestFields")["thinking"]
    return {**body, **_tools(native.get("toolConfig", {})), **_format(native.get("outputConfig", {}))}


def _messages(message: Json) -> Iterator[Json]:
    blocks = message["content"]
    if message["role"] == "assistant":
        yield _assistant(blocks)
        return
    for block in blocks:
        if "toolResult" in block:
            result = block["toolResult"]
            content = "".join(_result_text(inner) for inner in result["content"])
            yield {"role": "tool", "tool_call_id": result["toolUseId"], "content": content}
    rest = _parts([block for block in blocks if "toolResult" not in block])
    if rest:
        yield {"role": message["role"], "content": rest}


def _result_text(inner: Json) -> str:
    return inner["text"] if "text" in inner else orjson.dumps(inner["json"]).decode()


def _assistant(blocks: list[Json]) -> Json:
    told: Json = {
        "role": "assistant",
        "content": _parts([b for b in blocks if b.keys() & {"text", "citationsContent"}]),
    }
    calls = [_call(block["toolUse"]) for block in blocks if "toolUse" in block]
    thoughts = [_detail(block["reasoningContent"]) for block in blocks if "reasoningContent" in block]
    return told | ({"tool_calls": calls} if calls else {}) | ({"reasoning_details": thoughts} if thoughts else {})


def _call(use: Json) -> Json:
    function = {"name": use["name"], "arguments": orjson.dumps(use["input"]).decode()}
    return {"id": use["toolUseId"], "type": "function", "function": function}


def _detail(content: Json) -> Json:
    return {"type": "reasoning.text", "format": "anthropic-claude-v1", **content["reasoningText"]}


def _parts(blocks: list[Json]) -> list[Json]:
    """A cache point is the marker of the part before it."""
    parts: list[Json] = []
    for block in blocks:
        if "cachePoint" in block and parts and "type" in parts[-1]:
            parts[-1] = {**parts[-1], "cache_control": {"type": "ephemeral"}}
        else:
            parts.append(_part(block))
    return parts


def _part(block: Json) -> Json:
    if "text" in block:
        return {"type": "text", "text": block["text"]}
    if "bytes" in block.get("image", {}).get("source", {}):
        image = block["image"]
        return {
            "type": "image_url",
            "image_url": {"url": f"data:image/{image['format']};base64,{image['source']['bytes']}"},
        }
    document = block.get("document", {})
    if "bytes" in document.get("source", {}) and document.keys() == {"name", "format", "source"}:
        url = f"data:{MEDIA[document['format']]};base64,{document['source']['bytes']}"
        return {"type": "file", "file": {"file_data": url, "filename": f"{document['name']}.{document['format']}"}}
    return block


def _tools(config: Json) -> Json:
    body: Json = {}
    if config.get("tools"):
        body["tools"] = [_tool(tool["toolSpec"]) for tool in config["tools"]]
    choice = config.get("toolChoice", {})
    if "tool" in choice:
        body["tool_choice"] = {"type": "function", "function": {"name": choice["tool"]["name"]}}
    elif "any" in choice:
        body["tool_choice"] = "required"
    return body


def _tool(spec: Json) -> Json:
    described = {"description": spec["description"]} if spec.get("description") else {}
    return {
        "type": "function", "function": {"name": spec["name"], "parameters": spec["inputSchema"]["json"], **described}
    }  # fmt: skip


def _format(config: Json) -> Json:
    if not config:
        return {}
    said = config["textFormat"]["structure"]["jsonSchema"]
    described = {"name": said["name"], "schema": orjson.loads(said["schema"])}
    return {"response_format": {"type": "json_schema", "json_schema": described}}


def meaning(native: Json) -> Json:
    """The request less what makes no difference: empty lists, defaults written out, turns of one role in a row, results
    as text or JSON, underscores in a document's name, and what strict schemas must say of every object."""
    said = {name: value for name, value in native.items() if value not in UNWANTED and name != "messages"}
    sampled = {k: v for k, v in said.get("inferenceConfig", {}).items() if v not in UNWANTED and (k, v) != ("topP", 1)}
    said["inferenceConfig"] = sampled
    said["messages"] = _turns(native["messages"])
    if "toolConfig" in said:
        said["toolConfig"] = {
            **said["toolConfig"],
            "tools": [_tool_meant(tool) for tool in said["toolConfig"]["tools"]],
        }
    if "outputConfig" in said:
        described = said["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
        said["outputConfig"] = {"name": described["name"], **orjson.loads(described["schema"])}
        said["outputConfig"].pop("additionalProperties", None)
    return said


def _turns(messages: list[Json]) -> list[Json]:
    turns: list[Json] = []
    for message in messages:
        blocks = [_plain(block) for block in message["content"] if block.get("text", "x").strip()]
        if turns and turns[-1]["role"] == message["role"]:
            turns[-1]["content"] += blocks
        elif blocks:
            turns.append({"role": message["role"], "content": blocks})
    for turn in turns:
        turn["content"].sort(key=lambda block: "toolResult" not in block)
    return turns


def _plain(block: Json) -> Json:
    if "toolResult" in block:
        result = block["toolResult"]
        content: Any = "".join(_result_text(inner) for inner in result["content"])
        return {"toolResult": {"toolUseId": result["toolUseId"], "content": content}}
    if "document" in block:
        return {"document": {**block["document"], "name": re.sub(r"[^\w\-]|_", " ", block["document"]["name"])}}
    return block


def _tool_meant(tool: Json) -> Json:
    spec = tool["toolSpec"]
    schema = {"type": "object", "properties": {}, **spec["inputSchema"]["json"]}
    return {**{name: value for name, value in spec.items() if value}, "inputSchema": {"json": schema}}
