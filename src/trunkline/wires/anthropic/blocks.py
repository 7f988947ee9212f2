"""What unary and stream share: blocks, stop reasons and counts in OpenAI's words."""

from typing import Any

import orjson

from trunkline.errors import Failure
from trunkline.hub.usage import count
from trunkline.types import Json

THINKING = ("thinking", "redacted_thinking")
TOLD = ("text", "tool_use", *THINKING)  # the others come back to Anthropic as they are, and mean nothing to a client

FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
    "pause_turn": "stop",
}


def finish_reason(stop_reason: Any, *, called: bool) -> str:
    """A reason nobody knows is a stop; one with calls is for their sake."""
    finish = FINISH.get(stop_reason, "stop") if isinstance(stop_reason, str) else "stop"
    return "tool_calls" if called and finish == "stop" else finish


def paused(stop_reason: Any) -> Json:
    """The mark of a turn in which Anthropic's own tools have not ended: sent back as it is, it goes on. The name is
    OpenRouter's. https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons#pause_turn"""
    return {"native_finish_reason": stop_reason} if stop_reason == "pause_turn" else {}


def refusal(details: Any) -> str | None:
    """Why the model declined, in Anthropic's words."""
    explanation = details.get("explanation") if isinstance(details, dict) else None
    return explanation if isinstance(explanation, str) and explanation else None


def usage(said: Any) -> Json | None:
    """OpenAI's counts. Anthropic's `input_tokens` are those after the last cache mark alone, and `output_tokens`
    hold the thinking: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance"""
    if not isinstance(said, dict):
        return None
    read, written = count(said.get("cache_read_input_tokens")), count(said.get("cache_creation_input_tokens"))
    prompt, completion = count(said.get("input_tokens")) + read + written, count(said.get("output_tokens"))
    told: Json = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    told["prompt_tokens_details"] = {"cached_tokens": read, "cache_write_tokens": written}
    by_life = said.get("cache_creation")
    if written and isinstance(by_life, dict):
        # Writes that live an hour cost more than those of five minutes.
        told["cache_creation"] = {name: count(v) for name, v in by_life.items() if name.startswith("ephemeral_")}
    details = said.get("output_tokens_details")
    if isinstance(details, dict) and "thinking_tokens" in details:
        told["completion_tokens_details"] = {"reasoning_tokens": count(details["thinking_tokens"])}
    return told


def annotations(citations: Any, start: int, end: int) -> list[Json]:
    """Web citations of the text from character `start` to `end`; those of documents have no counterpart."""
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": start,
                "end_index": end,
                "title": citation.get("title") or "",
                "url": citation["url"],
            },
        }
        for citation in (citations if isinstance(citations, list) else ())
        if isinstance(citation, dict) and isinstance(citation.get("url"), str)
    ]


def text_of(block: Json, name: str) -> str:
    """Raises Failure where it is not text."""
    value = block.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    raise Failure("invalid_response", f"`{name}` of the answer is not a string")


def object_of(said: Json, name: str) -> Json:
    """Raises Failure where it is not an object."""
    value = said.get(name)
    if isinstance(value, dict):
        return value
    raise Failure("invalid_response", f"`{name}` of the answer is not an object")


def tool_call(block: Json, arguments: str, custom: frozenset[str]) -> Json:
    """A whole call; that of a tool of free text with its text."""
    identity, name = text_of(block, "id"), text_of(block, "name")
    if name in custom:
        return {"id": identity, "type": "custom", "custom": {"name": name, "input": _free_text(arguments)}}
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


def dumps(value: Any) -> str:
    return orjson.dumps(value or {}).decode()


def _free_text(arguments: str) -> str:
    try:
        said = orjson.loads(arguments)
    except orjson.JSONDecodeError:
        return arguments  # cut off by max_tokens
    text = said.get("input") if isinstance(said, dict) else None
    return text if isinstance(text, str) else arguments
