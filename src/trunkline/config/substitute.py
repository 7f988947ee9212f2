"""`${VAR}`, `${VAR:-default}`, `${VAR:?message}`, `${file:PATH}` and `$$` in a scalar's text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

ReadFile = Callable[[str], str]
"""The text of a file named by `${file:PATH}`. Raises OSError or ValueError."""

_REFERENCE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<inside>[^{}]*)(?P<end>\}?))")
_VARIABLE = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?:(?P<operator>:[-?])(?P<rest>.*))?", re.DOTALL)
_FILE = re.compile(r"file:(?P<path>.+)", re.DOTALL)
_FORMS = "${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:PATH}"


class SubstitutionError(Exception):
    """A reference that cannot be followed. The text names the variable or the file, never what it holds."""


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar's text after substitution.

    names   what it refers to: variables and `file:PATH`
    unset   those of them without a value, which stand in `value` as nothing
    """

    value: str = field(repr=False)
    names: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()


def substitute(raw: str, environ: Mapping[str, str], read_file: ReadFile) -> Text:
    """Raises SubstitutionError for a reference of no known form, `:?` without a value, a file that cannot be read.

    A `$` before anything but `$` and `{` is a dollar sign: passwords hold them.
    """
    names: list[str] = []
    unset: list[str] = []

    def replace(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        if not match["end"]:
            raise SubstitutionError(f"a ${{…}} is not closed or holds a brace; it is {_FORMS}; $$ is a plain $")
        name, value = _resolve(match["inside"], environ, read_file)
        names.append(name)
        if value is None:
            unset.append(name)
        return value or ""

    text = _REFERENCE.sub(replace, raw)
    if not _encodes(text):  # bytes of the environment that are no UTF-8 arrive as lone surrogates
        raise SubstitutionError(f"{', '.join(names)} is not valid UTF-8")
    return Text(text, tuple(names), tuple(unset))


def _resolve(inside: str, environ: Mapping[str, str], read_file: ReadFile) -> tuple[str, str | None]:
    """The name referred to and its value, None where it is unset."""
    if variable := _VARIABLE.fullmatch(inside):
        name, operator, rest = variable.group("name", "operator", "rest")
        value = environ.get(name)
        if operator == ":?" and not value:
            raise SubstitutionError(f"{name} is unset" + (f": {rest}" if rest else ""))
        return name, (value or rest) if operator == ":-" else value
    if file := _FILE.fullmatch(inside):
        return inside, _contents(file["path"], read_file)
    raise SubstitutionError(f'"${{{inside}}}" is none of {_FORMS}; $$ is a plain $')


def _contents(path: str, read_file: ReadFile) -> str:
    try:
        return read_file(path).rstrip("\r\n")  # `echo secret > file` ends the line
    except OSError as error:
        raise SubstitutionError(f"cannot read {path}: {error.strerror or type(error).__name__}") from error
    except ValueError as error:
        raise SubstitutionError(f"cannot read {path}: it is not UTF-8 text") from error


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
