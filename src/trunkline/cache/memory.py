"""The cache of a single process: what was used least recently goes first."""

from collections import OrderedDict
from collections.abc import Callable

from trunkline.cache.entry import storable

# What the interpreter spends on an entry beside key and value; without it many small ones would not be bounded.
_OVERHEAD = 300


class MemoryCache:
    """`clock` in seconds, never going back; `max_bytes` holds for keys and values together."""

    def __init__(self, clock: Callable[[], float], max_bytes: int = 64 * 1024 * 1024) -> None:
        self._clock = clock
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[str, tuple[bytes, float]] = OrderedDict()  # -> value, end of its time

    async def get(self, key: str) -> bytes | None:
        found = self._entries.get(key)
        if found is None:
            return None
        value, ends = found
        if self._clock() >= ends:
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return value

    def set(self, key: str, value: bytes, ttl: float) -> None:
        size = _size(key, value)
        if not storable(value, ttl) or size > self._max_bytes:
            return
        if key in self._entries:
            self._drop(key)
        self._entries[key] = (value, self._clock() + ttl)
        self._bytes += size
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._entries)))

    async def close(self) -> None:
        self._entries.clear()
        self._bytes = 0

    def _drop(self, key: str) -> None:
        value, _ = self._entries.pop(key)
        self._bytes -= _size(key, value)


def _size(key: str, value: bytes) -> int:
    return len(key) + len(value) + _OVERHEAD
