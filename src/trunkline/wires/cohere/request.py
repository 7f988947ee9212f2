"""The request: what OpenAI's says, as Cohere takes it."""

import orjson

from trunkline.ports import Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires.asks import asked
from trunkline.wires.cohere.embeddings import batches
from trunkline.wires.cohere.messages import converse
from trunkline.wires.cohere.names import Names, names_of
from trunkline.wires.cohere.rules import rules_of
from trunkline.wires.cohere.settings import write_format, write_limit, write_sampling, write_stop, write_thinking
from trunkline.wires.cohere.tools import write_tools
from trunkline.wires.loss import Losses

PATH = "/v2/chat"

# `logprobs` come, without alternatives.
IMPOSSIBLE = ("n", "top_logprobs", "logit_bias", "audio", "modalities")

# Cohere's own parameters, passed by their names; `p`, `k`, `stop_sequences`, `strict_tools` and `thinking` join what is
# written from OpenAI's.
NATIVE = ("documents", "citation_options", "safety_mode", "priority")
READ = frozenset({
    "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "modalities",
    "temperature", "top_p", "p", "top_k", "k", "frequency_penalty", "presence_penalty", "seed", "logprobs", "stop",
    "stop_sequences", "tools", "tool_choice", "parallel_tool_calls", "strict_tools", "response_format",
    "reasoning_effort", "thinking", *NATIVE,
})  # fmt: skip


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as Cohere takes it; `body` is not changed.

    Raises ApiError for what the model lacks and whose loss would change the meaning.
    """
    if call.kind == "embeddings":
        return batches(body, target)[0]
    asks, losses = asked(body, target, READ, IMPOSSIBLE)
    written = _write(asks, names_of(body), target, losses)
    request = {"model": target.model, **written, **({"stream": True} if call.stream else {})}
    return Encoded(PATH, orjson.dumps(request), dropped=losses.names)


def _write(asks: Json, names: Names, target: Target, losses: Losses) -> Json:
    rules = rules_of(target.model)
    tools = write_tools(asks, target.id, names, rules, losses)
    limit = write_limit(asks, rules, losses)
    alone = not tools and not asks.get("documents")
    format_, instruction = write_format(asks, target.id, losses, alone=alone)
    return {
        "messages": converse(asks["messages"], names, rules, losses, instruction),
        **tools,
        **format_,
        **limit,
        **write_thinking(asks, limit.get("max_tokens"), rules, losses),
        **write_sampling(asks, losses),
        **write_stop(asks, losses),
        **{name: asks[name] for name in NATIVE if name in asks},
    }
