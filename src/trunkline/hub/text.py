"""JSON read from providers, who do not always send JSON."""

import json
from typing import Any

import orjson

# orjson reads 1,024 levels and writes 254 (faults section 0.8): what lies between could not be sent on.
WRITABLE = 250


def read_json(data: bytes | str) -> Any:
    """Strict JSON, else the same with broken text mended to U+FFFD. Raises ValueError.

    A token that ends inside a character makes some servers send bytes that are not UTF-8, or half of a
    surrogate pair (faults row 50); the text around it is still good.
    """
    value = _read(data)
    brackets = data.count("{") + data.count("[") if isinstance(data, str) else data.count(b"{") + data.count(b"[")
    if brackets > WRITABLE:
        _check_writable(value)
    return value


def _read(data: bytes | str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    try:
        mended = json.dumps(json.loads(text), ensure_ascii=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return orjson.loads(mended.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _check_writable(value: Any) -> None:
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise ValueError("nested too deeply") from None
