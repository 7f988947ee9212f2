"""Thought signatures: out with the answer, back on the part where they stood."""

from typing import Any

import orjson
import pytest

from tests.wires.gemini.support import (
    BUDGET,
    LEVEL,
    assistant,
    contents,
    folded,
    function_call,
    message,
    result,
    said,
    tool_call,
    write,
)
from tests.wires.support import HI, call
from tests.wires.support import target as openai_provider
from trunkline.types import Json
from trunkline.wires import openai

SKIP = "skip_thought_signature_validator"
FORM = {"format": "google-gemini-v1"}
CODE: Json = {"executableCode": {"language": "PYTHON", "code": "1"}, "thoughtSignature": "s"}
IMAGE: Json = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}

# The parts of an answer -> what tells of their signatures.
DETAILS: dict[str, tuple[list[Json], list[Json]]] = {
    "a call": ([function_call("f", "1", "s")],
               [{"type": "reasoning.encrypted", "data": "s", **FORM, "id": "1", "index": 0}]),
    "a call without an id": ([function_call("f", None, "s")],
                             [{"type": "reasoning.encrypted", "data": "s", **FORM, "id": "call_R1_0", "index": 0}]),
    "text": ([{"text": "ab"}, {"text": "cd", "thoughtSignature": "s"}],
             [{"type": "reasoning.encrypted", "data": "s", **FORM, "index": 0, "position": {"text": 2, "length": 2}}]),
    "empty text at the end": (
        [{"text": "ab"}, {"text": "", "thoughtSignature": "s"}],
        [{"type": "reasoning.encrypted", "data": "s", **FORM, "index": 0, "position": {"text": 2, "length": 0}}]),
    "empty text after a call": (
        [function_call("f", "1"), {"text": "", "thoughtSignature": "s"}],
        [{"type": "reasoning.encrypted", "data": "s", **FORM, "index": 0, "position": {"calls": 1, "length": 0}}]),
    "a thought": (
        [{"text": "hm", "thought": True, "thoughtSignature": "s"}, {"text": "a"}],
        [{"type": "reasoning.text", "text": "hm", "signature": "s", **FORM, "index": 0, "position": {}}]),
    "a picture": (
        [{**IMAGE, "thoughtSignature": "s"}],
        [{"type": "reasoning.encrypted", "data": "s", **FORM, "index": 0, "position": {"image": 0}}]),
    "two": (
        [{"text": "a", "thoughtSignature": "s"}, function_call("f", "1", "t")],
        [{"type": "reasoning.encrypted", "data": "s", **FORM, "index": 0, "position": {"length": 1}},
         {"type": "reasoning.encrypted", "data": "t", **FORM, "id": "1", "index": 1}]),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "wanted"), DETAILS.values(), ids=DETAILS)
def test_signatures_out(parts: list[Json], wanted: list[Json]) -> None:
    assert message(said(*parts))["reasoning_details"] == wanted
    assert folded(said(*parts))["reasoning_details"] == wanted


def test_the_signature_of_a_call_is_also_where_google_puts_it() -> None:
    (call,) = message(said(function_call("f", "1", "s")))["tool_calls"]
    assert call == tool_call("1", signature="s")


ROUND: dict[str, list[Json]] = {
    "text": [{"text": "ab"}],
    "signed text": [{"text": "ab", "thoughtSignature": "s"}],
    "signed after unsigned": [{"text": "ab"}, {"text": "cd", "thoughtSignature": "s"}],
    "unsigned after signed": [{"text": "ab", "thoughtSignature": "s"}, {"text": "cd"}],
    "a signature on nothing": [{"text": "ab"}, {"text": "", "thoughtSignature": "s"}],
    "parallel calls": [function_call("f", "1", "s", a=1), function_call("g", "2", None, a=2)],
    "each signed": [function_call("f", "1", "s", a=1), function_call("g", "2", "t", a=2)],
    "text, calls, a signature": [
        {"text": "né", "thoughtSignature": "s"},
        function_call("f", "1", "t", a=1),
        {"text": "", "thoughtSignature": "u"},
    ],
    "signed text after a call": [
        {"text": "a"},
        function_call("f", "1", "t", a=1),
        {"text": "b", "thoughtSignature": "u"},
    ],
    "a signed thought": [{"text": "hm", "thought": True, "thoughtSignature": "s"}, {"text": "a"}],
    "code that Google ran": [
        CODE,
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}},
        {"text": "one", "thoughtSignature": "t"},
    ],
    "code between words": [{"text": "a"}, CODE, {"text": "b"}],
    "Google's own tools": [
        {"toolCall": {"id": "x", "toolType": "GOOGLE_SEARCH"}, "thoughtSignature": "s"},
        {"toolResponse": {"id": "x", "response": {}}},
        function_call("f", "1", "t", a=1),
    ],
    "pictures": [{"text": "a"}, {**IMAGE, "thoughtSignature": "s"}, {**IMAGE, "thoughtSignature": "t"}],
}


@pytest.mark.parametrize("parts", ROUND.values(), ids=ROUND)
@pytest.mark.parametrize("tell", [message, folded])
def test_an_answer_comes_back_as_it_was(tell: Any, parts: list[Json]) -> None:
    (turn,) = contents(tell(said(*parts)), model=LEVEL)
    assert turn["parts"] == parts


def test_pieces_of_a_stream_come_back_with_the_signature_on_the_last() -> None:
    answer = folded(
        said({"text": "ab"}, finish=None),
        said({"text": "cd"}, finish=None),
        said({"text": "", "thoughtSignature": "s"}),
    )
    assert contents(answer)[0]["parts"] == [{"text": "abcd"}, {"text": "", "thoughtSignature": "s"}]


