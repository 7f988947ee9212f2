"""What unary and stream share: finish reasons, counts, citations, calls and log probabilities in OpenAI's words."""

from collections.abc import Mapping
from typing import Any

from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires import tell, tools
from trunkline.wires.cohere.names import Names
from trunkline.wires.fields import as_object, as_objects, text_of

# Those of v1 still come from deployments of one's own.
FINISH = {
    "COMPLETE": "stop",
    "STOP_SEQUENCE": "stop",
    "MAX_TOKENS": "length",
    "TOOL_CALL": "tool_calls",
    "ERROR_TOXIC": "content_filter",
    "ERROR_LIMIT": "length",
}


def finish_reason(reason: Any, *, called: bool) -> str | None:
    """None where there is none."""
    return tell.finish_reason(reason, FINISH, called=called) if reason and isinstance(reason, str) else None


def usage(said: Any) -> Json | None:
    """OpenAI's counts, by what the model read and wrote; Cohere's preamble is not billed, so that what is stands
    beside it: https://docs.cohere.com/v2/docs/tokens-and-tokenizers#tokens-in-the-cohere-api"""
    said = as_object(said)
    units, tokens = as_object(said.get("billed_units")), as_object(said.get("tokens"))
    counted = tokens or units
    if not counted:
        return None
    told = tell.usage(count(counted.get("input_tokens")), count(counted.get("output_tokens")))
    if said.get("cached_tokens") is not None:
        told["prompt_tokens_details"] = {"cached_tokens": count(said["cached_tokens"])}
    if tokens.get("reasoning_tokens") is not None:
        told["completion_tokens_details"] = {"reasoning_tokens": count(tokens["reasoning_tokens"])}
    return {**told, **({"billed_units": units} if units else {})}


def citations(given: Any) -> list[Json]:
    """As they came, one or several."""
    return as_objects(given if isinstance(given, list) else [given])


def cited(found: list[Json], starts: Mapping[Any, int]) -> Json:
    """The fields of a message that tell of its citations: all of them under Cohere's name, and as annotations those of
    the answer's text whose source has an address.

    `starts`: content index -> characters of text before that block.
    """
    if not found:
        return {}
    notes = [
        note
        for citation in found
        if citation.get("type") in (None, "TEXT_CONTENT")
        for note in _annotations(citation, starts)
    ]
    return {**({"annotations": notes} if notes else {}), "citations": found}


def _annotations(citation: Json, starts: Mapping[Any, int]) -> list[Json]:
    index = citation.get("content_index")
    before = starts.get(index, 0) if isinstance(index, int) else 0
    start, end = before + count(citation.get("start")), before + count(citation.get("end"))
    sources = [
        as_object(source.get("document")) or as_object(source.get("tool_output"))
        for source in as_objects(citation.get("sources"))
    ]
    return [
        tell.url_citation(start, end, said.get("title"), said["url"])
        for said in sources
        if isinstance(said.get("url"), str) and said["url"].startswith(("http://", "https://"))
    ]


def logprobs(given: Any) -> Json | None:
    """Cohere tells of pieces of text, each of one or more tokens: the piece counts as one, with the probability of
    them all."""
    items = as_objects(given if isinstance(given, list) else [given])
    told = [_piece(item) for item in items if isinstance(item.get("logprobs"), list)]
    return {"content": told, "refusal": None} if told else None


def _piece(item: Json) -> Json:
    text = text_of(item, "text")
    known = [value for value in item["logprobs"] if isinstance(value, int | float) and not isinstance(value, bool)]
    return {"token": text, "logprob": float(sum(known)), "bytes": list(text.encode()), "top_logprobs": []}


def tool_call(identity: str, name: str, arguments: str, names: Names) -> Json:
    """By the client's name for its tool."""
    return tools.tool_call(identity, names.ours.get(name, name), arguments, names.custom)
