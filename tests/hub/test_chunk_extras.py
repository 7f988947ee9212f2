"""Rows of streams beyond text and function calls: reasoning details, choices out of order, custom tools, and what
rides on every chunk."""

from copy import deepcopy
from typing import Any

import pytest

from tests.hub.upstream import END_CALLS, ROLE, STOP, USAGE, calls, choice, chunk, conformed, sdk_reads, stream, text
from trunkline.errors import Failure
from trunkline.hub.completion import fold
from trunkline.types import Json


def detail(index: Any = 0, kind: str = "text", **rest: Any) -> Json:
    said = {"type": f"reasoning.{kind}", "format": "f", **rest}
    return said if index is ... else {**said, "index": index}


def details(*pieces: Any, finish: str | None = None) -> Json:
    return chunk(choice({"reasoning_details": list(pieces)}, finish))


DETAILS: dict[str, tuple[list[Json], list[Json]]] = {
    "one": ([details(detail(text="a"))], [detail(text="a")]),
    "in pieces": ([details(detail(text="a")), details(detail(text="b"))], [detail(text="ab")]),
    "two in a delta": ([details(detail(text="a"), detail(1, text="b"))], [detail(text="a"), detail(1, text="b")]),
    "two in pieces": (
        [details(detail(text="a")), details(detail(1, text="b")), details(detail(1, text="c"))],
        [detail(text="a"), detail(1, text="bc")],
    ),
    "interleaved": (
        [details(detail(i, text=t)) for i, t in ((0, "a"), (1, "b"), (0, "c"), (1, "d"))],
        [detail(text="ac"), detail(1, text="bd")],
    ),
    "signature at the end": (
        [details(detail(text="a", signature=None)), details(detail(signature="s"))],
        [detail(text="a", signature="s")],
    ),
    "summary and data": (
        [details(detail(kind="summary", summary="a")), details(detail(kind="summary", summary="b"))],
        [detail(kind="summary", summary="ab")],
    ),
    "no index": ([details(detail(..., text="a")), details(detail(..., text="b"))], [detail(text="ab")]),
    "index null": ([details(detail(None, text="a")), details(detail(None, text="b"))], [detail(text="ab")]),
    "no index, two kinds": (
        [details(detail(..., text="a")), details(detail(..., kind="encrypted", data="x"))],
        [detail(text="a"), detail(1, kind="encrypted", data="x")],
    ),
    "one index for two kinds, as xAI's and Gemini's": (
        [details(detail(text="a")), details(detail(kind="encrypted", data="x", id="rs_1"))],
        [detail(text="a"), detail(1, kind="encrypted", data="x", id="rs_1")],
    ),
    "what is no detail": ([details(None, "x", 1, [], detail(text="a"))], [detail(text="a")]),
}


@pytest.mark.parametrize(("sent", "whole"), DETAILS.values(), ids=DETAILS)
def test_reasoning_details_go_out_whole_before_the_finish(sent: list[Json], whole: list[Json]) -> None:
    """The SDK joins what has the same index, formats and all: each entry has one of its own."""
    told = conformed([ROLE, *sent, text("a"), STOP])
    assert [one["choices"] for one in told[-2:]] == [[choice({"reasoning_details": whole})], [choice({}, "stop")]]
    assert not any("reasoning_details" in one["choices"][0]["delta"] for one in told[:-2])
    assert sdk_reads(told)["choices"][0]["message"]["reasoning_details"] == whole
    assert fold(deepcopy(told), None)["choices"][0]["message"]["reasoning_details"] == whole
    assert conformed(told) == told


@pytest.mark.parametrize("nothing", [None, [], {}, "x", 7], ids=str)
def test_what_are_no_details_is_never_shown(nothing: Any) -> None:
    assert conformed([ROLE, chunk(choice({"reasoning_details": nothing})), STOP]) == conformed([ROLE, STOP])


def test_details_of_each_choice_come_before_its_own_finish() -> None:
    sent = [chunk(choice({"content": "a", "reasoning_details": [detail(text=str(i))]}, index=i)) for i in (0, 1)]
    ends = [chunk(choice({}, "stop", index=i)) for i in (1, 0)]
    told = [one["choices"] for one in conformed([*sent, *ends])[2:]]
    assert told == [
        [choice({"reasoning_details": [detail(text="1")]}, index=1)],
        [choice({}, "stop", index=1)],
        [choice({"reasoning_details": [detail(text="0")]})],
        [choice({}, "stop")],
    ]


