"""A recorded Responses request as the chat request that means the same, and what two Responses requests have in common
beyond how they are written."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tests.corpus.recordings import Json

FORMAT = "openai-responses-v1"
SAME = (
    "max_tool_calls", "metadata", "parallel_tool_calls", "prompt_cache_key", "service_tier", "temperature", "top_p",
    "truncation", "user",
)  # fmt: skip
SAID = frozenset({
    "model", "input", "instructions", "max_output_tokens", "stream", "store", "tools", "tool_choice", "text",
    "reasoning", "include", *SAME,
})  # fmt: skip
SPEAKERS = ("user", "system", "developer")
CALLS = {"function_call": "function", "custom_tool_call": "custom"}


def counterpart(native: Json) -> Json | None:
    """None where a chat request has no words for it, or the recorded one refers to what the provider kept."""
    items = _items(native)
    if native.keys() - SAID or items is None:
        return None
    body: Json = {"messages": list(_messages(items))}
    for name in SAME:
        if native.get(name) is not None:
            body[name] = native[name]
    if native.get("max_output_tokens"):
        body["max_completion_tokens"] = native["max_output_tokens"]
    reasoning = native.get("reasoning") or {}
    if reasoning.get("effort"):
        body["reasoning_effort"] = reasoning["effort"]
    if rest := {name: value for name, value in reasoning.items() if name != "effort" and value}:
        body["reasoning"] = rest
    if include := native.get("include"):
        body["include"] = include
    return {**body, **_text(native.get("text") or {}), **_tools(native)}


def _items(native: Json) -> list[Json] | None:
    """Of what can be said in a chat."""
    given = native.get("input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    if not items:
        return None
    if native.get("instructions"):
        items = [{"role": "system", "content": native["instructions"]}, *items]
    return items if all(map(_sayable, items)) and not _words_after_calls(items) else None


def _sayable(item: Json) -> bool:
    kind = item.get("type", "message")
    if kind == "message":
        parts = item["content"] if isinstance(item["content"], list) else []
        return not any("file_url" in part or (part["type"] == "input_image" and "file_id" in part) for part in parts)
    return kind == "reasoning" or kind in CALLS or kind in [f"{call}_output" for call in CALLS]


def _words_after_calls(items: list[Json]) -> bool:
    """Within one turn; a chat message has its text first."""
    kinds = [item.get("type", item.get("role")) if item.get("role") != "assistant" else "words" for item in items]
    return any(one in CALLS and other == "words" for one, other in pairwise(kinds))


def _messages(items: list[Json]) -> Iterator[Json]:
    turn: list[Json] = []
    for item in [*items, {"role": "end"}]:
        if item.get("role") == "assistant" or item.get("type") in ("reasoning", *CALLS):
            turn.append(item)
            continue
        if turn:
            yield _assistant(turn)
            turn = []
        if item.get("role") in SPEAKERS:
            yield {"role": item["role"], "content": _content(item["content"])}
        elif "call_id" in item:
            yield {"role": "tool", "tool_call_id": item["call_id"], "content": _content(item["output"])}


def _assistant(items: list[Json]) -> Json:
    text = ""
    calls: list[Json] = []
    details: list[Json] = []
    for item in items:
        place = {"format": FORMAT, "position": {"text": len(text), "calls": len(calls)}}
        kind = CALLS.get(item.get("type", ""))
        if kind:
            said = {name: item[name] for name in ("name", "arguments", "input") if name in item}
            calls.append({"id": item["call_id"], "type": kind, kind: said})
        elif item.get("type") == "reasoning":
            details += [{**place, **entry} for entry in _details(item)]
        else:
            if item.get("phase"):
                details.append({**place, "type": "reasoning.summary", "phase": item["phase"]})
            text += _words(item["content"])
    found = {"content": text or None, "tool_calls": calls, "reasoning_details": details}
    return {"role": "assistant", **{name: value for name, value in found.items() if value or name == "content"}}


def _details(item: Json) -> Iterator[Json]:
    for part in item.get("summary") or []:
        yield {"type": "reasoning.summary", "summary": part["text"], "id": item.get("id")}
    for part in item.get("content") or []:
        yield {"type": "reasoning.text", "text": part["text"], "id": item.get("id")}
    if item.get("encrypted_content"):
        yield {"type": "reasoning.encrypted", "data": item["encrypted_content"], "id": item.get("id")}


def _content(content: Any) -> Any:
    return content if isinstance(content, str) else [_part(part) for part in content]


def _part(part: Json) -> Json:
    if part["type"] == "input_image":
        return {"type": "image_url", "image_url": {"url": part["image_url"], "detail": part.get("detail", "auto")}}
    if part["type"] == "input_file":
        return {"type": "file", "file": {name: value for name, value in part.items() if name != "type"}}
    return {"type": "text", "text": part["text"]}


def _words(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", part.get("refusal")) for part in content)


def _text(text: Json) -> Json:
    said: Json = {"verbosity": text["verbosity"]} if text.get("verbosity") else {}
    format_ = text.get("format") or {}
    kind = format_.get("type")
    if kind == "json_schema":
        inner = {name: value for name, value in format_.items() if name != "type"}
        said["response_format"] = {"type": kind, "json_schema": inner}
    elif kind:
        said["response_format"] = {"type": kind}
    return said


def _tools(native: Json) -> Json:
    """Tools of the provider's own as they are."""
    said: Json = {"tools": [_nested(tool) for tool in native["tools"]]} if native.get("tools") else {}
    choice = native.get("tool_choice")
    if choice:
        said["tool_choice"] = choice if isinstance(choice, str) else _nested(choice)
    return said


