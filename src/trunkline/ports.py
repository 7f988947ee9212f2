"""The protocols between the core and what surrounds it: wires, and the way to a provider."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from trunkline.errors import Failure
from trunkline.types import Call, Json, Provider, Target, nothing


@dataclass(frozen=True, slots=True)
class Encoded:
    """A request in the provider's own form: path below the base URL (or a whole URL that the provider named), headers
    beyond authentication, and the names of parameters lost on the way (`name` or `name=how`)."""

    path: str
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=nothing)
    dropped: tuple[str, ...] = ()
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Follow:
    """The next exchange of a call that takes several.

    decoder    who reads its reply, by the reply's content type
    after      seconds to wait before it
    leave      what tells the provider that nobody waits any more, where hanging up does not
    otherwise  the exchange to go on with where this one fails
    """

    request: Encoded
    decoder: "Callable[[str], Decoder]"
    after: float = 0.0
    leave: Encoded | None = None
    otherwise: "Follow | None" = None


@dataclass(frozen=True, slots=True)
class Outbound:
    """An HTTP request as data. `connect` bounds name lookup, TCP and TLS, in seconds; `fresh` asks for a new
    connection."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    connect: float = 3.0
    fresh: bool = False
    method: str = "POST"


Phase = Literal["connecting", "connected", "sent", "answered"]


class Progress:
    """How far a call has come, told by the transport while it runs. `reused`: on a connection that served before."""

    __slots__ = ("phase", "reused")

    def __init__(self) -> None:
        self.phase: Phase = "connecting"
        self.reused = False


class Decoder(Protocol):
    """Turns a reply's bytes into hub events, whatever their chunking. Sans IO; raises only Failure, after the
    events that came before it."""

    follow: Follow | None
    """Set where the call goes on with another exchange: by `close`, or once the rest of this one does not matter."""

    @property
    def done(self) -> bool:
        """The provider said that nothing more follows."""
        ...

    def feed(self, data: bytes) -> Iterator[Json]:
        """Events completed by these bytes. PING stands for a sign of life without content."""
        ...

    def close(self) -> Iterator[Json]:
        """Events completed by the end of the body."""
        ...


PING: Json = {}
"""The event of an upstream that says it is alive: compared by identity."""


class Wire(Protocol):
    """How to talk: a module of three pure functions."""

    def encode(self, call: Call, body: Json, target: Target) -> Encoded:
        """`body` is the hub request after params; it is not changed."""
        ...

    def decoder(self, call: Call, body: Json, target: Target, content_type: str, /) -> Decoder:
        """Reads the reply to what `encode` made of the same `body`."""
        ...

    def error(self, status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
        """What a reply with an error status says; `now` in Unix seconds, for a Retry-After that is a date."""
        ...


class Reply(Protocol):
    """An upstream's answer: status and headers read, body still to come."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""

    async def read(self) -> bytes:
        """The next bytes, b"" at the end. A wait may be cancelled and called again without loss.
        Raises Failure."""
        ...

    def release(self) -> None:
        """Done with it: the connection may serve again once the rest of the body, if any, has come."""
        ...

    def abort(self) -> None:
        """Close the connection now. Does nothing after release."""
        ...


class Transport(Protocol):
    """The upstream port: the only way to a provider on the hot path."""

    async def send(self, request: Outbound, progress: Progress | None = None) -> Reply:
        """Returns with status and headers, `progress` kept up to date. Raises Failure, with `stale` set when a
        reused connection had died before a byte came back. Cancelling it closes the connection."""
        ...

    async def close(self) -> None: ...


Signer = Callable[[Outbound, Provider, str], Awaitable[Mapping[str, str]]]
"""The headers that show a key where that takes more than the key: a signature over the request, a token that another
service gives for it. Raises Failure(auth)."""
