"""The parameters around the conversation: reasoning, text, limits."""

from trunkline.types import Json
from trunkline.wires.asks import limit_of
from trunkline.wires.fields import as_list, as_object
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.responses.rules import Rules


def write_limit(asks: Json, losses: Losses) -> Json:
    """`max_output_tokens`, which like `max_completion_tokens` holds the reasoning, too."""
    limit = limit_of(asks, None, losses)
    return {"max_output_tokens": limit.tokens} if limit else {}


def write_reasoning(asks: Json, rules: Rules) -> Json:
    """`reasoning`: OpenAI's effort, and over it what the client says in this API's own words.

    Whoever asks for effort wants to read what it comes to. OpenAI refuses a summary to organisations that it has not
    verified: `reasoning: {summary: null}` asks for none.
    """
    effort = asks.get("reasoning_effort")
    asked: Json = {"effort": effort} if effort else {}
    if effort not in (None, "none") and rules.hidden:
        asked["summary"] = "auto"
    asked |= as_object(asks.get("reasoning"))
    asked = {name: value for name, value in asked.items() if value is not None}
    return {"reasoning": asked} if asked else {}


def write_text(asks: Json) -> Json:
    """`text`: format and verbosity."""
    text = {**_format(as_object(asks.get("response_format")))}
    if "verbosity" in asks:
        text["verbosity"] = asks["verbosity"]
    text |= as_object(asks.get("text"))
    return {"text": text} if text else {}


def _format(given: Json) -> Json:
    kind = given.get("type", "text")
    described = as_object(given.get("json_schema"))
    if kind == "text":
        return {}
    if kind == "json_object":
        return {"format": {"type": "json_object"}}
    if kind != "json_schema" or not isinstance(described.get("schema"), dict):
        why = "`response_format` must be text, json_object, or json_schema with a `schema`."
        raise unsupported("response_format", why)
    kept = {name: value for name, value in described.items() if value is not None}
    # As with tools: without a word on it, the schema is enforced, and refused where it cannot be.
    return {"format": {"type": "json_schema", **kept, "strict": described.get("strict") is True}}


def write_include(asks: Json, rules: Rules) -> Json:
    """`include`: the encrypted reasoning, without which the next turn could not go on from it, and log
    probabilities."""
    include = [
        *(["reasoning.encrypted_content"] if rules.hidden else []),
        *(["message.output_text.logprobs"] if asks.get("logprobs") else []),
        *as_list(asks.get("include")),
    ]
    return {"include": list(dict.fromkeys(map(str, include)))} if include else {}
