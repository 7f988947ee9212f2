"""The request: what OpenAI's says, as a prediction's input."""

import math
import re
from urllib.parse import quote

import orjson

from trunkline.ports import Encoded
from trunkline.types import TOKEN_LIMITS, Call, Json, Target
from trunkline.wires.asks import JSON_ONLY, MEANING, asked, chats_only, limit_of, stops_of, unformed
from trunkline.wires.fields import as_object
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.replicate.messages import converse
from trunkline.wires.replicate.rules import Family, family_of

OFFICIAL = re.compile(r"(?!\.\.?/)([^/:\s]+)/(?!\.\.?\Z)([^/:\s]+)\Z")

# Inputs of single models, passed by their names; `input` is all of it as Replicate has it, and counts over the rest.
NATIVE = (
    "top_k", "min_tokens", "max_new_tokens", "min_new_tokens", "repetition_penalty", "length_penalty",
    "prompt_template", "image", "image_input", "images", "max_image_resolution", "extended_thinking",
    "thinking_budget_tokens", "thinking_budget", "dynamic_thinking", "enable_web_search", "stop_sequences",
)  # fmt: skip
READ = frozenset({
    "model", "messages", "stream", "stream_options", "modalities", "response_format", "input", "stop", "tools",
    "tool_choice", *TOKEN_LIMITS, *NATIVE,
})  # fmt: skip

# https://replicate.com/docs/topics/predictions/create-a-prediction#sync-mode, .../lifecycle#prediction-deadlines
LONGEST_WAIT = 60
SHORTEST_DEADLINE = 5


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The prediction to be made; `body` is not changed.

    Raises ApiError for what the model lacks and whose loss would change the meaning.
    """
    chats_only(call, target, "on Replicate each such model has inputs of its own.")
    family = family_of(target.model)
    asks, losses = asked(body, target, READ | family.names.keys(), (*MEANING, "functions"))
    written = _write(asks, target.id, family, losses)
    path, version = address(target.model)
    request = {**version, "input": written}
    return Encoded(path, orjson.dumps(request), headers=_headers(call, target), dropped=losses.names)


def address(model: str) -> tuple[str, Json]:
    """Where predictions of a model are made, and what names it there. An official model has a place of its own;
    whatever else is a version. A name comes from the client and may not reach beyond its segment."""
    official = OFFICIAL.match(model)
    if official is None:
        return "/v1/predictions", {"version": model}
    owner, name = (quote(part, safe="") for part in official.groups())
    return f"/v1/models/{owner}/{name}/predictions", {}


def token_limit(asks: Json, family: Family) -> int | None:
    """What ends an answer that is not at its end; None where nobody knows."""
    limit = next((asks[name] for name in TOKEN_LIMITS if isinstance(asks.get(name), int)), None)
    return family.default if limit is None else max(limit, family.least)


def _headers(call: Call, target: Target) -> dict[str, str]:
    """A unary answer may come with the first reply. Whoever makes a prediction and is not there to cancel it must not
    pay for it for ever."""
    limits = target.timeouts
    total = limits.stream_total if call.stream else limits.total
    wait = max(1, min(LONGEST_WAIT, math.floor((limits.answer or total) - 1)))
    return {
        "accept": "application/json",
        "cancel-after": f"{max(SHORTEST_DEADLINE, math.ceil(total))}s",
        **({} if call.stream else {"prefer": f"wait={wait}"}),
    }


def _write(asks: Json, model: str, family: Family, losses: Losses) -> Json:
    if asks.get("tools") and asks.get("tool_choice") != "none":
        raise unsupported("tools", f"{model} calls no tools: leave them out, or ask for another model.")
    written = converse(asks["messages"], family, model, _instruction(asks, model, losses), losses)
    written |= _limit(asks, family, losses) | _stop(asks, family, losses)
    written |= {family.names[name]: asks[name] for name in family.names if name in asks}
    written |= {name: asks[name] for name in NATIVE if name in asks}
    return written | as_object(asks.get("input"))


def _instruction(asks: Json, model: str, losses: Losses) -> str | None:
    kind = (asks.get("response_format") or {}).get("type", "text")
    if kind == "text":
        return None
    if kind != "json_object":
        raise unformed(model)
    losses.add("response_format", "instruction")
    return JSON_ONLY


def _limit(asks: Json, family: Family, losses: Losses) -> Json:
    limit = limit_of(asks, None, losses)
    if limit is None:
        return {}
    if limit.tokens < family.least:
        losses.add(limit.name, "raised")
    return {family.limit: max(limit.tokens, family.least)}


def _stop(asks: Json, family: Family, losses: Losses) -> Json:
    """Joined by commas, so that one with a comma in it is lost."""
    kept = stops_of(asks, losses, lambda text: family.stop and "," not in text)
    return {family.stop: ",".join(kept)} if kept and family.stop else {}
