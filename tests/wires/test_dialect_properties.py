"""The functions of `wires.dialect` on anything at all: requests that the hub lets in, replies of any shape."""

from contextlib import suppress
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, TEXT, in_all_ways
from tests.wires.dialect_support import encoded, target
from tests.wires.support import JSON, SSE, WIRE, call, sse
from trunkline.config.rows import rows
from trunkline.errors import ApiError, Failure
from trunkline.hub.request import check_chat
from trunkline.types import Json

ROWS = [name for name, row in rows().providers.items() if rows().kinds[row.kind].wire == "openai"]

NAMES = st.sampled_from(
    ["tool_calls", "tool_call_id", "name", "reasoning", "reasoning_content", "reasoning_details", "refusal", "x"]
)
PART = st.dictionaries(st.sampled_from(["type", "file", "input_audio", "text"]), ANY_JSON | st.just("file"))
MESSAGE = st.builds(
    lambda role, content, rest: {**rest, "role": role, "content": content},
    st.sampled_from(["system", "developer", "user", "assistant", "tool", "other"]),
    st.none() | TEXT | st.lists(PART, max_size=2),
    st.dictionaries(NAMES, ANY_JSON, max_size=3),
)
FORMAT = st.dictionaries(st.sampled_from(["type", "json_schema"]), ANY_JSON | st.just("json_schema"))
BODY = st.fixed_dictionaries(
    {"messages": st.lists(MESSAGE, min_size=1, max_size=3)},
    optional={
        "response_format": FORMAT,
        "stop": TEXT | st.lists(TEXT, max_size=4),
        "logprobs": st.booleans(),
        "top_logprobs": st.integers(0, 20),
        "tools": st.just([]),
        "service_tier": ANY_JSON,
        "reasoning_effort": TEXT | st.sampled_from(["none", "minimal", "xhigh"]),
        "temperature": st.floats(0, 2),
        "guided_json": ANY_JSON,
        "seed": st.integers(-(2**63), 2**64 - 1),
    },
)


@pytest.mark.parametrize("row", ROWS)
@PROPERTY
@given(body=BODY)
def test_a_request_that_was_let_in_is_sent_or_refused(row: str, body: Json) -> None:
    try:
        check_chat(body)
    except ApiError:
        return
    before = deepcopy(body)
    with suppress(ApiError):  # a parameter that this provider lacks
        encoded(row, body)
    assert body == before


KEYS = st.sampled_from(["choices", "usage", "x_groq", "error", "p", "data"])
INNER = st.sampled_from(
    ["index", "message", "delta", "content", "finish_reason", "logprobs", "tokens", "usage", "code"]
)
REPLY: st.SearchStrategy[Any] = st.recursive(
    ANY_JSON | st.just("content_filter"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(INNER, inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("row", ROWS)
@PROPERTY
@given(said=st.dictionaries(KEYS, REPLY, max_size=4), stream=st.booleans())
def test_any_reply_is_an_answer_or_a_failure(row: str, said: Json, stream: bool) -> None:
    what = call(stream=stream)
    decoder = WIRE.decoder(what, what.body, target(row), SSE if stream else JSON)
    body = sse(said) if stream else orjson.dumps(said)
    with suppress(Failure):
        list(decoder.feed(body))
        list(decoder.close())


@pytest.mark.parametrize("row", ["groq", "mistral", "together", "azure"])
def test_the_same_chunks_however_they_are_cut(row: str) -> None:
    one = {"choices": [{"index": 0, "delta": {"content": [{"type": "text", "text": "é"}]}, "seed": 1}], "p": "x"}
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "eos"}], "x_groq": {"usage": {"prompt_tokens": 1}}}

    def run(pieces: list[bytes]) -> list[Json]:
        decoder = WIRE.decoder(call(stream=True), {}, target(row), SSE)
        return [event for piece in pieces for event in decoder.feed(piece)] + list(decoder.close())

    assert in_all_ways(run, sse(one, end, b"[DONE]"))
