"""A schema as a whole: what its references point to, and how much work it may cost."""

from typing import Any
from urllib.parse import unquote

# Values made, checked and alternatives weighed. A schema can be written so that trying everything takes for ever,
# and it runs in the event loop: this many steps are some tens of milliseconds.
MOST_STEPS = 10_000
# From here on only what is required is made.
FRUGAL_STEPS = 1_000


class Unfit(Exception):
    """No value for this schema; the message is the end of a sentence about it."""


class Document:
    """The root of a schema, and the count of steps spent on it so far."""

    __slots__ = ("_root", "_steps")

    def __init__(self, root: Any) -> None:
        self._root = root
        self._steps = 0

    @property
    def frugal(self) -> bool:
        return self._steps > FRUGAL_STEPS

    def spend(self) -> None:
        """Count one step. Raises Unfit when there were too many."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Unfit("it is too large or too tangled for a demo.")

    def resolve(self, reference: str) -> Any:
        """What a local reference (`#/$defs/name`) points to. Raises Unfit."""
        if not reference.startswith("#"):
            raise Unfit(f"only local references are followed, not {reference!r}.")
        found = self._root
        for step in unquote(reference[1:]).split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            try:
                found = found[int(name)] if isinstance(found, list) else found[name]
            except (LookupError, TypeError, ValueError):
                raise Unfit(f"{reference!r} points to nothing.") from None
        return found
