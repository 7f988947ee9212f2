"""A mistake in the file, told with its place and with the name that was probably meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `line` and `column` count from 1; `path` names the value (`routes.smart.targets[1]`) and is
    empty where the file as a whole is meant; `text` never holds a secret."""

    line: int
    column: int
    path: str
    text: str
    severity: Severity

    def render(self, file: str) -> str:
        """`FILE:LINE:COL: error|warning: PATH: text`, always one line."""
        where = f"{self.path}: " if self.path else ""
        return f"{file}:{self.line}:{self.column}: {self.severity}: {printable(where + self.text)}"


def printable(text: str) -> str:
    """The file's own words on a terminal: no line break, no control character."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def quoted(text: str, limit: int = 60) -> str:
    """A word of the file inside a message, cut where it is long."""
    return f'"{text}"' if len(text) <= limit else f'"{text[:limit]}…"'


def near(name: str, known: Iterable[str]) -> str:
    """` (did you mean "x"?)`, or nothing where no known name resembles this one."""
    found = get_close_matches(name, list(known), n=1)
    return f' (did you mean "{found[0]}"?)' if found else ""


def near_or_all(name: str, known: Iterable[str]) -> str:
    """The near name, else every name there is."""
    names = list(known)
    return near(name, names) or f" (known: {', '.join(names)})"
