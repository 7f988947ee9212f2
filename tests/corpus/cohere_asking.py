"""A recorded v2 request as the OpenAI request that means the same, and what two v2 requests have in common beyond how
they are written."""

from typing import Any

from tests.corpus.recordings import Json, Recording

# Names that both have, or that Cohere alone has and a client adds to OpenAI's.
SAME = ("max_tokens", "temperature", "seed", "documents", "input_type", "embedding_types")
CHOICES = {"NONE": "none", "REQUIRED": "required"}


def counterpart(recording: Recording) -> Json:
    native = recording.request
    body: Json = {name: native[name] for name in SAME if name in native}
    if recording.call == "embeddings":
        return {**body, "input": native["texts"]}
    body["messages"] = [_message(message) for message in native["messages"]]
    if "stop_sequences" in native:
        body["stop"] = native["stop_sequences"]
    if native.get("tools"):
        strict = {"strict": True} if native.get("strict_tools") else {}
        body["tools"] = [{**tool, "function": {**tool["function"], **strict}} for tool in native["tools"]]
    if "tool_choice" in native:
        body["tool_choice"] = CHOICES[native["tool_choice"]]
    if "response_format" in native:
        schema = native["response_format"].get("schema")
        described = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
        body["response_format"] = described if schema else {"type": "json_object"}
    return body


def _message(message: Json) -> Json:
    """A plan goes back as the detail that we made of it."""
    plan = message.get("tool_plan")
    told = {name: value for name, value in message.items() if name not in ("tool_plan", "citations")}
    if not plan:
        return told
    detail = {"type": "reasoning.text", "text": plan, "format": "cohere-v2", "index": 0, "part": "tool_plan"}
    return {**told, "reasoning_content": plan, "reasoning_details": [detail]}


def meaning(native: Json) -> Json:
    """The request less what makes no difference to Cohere: the model and how the answer comes, nulls and empty lists,
    strings for blocks of text, floats for the embeddings that are floats anyway."""
    said = {
        name: value for name, value in native.items() if name not in ("model", "stream") and value not in (None, [])
    }
    said["messages"] = [_meant(message) for message in native.get("messages", ())]
    if "response_format" in said:
        given = said["response_format"]
        said["response_format"] = {"type": given["type"], "schema": given.get("schema", given.get("json_schema"))}
    if "texts" in said:
        said.setdefault("embedding_types", ["float"])
    if "tools" not in said:
        said.pop("tool_choice", None)  # among none
    return said


def _meant(message: Json) -> Json:
    kept = {name: value for name, value in message.items() if value not in (None, [])}
    if isinstance(kept.get("content"), str):
        kept["content"] = _blocks(kept["content"])
    return kept


def _blocks(text: str) -> list[Any]:
    return [{"type": "text", "text": text}]
