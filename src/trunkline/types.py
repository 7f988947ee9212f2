"""The frozen types that every part of the proxy shares.

Configuration (Provider, Target, Group, Route, ...) is built once by `config` and never changes; a Call is one
client request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from trunkline.errors import MOVES_ON
from trunkline.narrowing import Takes

Json = dict[str, Any]
Kind = Literal["chat", "embeddings"]

NOTHING: Mapping[str, Any] = MappingProxyType({})


def nothing() -> Mapping[str, Any]:
    """The empty mapping, as a dataclass field wants its default."""
    return NOTHING


# Two names of one parameter; servers know one or the other.
TOKEN_LIMITS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who and where: one upstream account. How to talk to it is its wire.

    base_url    up to and with the version segment, no slash at the end; its scheme picks the transport
    auth        a name in `wires.auth.SCHEMES`, or one that `sign.Signers` knows
    keys        a pool: each key has health of its own; empty where the provider wants none
    credentials what a signer signs with where there are no keys, by the file's names; empty: what its library finds
    place       where the account is, by the provider's own words: `{"region": "us-east-1"}`
    key_source  what a message tells the reader to set ("OPENAI_API_KEY"), never the key
    off         why the provider takes no traffic, None when it is on
    takes       what it takes of a request, model by model
    reply       deviations of its answers, by name: functions of `wires.dialect`
    stream_options     added to the client's own; None: it takes none, and every stream tells its usage anyway
    base64_embeddings  it answers `encoding_format: base64`; others are asked for floats
    deployments, path  model -> the account's name for it; the URL below base_url, with `{model}` and `{call}`
    paths       what stands for `{call}` where it is not the wire's own, by kind of call
    like        the built-in provider under whose name the catalog knows its models
    refines     its list of models tells what they can and how much: asked for once, after the start
    apis        its further APIs: `responses`, `messages`
    """

    name: str
    wire: str
    base_url: str
    auth: str
    keys: tuple[str, ...] = field(default=(), repr=False)
    credentials: Mapping[str, str] = field(default_factory=nothing, repr=False)
    place: Mapping[str, str] = field(default_factory=nothing)
    key_source: str = ""
    off: str | None = None
    headers: Mapping[str, str] = field(default_factory=nothing, repr=False)
    takes: Takes = field(default_factory=Takes)
    reply: tuple[str, ...] = ()
    stream_options: Mapping[str, Any] | None = field(default_factory=nothing)
    base64_embeddings: bool = False
    deployments: Mapping[str, str] = field(default_factory=nothing)
    path: str = "{call}"
    paths: Mapping[str, str] = field(default_factory=nothing)
    local: bool = False
    like: str = ""
    refines: bool = False
    apis: Mapping[str, "FurtherApi"] = field(default_factory=nothing, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherApi:
    """One more way to talk to an account.

    provider              the account as it is there
    serves, serves_tools  regular expressions, found in the names of models that no other API serves, or not while they
                          have tools and reason; empty: none
    embeds                embeddings are asked for here
    """

    provider: Provider
    serves: str = ""
    serves_tools: str = ""
    embeds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds. `total` counts from the request's arrival over all attempts; `answer` bounds the wait for a unary
    reply's headers (None: up to `total`); `first_token` None is a minute, five where the model reasons."""

    connect: float = 3.0
    first_token: float | None = None
    idle: float = 60.0
    total: float = 600.0
    stream_total: float = 1800.0
    answer: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """`attempts`: tries per target, the first included. `backoff` and `max_backoff` in seconds."""

    attempts: int = 2
    backoff: float = 0.25
    max_backoff: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooldown:
    """After `after` consecutive failures a target rests `rest` seconds, doubling up to `up_to`."""

    after: int = 5
    rest: float = 5.0
    up_to: float = 60.0


CacheScope = Literal["key", "route", "global"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CachePolicy:
    """Seconds. A stale answer is kept `stale_if_error` longer than `ttl`, for when every target fails."""

    ttl: float
    scope: CacheScope = "key"
    stale_if_error: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One model at one provider, with all that the route it stands in says about it.

    params < client < force; `limit` is a ceiling; `system` go before the client's messages;
    `routes` names the nested routes passed through to get here: a key must be allowed to ask for each.
    `listed` is false for a model that only a client named: metrics call it `other`.
    """

    provider: Provider
    model: str
    weight: int = 1
    params: Mapping[str, Any] = field(default_factory=nothing)
    force: Mapping[str, Any] = field(default_factory=nothing)
    limit: Mapping[str, float] = field(default_factory=nothing)
    system: str | None = None
    unsupported: Literal["drop", "reject"] = "drop"
    retries: Retries = Retries()
    timeouts: Timeouts = Timeouts()
    routes: tuple[str, ...] = ()
    listed: bool = True

    @property
    def id(self) -> str:
        """`provider/model`, as the file writes it."""
        return f"{self.provider.name}/{self.model}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Where to go after a failure of one of these classes."""

    to: "Target | Group"
    on: frozenset[str] = MOVES_ON


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The targets of one route in the order of its strategy, then its fallbacks. Nested routes are groups."""

    name: str
    strategy: str = "priority"
    members: tuple["Target | Group", ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What a client may ask for by name. `fingerprint` changes whenever the flattened definition does."""

    name: str
    group: Group
    timeouts: Timeouts = Timeouts()
    cooldown: Cooldown = Cooldown()
    cache: CachePolicy | None = None
    description: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKey:
    """A key that clients show. `routes` and `models` are None where the file does not narrow them; models may end
    in `*`. `expires` is the first second (Unix time) at which it no longer holds."""

    name: str
    digest: str
    routes: frozenset[str] | None = None
    models: tuple[str, ...] | None = None
    expires: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`max_body` in bytes, `drain` in seconds, `metrics_key` None where /metrics is open."""

    host: str = "127.0.0.1"
    port: int = 4000
    auth: Literal["keys", "none"] = "keys"
    metrics_key: str | None = field(default=None, repr=False)
    max_body: int = 32 * 1024 * 1024
    max_in_flight: int = 1000
    drain: float = 120.0
    log: Literal["info", "debug", "off"] = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole `proxy.yaml`, built and checked. `keys` by SHA-256 hex digest; `hash` names this version of the file;
    `redis_url` None keeps everything in the process."""

    server: Server = Server()
    providers: Mapping[str, Provider] = field(default_factory=nothing)
    routes: Mapping[str, Route] = field(default_factory=nothing)
    default_route: str | None = None
    expose: frozenset[str] = frozenset({"routes"})
    keys: Mapping[str, ClientKey] = field(default_factory=nothing)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=nothing)
    redis_url: str | None = field(default=None, repr=False)
    hash: str = ""


CacheMode = Literal["on", "off", "refresh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One client request, read and resolved. Never changed: a wire builds a new body from it.

    route_name   the name asked for, or `direct`
    body         the client's JSON, checked
    deadline     monotonic time after which nothing more is waited for
    first_bound  monotonic time by which the client wants its first content, None where it did not say
    client_retry the client's SDK is itself retrying: no retry of the same target
    fallback     false: only the first target, and its own error comes back
    """

    id: str
    kind: Kind
    created: int
    stream: bool
    body: Json
    route: Route
    route_name: str
    key: ClientKey | None
    deadline: float
    first_bound: float | None = None
    client_retry: bool = False
    fallback: bool = True
    cache: CacheMode = "on"
    forwarded: Mapping[str, str] = field(default_factory=nothing)

    @property
    def wants_usage(self) -> bool:
        """The client asked for the usage chunk of a stream."""
        return bool((self.body.get("stream_options") or NOTHING).get("include_usage"))
