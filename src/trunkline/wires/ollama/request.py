"""The request: what OpenAI's says, as `/api/chat` and `/api/embed` take it."""

import orjson

from trunkline.ports import Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires.asks import asked
from trunkline.wires.batches import texts_of
from trunkline.wires.loss import Losses
from trunkline.wires.ollama.messages import converse
from trunkline.wires.ollama.rules import rules_of
from trunkline.wires.ollama.settings import OPTIONS, SHARED, TOP_LEVEL, write_format, write_options, write_think
from trunkline.wires.ollama.tools import write_tools

CHAT, EMBED = "/api/chat", "/api/embed"
IMPOSSIBLE = ("n", "logit_bias", "audio", "modalities")

READ = frozenset({
    "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "modalities", "stop",
    "tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort", "logprobs", "top_logprobs",
    "format", "think", "options", *SHARED, *OPTIONS, *TOP_LEVEL,
})  # fmt: skip
# What a vector's request takes beside its text; `encoding_format` is ours to make of what comes.
EMBEDDED = ("truncate", "dimensions", "keep_alive")
READ_EMBED = frozenset({"model", "input", "encoding_format", "options", *OPTIONS, *EMBEDDED})


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as Ollama takes it; `body` is not changed.

    Raises ApiError for what it lacks and whose loss would change the meaning.
    """
    if call.kind == "embeddings":
        asks, losses = asked(body, target, READ_EMBED)
        path, written = EMBED, _embed(asks, target, losses)
    else:
        asks, losses = asked(body, target, READ, IMPOSSIBLE)
        path, written = CHAT, _write(call, asks, target, losses)
    return Encoded(path, orjson.dumps({"model": target.model, **written}), dropped=losses.names)


def _write(call: Call, asks: Json, target: Target, losses: Losses) -> Json:
    return {
        "messages": converse(asks["messages"], losses),
        # It streams unless it is told not to.
        "stream": call.stream,
        **write_tools(asks, target.id, losses),
        **write_format(asks, target.id),
        **write_think(asks, rules_of(target.model), losses),
        **{name: asks[name] for name in ("logprobs", "top_logprobs", *TOP_LEVEL) if name in asks},
        **write_options(asks, losses),
    }


def _embed(asks: Json, target: Target, losses: Losses) -> Json:
    texts = texts_of(asks, target.id)
    return {
        "input": texts if isinstance(asks["input"], list) else texts[0],
        **{name: asks[name] for name in EMBEDDED if name in asks},
        **write_options({name: asks[name] for name in ("options", *OPTIONS) if name in asks}, losses),
    }