def _nested(tool: Json) -> Json:
    kind = tool["type"]
    inner = {name: value for name, value in tool.items() if name != "type"}
    if kind == "custom" and (inner.get("format") or {}).get("type") == "grammar":
        inner["format"] = {"type": "grammar", "grammar": {k: v for k, v in inner["format"].items() if k != "type"}}
    return {"type": kind, kind: inner} if kind in CALLS.values() else tool


def meaning(native: Json) -> Json:
    """The request less what makes no difference: how the answer comes, strings for parts, instructions for a first
    message, ids and states of items, defaults written out, and what the provider was to keep."""
    said = {name: value for name, value in native.items() if name in SAME and value not in (None, {}, "auto")}
    for name in ("max_output_tokens", "tool_choice"):
        if native.get(name):
            said[name] = native[name]
    if not native.get("tools"):
        said.pop("tool_choice", None)
        said.pop("parallel_tool_calls", None)
    reasoning = {name: value for name, value in (native.get("reasoning") or {}).items() if value}
    include = [one for one in native.get("include") or [] if one != "reasoning.encrypted_content"]
    tools = [_strictness({"parameters": None, **tool}) for tool in native.get("tools") or []]
    more = {"reasoning": reasoning, "include": include, "tools": tools, "text": _format(native.get("text") or {})}
    return {**said, **{name: value for name, value in more.items() if value}, "input": list(_meant(native))}


def _strictness(tool: Json) -> Json:
    """What is not said of a function's strictness counts as none, and no description as an absent one."""
    kept = {name: value for name, value in tool.items() if value is not None}
    return {**kept, "strict": bool(tool.get("strict"))} if tool["type"] == "function" else kept


def _format(text: Json) -> Json:
    format_ = {name: value for name, value in (text.get("format") or {}).items() if value is not None}
    if format_.get("type") == "json_schema":
        format_["strict"] = bool(format_.get("strict"))
    verbosity = text.get("verbosity")
    return {
        **({"format": format_} if format_.get("type", "text") != "text" else {}),
        **({"verbosity": verbosity} if verbosity not in (None, "medium") else {}),
    }


def _meant(native: Json) -> Iterator[Json]:
    """Reasoning without its encrypted text is nothing to a provider that kept none."""
    for item in _items(native) or []:
        if item.get("type") == "reasoning":
            if item.get("encrypted_content"):
                parts = {name: [part["text"] for part in item.get(name) or []] for name in ("summary", "content")}
                yield {"encrypted": item["encrypted_content"], "id": item.get("id"), **parts}
        elif item.get("role") == "assistant":
            yield {"role": "assistant", "content": _words(item["content"]), "phase": item.get("phase")}
        elif item.get("role"):
            yield {"role": item["role"], "content": _parts(item["content"])}
        else:
            output = {"output": _parts(item["output"])} if "output" in item else {}
            kept = ("type", "call_id", "name", "arguments", "input")
            yield {name: item[name] for name in kept if name in item} | output


def _parts(content: Any) -> list[Json]:
    if isinstance(content, str):
        return [{"type": "input_text", "text": content}]
    return [{"detail": "auto", **part} if part["type"] == "input_image" else part for part in content]
