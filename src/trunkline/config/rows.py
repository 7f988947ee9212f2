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
class ApiRow(Section):
    """A further API of the same account."""

    wire: str = key(Text(), "", "A name in wires.WIRES.", required=True)
    serves: str = key(Text(), "", "Regular expression: models that no other API serves.")
    serves_tools: str = key(Text(), "", "The same, where they have tools and reason.")
    embeds: bool = key(Boolean(), False, "Embeddings are asked for here.")
    cut: tuple[str, ...] = key(ListOf(Text()), (), "Path segments where base_url ends for this API.")
    root: str = key(Text(), "", "What takes their place.")
    auth: str | None = key(Text(), None, "A scheme other than the provider's.")
    rename: Mapping[str, str] = key(MapOf(Text()), NOTHING, "OpenAI parameter to the name there.")
    drop: tuple[str, ...] = key(ListOf(Text()), (), "Lost and named.")
    refuse: tuple[str, ...] = key(ListOf(Text()), (), "400 where they ask for anything.")
    clamp: Mapping[str, tuple[float, float]] = key(MapOf(Bounds()), NOTHING, "Narrower ranges.")
    stream_options: Mapping[str, Any] = key(MapOf(Anything()), NOTHING, "Sent with every stream.")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow(Section):
    """How to talk."""

    wire: str = key(Text(), "", "A name in wires.WIRES.", required=True)
    auth: str = key(Text(), "none", "A name in wires.auth.SCHEMES.")
    base_url: str | None = key(Text(), None, "Where the kind says it all.")
    organization: str | None = key(Text(), None, "The header that carries `organization:`.")
    host_root: bool = key(Boolean(), False, "base_url ends before the version segment: the wire appends it.")
    apis: Mapping[str, ApiRow] = key(MapOf(Record(ApiRow)), NOTHING, "Its further APIs.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow(Section):
    """What is different for some models of a provider: over the row, and over the rules before it."""

    match: str = key(Text(), "", "Regular expression, found in the models' names; absent: all.")
    before: str | None = key(Text(), None, "Only in versions of the dated API before this one.")
    reasoning: bool = key(Boolean(), False, "Only while the model reasons: for any effort but none.")
    effort: str | None = key(Text(), None, "How hard it thinks where the request does not say.")
    allow: tuple[str, ...] = key(ListOf(Text()), (), "Taken after all.")
    rename: Mapping[str, str] = key(MapOf(Text()), NOTHING, "As of the row; so the rest.")
    drop: tuple[str, ...] = key(ListOf(Text()), (), "Lost and named.")
    refuse: tuple[str, ...] = key(ListOf(Text()), (), "400 where it asks for anything.")
    clamp: Mapping[str, tuple[float, float]] = key(MapOf(Bounds()), NOTHING, "Narrower ranges.")
    values: Mapping[str, Mapping[str, str]] = key(MapOf(MapOf(Text())), NOTHING, "Unknown value to the nearest known.")
    request: tuple[str, ...] = key(ListOf(Text()), (), "Names in dialect.request.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow(Section):
    """One word for where an account is."""

    env: tuple[str, ...] = key(ListOf(Text()), (), "Its variables; the first one set counts.", required=True)
    default: str | None = key(Text(), None, "Where nothing is said.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerRow(Section):
    """What takes the place of a key."""

    name: str = key(Text(), "", "A name that sign.Signers knows.", required=True)
    parts: tuple[str, ...] = key(ListOf(Text()), (), "What it signs with, by the section's names.", required=True)
    together: tuple[str, ...] = key(ListOf(Text()), (), "Those that are nothing without each other.")
    env: Mapping[str, str] = key(MapOf(Text()), NOTHING, "Part to its variable.")
    found: str = key(Text(), "", "What a reader is told to set where the library looks by itself.", required=True)
    library: str = key(Text(), "", "The module that it needs.", required=True)
    extra: str = key(Text(), "", "What brings that module: trunkline[extra].", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow(Section):
    """Who and where, and what is different there."""

    kind: str = key(Text(), "", "A name in kinds.", required=True)
    auth: str | None = key(Text(), None, "A scheme other than the kind's.")
    base_url: str | None = key(Text(), None, "Up to and with the version segment; may hold a {place}.")
    elsewhere: Mapping[str, str] = key(MapOf(Text()), NOTHING, "A place to its own base_url.")
    base_url_env: str | None = key(Text(), None, "A variable that replaces base_url.")
    example: str | None = key(Text(), None, "A base URL for the message that there is none.")
    ending: str = key(Text(), VERSION, "What a base URL without version segment lacks.")
    path: str | None = key(Text(), None, "The path below base_url, with {call} and places.")
    paths: Mapping[str, str] = key(MapOf(Text()), NOTHING, "What stands for {call}, by kind of call.")
    dated_path: str | None = key(Text(), None, "The path below the host, where there is an api_version.")
    api_version: str | None = key(Text(), None, "Of URLs without a version segment.")
    key_env: tuple[str, ...] = key(ListOf(Text()), (), "Key variables; the first one set counts.")
    place: Mapping[str, PlaceRow] = key(MapOf(Record(PlaceRow)), NOTHING, "Where the account is.")
    signer: SignerRow | None = key(Record(SignerRow), None, "Shows who asks where there is no key.")
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
    models: tuple[ModelRow, ...] = key(ListOf(Record(ModelRow)), (), "What is different for some of its models.")
    models_of: str | None = key(Text(), None, "Another row whose rules about models hold here first.")
    reply: tuple[str, ...] = key(ListOf(Text()), (), "Names in dialect.reply.")
    asks_usage: bool = key(Boolean(), True, "It takes stream_options; else streams tell their usage unasked.")
    stream_options: Mapping[str, Any] = key(MapOf(Anything()), NOTHING, "What is added to stream_options.")
    base64_embeddings: bool = key(Boolean(), False, "It answers encoding_format: base64.")
    apis: Mapping[str, ApiRow] = key(MapOf(Record(ApiRow)), NOTHING, "Its further APIs, over those of its kind.")
    refines: bool = key(Boolean(), False, "Its list of models tells what they can, or how much.")
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
