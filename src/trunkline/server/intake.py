"""From raw ASGI to a Call: the body within bounds, the headers a client may send, the deadline."""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from trunkline.errors import ApiError
from trunkline.hub.request import check_chat, check_embeddings, parse_body
from trunkline.pipeline.resolve import Resolved
from trunkline.server.headers import forwarded
from trunkline.server.state import Headers
from trunkline.types import CacheMode, Call, ClientKey, Json, Kind

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

BODY_TIME = 60.0  # seconds in all for a client to send its body (faults row 61)
JSON_TYPE = re.compile(rb"application/([a-z0-9.+-]*\+)?json\s*(;|\Z)", re.I)
DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?\Z")
UNITS = {"ms": 0.001, None: 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


class ClientGone(Exception):
    """The client left before its request was whole."""


async def read_body(receive: Receive, headers: Headers, most: int) -> bytes:
    """The whole body. Raises ApiError 413, 415 or 408, ClientGone."""
    content_type = headers.get(b"content-type")
    if content_type is not None and not JSON_TYPE.match(content_type):
        raise ApiError("unsupported_media_type", "Send the request body as `Content-Type: application/json`.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise ApiError("unsupported_media_type", "Send the request body without `Content-Encoding`.")
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > most:
        raise _too_large(most)
    message = await receive()
    body = _piece(message)
    if message.get("more_body"):
        try:
            async with asyncio.timeout(BODY_TIME):
                return await _read_rest(receive, body, most)
        except TimeoutError:
            raise ApiError("client_timeout", f"The request body did not arrive within {BODY_TIME:.0f} s.") from None
    if len(body) > most:
        raise _too_large(most)
    return body


async def _read_rest(receive: Receive, first: bytes, most: int) -> bytes:
    pieces, size, more = [first], len(first), True
    while more:
        if size > most:
            raise _too_large(most)
        message = await receive()
        pieces.append(_piece(message))
        size += len(pieces[-1])
        more = bool(message.get("more_body"))
    if size > most:
        raise _too_large(most)
    return b"".join(pieces)


def _piece(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message.get("body", b"")
    return body


def _too_large(most: int) -> ApiError:
    return ApiError("body_too_large", f"The request body is larger than {most} bytes (`server.max_body`).")


def read_request(raw: bytes, kind: Kind) -> Json:
    """The client's checked JSON. Raises ApiError 400."""
    body = parse_body(raw)
    if kind == "chat":
        check_chat(body)
    else:
        check_embeddings(body)
    return body


def make_call(
    request_id: str,
    kind: Kind,
    body: Json,
    headers: Headers,
    resolved: Resolved,
    key: ClientKey | None,
    *,
    arrived: float,
    wall: float,
) -> Call:
    """Raises ApiError 400 for a header that cannot be read."""
    stream = kind == "chat" and body.get("stream") is True
    limits = resolved.route.timeouts
    total = limits.stream_total if stream else limits.total
    asked = headers.get(b"x-trunkline-timeout")
    if asked is not None:
        total = min(total, _duration(asked))
    patience = _sdk_patience(headers)
    if patience is not None and not stream:
        total = min(total, patience)
    return Call(
        id=request_id,
        kind=kind,
        created=int(wall),
        stream=stream,
        body=body,
        route=resolved.route,
        route_name=resolved.name,
        key=key,
        deadline=arrived + total,
        first_bound=arrived + patience if patience is not None and stream else None,
        client_retry=headers.get(b"x-stainless-retry-count", b"0") not in (b"0", b""),
        fallback=_choice(headers, b"x-trunkline-fallback", ("on", "off"), "on") == "on",
        cache=_cache_mode(headers),
        forwarded=forwarded(headers),
    )


def _duration(raw: bytes) -> float:
    match = DURATION.match(raw.decode("latin-1"))
    seconds = float(match[1]) * UNITS[match[2]] if match else 0.0
    if seconds <= 0:
        raise ApiError("invalid_request", "`x-trunkline-timeout` must be a duration above 0 such as `30s` or `500ms`.")
    return seconds


def _sdk_patience(headers: Headers) -> float | None:
    """Seconds in which the official SDK wants its answer, less one for telling what failed; None if it did not say."""
    for name in (b"x-stainless-read-timeout", b"x-stainless-timeout"):
        try:
            seconds = float(headers.get(name, b""))
        except ValueError:
            continue
        if 0 < seconds < 1e9:
            return max(seconds - 1, seconds / 2)
    return None


def _cache_mode(headers: Headers) -> CacheMode:
    asked = _choice(headers, b"x-trunkline-cache", ("on", "off", "refresh"), "")
    if asked:
        return asked  # type: ignore[return-value]  # one of the three, by _choice
    control = headers.get(b"cache-control", b"").lower()
    return "off" if b"no-store" in control else "refresh" if b"no-cache" in control else "on"


def _choice(headers: Headers, name: bytes, values: tuple[str, ...], default: str) -> str:
    value = headers.get(name, default.encode()).decode("latin-1").lower()
    if value not in values and value != default:
        raise ApiError("invalid_request", f"`{name.decode()}` must be {' or '.join(values)}.")
    return value
