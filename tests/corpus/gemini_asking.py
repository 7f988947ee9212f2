"""A recorded generateContent request as the OpenAI request that means the same, and what two such requests have in
common beyond how they are written."""

from collections.abc import Iterator
from typing import Any

import orjson

from tests.corpus.recordings import Json
from trunkline.wires.gemini.dialect import GEMINI, camel

# Keys whose values are the client's own: names of properties, arguments, results.
OWN = frozenset({"properties", "args", "response", "$defs"})
SAID = frozenset({
    "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent",
})  # fmt: skip
CONFIG = {"temperature": "temperature", "topP": "top_p", "maxOutputTokens": "max_tokens", "stopSequences": "stop",
          "candidateCount": "n", "seed": "seed", "presencePenalty": "presence_penalty",
          "frequencyPenalty": "frequency_penalty"}  # fmt: skip
MODES = {"AUTO": "auto", "NONE": "none", "ANY": "required"}
SIGNED = {"type": "reasoning.encrypted", "format": "google-gemini-v1"}


def spelled(native: Any) -> Any:
    """In camelCase and without what is null or false, which is how most clients say nothing."""
    if isinstance(native, list):
        return [spelled(one) for one in native]
    if not isinstance(native, dict):
        return native
    return {
        camel(name): value if name in OWN else spelled(value)
        for name, value in native.items()
        if value is not None and (name, value) != ("thought", False)
    }


def counterpart(recorded: Json, *, stream: bool) -> Json | None:
    """None where OpenAI's request has no words for it, or the recorded one is broken on purpose."""
    native = spelled(recorded)
    config = native.get("generationConfig", {})
    if native.keys() - SAID or not native.get("contents") or (stream and config.get("candidateCount", 1) > 1):
        return None
    system = native.get("systemInstruction", {}).get("parts", [])
    messages = [{"role": "system", "content": part["text"]} for part in system]
    ids = iter(range(10_000))
    pending: list[str] = []
    for content in native["contents"]:
        messages += _messages(content, ids, pending)
    body: Json = {"messages": messages, **_tools(native), **_format(config)}
    body |= {CONFIG[name]: value for name, value in config.items() if name in CONFIG}
    body |= {name: value for name, value in config.items() if name in GEMINI.config - {"stopSequences"}}
    return body | {name: native[name] for name in ("safetySettings", "cachedContent") if name in native}


def texts_meant(native: Json) -> list[Json]:
    """What is to be embedded, and how: the requests of a batch, or the one of a request for one text."""
    return [
        {name: value for name, value in spelled(one).items() if name not in ("model", "content")}
        | {"text": "".join(part["text"] for part in one["content"]["parts"])}
        for one in native.get("requests", [native])
    ]


def texts(native: Json) -> Json:
    """The same as an OpenAI request."""
    meant = texts_meant(native)
    sizes = {"outputDimensionality": "dimensions"}
    shared = {sizes.get(name, name): value for name, value in meant[0].items() if name != "text"}
    return {"input": [one["text"] for one in meant], **shared}


def _format(config: Json) -> Json:
    """A schema in OpenAI's words; the rest of it in Gemini's own."""
    schema = config.pop("responseJsonSchema", None)
    if schema is None:
        return {}
    config.pop("responseMimeType", None)
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}}


def _messages(content: Json, ids: Iterator[int], pending: list[str]) -> Iterator[Json]:
    parts = content["parts"]
    if content.get("role") == "model":
        yield _assistant(parts, ids, pending)
        return
    for part in parts:
        if "functionResponse" in part:
            yield _result(part["functionResponse"], pending)
    rest = [_part(part) for part in parts if "functionResponse" not in part]
    if rest:
        yield {"role": "user", "content": rest}


def _assistant(parts: list[Json], ids: Iterator[int], pending: list[str]) -> Json:
    text, details = "", []
    calls = []
    for part in parts:
        if "functionCall" in part:
            calls.append(_call(part, ids, pending))
        elif not part.get("thought"):
            if part.get("thoughtSignature"):
                position = {"text": len(text), "length": len(part["text"]), "calls": len(calls)}
                details.append({**SIGNED, "data": part["thoughtSignature"], "position": position})
            text += part["text"]
    told: Json = {"role": "assistant", "content": text}
    return told | ({"tool_calls": calls} if calls else {}) | ({"reasoning_details": details} if details else {})


def _call(part: Json, ids: Iterator[int], pending: list[str]) -> Json:
    call = part["functionCall"]
    identity = call.get("id") or f"made-up-{next(ids)}"
    pending.append(identity)
    function = {"name": call["name"], "arguments": orjson.dumps(call.get("args", {})).decode()}
    signature = part.get("thoughtSignature")
    extra = {"extra_content": {"google": {"thought_signature": signature}}} if signature else {}
    return {"id": identity, "type": "function", "function": function, **extra}


