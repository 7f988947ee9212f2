"""A request held to what a provider's row allows: data alone, no provider needs code of its own for it."""

from collections.abc import Mapping
from typing import Any

from trunkline.errors import ApiError
from trunkline.narrowing import Narrowing
from trunkline.types import Json, Target

# OpenAI's values that ask for nothing: without a counterpart, yet nothing is lost.
UNSAID: Json = {
    "n": 1, "logprobs": False, "top_logprobs": 0, "logit_bias": {}, "frequency_penalty": 0, "presence_penalty": 0,
    "store": False, "modalities": ["text"], "service_tier": "auto", "verbosity": "medium", "tools": [], "stop": [],
    "metadata": {},
}  # fmt: skip
# So do the defaults of models: leaving them out loses nothing.
NEUTRAL: Mapping[str, Any] = UNSAID | {
    "temperature": 1,
    "top_p": 1,
    "tool_choice": "auto",
    "parallel_tool_calls": True,
}
REASONING = {"reasoning", "reasoning_content", "reasoning_details"}


def narrow(body: Json, taken: Narrowing, target: Target) -> tuple[Json, list[str]]:
    """The parameters that this target takes, by its names, and the names of those that were lost or approximated.

    Raises ApiError(unsupported_parameter) for one whose loss would change the meaning.
    """
    if taken.refuse:
        body = _without_refused(body, taken.refuse, target)
    only = taken.only
    left = [key for key in body if key in taken.drop or (only is not None and key not in only)]
    sent = {taken.rename.get(key, key): value for key, value in body.items() if key not in left}
    lost = [key for key in left if key not in NEUTRAL or body[key] != NEUTRAL[key]]
    if taken.nearest:
        _approximate(sent, taken, lost)
    if taken.message_keys and "messages" in sent:
        _whitelist(sent, taken.message_keys, lost)
    return sent, lost


def taken_by(target: Target, body: Json) -> Narrowing:
    """What the target's model takes of this request."""
    thinking = body.get("thinking")  # the switch that several providers have beside the efforts
    off = isinstance(thinking, dict) and thinking.get("type") == "disabled"
    return target.provider.takes.by(target.model, "none" if off else body.get("reasoning_effort"))


def _without_refused(body: Json, refuse: frozenset[str], target: Target) -> Json:
    for key in sorted(refuse & body.keys()):
        if body[key] and body[key] != NEUTRAL.get(key):
            message = f"`{key}` is not supported by {target.id}; leave it out, or ask for another model."
            raise ApiError("unsupported_parameter", message, param=key, should_retry=False)
    return {key: value for key, value in body.items() if key not in refuse}


def _approximate(sent: Json, taken: Narrowing, lost: list[str]) -> None:
    for key, known in taken.nearest.items():
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
        if len(kept) < len(message) and any(message[key] for key in message.keys() - kept.keys() - REASONING):
            lost.append("messages=trimmed")
            return


def _allowed(message: Json, allowed: Mapping[str, frozenset[str]]) -> Json:
    keys = allowed.get(message["role"])
    if keys is None or message.keys() <= keys:
        return message
    return {key: value for key, value in message.items() if key in keys}
