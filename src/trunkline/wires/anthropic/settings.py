"""The parameters around the conversation: sampling, stop, format, user, tier."""

from trunkline.types import Json
from trunkline.wires.anthropic.rules import Rules
from trunkline.wires.anthropic.schema import fit
from trunkline.wires.loss import Losses, unsupported

JSON_ONLY = "Answer with one valid JSON object and nothing else: no prose, no code fence."


def write_sampling(body: Json, rules: Rules, losses: Losses, *, thinks_by_budget: bool) -> Json:
    """`temperature`, `top_p`, `top_k` where the model takes them; 1 is the default everywhere."""
    written: Json = {}
    for name in ("temperature", "top_p", "top_k"):
        value = body.get(name)
        if value is None or (value == 1 and name != "top_k"):
            continue
        if not rules.sampling or thinks_by_budget or (name == "top_p" and "temperature" in written and not rules.both):
            losses.add(name)
        else:
            written[name] = value
    if written.get("temperature", 0) > 1:
        written["temperature"] = 1
        losses.add("temperature", "clamped")
    return written


def write_stop(body: Json, losses: Losses) -> Json:
    """Stop sequences; blank ones are a 400."""
    said = body.get("stop", [])
    native = body.get("stop_sequences")
    given = [*([said] if isinstance(said, str) else said), *(native if isinstance(native, list) else ())]
    kept = [text for text in given if isinstance(text, str) and text.strip()]
    if len(kept) < len(given):
        losses.add("stop", "trimmed")
    return {"stop_sequences": kept} if kept else {}


def write_format(body: Json, model: str, rules: Rules, losses: Losses) -> tuple[Json, str | None]:
    """`output_config.format`, and what the system must say where there is none."""
    given = body.get("response_format") or {}
    kind = given.get("type", "text")
    described = given.get("json_schema")
    schema = described.get("schema") if isinstance(described, dict) else None
    if kind == "text":
        return {}, None
    if kind == "json_object" or (kind == "json_schema" and not isinstance(schema, dict)):
        losses.add("response_format", "instruction")
        return {}, JSON_ONLY
    if kind != "json_schema" or not rules.structured:
        why = f"{model} cannot be held to this `response_format`; ask for another model."
        raise unsupported("response_format", why)
    fitted, less = fit(schema or {})
    if less:
        losses.add("response_format", "simplified")
    return {"format": {"type": "json_schema", "schema": fitted}}, None


def write_account(body: Json, losses: Losses) -> Json:
    """`metadata.user_id`, the one thing it may hold, and `service_tier`."""
    written: Json = {}
    metadata = body.get("metadata") if isinstance(body.get("metadata"), dict) else {}
    assert isinstance(metadata, dict)
    user = body.get("safety_identifier") or body.get("user") or metadata.get("user_id")
    if isinstance(user, str) and user:
        written["metadata"] = {"user_id": user}
    if metadata.keys() - {"user_id"}:
        losses.add("metadata")
    tier = {"default": "standard_only", "standard_only": "standard_only"}.get(str(body.get("service_tier")))
    if tier:
        written["service_tier"] = tier
    elif "service_tier" in body:
        losses.add("service_tier")
    return written
