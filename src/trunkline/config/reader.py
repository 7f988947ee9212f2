"""Where reading stands in the tree, and what every shape needs: substitution and a place for mistakes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from trunkline.config.problems import Problem, Severity, quoted
from trunkline.config.scalars import core
from trunkline.config.source import Items, Node, Scalar, Table
from trunkline.config.substitute import ReadFile, SubstitutionError, Text, substitute


class Mistake(Exception):
    """The value that is being read is wrong. The collection around it knows where and reports it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of the file, the path by which a message names it, and its key where it has one."""

    node: Node
    path: str = ""
    key: Scalar | None = None

    def __truediv__(self, step: str | int) -> "Spot":
        """The value below this one, null and in this one's place where the file has none."""
        if isinstance(step, int) and isinstance(self.node, Items):
            return Spot(self.node.items[step], self._path(step))
        absent = Spot(Scalar(self.place.line, self.place.column, "", plain=True), self._path(step))
        return next((value for name, _, value in self.entries() if name == step), absent)

    def given(self, key: str) -> bool:
        """The file has this key here, whatever its value."""
        return isinstance(self.node, Table) and any(word.text == key for word, _ in self.node.entries)

    def entries(self) -> Iterator[tuple[str, "Spot", "Spot"]]:
        """Of a mapping: each key's name, the key in its own place, and the value."""
        if isinstance(self.node, Table):
            for key, value in self.node.entries:
                path = self._path(key.text)
                yield key.text, Spot(key, path), Spot(value, path, key)

    def items(self) -> Iterator["Spot"]:
        """The values of a list."""
        if isinstance(self.node, Items):
            yield from (Spot(item, self._path(index)) for index, item in enumerate(self.node.items))

    @property
    def place(self) -> Node:
        """Where a message points: at a word itself, at the key of a list or mapping, which begins a line later."""
        return self.key if self.key and (self.null or not isinstance(self.node, Scalar)) else self.node

    @property
    def null(self) -> bool:
        """Nothing is written here, or `null`: as good as absent."""
        return isinstance(self.node, Scalar) and self.node.plain and core(self.node.text) is None

    @property
    def kind(self) -> str:
        """What a message calls it, without a word of it: where a mapping is wanted it may be a misplaced key."""
        if isinstance(self.node, Scalar):
            return "null" if self.null else "a single value"
        return "a mapping" if isinstance(self.node, Table) else "a list"

    @property
    def told(self) -> str:
        """What a message calls it: its own words as the file has them, before substitution."""
        return quoted(self.node.text) if isinstance(self.node, Scalar) and not self.null else self.kind

    def _path(self, step: str | int) -> str:
        if isinstance(step, int):
            return f"{self.path}[{step}]"
        return f"{self.path}.{step}" if self.path else step


@dataclass(frozen=True, slots=True)
class Word:
    """A scalar as it is after substitution. `plain`: written without quotes, so it may be more than text."""

    text: Text
    plain: bool

    @property
    def value(self) -> Any:
        """Its value by YAML 1.2."""
        return core(self.text.value) if self.plain else self.text.value

    @property
    def typed(self) -> Any:
        """Its value where a number, a truth or a duration is wanted.

        A reference inside `{ }` cannot stand without quotes, which therefore say nothing about its type.
        """
        return core(self.text.value) if self.text.names else self.value


Doubts = Callable[[str, str], str | None]
"""(provider, model) -> what speaks against a target, from outside the file."""


def no_doubts(_provider: str, _model: str) -> str | None:
    return None


Installed = Callable[[str], bool]
"""Whether a library is there, by the name of its module."""


def is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of its package
        return False


@dataclass(frozen=True, slots=True)
class Reader:
    """What shapes read with; `problems` grows while they do. `file` is the file's name, for messages."""

    environ: Mapping[str, str] = field(repr=False)
    read_file: ReadFile
    file: str
    doubts: Doubts = no_doubts
    installed: Installed = is_installed
    problems: list[Problem] = field(default_factory=list)

    def error(self, spot: Spot, text: str) -> None:
        self._report(spot, text, "error")

    def warn(self, spot: Spot, text: str) -> None:
        self._report(spot, text, "warning")

    def failed(self, spot: Spot) -> bool:
        """There is an error here or below: what stands in for the value says nothing."""
        return any(problem.severity == "error" and problem.path.startswith(spot.path) for problem in self.problems)

    def word(self, spot: Spot, wanted: str) -> Word:
        """The scalar here, every variable in it set. Raises Mistake, saying that `wanted` is wanted."""
        word = self.open_word(spot, wanted)
        if word.text.unset:
            raise Mistake(f"{word.text.unset[0]} is unset")
        return word

    def open_word(self, spot: Spot, wanted: str) -> Word:
        """The scalar here, whether or not its variables are set. Raises Mistake."""
        if not isinstance(spot.node, Scalar) or spot.null:
            raise Mistake(f"must be {wanted}, not {spot.kind}")
        try:
            return Word(substitute(spot.node.text, self.environ, self.read_file), spot.node.plain)
        except SubstitutionError as error:
            raise Mistake(str(error)) from error

    def _report(self, spot: Spot, text: str, severity: Severity) -> None:
        self.problems.append(Problem(spot.place.line, spot.place.column, spot.path, text, severity))
