"""Client requests: rows of (body, what is refused), faults row 63 and the contract's "Parameters"."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, nested, refusal
from trunkline.hub.request import CHAT, EMBEDDINGS, FORBIDDEN, check_chat, check_embeddings, parse_body
from trunkline.types import Json

HI: Json = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
EMBED: Json = {"model": "m", "input": "hi"}


def deep(depth: int, inside: bytes = b"1") -> bytes:
    """An object of `depth` levels, itself one of them."""
    return b'{"a":' + b"[" * (depth - 1) + inside + b"]" * (depth - 1) + b"}"


NOT_JSON: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n",
    "text": b"hello",
    "half": b'{"model": "m"',
    "two": b"{}{}",
    "single quotes": b"{'model': 'm'}",
    "trailing comma": b'{"model": "m",}',
    "comment": b'{"model": "m"} // x',
    "NaN": b'{"temperature": NaN}',
    "Infinity": b'{"temperature": -Infinity}',
    "beyond a double": b'{"temperature": 1e999}',
    "BOM": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "not UTF-8": b'{"model": "\xff"}',
    "cut UTF-8": b'{"model": "\xf0\x9f\x99"}',
    "lone surrogate": b'{"model": "\\ud800"}',
    "control character": b'{"model": "\x00"}',
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "null": b"null",
    "list": b"[]",
    "string": b'"hi"',
    "number": b"1",
    "form": b"model=m&messages=hi",
    "129 levels": deep(129),
    "129 levels of objects": b'{"a":' * 129 + b"1" + b"}" * 129,
    "129 levels, the last ones empty": deep(127, b'{"b":[]}'),
    "129 levels among many shallow": b'{"b":[' + b"[]," * 999 + b'[]],"a":' + b"[" * 128 + b"]" * 128 + b"}",
    "255 levels": deep(255),
    "1025 levels": deep(1025),
    "100,000 levels": deep(100_000),
}


@pytest.mark.parametrize("raw", NOT_JSON.values(), ids=NOT_JSON)
def test_row_63_what_is_not_a_json_object_is_refused(raw: bytes) -> None:
    error = refusal(parse_body, raw)
    assert error is not None
    assert (error.status, error.code, error.type, error.param) == (400, "invalid_json", "invalid_request_error", None)


@pytest.mark.parametrize("raw", [deep(129), deep(255)])
def test_row_63_the_depth_allowed_is_told(raw: bytes) -> None:
    error = refusal(parse_body, raw)
    assert error is not None
    assert "128" in error.message


GOOD: dict[str, tuple[bytes, Json]] = {
    "empty object": (b"{}", {}),
    "blanks around": (b' \r\n\t{"a" : 1}\n', {"a": 1}),
    "duplicate keys, the last wins": (b'{"model": "a", "model": "b"}', {"model": "b"}),
    "duplicate keys, the last is null": (b'{"model": "a", "model": null}', {}),
    "null is absence": (b'{"a": null, "b": false, "c": 0, "d": ""}', {"b": False, "c": 0, "d": ""}),
    "null further down is not": (b'{"messages": [{"content": null}]}', {"messages": [{"content": None}]}),
    "escaped": (b'{"a": "\\ud83d\\ude42 \\u0000"}', {"a": "🙂 \0"}),
    "unsigned": (b'{"seed": 18446744073709551615}', {"seed": 2**64 - 1}),
    "128 levels": (deep(128), {"a": nested(127)}),
    "brackets in text": (b'{"a": "' + b"[" * 2000 + b'"}', {"a": "[" * 2000}),
    "wide, not deep": (b'{"a": [' + b"[]," * 2000 + b"[]]}", {"a": [[]] * 2001}),
}


@pytest.mark.parametrize(("raw", "body"), GOOD.values(), ids=GOOD)
def test_json_objects_are_read(raw: bytes, body: Json) -> None:
    assert parse_body(raw) == body


def test_what_is_read_can_be_sent_on() -> None:
    """Deeper than orjson writes would be a crash later."""
    assert orjson.loads(orjson.dumps(parse_body(deep(128)))) == {"a": nested(127)}


@PROPERTY
@given(ANY_JSON | st.dictionaries(st.sampled_from([*CHAT, *EMBEDDINGS, *FORBIDDEN, "x"]), ANY_JSON, max_size=6))
def test_any_json_is_a_body_or_an_api_error(value: Any) -> None:
    refused = refusal(parse_body, orjson.dumps(value))
    assert (refused.code if refused else None) == (None if isinstance(value, dict) else "invalid_json")
    if refused is None:
        body = parse_body(orjson.dumps(value))
        assert body == {key: one for key, one in value.items() if one is not None}
        assert {error.code for error in map(refusal, (check_chat, check_embeddings), (body, body)) if error} <= {
            "invalid_request"
        }


@PROPERTY
@given(st.sampled_from(sorted({*CHAT, "messages"})), ANY_JSON)
def test_any_value_of_a_parameter_passes_or_is_named(key: str, value: Any) -> None:
    error = refusal(check_chat, {**HI, key: value})
    if error is not None:
        assert (error.status, error.code) == (400, "invalid_request")
        assert error.param is not None
        assert error.param.startswith(key)
        assert f"`{error.param}`" in error.message


@PROPERTY
@given(st.binary(max_size=40))
def test_any_bytes_are_a_body_or_an_api_error(raw: bytes) -> None:
    error = refusal(parse_body, raw)
    assert error is None or error.code == "invalid_json"
    assert error or isinstance(parse_body(raw), dict)


@pytest.mark.parametrize("key", ["api_base", "base_url", "api_key", "extra_headers", "fallbacks"])
@pytest.mark.parametrize(("check", "body"), [(check_chat, HI), (check_embeddings, EMBED)], ids=["chat", "embeddings"])
def test_upstreams_and_credentials_come_from_the_configuration_alone(check: Any, body: Json, key: str) -> None:
    error = refusal(check, {**body, key: "x"})
    assert error is not None
    assert (error.code, error.param) == ("invalid_request", key)
    assert "configuration" in error.message


def test_nothing_further_down_is_touched() -> None:
    """The same words are a client's own business below messages, tools, response_format and metadata."""
    free: Json = {"api_key": "x", "base_url": None, "fallbacks": [None], "temperature": 99, "nothing": None}
    body: Json = {
        "model": "m",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hi", **free}], **free}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": free}, **free}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": free}, **free},
        "metadata": free,
        "vendor_extra": free,
    }
    read = parse_body(orjson.dumps(body))
    check_chat(read)
    assert read == body


def test_unknown_parameters_pass() -> None:
    """An SDK's `extra_body` arrives like this; the wire decides."""
    check_chat({**HI, "top_k": 3, "guided_json": {}, "chat_template_kwargs": {"x": 1}})
    check_embeddings({**EMBED, "truncate": True})
