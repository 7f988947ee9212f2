"""Bounds on the head of a request that neither httptools nor uvicorn sets (faults section 0.6, row 101).

One valid Host, at most MAX_HEADERS headers, at most MAX_HEAD bytes: anything else is answered 400 and the connection
closed, before any handler sees it.
"""

import re
from typing import Any, cast

import httptools
import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from trunkline.errors import ApiError
from trunkline.server.answers import error_body, new_id

MAX_HEADERS = 100
MAX_HEAD = 64 * 1024

HOST = re.compile(rb"(?:[A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\Z")


ON_DISCONNECT = "trunkline.on_disconnect"
"""Where a scope's handler leaves the function to call when its client goes away. Reading `receive` for it would
cost a task per request, and would not see a client that leaves with requests still in the pipeline."""


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 over httptools with a bounded head and errors in our own form."""

    _head = 0
    _in_head = True
    _running: RequestResponseCycle | None = None

    def data_received(self, data: bytes) -> None:
        # A header that has no end yet stays inside httptools, so its bytes are counted on the way in.
        if self._in_head:
            self._head += len(data)
        try:
            super().data_received(data)
        except httptools.HttpParserCallbackError as error:
            self.send_400_response(str(error.__context__ or error))
            return
        if self._in_head and self._head > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response(f"The request's head is larger than {MAX_HEAD} bytes.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head = 0

    def on_headers_complete(self) -> None:
        self._in_head = False
        complaint = _complaint(self.headers, self.parser.get_http_version())
        if complaint:
            raise ValueError(complaint)
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        running = self._running
        if running is not None and not running.response_complete:
            running.disconnected = True
            running.message_event.set()
            scope = cast(dict[str, Any], running.scope)
            if ON_DISCONNECT in scope:
                scope[ON_DISCONNECT]()

    def send_400_response(self, msg: str) -> None:
        """Also what uvicorn calls for a request that is not HTTP."""
        if self.transport.is_closing():
            return
        error = ApiError("invalid_request", msg)
        request_id = new_id()
        body = orjson.dumps(error_body(error, request_id))
        head = STATUS_LINE[400] + b"content-type: application/json\r\nconnection: close\r\n"
        head += b"x-request-id: %b\r\n" % request_id.encode()
        self.transport.write(b"%scontent-length: %d\r\n\r\n%s" % (head, len(body), body))
        self.transport.close()


def _complaint(headers: list[tuple[bytes, bytes]], version: str) -> str | None:
    if len(headers) > MAX_HEADERS:
        return f"The request has more than {MAX_HEADERS} headers."
    size = sum(len(name) + len(value) for name, value in headers)
    if size > MAX_HEAD:
        return f"The request's head is larger than {MAX_HEAD} bytes."
    hosts = [value for name, value in headers if name == b"host"]
    if version == "1.1" and len(hosts) != 1:
        return "The request needs exactly one Host header."
    if hosts and not HOST.match(hosts[0]):
        return "The request's Host header is not valid."
    return None
