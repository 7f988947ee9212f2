"""What a provider, or one model of it, takes of a request: data, made once from its row and the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

_NOTHING: Mapping[str, Any] = MappingProxyType({})

# What no closed schema lacks. Whether `stream_options` are sent is a matter of their own.
_ALWAYS = frozenset({"model", "messages", "input", "stream", "stream_options"})
# Their loss would change what is answered: refused wherever they would be lost.
_MEANING = frozenset({"n", "logprobs", "top_logprobs", "logit_bias", "modalities", "audio", "dimensions"})

MOST_REMEMBERED = 4096

Nearest = tuple[float, float] | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """How a request is held to what is taken.

    rename        OpenAI parameter -> its name there
    drop, refuse  those left out and named; those answered with 400 where they ask for anything
    only          where others are refused: the parameters it takes
    message_keys  the same for the keys of a message, by its role
    nearest       parameter -> its least and greatest value, or value -> the nearest that is known
    request       deviations by name: functions of `wires.dialect`
    """

    rename: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    drop: frozenset[str] = frozenset()
    refuse: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    message_keys: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NOTHING)
    nearest: Mapping[str, Nearest] = field(default_factory=lambda: _NOTHING)
    request: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a row, a file or a rule about models says over what went before.

    match      a regular expression, found in the names of the models it is about
    reasoning  it holds only while the model reasons: for any effort but `none`
    effort     how hard the model thinks where the request does not say
    allow      taken after all
    """

    match: str = ""
    reasoning: bool = False
    effort: str | None = None
    allow: frozenset[str] = frozenset()
    rename: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    drop: frozenset[str] = frozenset()
    refuse: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    message_keys: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NOTHING)
    nearest: Mapping[str, Nearest] = field(default_factory=lambda: _NOTHING)
    request: tuple[str, ...] = ()

    def about(self, model: str) -> bool:
        return not self.match or found(self.match, model)


def found(pattern: str, model: str) -> bool:
    """Whether a model's name has this at the start of a word."""
    return re.search(rf"(?<![a-z0-9.])(?:{pattern})", model, re.IGNORECASE) is not None


def changed(before: Narrowing, change: Change) -> Narrowing:
    """What is taken after a change."""
    rename = {**before.rename, **change.rename}
    drop = before.drop - change.allow | change.drop
    refuse = before.refuse - change.allow | change.refuse | drop & _MEANING
    only = before.only
    if only is not None or change.only:
        only = _ALWAYS | (only or frozenset()) | change.only | change.allow | frozenset(rename)
        refuse |= _MEANING - only
    return Narrowing(
        rename=MappingProxyType(rename),
        drop=drop - refuse,
        refuse=refuse,
        only=only,
        message_keys=MappingProxyType({**before.message_keys, **change.message_keys}),
        nearest=MappingProxyType({**before.nearest, **change.nearest}),
        request=tuple(dict.fromkeys((*before.request, *change.request))),
    )


class Ruled(NamedTuple):
    """What holds for one model: while it reasons, while it does not, and which it does where nobody says."""

    reasoning: Narrowing
    idle: Narrowing
    effort: str


@dataclass(frozen=True, slots=True)
class Takes:
    """What a provider takes: `own`, and over it every rule that is about the model, in their order."""

    own: Narrowing = Narrowing()
    rules: tuple[Change, ...] = ()
    _found: dict[str, Ruled] = field(default_factory=dict, repr=False, compare=False)

    def by(self, model: str, effort: Any) -> Narrowing:
        """What holds for a request of that `reasoning_effort`, None where it has none."""
        if not self.rules:
            return self.own
        return self._ruled(model).reasoning if self.reasons(model, effort) else self._ruled(model).idle

    def reasons(self, model: str, effort: Any) -> bool:
        """Whether the model does, as far as anybody told, when asked with that `reasoning_effort`."""
        return (effort or self._ruled(model).effort) != "none"

    def _ruled(self, model: str) -> Ruled:
        return self._found.get(model) or self._find(model)

    def _find(self, model: str) -> Ruled:
        if len(self._found) >= MOST_REMEMBERED:
            self._found.clear()  # clients may name any model; configured ones are soon back
        reasoning = idle = self.own
        effort = ""
        for rule in self.rules:
            if rule.about(model):
                reasoning, effort = changed(reasoning, rule), rule.effort or effort
                idle = idle if rule.reasoning else changed(idle, rule)
        self._found[model] = ruled = Ruled(reasoning, idle, effort)
        return ruled
