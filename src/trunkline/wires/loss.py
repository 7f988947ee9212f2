"""What a request loses on the way, gathered while it is written, and what ends it."""

from collections.abc import Iterable

from trunkline.errors import ApiError


class Losses:
    """Names for `Encoded.dropped`: a parameter, or `parameter=how` where it was approximated."""

    __slots__ = ("_names",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: dict[str, str] = {}
        for name in names:
            self.add(*name.partition("=")[::2])

    def add(self, name: str, how: str = "") -> None:
        """The first word on a parameter counts."""
        self._names.setdefault(name, how)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(f"{name}={how}" if how else name for name, how in self._names.items()))


def unsupported(param: str, why: str) -> ApiError:
    """The end of a request whose meaning would change."""
    return ApiError("unsupported_parameter", why, param=param, should_retry=False)


def invalid(where: str, complaint: str) -> ApiError:
    """The end of a request that nobody could understand."""
    return ApiError("invalid_request", f"`{where}`: {complaint}.", param=where, should_retry=False)


def incapable(why: str) -> ApiError:
    """The end of a request at a model that is for something else."""
    return ApiError("no_capable_target", why, param="model", should_retry=False)
