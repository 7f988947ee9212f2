"""What the pipeline hands to the edge."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from trunkline.hub.usage import Usage
from trunkline.types import Json


class Billed(NamedTuple):
    """The model that an answer names, and the provider's own `usage` object."""

    model: str | None
    usage: Json | None


class Answer(Protocol):
    """A committed answer: `head` now, then `more` until it gives []; a unary one is whole in `head`.

    `reply_headers` are the provider's, in lower case.
    """

    head: list[Json]
    reply_headers: Mapping[str, str]

    async def more(self) -> list[Json]:
        """The next events. Raises Failure where the provider broke off."""
        ...

    def usage(self) -> Usage | None:
        """What the provider counted so far."""
        ...

    def billed(self) -> "Billed | None":
        """What is to be paid for; None where nobody was asked."""
        ...

    def usage_chunk(self) -> Json | None:
        """The chunk that tells it to a client that asked, None where the provider said nothing."""
        ...

    def close(self, *, complete: bool) -> None:
        """Must be called once, whatever happened. Never waits."""
        ...
