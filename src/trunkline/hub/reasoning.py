"""`reasoning_details`: OpenRouter's list of reasoning blocks, the only widespread shape that takes signatures round.

In streams they come in pieces, which the SDKs' accumulators cannot join; so they go out whole.
"""

from typing import Any

from trunkline.types import Json

JOINED = ("text", "summary", "data")


def join_details(whole: list[Json], pieces: Any) -> None:
    """Adds the pieces of one delta to what there is: by `index`, and where it is missing, to the last of its kind."""
    for piece in pieces if isinstance(pieces, list) else ():
        if not isinstance(piece, dict):
            continue
        known = next((entry for entry in reversed(whole) if _continues(entry, piece)), None)
        if known is None:
            whole.append({**piece, "index": _index(piece, len(whole))})
            continue
        for key, value in piece.items():
            if key in JOINED and isinstance(value, str):
                known[key] = (known.get(key) or "") + value
            elif value is not None and key != "index":
                known[key] = value


def _continues(entry: Json, piece: Json) -> bool:
    same_kind: bool = entry.get("type") == piece.get("type")
    return same_kind and entry["index"] == _index(piece, entry["index"])


def _index(piece: Json, otherwise: int) -> int:
    index = piece.get("index")
    return index if isinstance(index, int) else otherwise
