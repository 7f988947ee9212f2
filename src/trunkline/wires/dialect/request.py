"""Requests: deviations on the way out.

Each function changes the top level of a body that is ours, builds anew what lies below, and returns what was lost by
it (`name=how`), or None.
"""

from collections.abc import Callable, Mapping
from typing import Any

from trunkline.types import Json
from trunkline.wires.asks import FITTING
from trunkline.wires.dialect import messages
from trunkline.wires.fields import as_object, dumps
from trunkline.wires.loss import unsupported

Turn = Callable[[Json], str | None]


def stop_as_list(body: Json) -> str | None:
    """`stop: "x"` as `["x"]`."""
    if isinstance(body.get("stop"), str):
        body["stop"] = [body["stop"]]
    return None


def logprobs_as_integer(body: Json) -> str | None:
    """`logprobs: true, top_logprobs: k` as `logprobs: max(k, 1)`, as the legacy API counted them."""
    top = body.pop("top_logprobs", 0)
    logprobs = body.pop("logprobs", None)
    if logprobs is True:
        body["logprobs"] = max(top, 1)
    elif logprobs:
        body["logprobs"] = logprobs
    return None


def no_empty_tools(body: Json) -> str | None:
    """`tools: []` is none at all, and a choice among none is refused by vLLM and Mistral."""
    if not body.get("tools"):
        for key in ("tools", "tool_choice", "parallel_tool_calls"):
            body.pop(key, None)
    return None


def json_object_as_schema(body: Json) -> str | None:
    """JSON mode as a schema that any object fits."""
    if _format(body) == "json_object":
        schema = {"name": "object", "schema": {"type": "object"}}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return None


def schema_as_instruction(body: Json) -> str | None:
    """A JSON schema, where there is only JSON mode: the schema goes before the messages, in words."""
    if _format(body) != "json_schema":
        return None
    schema = as_object(body["response_format"].get("json_schema")).get("schema")
    body["response_format"] = {"type": "json_object"}
    body["messages"] = [{"role": "system", "content": FITTING + dumps(schema)}, *body.get("messages", ())]
    return "response_format=json_object"


def guided_as_structured_outputs(body: Json) -> str | None:
    """vLLM's `guided_*`: today's servers ignore the old names, and the output would be unconstrained."""
    guided = {key: body.pop(key) for key in [key for key in body if key in GUIDED]}
    if guided:
        body["structured_outputs"] = {GUIDED[key]: value for key, value in guided.items()}
    return None


GUIDED = {
    "guided_json": "json",
    "guided_regex": "regex",
    "guided_choice": "choice",
    "guided_grammar": "grammar",
    "guided_json_object": "json_object",
}


def own_service_tiers(body: Json) -> str | None:
    """OpenAI's tiers that Groq does not know; `auto` is what they come to there."""
    if body.get("service_tier") in ("default", "priority", "scale"):
        body["service_tier"] = "auto"
        return "service_tier=auto"
    return None


def thinking_off_for_none(body: Json) -> str | None:
    """`reasoning_effort: none`, where thinking has a switch of its own and is on by default."""
    if body.get("reasoning_effort") == "none":
        del body["reasoning_effort"]
        body.setdefault("thinking", {"type": "disabled"})
    return None


def reasoning_off_for_none(body: Json) -> str | None:
    """`reasoning_effort: none`, where there is a switch beside the efforts."""
    if body.get("reasoning_effort") == "none":
        del body["reasoning_effort"]
        body.setdefault("reasoning", {"enabled": False})
    return None


def reasoning_parsed(body: Json) -> str | None:
    """Reasoning in a field of its own; of the two ways to say it, only one may be used."""
    if "include_reasoning" not in body:
        body.setdefault("reasoning_format", "parsed")
    return None


def no_forced_tools(body: Json) -> str | None:
    """Raises ApiError(unsupported_parameter) for `required` and for one tool by name."""
    if body.get("tool_choice", "auto") not in ("auto", "none"):
        raise unsupported("tool_choice", "`tool_choice`: this model cannot be made to call a tool; use `auto`.")
    return None


def one_encoding(body: Json) -> str | None:
    """Embeddings come in one encoding there; the client gets the one it asked for all the same."""
    body.pop("encoding_format", None)
    return None


def no_token_arrays(body: Json) -> str | None:
    """Raises ApiError(unsupported_parameter): token ids mean something to the model they were made for alone."""
    given = body.get("input")
    first = given[0] if isinstance(given, list) and given else None
    if isinstance(first, int | list):
        raise unsupported("input", "`input` must be text for this provider, one or many: it takes no token ids.")
    return None


def _format(body: Json) -> Any:
    return as_object(body.get("response_format")).get("type")


REQUEST: Mapping[str, Turn] = {
    turn.__name__: turn
    for turn in (
        stop_as_list,
        logprobs_as_integer,
        no_empty_tools,
        json_object_as_schema,
        schema_as_instruction,
        guided_as_structured_outputs,
        own_service_tiers,
        thinking_off_for_none,
        reasoning_off_for_none,
        reasoning_parsed,
        no_forced_tools,
        one_encoding,
        no_token_arrays,
        messages.developer_as_system,
        messages.reasoning_renamed,
        messages.reasoning_left_out,
        messages.thinking_off_where_lost,
        messages.details_of_reasoning,
        messages.text_joined,
        messages.files_as_documents,
        messages.audio_as_text,
        messages.short_tool_ids,
    )
}
