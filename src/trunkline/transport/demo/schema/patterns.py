"""Strings that match a simple regular expression, made up from the expression itself.

It is never run: the pattern comes from the client, and a hostile one can hold the event loop for ever. Known are
literals, `.`, the classes `\\d \\w \\s`, sets, groups, alternation, repetition, `^` and `$`.
"""

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType

LONGEST_PATTERN = 1_000
MOST_REPEATED = 64
LONGEST_SAMPLE = 10_000

_COUNTS = re.compile(r"\{(\d{1,6})(,(\d{0,6}))?\}", re.ASCII)
_CONTROLS = MappingProxyType({"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"})
_CLASSES: MappingProxyType[str, Callable[[str], bool]] = MappingProxyType(
    {
        "d": lambda char: char.isdigit(),
        "w": lambda char: char.isalnum() or char == "_",
        "s": lambda char: char.isspace(),
        "D": lambda char: not char.isdigit(),
        "W": lambda char: not (char.isalnum() or char == "_"),
        "S": lambda char: not char.isspace(),
    }
)
_LIKELY = "a1A -_.,:/@#+" + "bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ023456789" + "!\"$%&'()*;<=>?[\\]^`{|}~"


class Unknown(Exception):
    """The pattern uses something that is not understood here."""


def samples(pattern: str) -> Iterator[str]:
    """Matching strings, the shortest first, each a little longer where the pattern allows. Raises Unknown."""
    if len(pattern) > LONGEST_PATTERN:
        raise Unknown
    seen = set()
    for extra in range(MOST_REPEATED):
        text = _Sampler(pattern, extra).whole()
        if text not in seen:
            seen.add(text)
            yield text


class _Sampler:
    """Recursive descent over one pattern. What may repeat does so `extra` times more than it must."""

    def __init__(self, pattern: str, extra: int) -> None:
        self._pattern = pattern
        self._at = 0
        self._extra = extra

    def whole(self) -> str:
        text = self._alternatives()
        if self._at < len(self._pattern):
            raise Unknown
        return text

    def _peek(self, length: int = 1) -> str:
        return self._pattern[self._at : self._at + length]

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise Unknown
        self._at += 1
        return self._pattern[self._at - 1]

    def _skip(self, text: str) -> bool:
        found = self._pattern.startswith(text, self._at)
        self._at += len(text) if found else 0
        return found

    def _alternatives(self) -> str:
        """The first one; the others are read all the same, for their end."""
        first = self._sequence()
        while self._skip("|"):
            self._sequence()
        return first

    def _sequence(self) -> str:
        text = ""
        while self._peek() not in ("", "|", ")"):
            text += self._repeated()
            if len(text) > LONGEST_SAMPLE:
                raise Unknown
        return text

    def _repeated(self) -> str:
        atom = self._atom()
        least, most = self._bounds()
        times = least if most == least else min(most, least + self._extra)
        if len(atom) * times > LONGEST_SAMPLE:
            raise Unknown
        return atom * times

    def _bounds(self) -> tuple[int, int]:
        least, most = 1, 1
        if self._skip("*"):
            least, most = 0, LONGEST_SAMPLE
        elif self._skip("+"):
            most = LONGEST_SAMPLE
        elif self._skip("?"):
            least = 0
        elif counts := _COUNTS.match(self._pattern, self._at):
            self._at = counts.end()
            least = int(counts[1])
            most = int(counts[3] or LONGEST_SAMPLE) if counts[2] else least
        else:
            return least, most
        self._skip("?")  # lazy or greedy, the strings are the same
        return least, most

    def _atom(self) -> str:
        char = self._next()
        if char in "^$":
            return self._anchor(char)
        if char == "(":
            return self._group()
        if char == "[":
            return self._set()
        if char == ".":
            return "a"
        if char == "\\":
            return self._escaped()
        if char in "*+?":
            raise Unknown
        return char

    def _anchor(self, char: str) -> str:
        """Only where it says nothing: at either end of an alternative."""
        first = self._at == 1 or self._pattern[self._at - 2] in "(|:"
        last = self._peek() in ("", ")", "|")
        if not (first if char == "^" else last):
            raise Unknown
        return ""

    def _group(self) -> str:
        if self._skip("?") and not self._skip(":"):
            raise Unknown
        text = self._alternatives()
        if not self._skip(")"):
            raise Unknown
        return text

    def _escaped(self) -> str:
        char = self._next()
        if char in _CLASSES:
            return _first(_CLASSES[char])
        return self._literal(char)

    def _literal(self, char: str) -> str:
        """What an escape other than a class stands for."""
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char.isalnum():
            raise Unknown
        return char

    def _set(self) -> str:
        negated = self._skip("^")
        tests: list[Callable[[str], bool]] = []
        while not self._skip("]"):
            tests.append(self._set_member())
        return _first(lambda char: any(test(char) for test in tests) != negated)

    def _set_member(self) -> Callable[[str], bool]:
        low = self._next()
        if low == "\\":
            if self._peek() in _CLASSES:
                return _CLASSES[self._next()]
            low = self._literal(self._next())
        if self._peek() == "-" and self._peek(2) != "-]":
            self._at += 1
            high = self._next()
            high = self._literal(self._next()) if high == "\\" else high
            return lambda char: low <= char <= high
        return lambda char: char == low


def _first(test: Callable[[str], bool]) -> str:
    for char in _LIKELY:
        if test(char):
            return char
    raise Unknown
