"""A request held to what a provider's row allows: data alone, no provider needs code of its own for it."""

from collections.abc import Mapping
from typing import Any

from trunkline.errors import ApiError
from trunkline.types import Json, Provider, Target

# What asks for nothing: leaving it out loses nothing.
NEUTRAL: Mapping[str, Any] = {
    "n": 1,
    "modalities": ["text"],
    "tool_choice": "auto",
    "frequency_penalty": 0,
    "presence_penalty": 0,
    "parallel_tool_calls": True,
}
REASONING = {"reasoning", "reasoning_content", "reasoning_details"}


def narrow(body: Json, target: Target) -> tuple[Json, list[str]]:
    """The parameters that this target takes, by its names, and the names of those that were lost or approximated.

    Raises ApiError(unsupported_parameter) for one whose loss would change the meaning.
    """
    provider = target.provider
    if provider.refuse:
        body = _without_refused(body, target)
    only = provider.only
    left = [key for key in body if key in provider.drop or (only is not None and key not in only)]
    sent = {provider.rename.get(key, key): value for key, value in body.items() if key not in left}
    lost = [key for key in left if key not in NEUTRAL or body[key] != NEUTRAL[key]]
    if provider.nearest:
        _approximate(sent, provider, lost)
    if provider.message_keys and "messages" in sent:
        _whitelist(sent, provider.message_keys, lost)
    return sent, lost


def _without_refused(body: Json, target: Target) -> Json:
    refuse = target.provider.refuse
    for key in sorted(refuse & body.keys()):
        if body[key] and body[key] != NEUTRAL.get(key):
            message = f"`{key}` is not supported by {target.id}; leave it out, or ask for another model."
            raise ApiError("unsupported_parameter", message, param=key, should_retry=False)
    return {key: value for key, value in body.items() if key not in refuse}


def _approximate(sent: Json, provider: Provider, lost: list[str]) -> None:
    for key, known in provider.nearest.items():
        value = sent.get(key)
        if isinstance(known, tuple):
            if isinstance(value, int | float) and not known[0] <= value <= known[1]:
                sent[key] = min(max(value, known[0]), known[1])
                lost.append(f"{key}=clamped")
        elif isinstance(value, str) and value in known:
            sent[key] = known[value]
            lost.append(f"{key}={known[value]}")


def _whitelist(sent: Json, allowed: Mapping[str, frozenset[str]], lost: list[str]) -> None:
    """Messages without the keys that a closed schema refuses. Reasoning that comes back is left out without a word:
    it was never more than a help to the next turn."""
    whole = sent["messages"]
    sent["messages"] = [_allowed(message, allowed) for message in whole]
    for message, kept in zip(whole, sent["messages"], strict=True):
        if any(message[key] for key in message.keys() - kept.keys() - REASONING):
            lost.append("messages=trimmed")
            return


def _allowed(message: Json, allowed: Mapping[str, frozenset[str]]) -> Json:
    keys = allowed.get(message["role"])
    return message if keys is None else {key: value for key, value in message.items() if key in keys}
