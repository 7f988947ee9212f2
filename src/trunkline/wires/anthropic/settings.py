"""The parameters around the conversation: sampling, stop, format, user, tier."""

from trunkline.types import Json
from trunkline.wires.anthropic.rules import Rules
from trunkline.wires.anthropic.schema import fit
from trunkline.wires.asks import JSON_ONLY, format_of, stops_of, unformed
from trunkline.wires.fields import as_object
from trunkline.wires.loss import Losses
from trunkline.wires.schema import simplified


def write_sampling(asks: Json, rules: Rules, losses: Losses, *, thinks_by_budget: bool) -> Json:
    """`temperature`, `top_p`, `top_k` where the model takes them; 1 is the default everywhere."""
    written: Json = {}
    for name in ("temperature", "top_p", "top_k"):
        value = asks.get(name)
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


def write_stop(asks: Json, losses: Losses) -> Json:
    """Stop sequences; blank ones are a 400."""
    stops = stops_of(asks, losses, str.strip, "stop_sequences")
    return {"stop_sequences": stops} if stops else {}


def write_format(asks: Json, model: str, rules: Rules, losses: Losses) -> tuple[Json, str | None]:
    """`output_config.format`, and what the system must say where there is none."""
    form = format_of(asks, model)
    if form.kind == "text":
        return {}, None
    if form.kind == "json_object":
        losses.add("response_format", "instruction")
        return {}, JSON_ONLY
    if not rules.structured:
        raise unformed(model)
    return {"format": {"type": "json_schema", "schema": simplified(fit(form.schema), "response_format", losses)}}, None


def write_account(asks: Json, losses: Losses) -> Json:
    """`metadata.user_id`, the one thing it may hold, and `service_tier`."""
    written: Json = {}
    metadata = as_object(asks.get("metadata"))
    user = asks.get("safety_identifier") or asks.get("user") or metadata.get("user_id")
    if isinstance(user, str) and user:
        written["metadata"] = {"user_id": user}
    if metadata.keys() - {"user_id"}:
        losses.add("metadata")
    tier = {"default": "standard_only", "standard_only": "standard_only"}.get(str(asks.get("service_tier")))
    if tier:
        written["service_tier"] = tier
    elif "service_tier" in asks:
        losses.add("service_tier")
    return written
