"""Runs the gateway in this process until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager

import uvicorn

from trunkline.server.app import App
from trunkline.server.protocol import GuardedProtocol
from trunkline.server.state import Gateway

KEEP_ALIVE = 75  # seconds; above the idle time of usual front proxies, so that they close first
LAST_WORDS = 2.0  # seconds before the hard stop in which open streams are ended in band
BACKLOG = 4096

OpenGateway = Callable[[], AbstractAsyncContextManager[Gateway]]


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises OSError where the address cannot be had."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


def run(open_gateway: OpenGateway, sock: socket.socket, drain: float) -> None:
    """Serves on `sock`; once told to stop, open requests have `drain` seconds to end."""
    settings = uvicorn.Config(
        App(open_gateway),
        http=GuardedProtocol,
        loop="uvloop",
        lifespan="on",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=int(drain) + 5,
    )
    DrainingServer(settings, drain).run([sock])


class DrainingServer(uvicorn.Server):
    """uvicorn, which ends open streams in band before its patience ends and exits 0 when told to stop."""

    def __init__(self, config: uvicorn.Config, drain: float) -> None:
        super().__init__(config)
        self._drain = drain

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        gateway: Gateway = self.lifespan.state["gateway"]
        gateway.draining = True
        gateway.event("draining", in_flight=gateway.in_flight())
        last = asyncio.get_running_loop().call_later(max(self._drain - LAST_WORDS, 0), gateway.drain, "draining")
        try:
            await super().shutdown(sockets)
        finally:
            last.cancel()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """The same signals; uvicorn would raise them once more at the end and so never exit 0."""
        handlers = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)


class ToLog(logging.Handler):
    """What libraries log, as our own lines: the kind of an exception, never its text, which may hold anything."""

    def __init__(self, event: Callable[..., None]) -> None:
        super().__init__(logging.WARNING)
        self._event = event

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        level = "error" if record.levelno >= logging.ERROR else "warning"
        self._event("library", level=level, logger=record.name, message=str(record.msg)[:200], error=kind)
