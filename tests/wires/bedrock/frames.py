"""Frames as Amazon writes them."""

import struct
import zlib
from collections.abc import Mapping
from typing import Any

import orjson

Header = str | bytes | bool | int | tuple[int, bytes]
"""A value as text, bytes, truth or a 32-bit number; or a type and its bytes."""


def frame(headers: Mapping[str, Header], payload: bytes = b"") -> bytes:
    written = b"".join(_header(name, value) for name, value in headers.items())
    prelude = struct.pack(">II", 16 + len(written) + len(payload), len(written))
    head = prelude + struct.pack(">I", zlib.crc32(prelude)) + written + payload
    return head + struct.pack(">I", zlib.crc32(head))


def _header(name: str, value: Header) -> bytes:
    return bytes([len(name.encode())]) + name.encode() + _value(value)


def _value(value: Header) -> bytes:
    if isinstance(value, tuple):
        return bytes([value[0]]) + value[1]
    if isinstance(value, bool):
        return b"\x00" if value else b"\x01"
    if isinstance(value, int):
        return b"\x04" + struct.pack(">i", value)
    data = value.encode() if isinstance(value, str) else value
    return (b"\x07" if isinstance(value, str) else b"\x06") + struct.pack(">H", len(data)) + data


def event(name: str, payload: Any) -> bytes:
    """As Bedrock sends it, padding and all."""
    headers = {":event-type": name, ":content-type": "application/json", ":message-type": "event"}
    padded = {**payload, "p": "abcdefgh"} if isinstance(payload, dict) else payload
    return frame(headers, orjson.dumps(padded))


def exception(name: str, **payload: Any) -> bytes:
    headers = {":exception-type": name, ":content-type": "application/json", ":message-type": "exception"}
    return frame(headers, orjson.dumps(payload))


def fault(code: str, message: str) -> bytes:
    """An error without a payload."""
    return frame({":message-type": "error", ":error-code": code, ":error-message": message})
