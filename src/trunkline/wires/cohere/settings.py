"""The parameters around the conversation: sampling, stop, length, thinking, format."""

from trunkline.types import Json
from trunkline.wires.asks import FITTING, JSON_ONLY, format_of, limit_of, stops_of
from trunkline.wires.cohere.rules import BUDGETS, ROOM, Rules
from trunkline.wires.cohere.schema import fit
from trunkline.wires.fields import as_object, dumps
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.schema import simplified

# OpenAI's name or Cohere's own -> Cohere's, and the range beyond which it answers 400.
RANGES: tuple[tuple[str, str, float, float], ...] = (
    ("temperature", "temperature", 0, 1),
    ("top_p", "p", 0.01, 0.99),
    ("p", "p", 0.01, 0.99),
    ("top_k", "k", 0, 500),
    ("k", "k", 0, 500),
    ("frequency_penalty", "frequency_penalty", 0, 1),
    ("presence_penalty", "presence_penalty", 0, 1),
)
SEEDS = 2**64  # they have no sign: a negative one goes as the seed with the same bits
MOST_STOPS = 5


def write_sampling(asks: Json, losses: Losses) -> Json:
    """`temperature`, `p`, `k`, the penalties, `seed` and `logprobs`."""
    written: Json = {}
    for name, theirs, least, most in RANGES:
        value = asks.get(name)
        if value is None:
            continue
        if isinstance(value, int | float) and not least <= value <= most:
            value = min(max(value, least), most)
            losses.add(name, "clamped")
        written[theirs] = value
    if "seed" in asks:
        written["seed"] = asks["seed"] % SEEDS
    return written | ({"logprobs": True} if asks.get("logprobs") else {})


def write_stop(asks: Json, losses: Losses) -> Json:
    """Always a list, and a short one."""
    given = stops_of(asks, losses, native="stop_sequences")
    if len(given) > MOST_STOPS:
        losses.add("stop", "trimmed")
    return {"stop_sequences": given[:MOST_STOPS]} if given else {}


def write_limit(asks: Json, rules: Rules, losses: Losses) -> Json:
    """Nothing where the client sets no limit: it is the model's own then."""
    limit = limit_of(asks, rules.max_tokens, losses)
    return {"max_tokens": limit.tokens} if limit else {}


def write_thinking(asks: Json, limit: int | None, rules: Rules, losses: Losses) -> Json:
    """`thinking`, by `reasoning_effort` unless the client says it itself. `limit` of tokens holds thinking, too."""
    if isinstance(asks.get("thinking"), dict):
        return {"thinking": asks["thinking"]}
    effort = asks.get("reasoning_effort")
    if effort is None:
        return {}
    if effort == "none":
        return {"thinking": {"type": "disabled"}} if rules.thinking else {}
    if not rules.thinking or effort not in BUDGETS:
        losses.add("reasoning_effort")
        return {}
    budget = BUDGETS[effort]
    if budget is not None and limit is not None:
        budget = min(budget, max(limit - ROOM, limit // 2, 1))
    return {"thinking": {"type": "enabled", **({"token_budget": budget} if budget is not None else {})}}


def write_format(asks: Json, model: str, losses: Losses, *, alone: bool) -> tuple[Json, str | None]:
    """`response_format`, and what the system must say where there is none.

    `alone` false: there are tools or documents, beside which Cohere refuses any format. A schema without which the
    answer would mean something else is then told in words.
    """
    form = format_of(asks, model)
    if form.kind == "text":
        return {}, None
    # Where OpenAI has it, or where Cohere has it: bare, under either of its names.
    given = asks["response_format"]
    schema = form.schema or (form.described if given["type"] == "json_object" else {}) or as_object(given.get("schema"))
    if not alone:
        losses.add("response_format", "instruction")
        return {}, FITTING + dumps(schema) if schema else JSON_ONLY
    if not schema:
        return {"response_format": {"type": "json_object"}}, None
    if schema.get("type", "object") != "object":
        raise unsupported("response_format", "Cohere's models answer with an object: its schema must be of that type.")
    fitted = simplified(fit(schema), "response_format", losses)
    return {"response_format": {"type": "json_object", "json_schema": {"type": "object", **fitted}}}, None
