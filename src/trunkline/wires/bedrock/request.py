"""The request: what OpenAI's says, as Converse takes it.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
"""

import orjson

from trunkline.ports import Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires.asks import MEANING, asked
from trunkline.wires.bedrock.documents import Names
from trunkline.wires.bedrock.embeddings import batches
from trunkline.wires.bedrock.formats import formed
from trunkline.wires.bedrock.messages import converse
from trunkline.wires.bedrock.parts import Scope
from trunkline.wires.bedrock.paths import path
from trunkline.wires.bedrock.pieces import at, joined
from trunkline.wires.bedrock.rules import EXTRA, Rules, rules_of
from trunkline.wires.bedrock.settings import write_account, write_sampling, write_stop
from trunkline.wires.bedrock.thinking import write_thinking
from trunkline.wires.bedrock.tools import tool_config, tools_of
from trunkline.wires.loss import Losses, unsupported

FRAMES = "application/vnd.amazon.eventstream"

# Converse's own parameters, passed by their names and over what is written from OpenAI's.
NATIVE = (
    "additionalModelRequestFields", "additionalModelResponseFieldPaths", "guardrailConfig", "inferenceConfig",
    "outputConfig", "performanceConfig", "promptVariables", "requestMetadata", "serviceTier",
)  # fmt: skip
# Claude's own, which go into its own field; as headers they would be ignored.
CLAUDE = ("anthropic_beta", "output_config")
READ = frozenset({
    "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "modalities",
    "temperature", "top_p", "top_k", "stop", "stop_sequences", "tools", "tool_choice", "parallel_tool_calls",
    "response_format", "reasoning_effort", "thinking", "metadata", "user", "service_tier", "cache_control", *NATIVE,
})  # fmt: skip


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as Bedrock takes it; `body` is not changed.

    Raises ApiError for what the model lacks and whose loss would change the meaning.
    """
    if call.kind == "embeddings":
        return batches(body, target)[0]
    asks, losses = asked(body, target, impossible=MEANING)
    rules = rules_of(target.model)
    request = _write(asks, target.id, rules, losses)
    # Some models call tools and stream, but not both at once: their whole answer is told as a stream.
    if call.stream and (rules.streams_tools or "toolConfig" not in request):
        where, accept = path(target, "converse-stream"), FRAMES
    else:
        where, accept = path(target, "converse"), "application/json"
        request = _as_whole(request)
    return Encoded(where, orjson.dumps(request), headers={"accept": accept}, dropped=losses.names)


def _write(asks: Json, model: str, rules: Rules, losses: Losses) -> Json:
    asks, form = formed(asks, model, rules, losses)
    scope = Scope(rules, losses, Names())
    conversation = converse(_marked(asks), scope)
    if conversation.prefilled and rules.claude and not rules.claude.prefill:
        why = f"{model} cannot go on with a last message of the assistant; end with one of the user, or of a tool."
        raise unsupported("messages", why)
    tools = tools_of(asks, conversation.called, model, scope)
    may_budget = conversation.may_think and not tools.forced
    thought = write_thinking(asks, rules, losses, may_budget=may_budget)
    own = {name: asks[name] for name in CLAUDE if name in asks and rules.claude}
    read = READ | own.keys() if rules.claude else READ - {"thinking", "stop_sequences"}
    for name in asks.keys() - read:
        losses.add(name)
    return joined(
        conversation.request,
        tool_config(tools),
        thought,
        form,
        write_sampling(asks, thought, rules, losses),
        write_stop(asks, rules, losses),
        write_account(asks, losses),
        at((EXTRA,), own) if own else {},
        {name: asks[name] for name in NATIVE if name in asks},
    )


def _marked(asks: Json) -> list[Json]:
    """The messages; the mark of the whole request is one at its end.
    https://platform.claude.com/docs/en/build-with-claude/prompt-caching#automatic-caching"""
    messages: list[Json] = asks["messages"]
    mark = asks.get("cache_control")
    return [*messages[:-1], {**messages[-1], "cache_control": mark}] if mark else messages


def _as_whole(request: Json) -> Json:
    """Without the guardrail's setting for streams, which Converse does not know."""
    guardrail = request.get("guardrailConfig")
    if not isinstance(guardrail, dict):
        return request
    return {**request, "guardrailConfig": {k: v for k, v in guardrail.items() if k != "streamProcessingMode"}}
