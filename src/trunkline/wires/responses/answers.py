"""What a response says beside its words, as the chat API says it: finish reason, counts, annotations, logprobs."""

from typing import Any

from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires.fields import as_object, as_objects

INCOMPLETE = {"max_output_tokens": "length", "content_filter": "content_filter", "steered": "stop"}

TIERS = frozenset({"auto", "default", "flex", "scale", "priority", "fast"})

COUNTS = (
    ("input_tokens", "prompt_tokens"),
    ("output_tokens", "completion_tokens"),
    ("input_tokens_details", "prompt_tokens_details"),
    ("output_tokens_details", "completion_tokens_details"),
)


def finish_reason(response: Json, *, called: bool) -> str:
    """Calls that were cut off are no calls to answer; an answer that is incomplete for whatever reason was cut off."""
    if response.get("status") != "incomplete":
        return "tool_calls" if called else "stop"
    reason = as_object(response.get("incomplete_details")).get("reason")
    return INCOMPLETE.get(reason, "length") if isinstance(reason, str) else "length"


def usage(said: Any) -> Json | None:
    """OpenAI's counts, which mean the same under either name; what a host adds, such as a price, stays."""
    if not isinstance(said, dict):
        return None
    told = {name: value for name, value in said.items() if name not in dict(COUNTS)}
    for theirs, ours in COUNTS:
        value = said.get(theirs)
        if not theirs.endswith("details"):
            told[ours] = count(value)
        elif isinstance(value, dict):
            told[ours] = value
    total = told["prompt_tokens"] + told["completion_tokens"]
    return told | {"total_tokens": count(said.get("total_tokens")) or total}


def riders(response: Json) -> Json:
    """What the chat API says beside the choices, too; of tiers those that its clients know."""
    tier, moderation = response.get("service_tier"), response.get("moderation")
    return {
        **({"service_tier": tier} if isinstance(tier, str) and tier in TIERS else {}),
        **({"moderation": moderation} if isinstance(moderation, dict) else {}),
    }


def annotations(part: Json, start: int) -> list[Json]:
    """Each under its own kind, as the chat API nests them; `start` characters of text came before this part."""
    return [
        {"type": note["type"], note["type"]: _moved({k: v for k, v in note.items() if k != "type"}, start)}
        for note in as_objects(part.get("annotations"))
        if isinstance(note.get("type"), str)
    ]


def _moved(note: Json, start: int) -> Json:
    moved = {name: note[name] + start for name in ("start_index", "end_index") if isinstance(note.get(name), int)}
    return note | moved


def logprobs(said: Json) -> Json | None:
    """Those beside a text; None where there are none."""
    tokens = as_objects(said.get("logprobs"))
    told = [{"bytes": None, **one, "top_logprobs": one.get("top_logprobs") or []} for one in tokens]
    return {"content": told, "refusal": None} if told else None
