"""The request: what OpenAI's says, as generateContent takes it."""

import orjson

from trunkline.ports import Encoded
from trunkline.types import TOKEN_LIMITS, Call, Json, Target
from trunkline.wires.asks import asked
from trunkline.wires.fields import as_object
from trunkline.wires.gemini.dialect import GEMINI, Dialect, camel, path, resource
from trunkline.wires.gemini.embeddings import batches
from trunkline.wires.gemini.messages import converse
from trunkline.wires.gemini.rules import rules_of
from trunkline.wires.gemini.settings import write_config, write_tier
from trunkline.wires.gemini.tools import write_tools
from trunkline.wires.loss import Losses

# Of what would change the meaning, what Gemini has no counterpart for.
IMPOSSIBLE = ("logit_bias", "audio", "modalities")
READ = frozenset({
    "model", "messages", "stream", "stream_options", *TOKEN_LIMITS, "temperature", "top_p", "stop", "n", "seed",
    "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "modalities", "response_format",
    "reasoning_effort", "tools", "tool_choice", "parallel_tool_calls", "web_search_options", "service_tier",
})  # fmt: skip


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as Gemini takes it; `body` is not changed.

    Raises ApiError for what the model lacks and whose loss would change the meaning.
    """
    if call.kind == "embeddings":
        return batches(body, target)[0]
    asks, losses = asked(body, target, impossible=IMPOSSIBLE)
    request = write_request(call, asks, target.model, losses, GEMINI)
    how = "streamGenerateContent?alt=sse" if call.stream else "generateContent"
    return Encoded(f"{path(resource(target.model))}:{how}", orjson.dumps(request), dropped=losses.names)


def write_request(call: Call, asks: Json, model: str, losses: Losses, dialect: Dialect) -> Json:
    """All of a request but its path, which names the model and how the answer is to come: what both of Google's
    places share. `asks` comes from `asked`; what is lost is added to `losses`.

    Raises ApiError for what the model lacks and whose loss would change the meaning.
    """
    rules = rules_of(model)
    own = _own(asks, dialect, losses)
    conversation = converse(asks["messages"], rules, dialect, losses)
    written: Json = {
        **({"systemInstruction": {"parts": conversation.system}} if conversation.system else {}),
        "contents": conversation.contents,
        **write_tools(asks, own, model, rules, dialect, losses),
        **write_tier(asks, losses),
    }
    config = write_config(call, asks, model, rules, losses) | _config(own, dialect)
    if config:
        written["generationConfig"] = config
    return written | {field: own[field] for field in own if field in dialect.native}


def _own(asks: Json, dialect: Dialect, losses: Losses) -> Json:
    """Fields under Gemini's own names; what neither OpenAI nor it knows is lost."""
    own: Json = {}
    for name in asks:
        if name not in READ:
            field = camel(name)
            if dialect.knows(field):
                own[field] = asks[name]
            else:
                losses.add(name)
    return own


def _config(own: Json, dialect: Dialect) -> Json:
    """What the client says in Gemini's own words counts."""
    return {
        **as_object(own.get("generationConfig")),
        **{field: own[field] for field in own if field in dialect.config},
    }
