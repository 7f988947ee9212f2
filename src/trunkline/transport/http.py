"""The upstream port over aiohttp: the only module that knows the HTTP client of the hot path.

Not httpx: its pool costs 45 times as much and now and then leaks a slot when a call is cancelled
(encode/httpcore#1093), which a gateway does whenever a client leaves. Redirects, cookies, proxies from the
environment and netrc are all off: an upstream is what the configuration says and nothing else.
"""

import asyncio
import os
from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from trunkline.errors import Failure
from trunkline.ports import Outbound, Progress

KEEP_ALIVE = 30.0  # below the idle time of every provider seen, so that we close first
DNS_TTL = 30  # seconds; a moved name is followed within a minute (faults row 5)
MAX_HEADER = 64 * 1024
TAIL_GRACE = 1.0  # how long a finished stream may take to end its body before its connection is thrown away


class HttpTransport:
    """A keep-alive pool per origin; must be made inside the running loop."""

    def __init__(self) -> None:
        self._pooled = _session(aiohttp.TCPConnector(limit=0, ttl_dns_cache=DNS_TTL, keepalive_timeout=KEEP_ALIVE))
        self._fresh = _session(aiohttp.TCPConnector(limit=0, ttl_dns_cache=DNS_TTL, force_close=True))
        self._timeouts: dict[float, aiohttp.ClientTimeout] = {}
        self._tails: set[asyncio.Task[None]] = set()

    async def send(self, request: Outbound, progress: Progress | None = None) -> "HttpReply":
        progress = progress or Progress()
        try:
            response = await (self._fresh if request.fresh else self._pooled).request(
                request.method,
                URL(request.url, encoded=True),
                data=request.content,
                headers=request.headers,
                allow_redirects=False,
                timeout=self._timeout(request.connect),
                trace_request_ctx=progress,
            )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _failure(error, stale=progress.reused) from error
        progress.phase = "answered"
        return HttpReply(response, self._tails)

    async def close(self) -> None:
        for task in self._tails:
            task.cancel()
        await self._pooled.close()
        await self._fresh.close()

    def _timeout(self, connect: float) -> aiohttp.ClientTimeout:
        timeout = self._timeouts.get(connect)
        if timeout is None:
            timeout = self._timeouts[connect] = aiohttp.ClientTimeout(connect=connect, ceil_threshold=connect + 1)
        return timeout


class HttpReply:
    """One aiohttp response behind the port."""

    __slots__ = ("_response", "_tails", "headers", "status")

    def __init__(self, response: aiohttp.ClientResponse, tails: "set[asyncio.Task[None]]") -> None:
        self._response = response
        self._tails = tails
        self.status = response.status
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}
        protocol = response.connection.protocol if response.connection is not None else None
        if protocol is not None and protocol.closed is not None:
            protocol.closed.add_done_callback(self._closed)

    async def read(self) -> bytes:
        try:
            return await self._response.content.readany()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _cut(error) from error

    def release(self) -> None:
        """Wait a moment for the end of the body, in the background: a connection that reached it serves again."""
        if self._response.connection is not None:
            task = asyncio.get_running_loop().create_task(self._drain())
            self._tails.add(task)
            task.add_done_callback(self._tails.discard)

    def abort(self) -> None:
        self._response.close()

    def _closed(self, lost: "asyncio.Future[None]") -> None:
        """aiohttp 3.14 closes on a garbled chunk size and leaves whoever reads the body waiting: tell them."""
        cause = lost.exception() if not lost.cancelled() else None
        content = self._response.content
        if not content.is_eof() and content.exception() is None:
            content.set_exception(aiohttp.ClientPayloadError("the connection was closed"), cause or OSError())

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(TAIL_GRACE):
                rest = await self._response.content.readany()
        except (aiohttp.ClientError, OSError, TimeoutError):
            rest = b"cut"
        if rest:
            self._response.close()


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    trace = aiohttp.TraceConfig()
    trace.on_connection_reuseconn.append(_reused)
    trace.on_connection_create_end.append(_connected)
    trace.on_request_headers_sent.append(_sent)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=False,
        skip_auto_headers=("user-agent", "accept", "content-type"),
        max_line_size=MAX_HEADER,
        max_field_size=MAX_HEADER,
        trace_configs=[trace],
    )


async def _reused(_session: Any, context: Any, _params: Any) -> None:
    context.trace_request_ctx.phase, context.trace_request_ctx.reused = "connected", True


async def _connected(_session: Any, context: Any, _params: Any) -> None:
    context.trace_request_ctx.phase = "connected"


async def _sent(_session: Any, context: Any, _params: Any) -> None:
    context.trace_request_ctx.phase = "sent"


def _failure(error: Exception, *, stale: bool) -> Failure:
    """What a call without a reply came to. Only the kind of trouble is told: addresses are the operator's."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Failure("connection", "its host name was not found")
    if isinstance(error, aiohttp.ClientSSLError):
        return Failure("connection", "the TLS handshake failed")
    if isinstance(error, aiohttp.ClientConnectorError):
        # Not its strerror: uvloop writes the address there.
        reason = os.strerror(error.os_error.errno) if error.os_error.errno else "refused"
        return Failure("connection", f"no connection: {reason}")
    if isinstance(error, TimeoutError):
        return Failure("connection", "no connection within the connect timeout")
    if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError | OSError):
        return Failure("connection", "the connection was closed before an answer came", stale=stale)
    return Failure("invalid_response", "the answer is not valid HTTP")


def _cut(error: Exception) -> Failure:
    """What a reply that broke off came to."""
    if isinstance(error, aiohttp.ClientPayloadError) and "Not enough data" not in str(error):
        return Failure("invalid_response", "the body of the answer is not valid HTTP")
    return Failure(
        "connection", "the connection was cut in the middle of the answer", in_stream="upstream_stream_interrupted"
    )
