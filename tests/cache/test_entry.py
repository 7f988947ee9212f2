"""An entry comes back as it was, or not at all (faults row 107)."""

import pickle
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.cache.entry import MAX_BYTES, Entry, jittered, pack, storable, unpack
from trunkline.types import Json

CHAT: Json = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "né"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}
TOOLS: Json = {
    **CHAT,
    "choices": [
        {
            "index": 0,
            "message": {"content": None, "tool_calls": [{"id": "c", "type": "function", "function": {}}]},
            "finish_reason": "tool_calls",
        }
    ],
}
VECTORS: Json = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -1.0]}]}
BASE64: Json = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": "AAAAPw=="}]}


@pytest.mark.parametrize("answer", [CHAT, TOOLS, VECTORS, BASE64], ids=["chat", "tools", "floats", "base64"])
def test_what_was_packed_is_unpacked(answer: Json) -> None:
    assert unpack(pack(answer, 12.5, "openai", "gpt-4o")) == Entry(answer, 12.5, "openai", "gpt-4o")


def test_deep_answers_that_can_be_sent_can_be_kept() -> None:
    deep = {**CHAT, "provider_extra": nested(240)}
    assert unpack(pack(deep, 1.0, "p", "m")) == Entry(deep, 1.0, "p", "m")


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def stored(**changes: Any) -> bytes:
    whole = orjson.loads(pack(CHAT, 1.0, "openai", "gpt-4o"))
    return orjson.dumps({key: value for key, value in {**whole, **changes}.items() if value != "absent"})


def answered(**changes: Any) -> bytes:
    return stored(answer={key: value for key, value in {**CHAT, **changes}.items() if value != "absent"})


def chosen(**changes: Any) -> bytes:
    choice = {**CHAT["choices"][0], **changes}
    return answered(choices=[{key: value for key, value in choice.items() if value != "absent"}])


def test_the_unchanged_entry_is_good() -> None:
    """What the rows below change is all that is wrong with them."""
    assert unpack(stored()) == unpack(answered()) == unpack(chosen()) == Entry(CHAT, 1.0, "openai", "gpt-4o")


POISON: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"OK",
    "half": stored()[:-1],
    "two": stored() * 2,
    "not UTF-8": stored().replace("é".encode(), b"\xe9"),
    "byte order mark": b"\xef\xbb\xbf" + stored(),
    "NaN": stored().replace(b"1.0", b"NaN"),
    "endless": stored().replace(b"1.0", b"1e999"),
    "pickle": pickle.dumps({"v": 1}),
    "null": b"null",
    "list": b"[" + stored() + b"]",
    "number": b"1",
    "empty object": b"{}",
    "other version": stored(v=2),
    "version as text": stored(v="1"),
    "no version": stored(v="absent"),
    "no time": stored(fresh_until="absent"),
    "time as text": stored(fresh_until="1.0"),
    "time is null": stored(fresh_until=None),
    "no provider": stored(provider="absent"),
    "provider is no text": stored(provider=7),
    "model is null": stored(model=None),
    "no answer": stored(answer="absent"),
    "answer is text": stored(answer="hi"),
    "answer is a list": stored(answer=[CHAT]),
    "answer is empty": stored(answer={}),
    "an error for an answer": stored(answer={"error": {"message": "no"}}),
    "no object": answered(object="absent"),
    "other object": answered(object="chat.completion.chunk"),
    "no choices": answered(choices="absent"),
    "choices empty": answered(choices=[]),
    "choices are an object": answered(choices={"0": CHAT["choices"][0]}),
    "a choice is null": answered(choices=[CHAT["choices"][0], None]),
    "no message": chosen(message="absent"),
    "message is text": chosen(message="hi"),
    "no index": chosen(index="absent"),
    "unfinished": chosen(finish_reason=None),
    "tool calls are text": chosen(message={"tool_calls": "x"}),
    "a tool call is text": chosen(message={"tool_calls": ["x"]}),
    "no vectors": stored(answer={"object": "list", "data": []}),
    "a vector is null": stored(answer={"object": "list", "data": [{"embedding": None}]}),
    "a row is text": stored(answer={"object": "list", "data": ["x"]}),
    "deeper than can be sent": stored()[:-1] + b',"x":' + b"[" * 300 + b"]" * 300 + b"}",
    "deeper than can be read": stored()[:-1] + b',"x":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "too large": stored()[:-1] + b" " * MAX_BYTES + b"}",
}


@pytest.mark.parametrize("raw", POISON.values(), ids=POISON)
def test_poison_is_a_miss(raw: bytes) -> None:
    assert unpack(raw) is None


@given(raw=st.binary(max_size=200), cut=st.integers(0, 400))
def test_no_bytes_raise(raw: bytes, cut: int) -> None:
    assert unpack(raw) is None
    assert isinstance(unpack(stored()[:cut] + raw + stored()[cut:]), Entry | None)


@pytest.mark.parametrize(
    ("size", "ttl", "kept"),
    [
        (1, 1.0, True),
        (MAX_BYTES, 0.001, True),
        (0, 1.0, False),
        (MAX_BYTES + 1, 1.0, False),
        (1, 0.0, False),
        (1, -1.0, False),
    ],
)
def test_storable(size: int, ttl: float, kept: bool) -> None:
    assert storable(bytes(size), ttl) is kept


@pytest.mark.parametrize(("rng_value", "seconds"), [(0.0, 90.0), (0.5, 100.0), (0.25, 95.0), (1.0, 110.0)])
def test_jitter_is_within_a_tenth(rng_value: float, seconds: float) -> None:
    assert jittered(100.0, rng_value) == pytest.approx(seconds)