def _result(result: Json, pending: list[str]) -> Json:
    identity = result.get("id") or pending[0]
    pending.remove(identity)
    said = orjson.dumps(result["response"]).decode()
    images = [_part(part) for part in result.get("parts", ())]
    content: Any = [{"type": "text", "text": said}, *images] if images else said
    return {"role": "tool", "tool_call_id": identity, "content": content}


def _part(part: Json) -> Json:
    """Text, pictures and files in OpenAI's form."""
    if "text" in part:
        return {"type": "text", "text": part["text"]}
    data = part["inlineData"]
    url = f"data:{data['mimeType']};base64,{data['data']}"
    if data["mimeType"].startswith("image/"):
        return {"type": "image_url", "image_url": {"url": url}}
    return {"type": "file", "file": {"file_data": url, "filename": "a.bin"}}


def _tools(native: Json) -> Json:
    tools: list[Json] = []
    for entry in native.get("tools", ()):
        tools += [_tool(declared) for declared in entry.get("functionDeclarations", ())]
        tools += [{"type": name, name: value} for name, value in entry.items() if name in GEMINI.tools]
    calling = native.get("toolConfig", {}).get("functionCallingConfig", {})
    names = [{"type": "function", "function": {"name": name}} for name in calling.get("allowedFunctionNames", ())]
    choice: Any = MODES.get(calling.get("mode"))
    if len(names) == 1:
        choice = names[0]
    elif names:
        choice = {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": names}}
    return ({"tools": tools} if tools else {}) | ({"tool_choice": choice} if choice else {})


def _tool(declared: Json) -> Json:
    function = {name: declared[name] for name in ("name", "description") if name in declared}
    schema = declared.get("parametersJsonSchema", declared.get("parameters"))
    return {"type": "function", "function": {**function, **({"parameters": schema} if schema else {})}}


def meaning(recorded: Json, *, ids: bool = True) -> Json:
    """The request less what makes no difference to Gemini: case of names, nulls, contents of one role in a row, empty
    text, defaults written out, unsigned thoughts. `ids`: those of calls count, too."""
    native = spelled(recorded)
    said: Json = {name: value for name, value in native.items() if name in ("safetySettings", "cachedContent")}
    said["system"] = [part["text"] for part in native.get("systemInstruction", {}).get("parts", ())]
    said["contents"] = _contents(native["contents"], ids)
    said["config"] = {name: value for name, value in native.get("generationConfig", {}).items() if value != []}
    schema = said["config"].get("responseJsonSchema", {})
    schema.pop("$schema", None)
    if said["config"].get("candidateCount") == 1:
        del said["config"]["candidateCount"]
    said["tools"] = sorted((tool for entry in native.get("tools", ()) for tool in _meant(entry)), key=str)
    calling = native.get("toolConfig", {}).get("functionCallingConfig", {})
    # Without functions there is nothing to choose.
    said["calling"] = calling if calling.get("mode") != "AUTO" and any("name" in t for t in said["tools"]) else {}
    return said


def _meant(entry: Json) -> Iterator[Json]:
    for declared in entry.get("functionDeclarations", ()):
        schema = declared.get("parametersJsonSchema", declared.get("parameters")) or {}
        named = {name: declared[name] for name in ("name", "description") if name in declared}
        yield {**named, "schema": schema if schema.get("properties") else {}}
    yield from ({name: value} for name, value in entry.items() if name in GEMINI.tools)


def _contents(contents: list[Json], ids: bool) -> list[Json]:
    merged: list[Json] = []
    for content in contents:
        role = "model" if content.get("role") == "model" else "user"
        for part in content["parts"]:
            if part.get("thought") or part == {"text": ""}:
                continue
            if not merged or merged[-1]["role"] != role:
                merged.append({"role": role, "parts": []})
            _add(merged[-1]["parts"], part if ids else _without_id(part), joined=role == "model")
    return merged


def _add(parts: list[Json], part: Json, *, joined: bool) -> None:
    """An answer's text in one piece: OpenAI's message has no others."""
    if joined and part.keys() == {"text"} and parts and parts[-1].keys() == {"text"}:
        part = {"text": parts.pop()["text"] + part["text"]}
    parts.append(part)


def parts_meant(candidates: list[Json]) -> list[Json]:
    """The parts of an answer less what makes no difference: its pieces, unsigned thoughts, ids."""
    parts: list[Json] = []
    for candidate in spelled(candidates):
        for part in candidate.get("content", {}).get("parts", ()):
            if part == {"text": ""} or (part.get("thought") and "thoughtSignature" not in part):
                continue
            call = part.get("functionCall")
            meant = {**part, "functionCall": {"args": {}, **call}} if call else part
            _add(parts, _without_id(meant), joined=True)
    return parts


def has_ids(recorded: Json) -> bool:
    parts = [part for content in recorded["contents"] for part in content["parts"]]
    return any((part.get("functionCall") or {}).get("id") for part in parts)


def _without_id(part: Json) -> Json:
    return {
        name: {k: v for k, v in value.items() if k != "id"} if name in ("functionCall", "functionResponse") else value
        for name, value in part.items()
    }
