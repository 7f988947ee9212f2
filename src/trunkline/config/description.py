"""What `proxy.yaml` may hold, written once: it reads the file, checks it, and is the JSON Schema for editors.

Defaults come from `trunkline.types`, in whose terms the file is built afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trunkline.catalog import CAPABILITIES
from trunkline.config.compound import NAME, Anything, InPlace, ListOf, MapOf, OneOrMore, Placed
from trunkline.config.credentials import Credential, CredentialText, HeaderText, Secret
from trunkline.config.record import Record, Section, Shorthand, key, section
from trunkline.config.rows import rows
from trunkline.config.shapes import Boolean, Bounds, Choice, Integer, Number, Text, byte_size, duration
from trunkline.errors import CLASSES
from trunkline.types import NOTHING, CacheScope, Cooldown, Retries, Server, Timeouts

STRATEGIES = ("priority", "round_robin", "weighted")
# Names of the interface that a file may not use yet.
LATER_STRATEGIES = frozenset(
    {
        *("random", "least_busy", "latency_optimized", "cost_optimized", "quality_optimized", "balanced"),
        *("local_first", "capability_match", "affinity", "experiment"),
    }
)

KINDS = tuple(dict.fromkeys((*rows().kinds, *rows().providers)))

_SERVER, _TIMEOUTS, _RETRIES, _COOLDOWN = Server(), Timeouts(), Retries(), Cooldown()

_HEADERS = MapOf(HeaderText(), r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", "the characters of an HTTP header")
_PARAMETERS = MapOf(Anything(), ".+", "at least one character")
_URL = Text(r"\S*", "a URL without blanks", quiet=True)
_TARGET = Text(r"[^/\s]+(/\S+)?", "PROVIDER/MODEL or the name of a route")
_USD, _WORD = Number(), Text(r"\S+", "a word without blanks")
_NAMED = Text(NAME, "letters, digits, dots, dashes and underscores")


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
class ProviderSection(Section):
    """One upstream account. A built-in name brings kind, base_url and key variable."""

    kind: str | None = key(
        Choice(KINDS, "kind"), None, "The wire that a provider of your own speaks, or a built-in one that it is like."
    )
    base_url: str | None = key(_URL, None, "Up to and with the version segment: https://example.com/v1")
    api_key: tuple[Credential, ...] = key(
        OneOrMore(CredentialText()), (), "The key, or a list of keys: a pool in which each has health of its own."
    )
    headers: Mapping[str, str] = key(_HEADERS, NOTHING, "Headers sent with every request.")
    local: bool | None = key(Boolean(), None, "It runs on this machine or network.")
    required: bool = key(Boolean(), False, "Without its key the file is wrong, rather than the provider off.")
    enabled: bool = key(Boolean(), True, "False turns it off.")
    rename: Mapping[str, str] = key(MapOf(_NAMED), NOTHING, "OpenAI parameter to the provider's name for it.")
    drop: tuple[str, ...] = key(ListOf(_NAMED), (), "OpenAI parameters that it has no counterpart for.")
    refuse: tuple[str, ...] = key(ListOf(_NAMED), (), "Parameters answered with 400: their loss would be a lie.")
    only: tuple[str, ...] = key(ListOf(_NAMED), (), "All parameters it takes, where it refuses unknown ones.")
    allow: tuple[str, ...] = key(ListOf(_NAMED), (), "Parameters it takes, whatever the built-in row says.")
    clamp: Mapping[str, tuple[float, float]] = key(MapOf(Bounds()), NOTHING, "Its narrower ranges: [least, greatest].")
    request: tuple[str, ...] = key(
        ListOf(Choice(tuple(rows().dialect.request), "function")), (), "Deviations of its requests, by name."
    )
    reply: tuple[str, ...] = key(
        ListOf(Choice(tuple(rows().dialect.reply), "function")), (), "Deviations of its replies, by name."
    )
    deployments: Mapping[str, str] = key(MapOf(Text(), ".+"), NOTHING, "Model to the account's own name for it.")
    api_version: str | None = key(
        Text(r"[0-9A-Za-z.-]*"), None, "Azure: takes the dated API, of this version; empty is absent."
    )
    organization: str | None = key(HeaderText(), None, "OpenAI organization id; empty is absent.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSection(Section):
    """One place in a route's order."""

    model: str = key(_TARGET, "", "PROVIDER/MODEL, or another route.", required=True)
    weight: int = key(Integer(0, 1_000_000), 1, "Share under `weighted`; 0 sends no new requests.")
    params: Mapping[str, Any] = key(_PARAMETERS, NOTHING, "Defaults, where the client says nothing; over the route's.")
    force: Mapping[str, Any] = key(_PARAMETERS, NOTHING, "Always, over the client; over the route's.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackSection(Section):
    """Where to go when the targets failed."""

    to: str = key(_TARGET, "", "PROVIDER/MODEL, or another route.", required=True)
    on: tuple[str, ...] = key(ListOf(Choice(CLASSES, "failure class")), (), "Only after failures of these classes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetriesSection(Section):
    """Tries at one target."""

    attempts: int = key(Integer(1, 10), _RETRIES.attempts, "Tries per target, the first included.")
    backoff: float = key(duration(zero=True), _RETRIES.backoff, "First wait; doubles, with full jitter.")
    max_backoff: float = key(duration(zero=True), _RETRIES.max_backoff, "Longest wait.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeoutsSection(Section):
    """How long is waited for what."""

    connect: float = key(duration(), _TIMEOUTS.connect, "Name lookup, TCP and TLS.")
    first_token: float | None = key(duration(), None, "Streams: to the first content; 60s, 5m where the model reasons.")
    idle: float = key(duration(), _TIMEOUTS.idle, "Between two signs of life.")
    total: float | None = key(duration(), None, "From arrival, over all attempts; absent: 10m, streams 30m.")
    answer: float | None = key(duration(), None, "Unary: to the reply's headers; absent: up to `total`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CooldownSection(Section):
    """How long a failing target is left alone."""

    after: int = key(Integer(1), _COOLDOWN.after, "Consecutive failures that send a target to rest.")
    rest: float = key(duration(), _COOLDOWN.rest, "First rest; doubles.", name="for")
    up_to: float = key(duration(), _COOLDOWN.up_to, "Longest rest.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSection(Section):
    """Same question, same answer."""

    ttl: float = key(duration(), 0.0, "How long an answer is kept.", required=True)
    scope: CacheScope = key(Choice(("key", "route", "global")), "key", "Who shares answers.")
    stale_if_error: float = key(duration(zero=True), 0.0, "Kept so much longer, for when every target fails.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSection(Section):
    """A name that clients ask for as `model`, and what serves it."""

    description: str = key(Text(), "", "For people.")
    strategy: str = key(
        Choice(STRATEGIES, "strategy", LATER_STRATEGIES), "priority", "In which order targets are tried."
    )
    targets: tuple[TargetSection, ...] = key(
        ListOf(Shorthand(Record(TargetSection), "model")), (), "What serves it.", required=True
    )
    fallbacks: tuple[FallbackSection, ...] = key(
        ListOf(Shorthand(Record(FallbackSection), "to")), (), "Where to go when the targets failed."
    )
    retries: RetriesSection = section(RetriesSection, "Tries at one target.")
    timeouts: TimeoutsSection = section(TimeoutsSection, "How long is waited for what.")
    cooldown: CooldownSection = section(CooldownSection, "How long a failing target is left alone.")
    params: Mapping[str, Any] = key(_PARAMETERS, NOTHING, "Defaults, where the client says nothing.")
    force: Mapping[str, Any] = key(_PARAMETERS, NOTHING, "Always, over the client.")
    limit: Mapping[str, float] = key(MapOf(Number()), NOTHING, "Ceilings by parameter.")
    system: str | None = key(Text(), None, "A first system message, before the client's own.")
    unsupported: Literal["drop", "reject"] = key(
        Choice(("drop", "reject")), "drop", "Parameters that a target has no counterpart for."
    )
    cache: CacheSection | None = key(Record(CacheSection), None, "Kept answers; off unless given.")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySection(Section):
    """A key that clients show: `hash` or `key`."""

    name: str = key(_NAMED, "", "Whose it is, in logs and metrics.", required=True)
    hash: str | None = key(
        Text("sha256:[0-9a-fA-F]{64}", '"sha256:" and 64 hex digits', quiet=True),
        None,
        "As `trunkline keys new` prints it.",
    )
    secret: str | None = key(Secret(), None, "The key itself, from the environment or a file.", name="key")
    routes: tuple[Placed[str], ...] | None = key(
        ListOf(InPlace(_NAMED)), None, "What it may ask for; absent: all that is exposed."
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
    default_route: str | None = key(_NAMED, None, "Serves requests without a `model`.")
    expose: tuple[str, ...] | None = key(
        ListOf(Choice(("routes", "models"))), None, "Which names exist for clients; [routes], or both without routes."
    )
    routes: Mapping[str, RouteSection] = key(MapOf(Record(RouteSection)), NOTHING, "What clients may ask for.")
    groups: Mapping[str, tuple[str, ...]] = key(
        MapOf(ListOf(_TARGET), ".+", "at least one character"), NOTHING, "Routes and models, for people who choose one."
    )
    keys: tuple[KeySection, ...] = key(ListOf(Record(KeySection)), (), "Keys that clients show.")
