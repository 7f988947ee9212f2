"""One turn of Claude's, over as many exchanges as it takes.

Its own tools have a limit of steps in one exchange: the turn pauses there, and goes on once it is sent back as it is.
https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons#pause_turn
"""

from typing import Any

from trunkline.hub.reasoning import Details
from trunkline.types import Json
from trunkline.wires.anthropic.reasoning import BLOCK
from trunkline.wires.anthropic.tools import has_own

MOST_PAUSES = 8  # of some ten steps each


class Turn:
    """What was said so far.

    length, calls  characters of text and tool calls
    first          the index of the first block of this exchange among all
    notes          annotations, told once at the end
    spent          the counts of the exchanges before this one
    """

    __slots__ = ("_details", "_may_pause", "_pauses", "_said", "calls", "first", "length", "notes", "spent")

    def __init__(self, body: Json) -> None:
        self._may_pause = has_own(body)
        self._pauses = 0
        self._said: list[str] = []
        self._details = Details()
        self.length = 0
        self.calls = 0
        self.first = 0
        self.notes: list[Json] = []
        self.spent: Json = {}

    def say(self, text: str) -> None:
        self.length += len(text)
        if self._may_pause:
            self._said.append(text)

    def keep(self, detail: Json) -> Json:
        """The entry, which is remembered where it may have to be sent back."""
        if self._may_pause:
            self._details.add([detail])
        return detail

    def pause(self, spent: Json, blocks: int) -> bool:
        """Whether it may go on in another exchange. One without a call of Anthropic's tools would be words put into
        Claude's mouth, which newer models refuse."""
        kept = any(entry.get("type") == BLOCK for entry in self._details.whole)
        if not (self._may_pause and kept and not self.calls and self._pauses < MOST_PAUSES):
            return False
        self._pauses += 1
        self.first += blocks
        self.spent = added(self.spent, spent)
        return True

    def echo(self) -> Json:
        """The message that sends it back."""
        return {"role": "assistant", "content": "".join(self._said), "reasoning_details": self._details.whole}


def added(one: Json, other: Json) -> Json:
    """Counts of two exchanges; what is no count is as it was last."""
    return {**one, **{name: _sum(one.get(name), value) for name, value in other.items()}}


def _sum(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return added(one, other)
    counts = isinstance(one, int) and isinstance(other, int) and not isinstance(other, bool)
    return one + other if counts else other
