"""The request: what OpenAI's chat request says, as Responses takes it."""

import orjson

from trunkline.ports import Encoded
from trunkline.types import TOKEN_LIMITS, Call, Json, Target
from trunkline.wires.asks import asked, chats_only
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.responses.messages import converse
from trunkline.wires.responses.rules import rules_of
from trunkline.wires.responses.settings import write_include, write_limit, write_reasoning, write_text
from trunkline.wires.responses.tools import write_tools

PATH = "/responses"

# Of one name in both APIs, and those that only this one has, passed by their names. What lives at the provider beyond
# the call (background, store) is not: nobody could come back for it.
SAME = (
    "temperature", "top_p", "top_logprobs", "service_tier", "prompt_cache_key", "prompt_cache_options",
    "prompt_cache_retention", "safety_identifier", "metadata", "user", "moderation",
)  # fmt: skip
NATIVE = ("truncation", "max_tool_calls", "context_management", "prompt", "image", "access_programs")
READ = frozenset({
    "model", "messages", "stream", "stream_options", "modalities", "logprobs", "tools", "tool_choice",
    "parallel_tool_calls", "web_search_options", "response_format", "verbosity", "text", "reasoning_effort",
    "reasoning", "include", *TOKEN_LIMITS, *SAME, *NATIVE,
})  # fmt: skip

IMPOSSIBLE = ("n", "logit_bias", "audio", "modalities")
STATE = ("previous_response_id", "conversation")


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as Responses takes it; `body` is not changed.

    Raises ApiError for what this API lacks and whose loss would change the meaning.
    """
    chats_only(call, target, "the Responses API has none.")
    asks, losses = asked(body, target, READ, IMPOSSIBLE)
    for name in STATE:
        if name in asks:
            raise unsupported(name, f"`{name}`: nothing is kept at the provider; send the conversation in `messages`.")
    request = _write(asks, target, losses, stream=call.stream)
    return Encoded(PATH, orjson.dumps(request), dropped=losses.names)


def _write(asks: Json, target: Target, losses: Losses, *, stream: bool) -> Json:
    provider = target.provider
    rules = rules_of(target.model)
    # Who cannot stream answers whole, which is told as a stream all the same.
    options = {"stream_options": dict(provider.stream_options)} if provider.stream_options else {}
    return {
        "model": provider.deployments.get(target.model, target.model),
        "input": converse(asks["messages"], provider.name, losses),
        **write_limit(asks, losses),
        **write_reasoning(asks, rules),
        **write_text(asks),
        **write_tools(asks),
        **write_include(asks, rules),
        **{name: asks[name] for name in (*SAME, *NATIVE) if name in asks},
        "store": False,
        **({"stream": True, **options} if stream and rules.streams else {}),
    }