def detail(signature: str, identity: str) -> Json:
    return {"type": "reasoning.encrypted", "data": signature, **FORM, "id": identity}


# Message -> the signatures of its calls.
BACK: dict[str, tuple[Json, list[str | None]]] = {
    "where Google puts it": (assistant(tool_call("1", signature="s")), ["s"]),
    "in the details": (assistant(tool_call("1"), reasoning_details=[detail("s", "1")]), ["s"]),
    "in both, the call's own first": (
        assistant(tool_call("1", signature="s"), reasoning_details=[detail("t", "1")]), ["s"]),
    "the first of two details": (
        assistant(tool_call("1"), reasoning_details=[detail("s", "1"), detail("t", "1")]), ["s"]),
    "of another call": (assistant(tool_call("1"), reasoning_details=[detail("s", "2")]), [None]),
    "of the second call": (
        assistant(tool_call("1"), tool_call("2"), reasoning_details=[detail("s", "2")]), [None, "s"]),
    "empty": (assistant(tool_call("1", signature=""), reasoning_details=[detail("", "1")]), [None]),
    "not a list": (assistant(tool_call("1"), reasoning_details="s"), [None]),
}  # fmt: skip


@pytest.mark.parametrize(("back", "wanted"), BACK.values(), ids=BACK)
def test_signatures_of_calls_come_back(back: Json, wanted: list[str | None]) -> None:
    (turn,) = contents(back)
    assert [part.get("thoughtSignature") for part in turn["parts"]] == wanted


UNSIGNED: dict[str, tuple[list[Json], list[list[str | None]]]] = {
    "the first call of the current turn": (
        [HI, assistant(tool_call("1"), tool_call("2")), result("1"), result("2")], [[SKIP, None]]),
    "each step of it": (
        [HI, assistant(tool_call("1")), result("1"), assistant(tool_call("2")), result("2")], [[SKIP], [SKIP]]),
    "not one that is signed": ([HI, assistant(tool_call("1", signature="s")), result("1")], [["s"]]),
    "not one of a turn before": (
        [HI, assistant(tool_call("1")), result("1"), HI, assistant(tool_call("2")), result("2")], [[None], [SKIP]]),
    "nothing where the user has spoken since": ([HI, assistant(tool_call("1")), result("1"), HI], [[None]]),
}  # fmt: skip


@pytest.mark.parametrize(("messages", "wanted"), UNSIGNED.values(), ids=UNSIGNED)
def test_a_history_without_signatures(messages: list[Json], wanted: list[list[str | None]]) -> None:
    """What replaces a signature loses nothing that came: only what another vendor's thinking held is named."""
    written = write({"messages": messages}, LEVEL)
    steps = [turn for turn in written.request["contents"] if turn["role"] == "model"]
    assert [[part.get("thoughtSignature") for part in step["parts"]] for step in steps] == wanted
    assert written.dropped == ()


def test_older_models_need_no_signature() -> None:
    (_, turn, _) = contents(HI, assistant(tool_call()), result(), model=BUDGET)
    assert "thoughtSignature" not in turn["parts"][0]


FOREIGN: dict[str, tuple[list[Json], tuple[str, ...]]] = {
    "signed": ([{"type": "reasoning.text", "text": "hm", "signature": "s", "format": "anthropic-claude-v1"}],
               ("messages=trimmed",)),
    "encrypted": ([{"type": "reasoning.encrypted", "data": "d", "format": "openai-responses-v1"}],
                  ("messages=trimmed",)),
    "a block": ([{"type": "message.block", "block": {"a": 1}, "format": "anthropic-claude-v1"}],
                ("messages=trimmed",)),
    "nothing in it": ([{"type": "reasoning.text", "text": "", "format": "anthropic-claude-v1"}], ()),
    "ours": ([detail("s", "1")], ()),
}  # fmt: skip


@pytest.mark.parametrize(("details", "dropped"), FOREIGN.values(), ids=FOREIGN)
def test_the_reasoning_of_others_is_stripped_and_named(details: list[Json], dropped: tuple[str, ...]) -> None:
    written = write({"messages": [HI, assistant(tool_call(), reasoning_details=details), result()]}, LEVEL)
    assert written.dropped == dropped
    assert "reasoning_details" not in str(written.request)


def test_what_stood_after_a_call_that_did_not_come_back() -> None:
    position = {"position": {"text": 1, "length": 1, "calls": 2}}
    back = assistant(
        content="abc", reasoning_details=[{"type": "reasoning.encrypted", "data": "s", **FORM, **position}]
    )
    assert contents(back)[0]["parts"] == [{"text": "a"}, {"text": "b", "thoughtSignature": "s"}, {"text": "c"}]


def test_another_vendor_sees_nothing_of_it() -> None:
    """A closed schema would refuse the whole request for it."""
    answer = message(said({"text": "hm", "thought": True}, {"text": "a"}, function_call("f", "1", "s"), CODE))
    what = call(body={"messages": [HI, answer]})
    provider = openai_provider(request=("reasoning_left_out",))
    sent = orjson.loads(openai.encode(what, what.body, provider).content)["messages"][1]
    assert sent == {"role": "assistant", "content": "a", "tool_calls": [tool_call("1")]}


def test_text_that_the_client_changed_is_cut_where_it_ends() -> None:
    position = {"position": {"text": 2, "length": 90}}
    back = assistant(
        content="abc", reasoning_details=[{"type": "reasoning.encrypted", "data": "s", **FORM, **position}]
    )
    assert contents(back)[0]["parts"] == [{"text": "ab"}, {"text": "c", "thoughtSignature": "s"}]
