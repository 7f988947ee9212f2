"""YAML text to a tree of nodes that know their line and column. The only reader of YAML.

Events are read, not objects: nothing is ever constructed from a tag, deep nesting cannot exhaust the C stack as
the composer of libyaml does, and an alias is counted before it is followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MAX_NODES = 50_000
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as written; `plain` says that it stood without quotes, so its type is still to be read."""

    line: int
    column: int
    text: str = field(repr=False)
    plain: bool


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    column: int
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping in the order of the file; a duplicate key is still in it."""

    line: int
    column: int
    entries: "tuple[tuple[Scalar, Node], ...]"


Node = Scalar | Items | Table


class SourceError(Exception):
    """The text cannot be read at all. `line` and `column` count from 1."""

    def __init__(self, line: int, column: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.column = column


def compose(text: str) -> Node:
    """The one document in `text`; nothing at all is a null. Raises SourceError."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _explained(error, text) from None
    except yaml.reader.ReaderError as error:
        raise SourceError(*_place(text, error.position), f"cannot be read: {error.reason}") from None
    except UnicodeEncodeError as error:
        raise SourceError(1, 1, f"is not valid Unicode: {error.reason}") from None
    return builder.root or Scalar(1, 1, "", plain=True)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come. `size` and `height` count nodes and levels below and with it."""

    event: yaml.CollectionStartEvent | yaml.DocumentStartEvent
    children: list[Node] = field(default_factory=list)
    size: int = 1
    height: int = 1


class _Builder:
    """Puts nodes together from events."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int, int]] = {}

    def take(self, event: yaml.Event) -> None:
        """Raises SourceError on what has no place in a configuration file."""
        match event:
            case yaml.DocumentStartEvent():
                if self.root is not None:
                    raise _at(event, 'a second document begins here: keep one, without "---"')
                self.stack.append(_Open(event))
            case yaml.DocumentEndEvent():
                self.root = self.stack.pop().children[0]
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.ScalarEvent():
                self._untagged(event)
                line, column = _mark(event)
                self._add(Scalar(line, column, event.value, not event.style), 1, 1, event)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._untagged(event)
                self.stack.append(_Open(event))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = self.stack.pop()
                self._add(_close(done), done.size, done.height, done.event)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self.anchors:
            raise _at(event, f"unknown alias *{event.anchor}: no finished value before it has that anchor")
        self._add(*self.anchors[event.anchor], event)

    def _add(self, node: Node, size: int, height: int, event: yaml.Event) -> None:
        parent = self.stack[-1]
        parent.children.append(node)
        parent.size += size
        parent.height = max(parent.height, height + 1)
        if sum(frame.size for frame in self.stack) > MAX_NODES:
            raise _at(event, f"more than {MAX_NODES:,} values once its aliases are followed")
        if len(self.stack) + height > MAX_DEPTH:
            raise _at(event, f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, yaml.NodeEvent) and not isinstance(event, yaml.AliasEvent) and event.anchor:
            self.anchors[event.anchor] = (node, size, height)

    def _untagged(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise _at(event, f'YAML tags such as "{tag}" have no meaning here: leave it out')
        if len(self.stack) >= MAX_DEPTH:
            raise _at(event, f"nested more than {MAX_DEPTH} levels deep")


def _close(done: _Open) -> Node:
    line, column = _mark(done.event)
    if isinstance(done.event, yaml.SequenceStartEvent):
        return Items(line, column, tuple(done.children))
    return Table(line, column, tuple(_pairs(done.children)))


def _pairs(children: list[Node]) -> Iterator[tuple[Scalar, Node]]:
    for key, value in zip(children[::2], children[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise SourceError(key.line, key.column, "a key must be a word, not a list or a mapping")
        yield key, value


def _mark(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _at(event: yaml.Event, text: str) -> SourceError:
    return SourceError(*_mark(event), text)


def _explained(error: yaml.MarkedYAMLError, text: str) -> SourceError:
    """libyaml's words, and the cure where an unquoted `${…}` is the cause."""
    said = ", ".join(part for part in (error.context, error.problem) if part)
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return SourceError(1, 1, said)
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    hint = '; quote a ${…} here: "${VAR}"' if "${" in line else ""
    return SourceError(mark.line + 1, mark.column + 1, said + hint)


def _place(text: str, byte: int) -> tuple[int, int]:
    before = text.encode()[:byte].decode(errors="ignore")
    return before.count("\n") + 1, len(before) - before.rfind("\n")
