"""A client that speaks HTTP/1.1 byte by byte, so that it can be as rude as a test needs."""

import json
import socket
import struct
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self

from tests.kit.answer import Answer

CANARY = b"canary"
"""Part of every secret of the test suite: a proxy that lets it out has leaked one."""


class Address(Protocol):
    """Where to send to, and the client key to show there."""

    @property
    def port(self) -> int: ...
    @property
    def key(self) -> str | None: ...


class Client:
    """One connection to the server. Fails on the spot when a secret comes back."""

    def __init__(self, port: int, *, timeout: float = 10.0) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        self._sent = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> float:
        """Leave in good order; gives the time."""
        self.socket.close()
        return time.monotonic()

    def reset(self) -> float:
        """Leave with a RST; gives the time."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return self.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)
        self._sent = time.monotonic()

    def request(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send(request_bytes(method, path, body, headers))

    def read(self) -> Answer:
        """The next answer, whole. Raises ConnectionError when the server leaves before its head is complete."""
        status, headers = self._head()
        pieces: list[tuple[float, bytes]] = []
        if headers.get("transfer-encoding") == "chunked":
            clean = self._chunked(pieces)
        else:
            body, clean = self._exactly(int(headers["content-length"]))
            pieces.append((time.monotonic(), body))
        answer = Answer(status, headers, tuple(pieces), clean, self._sent, time.monotonic())
        assert CANARY not in answer.body, f"a secret in the body: {answer.body!r}"
        return answer

    def read_until(self, mark: bytes) -> bytes:
        """Raw bytes up to and with `mark`."""
        while mark not in self._buffer:
            self._more()
        found, _, self._buffer = self._buffer.partition(mark)
        return found + mark

    def closed(self) -> bool:
        """The server hangs up (waits for it up to the timeout) and has nothing more to say."""
        try:
            return self._buffer == b"" and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionResetError(f"the server hung up after {self._buffer!r}")
        self._buffer += data

    def _head(self) -> tuple[int, dict[str, str]]:
        head = self.read_until(b"\r\n\r\n")
        assert CANARY not in head, f"a secret in the headers: {head!r}"
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        pairs = [line.partition(":") for line in lines]
        names = [name.lower() for name, _, _ in pairs]
        assert len(names) == len(set(names)), f"a header twice: {lines}"
        return int(first.split(" ")[1]), {name.lower(): value.strip() for name, _, value in pairs}

    def _exactly(self, length: int) -> tuple[bytes, bool]:
        try:
            while len(self._buffer) < length:
                self._more()
        except ConnectionResetError:
            return self._buffer, False
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return body, True

    def _chunked(self, pieces: list[tuple[float, bytes]]) -> bool:
        try:
            while size := int(self.read_until(b"\r\n"), 16):
                data, _ = self._exactly(size + 2)
                pieces.append((time.monotonic(), data[:-2]))
            return self._exactly(2)[1]
        except ConnectionResetError:
            return False


def request_bytes(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A well-formed request; `headers` come on top of host, content-type and content-length, None-free."""
    fields = {"host": "127.0.0.1", **(headers or {})}
    if body:
        fields = {"content-type": "application/json", "content-length": str(len(body)), **fields}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def chat_body(model: str, *, stream: bool = False, **rest: Any) -> dict[str, Any]:
    """A chat request; `rest` are further members."""
    return {"model": model, "messages": [{"role": "user", "content": "hi"}], "stream": stream, **rest}


def authorization(server: Address) -> dict[str, str]:
    return {} if server.key is None else {"authorization": f"Bearer {server.key}"}


def start_chat(server: Address, body: object, headers: Mapping[str, str] | None = None) -> Client:
    """Send a chat request and leave the answer to the caller."""
    client = Client(server.port)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    client.request("POST", "/v1/chat/completions", content, {**authorization(server), **(headers or {})})
    return client


def post_chat(server: Address, body: object, headers: Mapping[str, str] | None = None) -> Answer:
    with start_chat(server, body, headers) as client:
        return client.read()


def get(server: Address, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    with Client(server.port) as client:
        client.request("GET", path, headers={**authorization(server), **(headers or {})})
        return client.read()
