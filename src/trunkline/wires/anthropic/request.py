"""The request: what OpenAI's says, as Messages takes it."""

import re
from typing import Any

import orjson

from trunkline.ports import Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires.anthropic.messages import Conversation, converse
from trunkline.wires.anthropic.rules import Rules, rules_of
from trunkline.wires.anthropic.settings import (
    write_account,
    write_format,
    write_sampling,
    write_stop,
)
from trunkline.wires.anthropic.thinking import LONGEST_UNARY, token_limit, write_thinking
from trunkline.wires.anthropic.tools import has_own, write_tools
from trunkline.wires.asks import MEANING, asked, chats_only
from trunkline.wires.fields import as_object
from trunkline.wires.loss import Losses, invalid, unsupported

PATH = "/v1/messages"
# The newer 2026-10-21 refuses temperature on every model: https://platform.claude.com/docs/en/api/versioning
VERSION = "2023-06-01"

# Anthropic's own parameters, passed by their names; `thinking`, `output_config`, `top_k` and `stop_sequences` join
# what is written from OpenAI's.
NATIVE = ("cache_control", "speed", "inference_geo", "container", "diagnostics", "mcp_servers", "context_management")
# Those of its parameters that are headers.
HEADERS = {"user_profile_id": "anthropic-user-profile-id", "workspace_id": "anthropic-workspace-id"}
# What is refused without its beta: https://platform.claude.com/docs/en/api/beta-headers
BETAS = {"mcp_servers": "mcp-client-2026-09-15", "context_management": "context-management-2025-06-27"}
READ = frozenset({
    "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "modalities",
    "temperature", "top_p", "top_k", "stop", "stop_sequences", "tools", "tool_choice", "parallel_tool_calls",
    "response_format", "reasoning_effort", "thinking", "output_config", "metadata", "user", "safety_identifier",
    "service_tier", *NATIVE,
})  # fmt: skip


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as Anthropic takes it; `body` is not changed.

    Raises ApiError for what the model lacks and whose loss would change the meaning.
    """
    chats_only(call, target, "Anthropic has no such models.")
    asks, losses = asked(body, target, READ | HEADERS.keys(), MEANING)
    rules = rules_of(target.model)
    conversation = converse(asks["messages"], rules, losses)
    written = write_request(asks, conversation, target.id, rules, losses)
    # A turn that may pause is read as a stream, which goes on.
    stream = call.stream or written["max_tokens"] > LONGEST_UNARY or has_own(asks)
    model = target.provider.deployments.get(target.model, target.model)
    request = {"model": model, **written, **({"stream": True} if stream else {})}
    return Encoded(PATH, orjson.dumps(request), headers=_headers(request, asks), dropped=losses.names)


def write_request(asks: Json, conversation: Conversation, model: str, rules: Rules, losses: Losses) -> Json:
    """All of it but the model's name and how the answer is to come: other clouds serve Claude with those elsewhere."""
    if conversation.prefilled and not rules.prefill:
        why = f"{model} cannot go on with a last message of the assistant; end with one of the user, or of a tool."
        raise unsupported("messages", why)
    system = conversation.system
    format_, instruction = write_format(asks, model, rules, losses)
    if instruction:
        system = [*system, {"type": "text", "text": instruction}]
    tools = write_tools(asks, model, rules, losses)
    forced = tools.get("tool_choice", {}).get("type") in ("any", "tool")
    limit = token_limit(asks, rules, losses)
    thinking = write_thinking(asks, limit, rules, losses, may_budget=conversation.may_think and not forced)
    by_budget = thinking.get("thinking", {}).get("type") == "enabled"
    config = {**thinking.pop("output_config", {}), **format_, **as_object(asks.get("output_config"))}
    return {
        **thinking,
        **({"system": system} if system else {}),
        "messages": conversation.messages,
        **tools,
        **({"output_config": config} if config else {}),
        **write_sampling(asks, rules, losses, thinks_by_budget=by_budget),
        **write_stop(asks, losses),
        **write_account(asks, losses),
        **{name: asks[name] for name in NATIVE if name in asks},
    }


def _headers(request: Json, asks: Json) -> dict[str, str]:
    """The version, what is a header there, and the betas without which what was asked for is refused."""
    told = {header: _header_safe(asks[name], name) for name, header in HEADERS.items() if name in asks}
    betas = [beta for name, beta in BETAS.items() if name in request]
    if any(_is_uploaded(block) for message in request["messages"] for block in message["content"]):
        betas.append("files-api-2025-04-14")
    if request.get("speed") == "fast":
        betas.append("fast-mode-2026-02-01")
    return {"anthropic-version": VERSION, **told, **({"anthropic-beta": ",".join(betas)} if betas else {})}


def _header_safe(value: Any, name: str) -> str:
    """Raises ApiError for what no header can hold: a line break would begin another one."""
    if isinstance(value, str) and re.fullmatch(r"[!-~]{1,200}", value):
        return value
    raise invalid(name, "must be text of at most 200 letters, digits and signs, without blanks")


def _is_uploaded(block: Json) -> bool:
    return bool(as_object(block.get("source")).get("type") == "file")
