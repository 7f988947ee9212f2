"""The built-in providers: rows of data in the packaged `providers.yaml`, read by the same shapes as the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from trunkline.config.compound import Anything, ListOf, MapOf
from trunkline.config.reader import Reader, Spot
from trunkline.config.record import Record, Section, key
from trunkline.config.shapes import Boolean, Text
from trunkline.config.source import compose
from trunkline.types import NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow(Section):
    """How to talk."""

    wire: str = key(Text(), "", "A name in wires.WIRES.", required=True)
    auth: str = key(Text(), "none", "A name in wires.auth.SCHEMES.")
    base_url: str | None = key(Text(), None, "Where the kind says it all.")
    organization: str | None = key(Text(), None, "The header that carries `organization:`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow(Section):
    """Who and where."""

    kind: str = key(Text(), "", "A name in kinds.", required=True)
    base_url: str | None = key(Text(), None, "Up to and with the version segment.")
    base_url_env: str | None = key(Text(), None, "A variable that replaces base_url.")
    key_env: tuple[str, ...] = key(ListOf(Text()), (), "Key variables; the first one set counts.")
    model: str | None = key(Text(), None, "What the built-in default asks it for.")
    rename: Mapping[str, str] = key(MapOf(Text()), NOTHING, "OpenAI parameter to the provider's name.")
    drop: tuple[str, ...] = key(ListOf(Text()), (), "OpenAI parameters without a counterpart.")
    stream_options: Mapping[str, Any] = key(MapOf(Anything()), NOTHING, "What is added to stream_options.")
    base64_embeddings: bool = key(Boolean(), False, "It answers encoding_format: base64.")
    local: bool = key(Boolean(), False, "It runs on this machine or network.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Section):
    """The whole table."""

    kinds: Mapping[str, KindRow] = key(MapOf(Record(KindRow)), NOTHING, "Kinds by name.", required=True)
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
