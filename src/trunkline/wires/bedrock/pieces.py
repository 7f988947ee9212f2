"""A request is written in pieces, each saying what it knows; joined they are the whole."""

from typing import Any

from trunkline.types import Json
from trunkline.wires.bedrock.rules import Path


def at(path: Path, value: Any) -> Json:
    """A piece that says one thing."""
    for name in reversed(path):
        value = {name: value}
    told: Json = value
    return told


def joined(*pieces: Json) -> Json:
    """One of several; where two say the same, the later one counts."""
    whole: Json = {}
    for piece in pieces:
        for name, value in piece.items():
            said = whole.get(name)
            whole[name] = joined(said, value) if isinstance(said, dict) and isinstance(value, dict) else value
    return whole


def found(piece: Json, path: Path) -> Any:
    """What it says there, None where it says nothing."""
    value: Any = piece
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
