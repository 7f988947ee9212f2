"""What the tests of the pure core share: any split of any bytes, any JSON, and answers with one thing wrong."""

from collections.abc import Callable
from copy import copy
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trunkline.errors import ApiError, Failure
from trunkline.types import Json

T = TypeVar("T")

PROPERTY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(PROPERTY, max_examples=12, database=None)

TEXT = st.text(max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)


def cut(data: bytes, places: set[int]) -> list[bytes]:
    """`data` in pieces, none of them empty."""
    ends = [*sorted(place for place in places if 0 < place < len(data)), len(data)]
    return [data[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True) if start < end]


def splits(data: bytes) -> st.SearchStrategy[list[bytes]]:
    """`data` in any pieces."""
    return st.sets(st.integers(0, len(data)), max_size=12).map(lambda places: cut(data, places))


def in_all_ways(run: Callable[[list[bytes]], T], data: bytes) -> T:
    """What `run` makes of these bytes when they come whole; byte by byte, and in any split, it must make the same."""
    whole = run(cut(data, set()))
    assert run(cut(data, set(range(len(data))))) == whole, "byte by byte"

    @FEW
    @given(splits(data))
    def in_any_split(pieces: list[bytes]) -> None:
        assert run(pieces) == whole

    in_any_split()
    return whole


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value but the root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, child in items for path in ((*here, key), *paths(child, (*here, key)))]


def place(path: tuple[Any, ...]) -> str:
    """A path as a test's name."""
    return ".".join(map(str, path))


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    """With another value in one place, else the same; `...` takes the place away."""
    key, *rest = path
    changed = copy(value)
    if rest:
        changed[key] = replaced(value[key], tuple(rest), by)
    elif by is ...:
        del changed[key]
    else:
        changed[key] = by
    return changed


WRONG: tuple[Any, ...] = (
    ..., None, True, 0, -1, 1.5, 1e300, "", "x", "²", [], [[]], [{}], ["x"], [None], {}, {"x": "y"}, {"content": "x"},
)  # fmt: skip


def raised_by(use: Callable[[Json], object], value: Json, path: tuple[Any, ...]) -> dict[str, str]:
    """What `use` raises beside Failure, by what stood in the place of `value` instead: nothing, or any JSON."""
    raised = {}
    for wrong in WRONG:
        try:
            use(replaced(value, path, wrong))
        except Failure:
            continue
        except Exception as error:  # whatever it is, the row says what it was
            raised[repr(wrong)] = repr(error)
    return raised


def refusal(check: Callable[[Any], object], value: Any) -> ApiError | None:
    """How `check` refuses this, None where it passes."""
    try:
        check(value)
    except ApiError as error:
        return error
    return None


def nested(depth: int) -> Any:
    """Lists in lists."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value
