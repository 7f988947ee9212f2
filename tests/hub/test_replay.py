"""A whole answer told as a stream says the same: to us, and to the official SDK."""

from copy import deepcopy
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import PROPERTY, TEXT
from tests.hub.upstream import USAGE, conformed, sdk_reads, stream
from trunkline.hub.chunks import FINISHES, has_content
from trunkline.hub.completion import conform_completion, fold, replay
from trunkline.types import Json

WORDS = st.text(min_size=1, max_size=8)
TOKEN = st.fixed_dictionaries(
    {
        "token": TEXT,
        "logprob": st.floats(-9999, 0),
        "bytes": st.none() | st.lists(st.integers(0, 255), max_size=3),
        "top_logprobs": st.just([]),
    }
)
LOGPROBS = st.none() | st.fixed_dictionaries(
    {
        "content": st.none() | st.lists(TOKEN, min_size=1, max_size=2),
        "refusal": st.none() | st.lists(TOKEN, min_size=1, max_size=2),
    }
)
CALL = st.fixed_dictionaries(
    {
        "id": WORDS,
        "type": st.just("function"),
        "function": st.fixed_dictionaries({"name": WORDS, "arguments": TEXT}),
    },
    optional={"extra_content": st.just({"google": {"thought_signature": "s"}})},
)
CITATION = {"type": "url_citation", "url_citation": {"start_index": 0, "end_index": 1, "title": "t", "url": "u"}}
MESSAGE = st.fixed_dictionaries(
    {"role": st.just("assistant"), "content": st.none() | TEXT},
    optional={
        "reasoning_content": WORDS,
        "refusal": WORDS,
        "tool_calls": st.lists(CALL, min_size=1, max_size=3),
        "annotations": st.just([CITATION]),
        "audio": st.just({"id": "a", "data": "AA==", "transcript": "t", "expires_at": 9}),
        "function_call": st.just({"name": "f", "arguments": "{}"}),
        "note": st.integers(0, 9) | WORDS,
    },
)


def choice(draw: st.DrawFn, index: int) -> Json:
    message = draw(MESSAGE)
    logprobs = draw(LOGPROBS) if message["content"] or message.get("refusal") else None
    finish = draw(st.sampled_from(sorted(FINISHES)))
    return {"index": index, "message": message, "logprobs": logprobs, "finish_reason": finish}


@st.composite
def completions(draw: st.DrawFn) -> Json:
    """An answer in the form that `conform_completion` leaves it in."""
    choices = [choice(draw, index) for index in range(draw(st.integers(1, 3)))]
    whole: Json = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": draw(st.integers(1, 2**40)),
        "model": "m",
        "choices": choices,
        "usage": draw(st.none() | st.just(USAGE)),
    }
    if draw(st.booleans()):
        whole["system_fingerprint"] = draw(st.none() | st.just("fp"))
    return whole if whole["usage"] else {key: value for key, value in whole.items() if key != "usage"}


@PROPERTY
@given(completions())
def test_replay_then_fold_is_the_identity(whole: Json) -> None:
    told = replay(deepcopy(whole))
    assert fold(told, whole.get("usage")) == whole


@PROPERTY
@given(completions())
def test_replay_changes_nothing_it_was_given(whole: Json) -> None:
    before = orjson.dumps(whole)
    fold(conformed(replay(whole)), whole.get("usage"))
    assert orjson.dumps(whole) == before


@PROPERTY
@given(completions())
def test_replay_is_in_openai_s_form_already(whole: Json) -> None:
    """A kept answer is replayed as it is: to conform it changes nothing, and every choice finishes last."""
    told = replay(whole)
    law = stream()
    assert conformed(told, law) == told
    assert law.complete
    assert {one["object"] for one in told} == {"chat.completion.chunk"}
    assert not any("usage" in one for one in told)
    assert any(has_content(one) for one in told)
    for index in range(len(whole["choices"])):
        ends = [bool(one["choices"][0]["finish_reason"]) for one in told if one["choices"][0]["index"] == index]
        assert ends == [False] * (len(ends) - 1) + [True]


@PROPERTY
@given(completions())
def test_a_replayed_answer_is_a_conformed_one(whole: Json) -> None:
    folded = fold(replay(whole), whole.get("usage"))
    assert conform_completion(deepcopy(folded), "other", 1, "other") == folded


THE_SDK_S_OWN = ("parsed", "parsed_arguments", "index")


def said(value: Any) -> Any:
    """What an answer says, without the keys that say nothing."""
    if isinstance(value, dict):
        return {key: said(one) for key, one in value.items() if one is not None and key not in THE_SDK_S_OWN}
    return [said(one) for one in value] if isinstance(value, list) else value


@PROPERTY
@given(completions())
def test_the_sdk_reads_the_same_answer(whole: Json) -> None:
    told = replay(whole)
    last = {**told[-1], "choices": [], "usage": whole.get("usage")}
    read, folded = sdk_reads([*told, last]), fold(told, whole.get("usage"))
    assert said({**read, "object": "chat.completion"}) == said(folded)
    assert [choice["index"] for choice in read["choices"]] == [choice["index"] for choice in folded["choices"]]


def test_order_of_a_replay() -> None:
    """Role, reasoning, refusal, text, calls, the rest, finish."""
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = {"content": "a", "tool_calls": [call], "x": 1, "refusal": "no", "reasoning_content": "r"}
    one = {"index": 0, "message": {**message, "role": "assistant"}, "logprobs": None, "finish_reason": "tool_calls"}
    told = replay({"id": "i", "object": "chat.completion", "created": 1, "model": "m", "choices": [one]})
    assert [one["choices"][0]["delta"] for one in told] == [
        {"role": "assistant", "content": ""},
        {"reasoning_content": "r"},
        {"refusal": "no"},
        {"content": "a"},
        {"tool_calls": [{"index": 0, **call}]},
        {"x": 1},
        {},
    ]
    assert [one["choices"][0]["finish_reason"] for one in told] == [None] * 6 + ["tool_calls"]
    assert {(one["id"], one["created"], one["model"]) for one in told} == {("i", 1, "m")}


def test_choices_are_replayed_in_the_order_of_their_index() -> None:
    """The SDK fails on a stream that begins with index 1."""
    message = {"role": "assistant", "content": "a"}
    choices = [{"index": i, "message": message, "logprobs": None, "finish_reason": "stop"} for i in (1, 0)]
    told = replay({"id": "i", "object": "chat.completion", "created": 1, "model": "m", "choices": choices})
    assert [choice["index"] for choice in sdk_reads(told)["choices"]] == [0, 1]
