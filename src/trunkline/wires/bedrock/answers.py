"""What unary and stream share: stop reasons, counts, calls and citations in OpenAI's words."""

from typing import Any, NamedTuple

from trunkline.errors import Failure
from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires import tell, tools
from trunkline.wires.fields import as_object, as_objects, text_of

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
    """Raises Failure where the model wrote what cannot be read."""
    if isinstance(stop_reason, str) and stop_reason in MALFORMED:
        raise Failure("server_error", f"the model's answer is malformed: {stop_reason}")
    return tell.finish_reason(stop_reason, FINISH, called=called)


def usage(said: Any) -> Json | None:
    """OpenAI's counts. `inputTokens` are those outside the cache, and models differ in what their total holds:
    https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html"""
    if not isinstance(said, dict):
        return None
    read, written = count(said.get("cacheReadInputTokens")), count(said.get("cacheWriteInputTokens"))
    told = tell.usage(count(said.get("inputTokens")) + read + written, count(said.get("outputTokens")))
    told["prompt_tokens_details"] = {"cached_tokens": read, "cache_write_tokens": written}
    by_life = _by_life(said.get("cacheDetails"))
    return {**told, "cache_creation": by_life} if by_life else told


def _by_life(details: Any) -> Json:
    """Anthropic's object for it: writes that live an hour cost more than those of five minutes."""
    return {
        f"ephemeral_{one['ttl']}_input_tokens": count(one.get("inputTokens"))
        for one in as_objects(details)
        if one.get("ttl") in ("5m", "1h")
    }


def tier(told: Json) -> Json:
    """`service_tier` by which the request was served."""
    kind = as_object(told.get("serviceTier")).get("type")
    return {"service_tier": kind} if isinstance(kind, str) else {}


def notes(citations: Any, start: int, end: int) -> tuple[list[Json], list[Json]]:
    """Annotations for the web citations of the text from character `start` to `end`, and the others, for which OpenAI
    has no word, as Converse tells them."""
    web: list[Json] = []
    others: list[Json] = []
    for citation in as_objects(citations):
        url = as_object(as_object(citation.get("location")).get("web")).get("url")
        if isinstance(url, str):
            web.append(tell.url_citation(start, end, citation.get("title"), url))
        else:
            others.append({**citation, "start_index": start, "end_index": end})
    return web, others


def tool_call(use: Json, arguments: str, asked: Asked) -> Json:
    """A whole call; that of a tool of free text with its text."""
    return tools.tool_call(text_of(use, "toolUseId"), text_of(use, "name"), arguments, asked.custom)
