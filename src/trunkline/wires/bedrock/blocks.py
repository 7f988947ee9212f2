"""What unary and stream share: stop reasons, counts, calls and citations in OpenAI's words."""

from typing import Any, NamedTuple

from trunkline.errors import Failure
from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires.anthropic.blocks import tool_call as called

FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
    "refusal": "content_filter",
}
MALFORMED = frozenset({"malformed_tool_use", "malformed_model_output"})

# Amazon runs these itself: a client could not answer such a call.
THEIRS = "server_tool_use"


class Asked(NamedTuple):
    """What must be known of the request to read its reply.

    custom  names of the tools whose calls are free text
    answer  name of the tool whose arguments are the answer, "" where there is none
    form    the format of reasoning details
    """

    custom: frozenset[str]
    answer: str
    form: str


def finish_reason(stop_reason: Any, *, called: bool) -> str:
    """A reason nobody knows is a stop; one with calls is for their sake. Raises Failure where the model wrote what
    cannot be read."""
    if not isinstance(stop_reason, str):
        return "tool_calls" if called else "stop"
    if stop_reason in MALFORMED:
        raise Failure("server_error", f"the model's answer is malformed: {stop_reason}")
    finish = FINISH.get(stop_reason, "stop")
    return "tool_calls" if called and finish == "stop" else finish


def usage(said: Any) -> Json | None:
    """OpenAI's counts. `inputTokens` are those outside the cache, and models differ in what their total holds:
    https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html"""
    if not isinstance(said, dict):
        return None
    read, written = count(said.get("cacheReadInputTokens")), count(said.get("cacheWriteInputTokens"))
    prompt, completion = count(said.get("inputTokens")) + read + written, count(said.get("outputTokens"))
    told: Json = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    told["prompt_tokens_details"] = {"cached_tokens": read, "cache_write_tokens": written}
    by_life = _by_life(said.get("cacheDetails"))
    return {**told, "cache_creation": by_life} if by_life else told


def _by_life(details: Any) -> Json:
    """Anthropic's object for it: writes that live an hour cost more than those of five minutes."""
    listed = [one for one in details if isinstance(one, dict)] if isinstance(details, list) else []
    return {
        f"ephemeral_{one['ttl']}_input_tokens": count(one.get("inputTokens"))
        for one in listed
        if one.get("ttl") in ("5m", "1h")
    }


def tier(told: Json) -> Json:
    """`service_tier` by which the request was served."""
    said = told.get("serviceTier")
    kind = said.get("type") if isinstance(said, dict) else None
    return {"service_tier": kind} if isinstance(kind, str) else {}


def notes(citations: list[Any], start: int, end: int) -> tuple[list[Json], list[Json]]:
    """Annotations for the web citations of the text from character `start` to `end`, and the others, for which OpenAI
    has no word, as Converse tells them."""
    web: list[Json] = []
    others: list[Json] = []
    for citation in citations:
        if not isinstance(citation, dict):
            continue
        url = _url(citation)
        place = {"start_index": start, "end_index": end}
        if url is None:
            others.append({**citation, **place})
        else:
            cited = {**place, "title": citation.get("title") or "", "url": url}
            web.append({"type": "url_citation", "url_citation": cited})
    return web, others


def _url(citation: Json) -> str | None:
    location = citation.get("location")
    page = location.get("web") if isinstance(location, dict) else None
    url = page.get("url") if isinstance(page, dict) else None
    return url if isinstance(url, str) else None


def object_of(said: Json, name: str) -> Json:
    """An empty one where there is none. Raises Failure for anything else."""
    value = said.get(name)
    if value is None or isinstance(value, dict):
        return value or {}
    raise Failure("invalid_response", f"`{name}` of the answer is not an object")


def tool_call(use: Json, arguments: str, asked: Asked) -> Json:
    """A whole call; that of a tool of free text with its text."""
    return called({"id": use.get("toolUseId"), "name": use.get("name")}, arguments, asked.custom)
