"""`generationConfig`: sampling, limits, format, thinking; and the tier."""

from collections.abc import Iterator
from typing import Any

from trunkline.types import TOKEN_LIMITS, Call, Json
from trunkline.wires.gemini.rules import BUDGETS, LEVELS, Rules
from trunkline.wires.gemini.schema import fit
from trunkline.wires.loss import Losses, unsupported

SAME = {"temperature": "temperature", "top_p": "topP", **dict.fromkeys(TOKEN_LIMITS, "maxOutputTokens")}
MOST_CANDIDATES = 8
SEEDS = (-(2**31), 2**31 - 1)
# "must be less than 2": https://ai.google.dev/api/generate-content#generationconfig
PENALTIES = {"presence_penalty": "presencePenalty", "frequency_penalty": "frequencyPenalty"}
LARGEST_PENALTY = 1.99
TIERS = {"default": "standard", "flex": "flex", "priority": "priority", "standard": "standard"}


def write_config(call: Call, body: Json, model: str, rules: Rules, losses: Losses) -> Json:
    """What OpenAI's words say. Raises ApiError."""
    return {
        **{name: body[key] for key, name in SAME.items() if body.get(key) is not None},
        **_stop(body, losses),
        **_candidates(call, body, model),
        **dict(_bounded(body, losses)),
        **_logprobs(body),
        **_modalities(body),
        **_format(body, model, rules, losses),
        **_thinking(body.get("reasoning_effort"), rules, losses),
    }


def _stop(body: Json, losses: Losses) -> Json:
    said = body.get("stop", [])
    given = [said] if isinstance(said, str) else said
    kept = [text for text in given if text]
    if len(kept) < len(given):
        losses.add("stop", "trimmed")
    return {"stopSequences": kept} if kept else {}


def _candidates(call: Call, body: Json, model: str) -> Json:
    count = body.get("n", 1)
    if count == 1:
        return {}
    if count > MOST_CANDIDATES or call.stream:
        most = "1 in a stream" if call.stream else MOST_CANDIDATES
        raise unsupported("n", f"`n` is at most {most} for {model}; ask for less, or for another model.")
    return {"candidateCount": count}


def _bounded(body: Json, losses: Losses) -> Iterator[tuple[str, Any]]:
    """Ranges narrower than OpenAI's."""
    for name, native in PENALTIES.items():
        if name in body:
            if body[name] > LARGEST_PENALTY:
                losses.add(name, "clamped")
            yield native, min(body[name], LARGEST_PENALTY)
    if "seed" in body:
        seed = min(max(body["seed"], SEEDS[0]), SEEDS[1])
        if seed != body["seed"]:
            losses.add("seed", "clamped")
        yield "seed", seed


def _logprobs(body: Json) -> Json:
    if not body.get("logprobs"):
        return {}
    most = body.get("top_logprobs")
    return {"responseLogprobs": True, **({"logprobs": most} if most else {})}


def _modalities(body: Json) -> Json:
    given = body.get("modalities")
    listed = [name.upper() for name in given if isinstance(name, str)] if isinstance(given, list) else []
    return {"responseModalities": listed} if listed else {}


def _format(body: Json, model: str, rules: Rules, losses: Losses) -> Json:
    given = body.get("response_format") or {}
    kind = given.get("type", "text")
    if kind == "text":
        return {}
    if kind not in ("json_object", "json_schema"):
        raise unsupported("response_format", f"{model} cannot be held to this `response_format`.")
    written: Json = {"responseMimeType": "application/json"}
    described = given.get("json_schema")
    schema = described.get("schema") if isinstance(described, dict) else None
    if body.get("tools") and not rules.mixed:
        why = f"{model} writes no JSON while it has tools; leave one of them out, or ask for Gemini 3 or later."
        raise unsupported("response_format", why)
    if kind == "json_object" or not isinstance(schema, dict):
        return written
    fitted, less = fit(schema)
    if less:
        losses.add("response_format", "simplified")
    return {**written, "responseJsonSchema": fitted}


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


def write_tier(body: Json, losses: Losses) -> Json:
    """`serviceTier`, for the tiers that Google has, too."""
    given = body.get("service_tier")
    tier = TIERS.get(given) if isinstance(given, str) else None
    if tier is None and "service_tier" in body:
        losses.add("service_tier")
    return {"serviceTier": tier} if tier else {}
