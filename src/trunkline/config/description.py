"""What `proxy.yaml` may hold, written once: it reads the file, checks it, and is the JSON Schema for editors.

Defaults come from `trunkline.types`, in whose terms the file is built afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trunkline.catalog import APIS, CAPABILITIES, Api
from trunkline.config.compound import NAMED, InPlace, ListOf, MapOf, Placed
from trunkline.config.credentials import Secret
from trunkline.config.provider_section import ProviderSection
from trunkline.config.record import Record, Section, key, section
from trunkline.config.route_section import TARGET, RouteSection
from trunkline.config.shapes import Choice, Integer, Number, Text, byte_size, duration
from trunkline.types import NOTHING, Server

_SERVER = Server()

_URL = Text(r"\S*", "a URL without blanks", quiet=True)
_USD, _WORD = Number(), Text(r"\S+", "a word without blanks")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSection(Section):
    """Where and how the proxy listens."""

    host: str = key(Text(r"\S+", "an address"), _SERVER.host, "Address to listen on.")
    port: int = key(Integer(0, 65535), _SERVER.port, "Port to listen on; 0 takes a free one.")
    workers: int = key(Integer(1, 1, ": more workers come later"), 1, "Processes that serve.")
    auth: Literal["keys", "none"] = key(
        Choice(("keys", "none")), _SERVER.auth, "Who may ask: holders of `keys`, or anybody on a loopback host."
    )
    metrics_key: str | None = key(Secret(), None, "Bearer key for /metrics; absent or empty leaves it open.")
    max_body: float = key(byte_size(), float(_SERVER.max_body), "Longest request body.")
    max_in_flight: int = key(Integer(1), _SERVER.max_in_flight, "Requests at a time; above it 503 with Retry-After.")
    drain: float = key(duration(zero=True), _SERVER.drain, "How long running requests may go on after TERM.")
    log: Literal["info", "debug", "off"] = key(Choice(("info", "debug", "off")), _SERVER.log, "What is logged.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSection(Section):
    """Where shared state lives; absent, it lives in the process."""

    url: str | None = key(_URL, None, "redis://, rediss:// or unix:// address; empty is absent.")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySection(Section):
    """A key that clients show: `hash` or `key`."""

    name: str = key(NAMED, "", "Whose it is, in logs and metrics.", required=True)
    hash: str | None = key(
        Text("sha256:[0-9a-fA-F]{64}", '"sha256:" and 64 hex digits', quiet=True),
        None,
        "As `trunkline keys new` prints it.",
    )
    secret: str | None = key(Secret(), None, "The key itself, from the environment or a file.", name="key")
    routes: tuple[Placed[str], ...] | None = key(
        ListOf(InPlace(NAMED)), None, "What it may ask for; absent: all that is exposed."
    )
    models: tuple[Placed[str], ...] | None = key(
        ListOf(InPlace(Text(r"[^\s*]*\*?", 'PROVIDER/MODEL, with "*" only at the end'))),
        None,
        "What may serve it; absent: whatever its routes hold.",
    )
    expires: str | None = key(
        Text("[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date, YYYY-MM-DD"), None, "The UTC day on which it ends."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSection(Section):
    """USD per million tokens; what is not said is unknown, not free."""

    input: float | None = key(_USD, None, "Of the prompt.")
    output: float | None = key(_USD, None, "Of the answer, reasoning with it.")
    cached_input: float | None = key(_USD, None, "Of the part of the prompt that the provider had cached.")
    cache_write: float | None = key(_USD, None, "Of the part of the prompt that it wrote to its cache.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSection(Section):
    """What you know of a model that the shipped catalog does not, or has wrong."""

    context_window: int | None = key(Integer(1), None, "Tokens of prompt and answer together.")
    max_output_tokens: int | None = key(Integer(1), None, "Tokens of the longest answer.")
    price: PriceSection | None = key(Record(PriceSection), None, "Replaces the whole price.")
    quality: float | None = key(Number(), None, "0 to 100.")
    api: Api | None = key(Choice(APIS), None, "Which of the provider's APIs serves it.")
    capabilities: tuple[str, ...] | None = key(ListOf(Choice(CAPABILITIES)), None, "All it can; the rest it cannot.")
    tags: tuple[str, ...] | None = key(ListOf(_WORD), None, "Words to find it by.")
    recommended_for: tuple[str, ...] | None = key(ListOf(_WORD), None, "What it is good at.")


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Section):
    """proxy.yaml"""

    server: ServerSection = section(ServerSection, "Where and how the proxy listens.")
    redis: RedisSection = section(RedisSection, "Shared state; absent: everything in the process.")
    providers: Mapping[str, ProviderSection] = key(
        MapOf(Record(ProviderSection)), NOTHING, "Upstream accounts by name.", required=True
    )
    models: Mapping[str, ModelSection] = key(
        MapOf(Record(ModelSection), r"[^/\s]+/\S+", "PROVIDER/MODEL"),
        NOTHING,
        "Adds to or corrects the shipped catalog.",
    )
    default_route: str | None = key(NAMED, None, "Serves requests without a `model`.")
    expose: tuple[str, ...] | None = key(
        ListOf(Choice(("routes", "models"))), None, "Which names exist for clients; [routes], or both without routes."
    )
    routes: Mapping[str, RouteSection] = key(MapOf(Record(RouteSection)), NOTHING, "What clients may ask for.")
    groups: Mapping[str, tuple[str, ...]] = key(
        MapOf(ListOf(TARGET), ".+", "at least one character"), NOTHING, "Routes and models, for people who choose one."
    )
    keys: tuple[KeySection, ...] = key(ListOf(Record(KeySection)), (), "Keys that clients show.")
