"""Rows of (what the upstream sends, what the client sees) of tool calls: index from 0 by order of appearance; id,
type and name where a call opens and nowhere else."""

from typing import Any

import pytest

from tests.hub.upstream import END_CALLS, ROLE, calls, choice, chunk, conformed, sdk_reads
from trunkline.errors import Failure
from trunkline.types import Json


def piece(index: Any = None, call_id: Any = None, name: Any = None, arguments: Any = "", **rest: Any) -> Json:
    """A part of a call, with what is None left out."""
    function = {k: v for k, v in (("name", name), ("arguments", arguments)) if v is not None}
    whole = {"index": index, "id": call_id, "function": function, **rest}
    return {k: v for k, v in whole.items() if v is not None}


def opens(index: int, call_id: str, name: str, arguments: str = "") -> Json:
    return {"index": index, "id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def goes_on(index: int, arguments: str) -> Json:
    return {"index": index, "function": {"arguments": arguments}}


TWO = [opens(0, "c0", "f", "{}"), opens(1, "c1", "g", "{}")]
IN_PIECES = [opens(0, "c0", "f"), goes_on(0, '{"a'), goes_on(0, '": 1}')]

ROWS: dict[str, tuple[list[Json], list[Json]]] = {
    "OpenAI": (IN_PIECES, IN_PIECES),
    "whole calls": (TWO, TWO),
    "interleaved": (
        [opens(0, "c0", "f"), opens(1, "c1", "g"), goes_on(0, "{"), goes_on(1, "{"), goes_on(0, "}"), goes_on(1, "}")],
    )
    * 2,
    "no index": ([piece(None, "c0", "f", "{}"), piece(None, "c1", "g", "{}")], TWO),
    "no index, in pieces": ([piece(None, "c0", "f"), piece(arguments='{"a'), piece(arguments='": 1}')], IN_PIECES),
    "no index, id repeated": (
        [piece(None, "c0", "f"), piece(None, "c0", None, '{"a'), piece(None, "c0", "f", '": 1}')],
        IN_PIECES,
    ),
    "no index, two in pieces": (
        [piece(None, "c0", "f", "{"), piece(arguments="}"), piece(None, "c1", "g", "{"), piece(arguments="}")],
        [opens(0, "c0", "f", "{"), goes_on(0, "}"), opens(1, "c1", "g", "{"), goes_on(1, "}")],
    ),
    "index is text": ([piece("0", "c0", "f", "{}"), piece("1", "c1", "g", "{}")], TWO),
    "index from 1": ([piece(1, "c0", "f", "{}"), piece(2, "c1", "g", "{}")], TWO),
    "index -1": ([piece(-1, "c0", "f"), piece(-1, None, None, '{"a'), piece(-1, None, None, '": 1}')], IN_PIECES),
    "sparse": ([piece(3, "c0", "f", "{}"), piece(7, "c1", "g", "{}")], TWO),
    "index reused with a new id": ([piece(0, "c0", "f", "{}"), piece(0, "c1", "g", "{}")], TWO),
    "index reused with a new id, in pieces": (
        [piece(0, "c0", "f"), piece(0, None, None, "{}"), piece(0, "c1", "g"), piece(0, None, None, "{}")],
        [opens(0, "c0", "f"), goes_on(0, "{}"), opens(1, "c1", "g"), goes_on(1, "{}")],
    ),
    "id and name repeated": (
        [piece(0, "c0", "f"), piece(0, "c0", "f", '{"a', type="function"), piece(0, "c0", "f", '": 1}')],
        IN_PIECES,
    ),
    "id repeated": ([piece(0, "c0", "f"), piece(0, "c0", None, '{"a'), piece(0, "c0", None, '": 1}')], IN_PIECES),
    "type null": (
        [piece(0, "c0", "f") | {"type": None}] + [{**one, "type": None, "id": None} for one in IN_PIECES[1:]],
        IN_PIECES,
    ),
    "name null": (
        [piece(0, "c0", "f"), {"index": 0, "function": {"name": None, "arguments": '{"a'}}, goes_on(0, '": 1}')],
        IN_PIECES,
    ),
    "arguments null": ([{"index": 0, "id": "c0", "function": {"name": "f", "arguments": None}}], IN_PIECES[:1]),
    "no arguments": ([{"index": 0, "id": "c0", "function": {"name": "f"}}], IN_PIECES[:1]),
    "arguments are an object": ([piece(0, "c0", "f", {"a": [1, "é"]})], [opens(0, "c0", "f", '{"a":[1,"é"]}')]),
    "arguments are an empty object": ([piece(0, "c0", "f", {})], [opens(0, "c0", "f", "{}")]),
    "function null": ([opens(0, "c0", "f"), {"index": 0, "function": None}], [opens(0, "c0", "f"), goes_on(0, "")]),
    "no id": ([piece(0, None, "f", "{}")], [opens(0, "call_0123456789ab_0", "f", "{}")]),
    "empty id": ([piece(0, "", "f", "{}")], [opens(0, "call_0123456789ab_0", "f", "{}")]),
    "no ids, two": (
        [piece(0, None, "f", "{}"), piece(1, None, "g", "{}")],
        [opens(0, "call_0123456789ab_0", "f", "{}"), opens(1, "call_0123456789ab_1", "g", "{}")],
    ),
    "empty type": ([piece(0, "c0", "f", type="")], IN_PIECES[:1]),
    "extensions stay where the call opens": (
        [piece(0, "c0", "f", extra_content={"google": {"thought_signature": "s"}})],
        [opens(0, "c0", "f") | {"extra_content": {"google": {"thought_signature": "s"}}}],
    ),
}


@pytest.mark.parametrize("together", [False, True], ids=["a chunk each", "in one chunk"])
@pytest.mark.parametrize(("sent", "seen"), ROWS.values(), ids=ROWS)
def test_what_the_client_sees(sent: list[Json], seen: list[Json], together: bool) -> None:
    """The one id of the stream is the call's, so that ids of our own stay the same all through it."""
    start = ROLE | {"id": "chatcmpl-0123456789ab"}
    told = conformed([start, *([calls(*sent)] if together else map(calls, sent)), END_CALLS])
    parts = [call for one in told for call in one["choices"][0]["delta"].get("tool_calls", [])]
    assert parts == seen
    assert told[-1]["choices"] == [choice({}, "tool_calls")]
    sdk_reads(told)


def test_each_choice_counts_its_own_calls() -> None:
    told = conformed([chunk(choice({"tool_calls": [piece(5, f"c{i}", "f", "{}")]}, index=i)) for i in (0, 1)])
    assert [one["choices"][0]["delta"]["tool_calls"] for one in told] == [
        [opens(0, "c0", "f", "{}")],
        [opens(0, "c1", "f", "{}")],
    ]


@pytest.mark.parametrize("nothing", [None, [], "", {}, "x", 7, {"0": {}}], ids=str)
def test_what_is_no_list_of_calls_is_never_shown(nothing: Any) -> None:
    told = conformed([ROLE, chunk(choice({"content": "a", "tool_calls": nothing}))])
    assert told[-1]["choices"] == [choice({"content": "a"})]


def test_a_delta_of_no_calls_is_dropped() -> None:
    assert conformed([ROLE, calls()]) == conformed([ROLE])


@pytest.mark.parametrize("bad", [None, "x", 1, [], ["x"]], ids=str)
def test_a_call_that_is_no_object_fails(bad: Any) -> None:
    with pytest.raises(Failure) as raised:
        conformed([ROLE, calls(bad)])
    assert raised.value.kind == "invalid_response"


def test_no_arguments_are_invented_when_cut() -> None:
    """Faults row 55: half of the JSON stays half."""
    told = conformed([ROLE, calls(opens(0, "c0", "f", '{"a": "b'))])
    assert told[-1]["choices"][0]["delta"]["tool_calls"] == [opens(0, "c0", "f", '{"a": "b')]