def test_details_of_an_answer_in_one_chunk_come_after_its_role() -> None:
    told = conformed([chunk(choice({"content": "a", "reasoning_details": [detail(text="r")]}, "stop"))])
    assert "role" in told[0]["choices"][0]["delta"]
    assert sum("role" in one["choices"][0]["delta"] for one in told) == 1
    assert told[-1]["choices"][0]["finish_reason"] == "stop"
    assert conformed(told) == told


def test_details_of_an_answer_cut_off_are_not_told() -> None:
    assert conformed([ROLE, details(detail(text="a")), text("a")]) == conformed([ROLE, text("a")])


def test_details_are_told_once() -> None:
    """Some servers finish twice, with text between."""
    told = conformed([ROLE, details(detail(text="a")), STOP, chunk(choice({"content": "b"}, "stop"))])
    assert sum("reasoning_details" in one["choices"][0]["delta"] for one in told) == 1


def begun(index: int) -> Json:
    return choice({"role": "assistant", "content": ""}, index=index)


ORDERS: dict[str, tuple[list[Json], list[list[Json]]]] = {
    "a later one first": ([chunk(begun(1)), chunk(begun(0))], [[begun(0), begun(1)], [choice({"content": ""})]]),
    "two later ones first": ([chunk(begun(2))], [[begun(0), begun(1), begun(2)]]),
    "in one chunk, out of order": ([chunk(begun(1), begun(0))], [[begun(0), begun(1)]]),
    "in order": ([chunk(begun(0)), chunk(begun(1))], [[begun(0)], [begun(1)]]),
}


@pytest.mark.parametrize(("sent", "seen"), ORDERS.values(), ids=ORDERS)
def test_choices_begin_in_the_order_of_their_index(sent: list[Json], seen: list[list[Json]]) -> None:
    """The SDK takes the index of a choice for its place in the list (wire section 8)."""
    told = conformed(sent)
    assert [one["choices"] for one in told] == seen
    assert [one["index"] for one in sdk_reads(told)["choices"]] == sorted({c["index"] for one in seen for c in one})


def test_an_index_no_request_can_have_asked_for_fails() -> None:
    """`n` is at most 128: to open all choices below a million would be the end of us, not of the stream."""
    with pytest.raises(Failure) as raised:
        conformed([ROLE, chunk(choice({"content": "a"}, index=100_000))])
    assert raised.value.kind == "invalid_response"


def test_a_choice_that_was_only_opened_is_not_finished() -> None:
    law = stream()
    conformed([chunk(choice({"content": "a"}, "stop", index=1))], law)
    assert not law.complete


def test_the_usage_chunk_says_what_every_chunk_says() -> None:
    """Clients believe the last chunk."""
    law = stream()
    sent = [{**one, "system_fingerprint": "fp", "service_tier": "default"} for one in (ROLE, STOP)]
    conformed([*sent, chunk(usage=USAGE)], law)
    assert law.usage_chunk() == chunk(usage=USAGE, system_fingerprint="fp", service_tier="default")


CUSTOM = {"id": "c0", "type": "custom", "custom": {"name": "sql", "input": "SELECT 1"}}


def test_a_custom_call_is_no_function() -> None:
    sent = [
        calls({"index": 0, "id": "c0", "type": "custom", "custom": {"name": "sql", "input": ""}}),
        *[calls({"index": 0, "custom": {"input": part}}) for part in ("SELECT", " 1")],
    ]
    told = conformed([ROLE, *sent, END_CALLS])
    assert [one["choices"] for one in told[1:3]] == [one["choices"] for one in sent[:2]]
    assert fold(told, None)["choices"][0]["message"]["tool_calls"] == [CUSTOM]


def test_custom_null_is_a_function() -> None:
    """As servers say it that write out every field they know."""
    [told] = conformed([calls({"index": 0, "id": "c0", "custom": None, "function": {"name": "f", "arguments": None}})])
    [call] = told["choices"][0]["delta"]["tool_calls"]
    assert (call["type"], call["function"]) == ("function", {"name": "f", "arguments": ""})


def test_what_rides_on_a_call_that_goes_on_is_folded() -> None:
    sent = [
        calls({"index": 0, "id": "c0", "type": "function", "function": {"name": "f", "arguments": "{"}}),
        calls({"index": 0, "function": {"arguments": "}"}, "note": "x", "nothing": None, "extra_content": {"y": 1}}),
    ]
    [call] = fold(conformed([ROLE, *sent, END_CALLS]), None)["choices"][0]["message"]["tool_calls"]
    assert (call["id"], call["function"]) == ("c0", {"name": "f", "arguments": "{}"})
    assert call["extra_content"] == {"y": 1}
