"""The conversation: (messages, input items)."""

from typing import Any

import pytest

from tests.wires.responses.support import SAID_HI, US, refused, write
from tests.wires.support import HI
from trunkline.types import Json


def calls(*ids: str, **rest: Any) -> Json:
    functions = [{"id": i, "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}} for i in ids]
    return {"role": "assistant", "content": None, "tool_calls": functions, **rest}


def called(identity: str) -> Json:
    return {"type": "function_call", "call_id": identity, "name": "f", "arguments": '{"a":1}'}


def said(words: str, **rest: Any) -> Json:
    return {"type": "message", "role": "assistant", "content": words, **rest}


def tool(identity: str, content: Any = "r") -> Json:
    return {"role": "tool", "tool_call_id": identity, "content": content}


def result(identity: str, output: Any = "r", kind: str = "function_call_output") -> Json:
    return {"type": kind, "call_id": identity, "output": output}


SECRET: Json = {"type": "reasoning.encrypted", "data": "d", "id": "rs_1", **US}
GEMINI: Json = {**SECRET, "format": "google-gemini-v1"}
SUMMARY: Json = {"type": "reasoning.summary", "summary": "hm", "id": "rs_1", **US}
THOUGHT: Json = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "d"}
HM: Json = {**THOUGHT, "summary": [{"type": "summary_text", "text": "hm"}]}


def at(entry: Json, text: int, calls: int) -> Json:
    return {**entry, "position": {"text": text, "calls": calls}}


def phase(name: str, text: int) -> Json:
    return at({"type": "reasoning.summary", "summary": "", "phase": name, **US}, text, 0)


FREE: Json = {"id": "1", "type": "custom", "custom": {"name": "g", "input": "x"}}
LONG = "c" * 65

ROWS: dict[str, tuple[list[Json], list[Json]]] = {
    "a string": ([HI], [SAID_HI]),
    "instructions stay in place": (
        [{"role": "system", "content": "s"}, HI, {"role": "developer", "content": "d"}],
        [
            {"type": "message", "role": "system", "content": "s"},
            SAID_HI,
            {"type": "message", "role": "developer", "content": "d"},
        ],
    ),
    "parts": (
        [{"role": "user", "content": [{"type": "text", "text": "a"}]}],
        [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "a"}]}],
    ),
    "the model's own words": ([HI, {"role": "assistant", "content": "a"}], [SAID_HI, said("a")]),
    "its parts": (
        [{"role": "assistant", "content": [{"type": "text", "text": "a"}, {"type": "refusal", "refusal": "b"}]}],
        [said("ab")],
    ),
    "its refusal": ([{"role": "assistant", "content": None, "refusal": "no"}], [said("no")]),
    "nothing": ([HI, {"role": "assistant", "content": None}, {"role": "user", "content": None}], [SAID_HI]),
    "a call": ([calls("1"), tool("1")], [called("1"), result("1")]),
    "words before calls": (
        [calls("1", "2", content="a"), tool("1"), tool("2")],
        [said("a"), called("1"), called("2"), result("1"), result("2")],
    ),
    "no arguments": (
        [{"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f"}}]}],
        [{"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"}],
    ),
    "free text": (
        [{"role": "assistant", "tool_calls": [FREE]}, tool("1")],
        [
            {"type": "custom_tool_call", "call_id": "1", "name": "g", "input": "x"},
            result("1", kind="custom_tool_call_output"),
        ],
    ),
    "a result in parts": (
        [tool("1", [{"type": "text", "text": "a"}])],
        [result("1", [{"type": "input_text", "text": "a"}])],
    ),
    "no result": ([tool("1", None)], [result("1", "")]),
    "reasoning before everything": (
        [calls("1", content="a", reasoning_details=[SUMMARY, SECRET])],
        [HM, said("a"), called("1")],
    ),
    "reasoning before each call": (
        [calls("1", "2", reasoning_details=[SECRET, at(SECRET, 0, 1)])],
        [THOUGHT, called("1"), THOUGHT, called("2")],
    ),
    "reasoning between two texts": (
        [{"role": "assistant", "content": "aébc", "reasoning_details": [SECRET, at(SECRET, 2, 0)]}],
        [THOUGHT, said("aé"), THOUGHT, said("bc")],
    ),
    "reasoning that led to nothing more": (
        [{"role": "assistant", "content": "ab", "reasoning_details": [at(SECRET, 2, 0)]}],
        [said("ab")],
    ),
    "reasoning of a text that was shortened": (
        [{"role": "assistant", "content": "ab", "reasoning_details": [SECRET, at(SECRET, 9, 9)]}],
        [THOUGHT, said("ab")],
    ),
    "a model of another vendor that ends with it": (
        [{"role": "assistant", "content": "ab", "reasoning_details": [at(GEMINI, 2, 0)]}],
        [said("ab"), {**THOUGHT, "format": "google-gemini-v1"}],
    ),
    "reasoning and nothing that it led to": (
        [{"role": "assistant", "content": None, "reasoning_details": [SECRET]}, HI],
        [SAID_HI],
    ),
    "reasoning in words": (
        [calls("1", reasoning_details=[{"type": "reasoning.text", "text": "x", "id": "rs_1", **US}, SECRET])],
        [{**THOUGHT, "content": [{"type": "reasoning_text", "text": "x"}]}, called("1")],
    ),
    "a summary of which the provider kept nothing": ([calls("1", reasoning_details=[SUMMARY])], [called("1")]),
    "the summary of another item": (
        [calls("1", reasoning_details=[{**SUMMARY, "id": "rs_0"}, SECRET])],
        [THOUGHT, called("1")],
    ),
    "reasoning that a client had from elsewhere": (
        [calls("1", reasoning_details=[{"type": "reasoning.encrypted", "data": "d", "format": US["format"]}])],
        [{"type": "reasoning", "summary": [], "encrypted_content": "d"}, called("1")],
    ),
    "reasoning by a host of another vendor's model": (
        [calls("1", reasoning_details=[GEMINI])],
        [{**THOUGHT, "format": "google-gemini-v1"}, called("1")],
    ),
    "commentary and answer": (
        [
            {
                "role": "assistant",
                "content": "abcd",
                "reasoning_details": [phase("commentary", 0), phase("final_answer", 2)],
            }
        ],
        [said("ab", phase="commentary"), said("cd", phase="final_answer")],
    ),
}


