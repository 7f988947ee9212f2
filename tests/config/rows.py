"""The rows of `mistakes/*.txt`: `=== name`, the file, then what `check` says of it, each line after `> `."""

from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {
    "BAD": "hunter2\nx",
    "EMPTY": "",
    "K": "hunter2",
    "LATIN": "\udce4",
    "REDIS": "redis://:hunter2@h:x/0",
}


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    text: str
    told: list[str]


def _row(block: str) -> Row:
    name, *lines = block.removesuffix("\n").split("\n")
    text = "".join(f"{line}\n" for line in lines if not line.startswith("> "))
    return Row(name, text, [line.removeprefix("> ") for line in lines if line.startswith("> ")])


def rows() -> list[Row]:
    """All of them, each file's in its order."""
    files = sorted((Path(__file__).parent / "mistakes").glob("*.txt"))
    return [_row(block) for file in files for block in file.read_text().removeprefix("=== ").split("\n=== ")]
