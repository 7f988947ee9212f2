"""Writes that wait to be made, off the path of requests."""

from collections import deque
from typing import NamedTuple

MOST = 256
MOST_BYTES = 32 * 1024 * 1024


class Write(NamedTuple):
    """`ttl` in seconds."""

    key: str
    value: bytes
    ttl: float


class Backlog:
    """First in, first out; what comes when it is full is not taken."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._writes: deque[Write] = deque()

    def __len__(self) -> int:
        return len(self._writes)

    def add(self, write: Write) -> bool:
        """Whether there was room for it."""
        if len(self._writes) >= self._most or self._bytes + len(write.value) > self._most_bytes:
            return False
        self._writes.append(write)
        self._bytes += len(write.value)
        return True

    def take(self) -> Write:
        """The oldest. Raises IndexError when there is none."""
        write = self._writes.popleft()
        self._bytes -= len(write.value)
        return write