@pytest.mark.parametrize(("messages", "items"), ROWS.values(), ids=ROWS)
def test_messages(messages: list[Json], items: list[Json]) -> None:
    written = write({"messages": messages})
    assert written.request["input"] == items
    assert written.dropped == ()


def test_an_id_that_is_too_long_is_the_same_everywhere() -> None:
    call, output = write({"messages": [calls(LONG), tool(LONG)]}).request["input"]
    assert call["call_id"] == output["call_id"]
    assert len(call["call_id"]) <= 64


LOST: dict[str, tuple[Json, str]] = {
    "a name": ({**HI, "name": "Bo"}, "messages=trimmed"),
    "a cache mark": (
        {"role": "user", "content": [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}]},
        "messages=trimmed",
    ),
    "audio of a former turn": ({"role": "assistant", "content": "a", "audio": {"id": "x"}}, "messages=trimmed"),
    "a picture of a former turn": ({"role": "assistant", "content": "a", "images": [{}]}, "messages=trimmed"),
    "another vendor's signature": (
        calls("1", reasoning_details=[{"type": "reasoning.text", "text": "x", "signature": "s", "format": "y"}]),
        "messages=reasoning_left_out",
    ),
    "what another account encrypted": (
        calls("1", reasoning_details=[{**SECRET, "issuer": "another"}]),
        "messages=reasoning_left_out",
    ),
}


@pytest.mark.parametrize(("message", "lost"), LOST.values(), ids=LOST)
def test_what_is_lost_is_named(message: Json, lost: str) -> None:
    assert write({"messages": [message]}).dropped == (lost,)


def test_another_vendors_words_are_no_loss() -> None:
    """They were never more than something to read."""
    foreign = {"type": "reasoning.text", "text": "x", "format": "y"}
    assert write({"messages": [calls("1", reasoning_details=[foreign, "x"])]}).dropped == ()


REFUSED: dict[str, tuple[Json, tuple[str, str]]] = {
    "audio": (
        {"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]},
        ("unsupported_parameter", "messages[0].content[0]"),
    ),
    "an image by the model": (
        {"role": "assistant", "content": [{"type": "image_url"}]},
        ("unsupported_parameter", "messages[0].content[0]"),
    ),
    "a role": ({"role": "function", "content": "x"}, ("unsupported_parameter", "messages[0].role")),
    "a call of nothing": ({"role": "assistant", "tool_calls": [{}]}, ("invalid_request", "messages[0].tool_calls[0]")),
    "an image without a URL": (
        {"role": "user", "content": [{"type": "image_url", "image_url": {}}]},
        ("invalid_request", "messages[0].content[0]"),
    ),
    "a file without data": (
        {"role": "user", "content": [{"type": "file", "file": {"filename": "a.pdf"}}]},
        ("invalid_request", "messages[0].content[0]"),
    ),
}


@pytest.mark.parametrize(("message", "error"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_said(message: Json, error: tuple[str, str]) -> None:
    assert refused({"messages": [message]}) == error
