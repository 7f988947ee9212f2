"""The request: what OpenAI's says, as a prediction's input."""

import math
import re
from urllib.parse import quote

import orjson

from trunkline.errors import ApiError
from trunkline.ports import Encoded
from trunkline.types import TOKEN_LIMITS, Call, Json, Target
from trunkline.wires.asks import MEANING, refuse_impossible, without_neutral
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.narrow import narrow
from trunkline.wires.replicate.prompts import write_prompt
from trunkline.wires.replicate.rules import Family, family_of

OFFICIAL = re.compile(r"(?!\.\.?/)([^/:\s]+)/(?!\.\.?\Z)([^/:\s]+)\Z")
JSON_ONLY = "Answer with one valid JSON object and nothing else: no prose, no code fence."

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
    if call.kind != "chat":
        message = f"{target.id} makes no embeddings: on Replicate each such model has inputs of its own."
        raise ApiError("no_capable_target", message, param="model", should_retry=False)
    asks, lost = narrow(without_neutral(body), target)
    losses = Losses()
    for name in lost:
        losses.add(*name.partition("=")[::2])
    written = _input(asks, target, losses)
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


def _input(asks: Json, target: Target, losses: Losses) -> Json:
    family = family_of(target.model)
    refuse_impossible(asks, target.id, (*MEANING, "functions"))
    if asks.get("tools") and asks.get("tool_choice") != "none":
        raise unsupported("tools", f"{target.id} calls no tools: leave them out, or ask for another model.")
    instruction = _instruction(asks, target.id, losses)
    written = write_prompt(asks["messages"], family, target.id, instruction, losses)
    written |= _limit(asks, family, losses) | _stop(asks, family, losses)
    written |= {family.names[name]: asks[name] for name in family.names if name in asks}
    written |= {name: asks[name] for name in NATIVE if name in asks}
    for name in asks.keys() - READ - family.names.keys():
        losses.add(name)
    given = asks.get("input")
    return written | (given if isinstance(given, dict) else {})


def _instruction(asks: Json, model: str, losses: Losses) -> str | None:
    kind = (asks.get("response_format") or {}).get("type", "text")
    if kind == "text":
        return None
    if kind != "json_object":
        why = f"{model} cannot be held to this `response_format`; ask for another model."
        raise unsupported("response_format", why)
    losses.add("response_format", "instruction")
    return JSON_ONLY


def _limit(asks: Json, family: Family, losses: Losses) -> Json:
    name = next((name for name in TOKEN_LIMITS if name in asks), None)
    if name is None:
        return {}
    if asks[name] < family.least:
        losses.add(name, "raised")
    return {family.limit: max(asks[name], family.least)}


def _stop(asks: Json, family: Family, losses: Losses) -> Json:
    """Joined by commas, so that one with a comma in it is lost."""
    given = asks.get("stop", [])
    texts = [given] if isinstance(given, str) else given
    if not texts:
        return {}
    kept = [text for text in texts if isinstance(text, str) and text and "," not in text] if family.stop else []
    if len(kept) < len(texts):
        losses.add("stop", "trimmed" if kept else "")
    return {family.stop: ",".join(kept)} if kept and family.stop else {}
