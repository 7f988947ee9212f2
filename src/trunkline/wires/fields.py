"""Fields of JSON that others wrote.

`as_…`: a value of another type counts for nothing. `…_of`: it is a Failure, as an answer would lose what it says.
"""

from collections.abc import Iterator
from typing import Any

import orjson

from trunkline.errors import Failure
from trunkline.types import Json


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def as_object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def as_objects(value: Any) -> list[Json]:
    """Those of a list."""
    return [one for one in as_list(value) if isinstance(one, dict)]


def each(value: Any, where: str) -> Iterator[tuple[Any, str]]:
    """What a list holds, and where it stands."""
    return ((one, f"{where}[{index}]") for index, one in enumerate(as_list(value)))


def key_of(said: Json, name: str) -> int | str | None:
    """By which pieces know what they belong to."""
    value = said.get(name)
    return value if isinstance(value, int | str) else None


def text_of(said: Json, name: str) -> str:
    """Empty where there is none. Raises Failure for anything else."""
    value = said.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    raise Failure("invalid_response", f"`{name}` of the answer is not a string")


def object_of(said: Json, *path: str) -> Json:
    """What stands there, empty where nothing does. Raises Failure for anything else."""
    for name in path:
        value = said.get(name)
        said = {} if value is None else _object(value, name)
    return said


def need_object(said: Json, name: str) -> Json:
    """The same, where there must be one."""
    return _object(said.get(name), name)


def _object(value: Any, name: str) -> Json:
    if isinstance(value, dict):
        return value
    raise Failure("invalid_response", f"`{name}` of the answer is not an object")


def dumps(value: Any) -> str:
    """JSON text; of nothing that of an empty object."""
    return orjson.dumps(value or {}).decode()
