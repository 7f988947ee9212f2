"""Where answers are kept. Never raises: a cache that is slow, full or down is a cache that misses."""

from typing import Protocol


class Cache(Protocol):
    async def get(self, key: str) -> bytes | None:
        """The value stored under this key, None where there is none or nobody could say in time."""
        ...

    def set(self, key: str, value: bytes, ttl: float) -> None:
        """Keep it `ttl` seconds, or not at all. Returns at once; where the store is far, it is written soon after."""
        ...

    async def close(self) -> None: ...
