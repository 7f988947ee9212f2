"""How a request shows its key: outbound schemes, found by the name a provider's row gives."""

from collections.abc import Callable, Mapping

Scheme = Callable[[str], Mapping[str, str]]

SCHEMES: dict[str, Scheme] = {
    "none": lambda _key: {},
    "api-key": lambda key: {"api-key": key} if key else {},
    "bearer": lambda key: {"authorization": f"Bearer {key}"} if key else {},
    "x-api-key": lambda key: {"x-api-key": key} if key else {},
    "x-goog-api-key": lambda key: {"x-goog-api-key": key} if key else {},
}
