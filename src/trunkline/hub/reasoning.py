"""`reasoning_details`: OpenRouter's list of reasoning blocks, the only widespread shape that takes signatures round.

In streams they come in pieces, which the SDKs' accumulators cannot join; so they go out whole.
"""

from typing import Any

from trunkline.types import Json

JOINED = ("text", "summary", "data")


class Details:
    """The blocks of one choice, gathered. `whole` has each with an index of its own, from 0."""

    __slots__ = ("_keys", "whole")

    def __init__(self) -> None:
        self.whole: list[Json] = []
        self._keys: list[tuple[Any, Any]] = []

    def add(self, pieces: Any) -> None:
        """Adds the pieces of one delta: by the provider's index and kind, where it is missing to the last block."""
        for piece in pieces if isinstance(pieces, list) else ():
            if isinstance(piece, dict):
                self._add(piece)

    def _add(self, piece: Json) -> None:
        key = (piece.get("index"), piece.get("type"))
        if key not in self._keys or (key[0] is None and key != self._keys[-1]):
            self._keys.append(key)
            self.whole.append({**piece, "index": len(self.whole)})
            return
        place = len(self._keys) - 1 - self._keys[::-1].index(key)
        block = self.whole[place]
        for name, value in piece.items():
            said = block.get(name)
            if name in JOINED and isinstance(value, str) and isinstance(said, str):
                block[name] = said + value
            elif value is not None and name != "index":
                block[name] = value
