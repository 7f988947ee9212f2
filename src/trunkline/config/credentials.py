"""Scalars that no message, log or repr may repeat."""

import json
import re
from dataclasses import dataclass, field

from trunkline.config.reader import Mistake, Reader, Spot, Word
from trunkline.config.shapes import REFERENCE, plain_text
from trunkline.config.source import Scalar
from trunkline.types import Json

_HOLDS_KEY = re.compile(r"(authorization|cookie|key|secret|token)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Secret:
    """A string that is better not written out in the file."""

    def read(self, spot: Spot, reader: Reader) -> str:
        word = reader.word(spot, "a string")
        _warn_written_out(word, spot, reader)
        return header_safe(plain_text(word))

    def schema(self) -> Json:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Credential:
    """One upstream key, as far as the environment has it.

    source    what a reader is told to set: the variable, else the place in the file
    missing   why there is no value (`X is unset`); empty where there is one, or where none is meant
    """

    value: str = field(repr=False)
    source: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class CredentialText:
    """An upstream key. Its variable may be unset, unlike any other: that turns the provider off."""

    def read(self, spot: Spot, reader: Reader) -> Credential:
        word = reader.open_word(spot, "a key or a list of keys")
        _warn_written_out(word, spot, reader)
        source = ", ".join(word.text.names) or f"{spot.path} in {reader.file}"
        if word.text.unset:
            return Credential("", source, f"{word.text.unset[0]} is unset")
        value = header_safe(plain_text(word))
        none_meant = isinstance(spot.node, Scalar) and ":-" in spot.node.text
        return Credential(value, source, "" if value or none_meant else f"{source} is empty")

    def schema(self) -> Json:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file of Google Cloud: its text, not its name. Its variable may be unset as that of any key."""

    def read(self, spot: Spot, reader: Reader) -> Credential:
        word = reader.open_word(spot, "the JSON text of a key file")
        source = ", ".join(word.text.names) or f"{spot.path} in {reader.file}"
        if word.text.unset:
            return Credential("", source, f"{word.text.unset[0]} is unset")
        text = plain_text(word).strip()
        if text and not _is_key_file(text):
            raise Mistake('must be the JSON text of a key file: "${file:/PATH/OF/THE/FILE.json}"')
        _warn_written_out(word, spot, reader)
        none_meant = isinstance(spot.node, Scalar) and ":-" in spot.node.text
        return Credential(text, source, "" if text or none_meant else f"{source} is empty")

    def schema(self) -> Json:
        return {"type": "string", "pattern": rf"^\s*(\{{[\s\S]*)?$|{REFERENCE}"}


def _is_key_file(text: str) -> bool:
    """Every kind of them says which it is: https://google.aip.dev/auth/4110"""
    try:
        said = json.loads(text)
    except ValueError:
        return False
    return isinstance(said, dict) and isinstance(said.get("type"), str)


@dataclass(frozen=True, slots=True)
class HeaderText:
    """The value of a header, which may be a key, by its name."""

    def read(self, spot: Spot, reader: Reader) -> str:
        word = reader.word(spot, "a string")
        if _HOLDS_KEY.search(spot.path):
            _warn_written_out(word, spot, reader)
        return header_safe(plain_text(word))

    def schema(self) -> Json:
        return {"type": "string"}


def header_safe(text: str) -> str:
    """Text that may stand in an HTTP header, without the blanks around it. Raises Mistake, without repeating it."""
    stripped = text.strip()
    if not re.fullmatch(r"[\x20-\x7e]*", stripped):
        raise Mistake("holds a line break or another character that no HTTP header can carry")
    return stripped


def _warn_written_out(word: Word, spot: Spot, reader: Reader) -> None:
    if word.text.value and not word.text.names:
        reader.warn(spot, "a secret is written out in the file: use ${VAR} or ${file:PATH}")
