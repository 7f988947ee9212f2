"""What a scalar's text means: YAML 1.2 core types, durations and sizes."""

import re
from typing import Any

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

# Python refuses to read a decimal integer above 4,300 digits; as a float it is infinite, and said to be too large.
_MAX_DIGITS = 4000


def core(text: str) -> Any:
    """A plain scalar by the YAML 1.2 core schema: None, bool, int, float, else the text itself.

    `no`, `on` and `12:30` are text, `010` is ten, `1e3` a float: unlike YAML 1.1, which PyYAML resolves.
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) <= _MAX_DIGITS else float(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text


_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_BYTES = {"GiB": 2**30, "GB": 10**9, "MiB": 2**20, "MB": 10**6, "KiB": 2**10, "kB": 10**3, "B": 1}
DURATION = r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|[smhd]))+"
SIZE = r"[0-9]+(?:\.[0-9]+)? ?(?:[kMG]B|[KMG]iB|B)"
_PART = re.compile(r"([0-9.]+) ?([A-Za-z]+)")


def seconds(text: str) -> float | None:
    """`250ms`, `30s`, `1h30m`: seconds, or None where the text is no duration."""
    return _sum(text, DURATION, _SECONDS)


def size(text: str) -> float | None:
    """`10MiB`: bytes, or None where the text is no size."""
    return _sum(text, SIZE, _BYTES)


def _sum(text: str, pattern: str, units: dict[str, Any]) -> float | None:
    if not re.fullmatch(pattern, text):
        return None
    total: float = sum(float(number) * units[unit] for number, unit in _PART.findall(text))
    return round(total, 6)


def show_seconds(value: float) -> str:
    """The way back, in the largest unit that leaves a whole number."""
    return _show(value, _SECONDS)


def show_size(value: float) -> str:
    """The way back, in the largest binary or decimal unit that leaves a whole number."""
    return _show(value, _BYTES)


def _show(value: float, units: dict[str, Any]) -> str:
    unit = next((name for name, one in units.items() if value >= one and value % one == 0), list(units)[-1])
    return f"{round(value / units[unit])}{unit}"
