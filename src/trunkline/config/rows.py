"""The built-in providers: rows of data in the packaged `providers.yaml`, read by the same shapes as the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from trunkline.config.compound import Anything, ListOf, MapOf
from trunkline.config.reader import Reader, Spot
from trunkline.config.record import Record, Section, key, section
from trunkline.config.shapes import Boolean, Bounds, Text
from trunkline.config.source import compose
from trunkline.config.urls import VERSION
from trunkline.types import NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow(Section):
    """How to talk."""

    wire: str = key(Text(), "", "A name in wires.WIRES.", required=True)
    auth: str = key(Text(), "none", "A name in wires.auth.SCHEMES.")
    base_url: str | None = key(Text(), None, "Where the kind says it all.")
    organization: str | None = key(Text(), None, "The header that carries `organization:`.")
    host_root: bool = key(Boolean(), False, "base_url ends before the version segment: the wire appends it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow(Section):
    """Who and where, and what is different there."""

    kind: str = key(Text(), "", "A name in kinds.", required=True)
    auth: str | None = key(Text(), None, "A scheme other than the kind's.")
    base_url: str | None = key(Text(), None, "Up to and with the version segment.")
    base_url_env: str | None = key(Text(), None, "A variable that replaces base_url.")
    example: str | None = key(Text(), None, "A base URL for the message that there is none.")
    ending: str = key(Text(), VERSION, "What a base URL without version segment lacks.")
    dated_path: str | None = key(Text(), None, "The path below the host, where there is an api_version.")
    api_version: str | None = key(Text(), None, "Of URLs without a version segment.")
    key_env: tuple[str, ...] = key(ListOf(Text()), (), "Key variables; the first one set counts.")
    model: str | None = key(Text(), None, "What the built-in default asks it for.")
    discover: bool = key(Boolean(), False, "The built-in default asks it for the first model that it has.")
    headers: Mapping[str, str] = key(MapOf(Text()), NOTHING, "Sent with every request.")
    rename: Mapping[str, str] = key(MapOf(Text()), NOTHING, "OpenAI parameter to the provider's name.")
    drop: tuple[str, ...] = key(ListOf(Text()), (), "OpenAI parameters without a counterpart.")
    refuse: tuple[str, ...] = key(ListOf(Text()), (), "Parameters whose loss would change the meaning.")
    only: tuple[str, ...] = key(ListOf(Text()), (), "All parameters that a closed schema takes.")
    message_keys: Mapping[str, tuple[str, ...]] = key(MapOf(ListOf(Text())), NOTHING, "Keys of a message by its role.")
    clamp: Mapping[str, tuple[float, float]] = key(MapOf(Bounds()), NOTHING, "Narrower ranges.")
    values: Mapping[str, Mapping[str, str]] = key(MapOf(MapOf(Text())), NOTHING, "Unknown value to the nearest known.")
    request: tuple[str, ...] = key(ListOf(Text()), (), "Names in dialect.request.")
    reply: tuple[str, ...] = key(ListOf(Text()), (), "Names in dialect.reply.")
    asks_usage: bool = key(Boolean(), True, "It takes stream_options; else streams tell their usage unasked.")
    stream_options: Mapping[str, Any] = key(MapOf(Anything()), NOTHING, "What is added to stream_options.")
    base64_embeddings: bool = key(Boolean(), False, "It answers encoding_format: base64.")
    local: bool = key(Boolean(), False, "It runs on this machine or network.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectRow(Section):
    """The deviations there are functions for, and what each does."""

    request: Mapping[str, str] = key(MapOf(Text()), NOTHING, "On the way out.", required=True)
    reply: Mapping[str, str] = key(MapOf(Text()), NOTHING, "On the way back.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Section):
    """The whole table."""

    kinds: Mapping[str, KindRow] = key(MapOf(Record(KindRow)), NOTHING, "Kinds by name.", required=True)
    dialect: DialectRow = section(DialectRow, "Deviations by name.")
    providers: Mapping[str, ProviderRow] = key(MapOf(Record(ProviderRow)), NOTHING, "Providers by name.", required=True)


@cache
def rows() -> Rows:
    """The table, read once."""
    text = files("trunkline.config").joinpath("providers.yaml").read_text("utf-8")
    reader = Reader({}, str, "providers.yaml")
    table = Record(Rows).read(Spot(compose(text)), reader)
    if reader.problems:
        raise ValueError(reader.problems[0].render(reader.file))
    return table


def custom(kind: str, at: Spot) -> ProviderRow:
    """The row of a provider that is not built in: its kind, and nothing else."""
    return ProviderRow(at=at, kind=kind)
