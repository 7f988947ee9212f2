"""Arguments told value by value, as Vertex does where it is asked to: rows of (pieces, arguments)."""

from typing import Any

import orjson
import pytest

from tests.wires.gemini.support import folded, read, said, sse, streamed
from tests.wires.support import SSE, call
from trunkline.types import Json


def piece(path: str | None = None, **value: Any) -> Json:
    """A part that goes on with the call."""
    told = {"partialArgs": [{"jsonPath": path, **value}]} if path else {}
    return {"functionCall": {**told, "willContinue": True}}


OPENS: Json = {"functionCall": {"name": "f", "willContinue": True}, "thoughtSignature": "s"}
ENDS: Json = {"functionCall": {}}

ARGUMENTS: dict[str, tuple[list[Json], Any]] = {
    "none": ([], {}),
    "a text in pieces": ([piece("$.a", stringValue="x", willContinue=True), piece("$.a", stringValue="y")],
                         {"a": "xy"}),
    "values": ([piece("$.a", numberValue=1), piece("$.b", boolValue=False), piece("$.c", nullValue="NULL_VALUE")],
               {"a": 1, "b": False, "c": None}),
    "an object": ([piece("$.a.b", stringValue="x"), piece("$.a.c", numberValue=2)], {"a": {"b": "x", "c": 2}}),
    "a list": ([piece("$.a[0]", stringValue="x"), piece("$.a[1]", stringValue="y"), piece("$.a[1]", stringValue="z")],
               {"a": ["x", "yz"]}),
    "objects in a list": ([piece("$.a[0].b", numberValue=1), piece("$.a[1].b", numberValue=2)],
                          {"a": [{"b": 1}, {"b": 2}]}),
    "lists in a list": ([piece("$.a[0][0]", numberValue=1)], {"a": [[1]]}),
    "a name in quotes": ([piece("$['a b'].c", numberValue=1)], {"a b": {"c": 1}}),
    "a sign of life": ([piece(), piece("$.a", numberValue=1), piece()], {"a": 1}),
}  # fmt: skip


@pytest.mark.parametrize(("pieces", "wanted"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments(pieces: list[Json], wanted: Any) -> None:
    responses = [said(part, finish=None) for part in (OPENS, *pieces, ENDS)]
    (made,) = folded(*responses, said({"text": ""}))["tool_calls"]
    assert orjson.loads(made["function"]["arguments"]) == wanted
    assert (made["id"], made["function"]["name"]) == ("call_R1_0", "f")
    assert made["extra_content"] == {"google": {"thought_signature": "s"}}


def test_the_call_opens_at_once() -> None:
    (chunk,) = streamed(said(OPENS, finish=None))
    (made,) = chunk["choices"][0]["delta"]["tool_calls"]
    assert made["function"] == {"name": "f", "arguments": ""}


def test_a_call_that_is_never_closed_ends_with_the_answer() -> None:
    (made,) = folded(said(OPENS, piece("$.a", numberValue=1)))["tool_calls"]
    assert made["function"]["arguments"] == '{"a":1}'


def test_the_next_call_closes_the_one_before() -> None:
    calls = folded(said(OPENS, piece("$.a", numberValue=1), {"functionCall": {"name": "g", "args": {"b": 2}}}))
    assert [made["function"] for made in calls["tool_calls"]] == [
        {"name": "f", "arguments": '{"a":1}'},
        {"name": "g", "arguments": '{"b":2}'},
    ]


def test_free_text() -> None:
    body = {"tools": [{"type": "custom", "custom": {"name": "f"}}]}
    (made,) = folded(said(OPENS, piece("$.input", stringValue="x"), ENDS), body=body)["tool_calls"]
    assert made["custom"] == {"name": "f", "input": "x"}


NOWHERE: dict[str, Json] = {
    "no path": piece("x", numberValue=1),
    "a list where an object is": piece("$[0]", numberValue=1),
    "beyond the end": piece("$.a[7]", numberValue=1),
    "too deep": piece("$" + ".a" * 200, numberValue=1),
    "no value": {"functionCall": {"partialArgs": [1]}},
}


@pytest.mark.parametrize("wrong", NOWHERE.values(), ids=NOWHERE)
def test_a_path_that_leads_nowhere(wrong: Json) -> None:
    outcome = read(call(stream=True), SSE, [sse(said(OPENS, wrong))])
    assert outcome.failed is not None
    assert outcome.failed[:2] == ("invalid_response", "an argument of a call is told under a path that leads nowhere")
