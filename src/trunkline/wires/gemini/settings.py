"""`generationConfig`: sampling, limits, format, thinking; and the tier."""

from collections.abc import Iterator
from typing import Any

from trunkline.types import TOKEN_LIMITS, Call, Json
from trunkline.wires.asks import format_of, stops_of
from trunkline.wires.fields import as_list
from trunkline.wires.gemini.rules import BUDGETS, LEVELS, Rules
from trunkline.wires.gemini.schema import fit
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.schema import simplified

SAME = {"temperature": "temperature", "top_p": "topP", **dict.fromkeys(TOKEN_LIMITS, "maxOutputTokens")}
MOST_CANDIDATES = 8
SEEDS = (-(2**31), 2**31 - 1)
# "must be less than 2": https://ai.google.dev/api/generate-content#generationconfig
PENALTIES = {"presence_penalty": "presencePenalty", "frequency_penalty": "frequencyPenalty"}
LARGEST_PENALTY = 1.99
TIERS = {"default": "standard", "flex": "flex", "priority": "priority", "standard": "standard"}


def write_config(call: Call, asks: Json, model: str, rules: Rules, losses: Losses) -> Json:
    """What OpenAI's words say. Raises ApiError."""
    return {
        **{name: asks[key] for key, name in SAME.items() if asks.get(key) is not None},
        **_stop(asks, losses),
        **_candidates(call, asks, model),
        **dict(_bounded(asks, losses)),
        **_logprobs(asks),
        **_modalities(asks),
        **_format(asks, model, rules, losses),
        **_thinking(asks.get("reasoning_effort"), rules, losses),
    }


def _stop(asks: Json, losses: Losses) -> Json:
    stops = stops_of(asks, losses)
    return {"stopSequences": stops} if stops else {}


def _candidates(call: Call, asks: Json, model: str) -> Json:
    count = asks.get("n", 1)
    if count == 1:
        return {}
    if count > MOST_CANDIDATES or call.stream:
        most = "1 in a stream" if call.stream else MOST_CANDIDATES
        raise unsupported("n", f"`n` is at most {most} for {model}; ask for less, or for another model.")
    return {"candidateCount": count}


def _bounded(asks: Json, losses: Losses) -> Iterator[tuple[str, Any]]:
    """Ranges narrower than OpenAI's."""
    for name, native in PENALTIES.items():
        if name in asks:
            if asks[name] > LARGEST_PENALTY:
                losses.add(name, "clamped")
            yield native, min(asks[name], LARGEST_PENALTY)
    if "seed" in asks:
        seed = min(max(asks["seed"], SEEDS[0]), SEEDS[1])
        if seed != asks["seed"]:
            losses.add("seed", "clamped")
        yield "seed", seed


def _logprobs(asks: Json) -> Json:
    if not asks.get("logprobs"):
        return {}
    most = asks.get("top_logprobs")
    return {"responseLogprobs": True, **({"logprobs": most} if most else {})}


def _modalities(asks: Json) -> Json:
    listed = [name.upper() for name in as_list(asks.get("modalities")) if isinstance(name, str)]
    return {"responseModalities": listed} if listed else {}


def _format(asks: Json, model: str, rules: Rules, losses: Losses) -> Json:
    form = format_of(asks, model)
    if form.kind == "text":
        return {}
    if asks.get("tools") and not rules.mixed:
        why = f"{model} writes no JSON while it has tools; leave one of them out, or ask for Gemini 3 or later."
        raise unsupported("response_format", why)
    written: Json = {"responseMimeType": "application/json"}
    if form.kind == "json_object":
        return written
    return {**written, "responseJsonSchema": simplified(fit(form.schema), "response_format", losses)}


def _thinking(effort: Any, rules: Rules, losses: Losses) -> Json:
    """`thinkingConfig` by effort; nothing where the client says nothing: models have defaults of their own."""
    if effort is None:
        return {}
    if rules.thinking == "none" or effort not in ("none", *BUDGETS):
        if not (rules.thinking == "none" and effort == "none"):
            losses.add("reasoning_effort")
        return {}
    if effort == "none" and rules.off:
        return {"thinkingConfig": {"thinkingBudget": 0}}
    config = _budget(effort, rules, losses) if rules.thinking == "budget" else _level(effort, rules, losses)
    # Whoever asks for reasoning wants to read it.
    return {"thinkingConfig": {**config, **({"includeThoughts": True} if effort != "none" else {})}}


def _budget(effort: str, rules: Rules, losses: Losses) -> Json:
    least, most = rules.budget
    if effort == "none":
        losses.add("reasoning_effort", "low")
    return {"thinkingBudget": min(max(BUDGETS.get(effort, least), least), most)}


def _level(effort: str, rules: Rules, losses: Losses) -> Json:
    """The next level above, else the highest."""
    wanted = {"none": "minimal", "max": "xhigh"}.get(effort, effort)
    above = LEVELS[LEVELS.index(wanted) :]
    level = next((level for level in above if level in rules.levels), rules.levels[-1])
    if level != effort:
        losses.add("reasoning_effort", level)
    return {"thinkingLevel": level.upper()}


def write_tier(asks: Json, losses: Losses) -> Json:
    """`serviceTier`, for the tiers that Google has, too."""
    given = asks.get("service_tier")
    tier = TIERS.get(given) if isinstance(given, str) else None
    if tier is None and "service_tier" in asks:
        losses.add("service_tier")
    return {"serviceTier": tier} if tier else {}
