"""What unary and stream share: blocks, stop reasons and counts in OpenAI's words."""

from typing import Any

from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires import tell
from trunkline.wires.fields import as_object, as_objects, as_text

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
    return tell.finish_reason(stop_reason, FINISH, called=called)


def paused(stop_reason: Any) -> Json:
    """The mark of a turn in which Anthropic's own tools have not ended: sent back as it is, it goes on. The name is
    OpenRouter's. https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons#pause_turn"""
    return {"native_finish_reason": stop_reason} if stop_reason == "pause_turn" else {}


def refusal(details: Any) -> str | None:
    """Why the model declined, in Anthropic's words."""
    return as_text(as_object(details).get("explanation")) or None


def usage(said: Any) -> Json | None:
    """OpenAI's counts. Anthropic's `input_tokens` are those after the last cache mark alone, and `output_tokens`
    hold the thinking: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance"""
    if not isinstance(said, dict):
        return None
    read, written = count(said.get("cache_read_input_tokens")), count(said.get("cache_creation_input_tokens"))
    told = tell.usage(count(said.get("input_tokens")) + read + written, count(said.get("output_tokens")))
    told["prompt_tokens_details"] = {"cached_tokens": read, "cache_write_tokens": written}
    by_life = as_object(said.get("cache_creation"))
    if written and by_life:
        # Writes that live an hour cost more than those of five minutes.
        told["cache_creation"] = {name: count(v) for name, v in by_life.items() if name.startswith("ephemeral_")}
    details = as_object(said.get("output_tokens_details"))
    if "thinking_tokens" in details:
        told["completion_tokens_details"] = {"reasoning_tokens": count(details["thinking_tokens"])}
    return told


def annotations(citations: Any, start: int, end: int) -> list[Json]:
    """Web citations of the text from character `start` to `end`; those of documents have no counterpart."""
    return [
        tell.url_citation(start, end, citation.get("title"), citation["url"])
        for citation in as_objects(citations)
        if isinstance(citation.get("url"), str)
    ]
