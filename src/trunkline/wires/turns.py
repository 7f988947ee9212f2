"""Turns of a conversation, for providers where they alternate and hold blocks."""

from collections.abc import Sequence
from typing import NamedTuple

from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.loss import unsupported

SYSTEM = frozenset({"system", "developer"})
# Of a block of text; what else it has, such as a mark at its end, stays with its last piece.
FRAME = frozenset({"type", "text"})


class Turn(NamedTuple):
    role: str
    blocks: list[Json]


def unknown(role: str, where: str) -> ApiError:
    """The end of a request with a message of somebody whom nobody knows."""
    return unsupported(f"{where}.role", f"No model here knows the role {role[:40]!r}; use user, assistant or tool.")


def merged(turns: Sequence[Turn]) -> list[Turn]:
    """Neighbours of one role are one turn; those of which nothing is left are gone."""
    whole: list[Turn] = []
    for turn in turns:
        if whole and whole[-1].role == turn.role:
            whole[-1] = Turn(turn.role, [*whole[-1].blocks, *turn.blocks])
        elif turn.blocks:
            whole.append(turn)
    return whole


def may_instruct(turns: Sequence[Turn], index: int) -> bool:
    """Where a later system turn may stand with Claude: after one of the user, and last or before the assistant."""
    after = turns[index + 1].role if index + 1 < len(turns) else "assistant"
    return index > 0 and turns[index - 1].role == "user" and after == "assistant"


def woven(said: list[Json], uses: list[list[Json]], thoughts: list[tuple[int, int, Json]]) -> list[Json]:
    """An assistant's blocks, with its thoughts where they stood: before everything, inside the text, or between the
    uses of two tools.

    `said` blocks have text, if any, under `text`; `thoughts`: characters of text and calls before it, and its block.
    """
    waiting = list(thoughts)
    blocks: list[Json] = []
    told = 0
    for block in said:
        text = block.get("text")
        rest = text if isinstance(text, str) else ""
        while waiting and not waiting[0][1] and waiting[0][0] < told + len(rest):
            at, _, thought = waiting.pop(0)
            before = rest[: max(at - told, 0)]
            if before.strip():
                blocks.append({**{name: block[name] for name in block if name in FRAME}, "text": before})
                rest, told = rest[len(before) :], told + len(before)
            blocks.append(thought)
        told += len(rest)
        if rest.strip() or text is None:
            blocks.append({**block, "text": rest} if rest else block)
    for count, use in enumerate(uses):
        while waiting and waiting[0][1] <= count:
            blocks.append(waiting.pop(0)[2])
        blocks += use
    return [*blocks, *(thought for _, _, thought in waiting)]
