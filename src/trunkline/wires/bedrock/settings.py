"""The parameters around the conversation: sampling, stop, account, tier.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InferenceConfiguration.html
"""

import re
from typing import Any

from trunkline.types import Json
from trunkline.wires.anthropic import settings as claude
from trunkline.wires.asks import stops_of
from trunkline.wires.bedrock.pieces import at, found, joined
from trunkline.wires.bedrock.rules import EXTRA, Rules
from trunkline.wires.fields import as_object
from trunkline.wires.loss import Losses

THEIRS = {"temperature": "temperature", "top_p": "topP"}
TIERS = ("default", "flex", "priority", "reserved")
MOST_PAIRS = 16
KEY = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,\-.]{1,256}\Z")
VALUE = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,\-.]{0,256}\Z")


def write_sampling(asks: Json, thought: Json, rules: Rules, losses: Losses) -> Json:
    """`temperature`, `top_p` and `top_k`, where the model takes them beside what was written of its thinking."""
    if rules.claude:
        by_budget = found(thought, (EXTRA, "thinking", "type")) == "enabled"
        taken = claude.write_sampling(asks, rules.claude, losses, thinks_by_budget=by_budget)
    else:
        alone = bool(rules.alone) and found(thought, rules.effort) == rules.alone
        taken = _taken(asks, frozenset() if alone else rules.sampling, losses)
    base = {THEIRS[name]: value for name, value in taken.items() if name in THEIRS}
    top_k = at(rules.top_k, taken["top_k"]) if "top_k" in taken else {}
    return joined({"inferenceConfig": base} if base else {}, top_k)


def _taken(asks: Json, names: frozenset[str], losses: Losses) -> Json:
    taken: Json = {}
    for name in (*THEIRS, "top_k"):
        value = asks.get(name)
        if value is None:
            continue
        if name in names:
            taken[name] = min(value, 1) if name in THEIRS else value
            if taken[name] != value:
                losses.add(name, "clamped")
        elif value != 1 or name not in THEIRS:  # OpenAI's default, which asks for nothing
            losses.add(name)
    return taken


def write_stop(asks: Json, rules: Rules, losses: Losses) -> Json:
    """Stop sequences. Claude refuses blank ones; to others a line break is as good as any."""
    kept = stops_of(asks, losses, str.strip, "stop_sequences") if rules.claude else stops_of(asks, losses)
    if not kept:
        return {}
    if not rules.stop:
        losses.add("stop")
        return {}
    return at(("inferenceConfig", "stopSequences"), kept)


def write_account(asks: Json, losses: Losses) -> Json:
    """`requestMetadata`, by which the account's logs are searched, and the tier."""
    pairs = _pairs(asks, losses)
    tier = asks.get("service_tier")
    if tier is not None and tier not in TIERS:
        losses.add("service_tier")
    return {
        **({"requestMetadata": pairs} if pairs else {}),
        **({"serviceTier": {"type": tier}} if tier in TIERS else {}),
    }


def _pairs(asks: Json, losses: Losses) -> dict[str, str]:
    metadata = as_object(asks.get("metadata"))
    fit = {name: value for name, value in metadata.items() if KEY.match(name) and _fits(value)}
    kept = dict(list(fit.items())[:MOST_PAIRS])
    if len(kept) < len(metadata):
        losses.add("metadata", "trimmed" if kept else "")
    user = asks.get("user")
    if user is None or "user" in kept:
        return kept
    if not _fits(user) or not user or len(kept) == MOST_PAIRS:
        losses.add("user")
        return kept
    return {**kept, "user": user}


def _fits(value: Any) -> bool:
    return isinstance(value, str) and VALUE.match(value) is not None
