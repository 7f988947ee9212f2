"""Headers in both directions, each by one allow-list."""

import re
from collections.abc import Mapping

from trunkline.errors import ApiError
from trunkline.observe.record import Exchange
from trunkline.server.state import Headers

RawHeaders = list[tuple[bytes, bytes]]

# From the client to the provider: trace context and nothing else. Keys, cookies and x-stainless-* stay here.
UPWARD = (b"traceparent", b"tracestate")

# From the provider to the client.
DOWNWARD = ("x-ratelimit-", "openai-processing-ms", "openai-version")

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}\Z")
LONGEST = 1024


def request_id(headers: Headers) -> str | None:
    """The client's own id, where it is one that cannot hurt a log or a header."""
    given = headers.get(b"x-request-id", b"")
    return given.decode() if REQUEST_ID.match(given) else None


def forwarded(headers: Headers) -> dict[str, str]:
    """What of the client's headers goes upstream."""
    found = {name.decode(): headers[name].decode("latin-1") for name in UPWARD if name in headers}
    return {name: value for name, value in found.items() if safe(value)}


def safe(value: str) -> bool:
    """Whether a header can carry it: printable ASCII, not empty, not endless."""
    return value.isascii() and value.isprintable() and 0 < len(value) <= LONGEST


def answer_headers(exchange: Exchange, elapsed: float, reply: Mapping[str, str]) -> RawHeaders:
    """What is known of the request when its answer begins; `elapsed` seconds since it came. Values that a header
    cannot carry are left out."""
    said: dict[str, str] = {
        "x-request-id": exchange.id,
        "x-trunkline-route": exchange.route if exchange.route != "none" else "",
        "x-trunkline-cache": exchange.cache,
        "x-trunkline-attempts": exchange.attempts,
        "x-trunkline-dropped": ", ".join(exchange.dropped),
    }
    if exchange.target is not None:
        said["x-trunkline-provider"] = exchange.target.provider.name
        said["x-trunkline-model"] = exchange.target.model
        said["x-trunkline-fallback"] = "true" if exchange.fell_back else "false"
        own = max(elapsed - exchange.waited, 0.0) * 1000
        said["server-timing"] = f"upstream;dur={exchange.waited * 1000:.1f}, trunkline;dur={own:.1f}"
    out = [(name.encode(), value.encode()) for name, value in said.items() if safe(value)]
    out += [(k.encode(), v.encode()) for k, v in reply.items() if k.startswith(DOWNWARD) and safe(v)]
    return out


def error_headers(error: ApiError) -> RawHeaders:
    headers: RawHeaders = []
    if error.retry_after is not None:
        headers.append((b"retry-after", str(max(1, round(error.retry_after + 0.499))).encode()))
    stays = error.should_retry is False or (400 <= error.status < 500 and error.status not in (408, 409, 429))
    if stays:
        headers.append((b"x-should-retry", b"false"))
    return headers
