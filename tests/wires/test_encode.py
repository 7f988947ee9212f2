"""Requests as a provider takes them: rows of (provider, what the client asked, what is sent)."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY
from tests.wires.support import WIRE, call, target
from trunkline.types import Json, Kind

HI: Json = {"model": "smart", "messages": [{"role": "user", "content": "hi"}]}
SENT: Json = {"model": "up-1", "messages": HI["messages"]}
USAGE = {"stream_options": {"include_usage": True}}


@dataclass(frozen=True, slots=True)
class Row:
    """`body` is added to the messages, `sent` to what always goes out."""

    sent: Json
    body: Json = field(default_factory=dict)
    provider: Json = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    stream: bool = False


ROWS: dict[str, Row] = {
    "as it is": Row({"temperature": 0.5, "n": 2}, {"temperature": 0.5, "n": 2}),
    "unknown keys pass": Row({"top_k": 3, "x": {"y": None}}, {"top_k": 3, "x": {"y": None}}),
    "renamed": Row(
        {"max_tokens": 5}, {"max_completion_tokens": 5}, {"rename": {"max_completion_tokens": "max_tokens"}}
    ),
    "nothing to rename": Row({"user": "u"}, {"user": "u"}, {"rename": {"seed": "random_seed"}}),
    "dropped": Row(
        {"seed": 1}, {"user": "u", "seed": 1, "store": True}, {"drop": frozenset({"user", "store"})}, ("store", "user")
    ),
    "nothing to drop": Row({"seed": 1}, {"seed": 1}, {"drop": frozenset({"user"})}),
    "renamed and dropped": Row(
        {"random_seed": 1},
        {"seed": 1, "user": "u"},
        {"rename": {"seed": "random_seed", "user": "u"}, "drop": frozenset({"user"})},
        ("user",),
    ),
    "names further down are no parameters": Row(
        {"metadata": {"user": "u", "seed": "1"}},
        {"metadata": {"user": "u", "seed": "1"}},
        {"rename": {"seed": "random_seed"}, "drop": frozenset({"user"})},
    ),
    "usage is always asked of a stream": Row({"stream": True, **USAGE}, {"stream": True}, stream=True),
    "even where the client does not want it": Row(
        {"stream": True, **USAGE}, {"stream": True, "stream_options": {"include_usage": False}}, stream=True
    ),
    "the client's other options stay": Row(
        {"stream": True, "stream_options": {"x": 1, "include_usage": True}},
        {"stream": True, "stream_options": {"x": 1}},
        stream=True,
    ),
    "the provider's options": Row(
        {"stream": True, "stream_options": {"include_obfuscation": False, "include_usage": True}},
        {"stream": True},
        {"stream_options": {"include_obfuscation": False}},
        stream=True,
    ),
    "the client's options before the provider's": Row(
        {"stream": True, "stream_options": {"include_obfuscation": True, "include_usage": True}},
        {"stream": True, "stream_options": {"include_obfuscation": True}},
        {"stream_options": {"include_obfuscation": False}},
        stream=True,
    ),
    "no options for a provider that refuses them": Row(
        {"stream": True}, {"stream": True}, {"drop": frozenset({"stream_options"})}, stream=True
    ),
    "not even the client's": Row(
        {"stream": True},
        {"stream": True, "stream_options": {"include_usage": True}},
        {"drop": frozenset({"stream_options"})},
        ("stream_options",),
        stream=True,
    ),
    "no options for a whole answer": Row({"stream": False}, {"stream": False}),
}


def encoded(row: Row, kind: Kind, body: Json) -> tuple[str, Any, tuple[str, ...]]:
    result = WIRE.encode(call(kind, stream=row.stream, body=body), body, target(**row.provider))
    assert result.headers == {}
    return result.path, orjson.loads(result.content), result.dropped


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_chat(row: Row) -> None:
    assert encoded(row, "chat", {**HI, **row.body}) == ("/chat/completions", {**SENT, **row.sent}, row.dropped)


EMBEDDING_ROWS: dict[str, Row] = {
    "no encoding": Row({}),
    "floats": Row({"encoding_format": "float"}, {"encoding_format": "float"}),
    "floats for base64": Row({"encoding_format": "float"}, {"encoding_format": "base64"}),
    "base64 where the provider has it": Row(
        {"encoding_format": "base64"}, {"encoding_format": "base64"}, {"base64_embeddings": True}
    ),
    "no encoding where the provider has base64": Row({}, {}, {"base64_embeddings": True}),
    "encoding dropped": Row(
        {}, {"encoding_format": "base64"}, {"drop": frozenset({"encoding_format"})}, ("encoding_format",)
    ),
    "dimensions": Row({"dimensions": 8}, {"dimensions": 8}),
}


@pytest.mark.parametrize("row", EMBEDDING_ROWS.values(), ids=EMBEDDING_ROWS)
def test_embeddings(row: Row) -> None:
    body = {"model": "m", "input": ["a"], **row.body}
    assert encoded(row, "embeddings", body) == (
        "/embeddings",
        {"model": "up-1", "input": ["a"], **row.sent},
        row.dropped,
    )


def test_text_is_sent_as_utf_8() -> None:
    body = {"messages": [{"role": "user", "content": "né 🙂"}]}
    assert "né 🙂".encode() in WIRE.encode(call(body=body), body, target()).content


NAMES = st.sampled_from(["model", "stream", "seed", "user", "max_tokens", "encoding_format", "x"])
BODIES = st.builds(
    lambda body, options: {**body, **options},
    st.dictionaries(NAMES, ANY_JSON),
    st.dictionaries(st.just("stream_options"), st.dictionaries(NAMES, ANY_JSON)),
)


@PROPERTY
@given(
    body=BODIES,
    rename=st.dictionaries(NAMES, NAMES),
    drop=st.frozensets(NAMES),
    options=st.dictionaries(NAMES, ANY_JSON, max_size=2),
    stream=st.booleans(),
    kind=st.sampled_from(["chat", "embeddings"]),
)
def test_encode_changes_nothing_it_was_given(
    body: Json, rename: dict[str, str], drop: frozenset[str], options: Json, stream: bool, kind: Kind
) -> None:
    provider = {"rename": rename, "drop": drop, "stream_options": options}
    before = deepcopy((body, provider))
    asked = call(kind, stream=stream, body=body)
    first = WIRE.encode(asked, body, target(**provider))
    assert (body, provider) == before
    assert asked.body == body
    assert WIRE.encode(asked, body, target(**provider)) == first
    sent = orjson.loads(first.content)
    assert sent["model"] == "up-1"
    assert set(first.dropped) == drop & body.keys()
