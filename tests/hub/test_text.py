"""JSON from providers: strict, or mended, or a ValueError (faults rows 49, 50)."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY
from trunkline.hub.text import read_json

GOOD: dict[str, tuple[bytes, Any]] = {
    "object": (b'{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}),
    "blanks around": (b'\n \r\n\t{"a": 1}\n\n', {"a": 1}),
    "UTF-8": ('{"é": "日本🙂"}'.encode(), {"é": "日本🙂"}),
    "escapes": (b'"\\u00e9\\ud83d\\ude42\\u0000"', "é🙂\0"),
    "duplicate keys": (b'{"a": 1, "a": 2}', {"a": 2}),
    "u64": (b"18446744073709551615", 2**64 - 1),
}
MENDED: dict[str, tuple[bytes, Any]] = {
    "not UTF-8": (b'{"a": "x\xffy"}', {"a": "x\ufffdy"}),
    "character cut at its end": (b'{"a": "\xf0\x9f\x99"}', {"a": "\ufffd"}),
    "two halves apart": (b'["\xe6\x97", "\xa5"]', ["\ufffd", "\ufffd"]),
    "Latin-1": ('{"a": "né"}'.encode("latin-1"), {"a": "n\ufffd"}),
    "encoded surrogate": (b'"\xed\xa0\x80"', "\ufffd\ufffd\ufffd"),
    "lone high surrogate": (b'{"a": "\\ud83d"}', {"a": "\ufffd"}),
    "lone low surrogate": (b'{"a": "\\ude42"}', {"a": "\ufffd"}),
    "high surrogate before text": (b'{"a": "\\ud83dx", "b": "y"}', {"a": "\ufffdx", "b": "y"}),
    "wrong way round": (b'"\\ude42\\ud83d"', "\ufffd\ufffd"),
    "a pair beside a lone one": (b'"\\ud83d\\ud83d\\ude42"', "\ufffd🙂"),
    "in a key": (b'{"\\ud83d": 1}', {"\ufffd": 1}),
    "both kinds": (b'["\xff", "\\ud83d", "\\u00e9"]', ["\ufffd", "\ufffd", "é"]),
}
BAD: dict[str, bytes] = {
    "nothing": b"",
    "text": b"hello",
    "half": b'{"a": "b',
    "half and not UTF-8": b'{"a": "\xf0\x9f',
    "two": b"{}{}",
    "NaN": b"[NaN]",
    "NaN and not UTF-8": b'[NaN, "\xff"]',
    "Infinity": b"-Infinity",
    "beyond a double": b"1e999",
    "5,000 digits": b'["\xff", ' + b"1" * 5000 + b"]",
    "BOM": b"\xef\xbb\xbf{}",
    "gzip": b"\x1f\x8b\x08\x00",
    "1,025 levels": b"[" * 1025 + b"]" * 1025,
    "100,000 levels": b"[" * 100_000 + b"]" * 100_000,
    "100,000 levels, not UTF-8": b"[" * 100_000 + b'"\xff"' + b"]" * 100_000,
}


@pytest.mark.parametrize(("raw", "value"), [*GOOD.values(), *MENDED.values()], ids=[*GOOD, *MENDED])
def test_read_json(raw: bytes, value: Any) -> None:
    assert read_json(raw) == value
    orjson.dumps(read_json(raw))


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
def test_what_is_no_json_is_a_value_error(raw: bytes) -> None:
    with pytest.raises(ValueError):
        read_json(raw)


def test_text_is_read_like_bytes() -> None:
    assert read_json('{"a": "é"}') == {"a": "é"}
    assert read_json('{"a": "\ud83d"}') == {"a": "\ufffd"}


@PROPERTY
@given(st.binary(max_size=30) | st.binary(max_size=20).map(lambda raw: b'{"a": "' + raw + b'"}'))
def test_any_bytes_are_json_or_a_value_error(raw: bytes) -> None:
    try:
        value = read_json(raw)
    except ValueError:
        return
    orjson.dumps(value)


@PROPERTY
@given(ANY_JSON)
def test_json_is_read_as_it_is(value: Any) -> None:
    assert read_json(orjson.dumps(value)) == value
    assert read_json(json.dumps(value)) == value


WITH_SURROGATES = st.text(st.characters(categories=["Cs", "Lu", "So"]), max_size=8)


@PROPERTY
@given(st.lists(WITH_SURROGATES, max_size=3))
def test_only_broken_characters_are_mended(texts: list[str]) -> None:
    """As a UTF-16 decoder would, which joins pairs and replaces what is alone."""
    whole = [text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for text in texts]
    assert read_json(json.dumps(texts)) == whole
