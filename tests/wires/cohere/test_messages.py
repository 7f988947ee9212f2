"""Conversations: (the client's messages, Cohere's), and those that are refused."""

from typing import Any

import pytest

from tests.wires.cohere.support import PLAIN, SEES, THINKS, refused, turns, write
from tests.wires.support import HI
from trunkline.types import Json

Messages = list[Json]

CALL: Json = {"id": "f_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
CALLED: Json = {"role": "assistant", "content": None, "tool_calls": [CALL]}
PLAN: Json = {"type": "reasoning.text", "text": "I will", "format": "cohere-v2", "index": 1, "part": "tool_plan"}
THOUGHT: Json = {"type": "reasoning.text", "text": "hm", "format": "cohere-v2", "index": 0}
FOREIGN: Json = {"type": "reasoning.encrypted", "data": "x", "format": "anthropic-claude-v1", "index": 0}
NOTHING: list[Json] = [{"type": "document", "document": {"data": {"output": ""}}}]
PNG = "data:image/png;base64,iVBORw0KGgo="


def user(*parts: Json) -> Json:
    return {"role": "user", "content": list(parts)}


def text(said: str, **more: Any) -> Json:
    return {"type": "text", "text": said, **more}


def system(said: Any, role: str = "system") -> Json:
    return {"role": role, "content": said}


def result(content: Any) -> Json:
    return {"role": "tool", "tool_call_id": "f_1", "content": content}


def image(url: Any, **more: Any) -> Json:
    return {"type": "image_url", "image_url": {"url": url, **more}}


def assistant(**said: Any) -> Json:
    return {"role": "assistant", **said}


ROWS: dict[str, tuple[Messages, Messages, tuple[str, ...]]] = {
    "text": ([HI], [HI], ()),
    "parts": ([user(text("a"), text("b"))], [user(text("a"), text("b"))], ()),
    "parts with marks of others": ([user(text("a", cache_control={}))], [user(text("a"))], ()),
    "blank parts": ([user(text(" "), text("a"))], [user(text("a"))], ()),
    "nothing said": ([HI, {"role": "user", "content": " "}, user(), assistant(content=None)], [HI], ()),
    "system": ([system("s"), HI], [system("s"), HI], ()),
    "developer": ([system("s", "developer"), HI], [system("s"), HI], ()),
    "system in parts": ([system([text("a"), text("b")]), HI], [system("a\nb"), HI], ()),
    "several": ([system("a"), system("b", "developer"), HI], [system("a\n\nb"), HI], ()),
    "later": ([HI, system("a"), HI, system("b")], [system("a\n\nb"), HI, HI], ("messages=system_first",)),
    "blank": ([system(" "), HI, system("")], [HI], ()),
    "names": ([{**HI, "name": "n"}], [HI], ("messages=trimmed",)),
    "names of tools": ([HI, CALLED, {**result("r"), "name": "f"}], [HI, assistant(tool_calls=[CALL]), result("r")], ()),
    "an answer": ([HI, assistant(content="a"), HI], [HI, assistant(content="a"), HI], ()),
    "an answer in parts": ([assistant(content=[text("a"), text("b")])], [assistant(content="ab")], ()),
    "a refusal": ([assistant(content=None, refusal="no")], [assistant(content="no")], ()),
    "a refusal that is none": ([HI, assistant(content=None, refusal=[None]), HI], [HI, HI], ()),
    "a refusal in parts": ([assistant(content=[{"type": "refusal", "refusal": "no"}])], [assistant(content="no")], ()),
    "calls": ([CALLED, result("r")], [assistant(tool_calls=[CALL]), result("r")], ()),
    "calls and words": ([{**CALLED, "content": "a"}], [assistant(content="a", tool_calls=[CALL])], ()),
    "no calls": ([assistant(content="a", tool_calls=[])], [assistant(content="a")], ()),
    "result in parts": ([result([text("a"), text("b")])], [result([text("a"), text("b")])], ()),
    "result as a document": (
        [result([{"type": "document", "document": {"data": {"a": 1}, "id": "d"}}])],
        [result([{"type": "document", "document": {"data": {"a": 1}, "id": "d"}}])],
        (),
    ),
    "empty result": ([result("")], [result(NOTHING)], ()),
    "blank result": ([result([text(" ")])], [result(NOTHING)], ()),
    "no result": ([result(None)], [result(NOTHING)], ()),
    "a plan": (
        [{**CALLED, "reasoning_content": "I will", "reasoning_details": [PLAN]}],
        [assistant(tool_calls=[CALL], tool_plan="I will")],
        (),
    ),
    "a plan of which the text was kept": (
        [{**CALLED, "reasoning_content": "I will"}],
        [assistant(tool_calls=[CALL], tool_plan="I will")],
        (),
    ),
    "the same by its other name": (
        [{**CALLED, "reasoning": "I will"}],
        [assistant(tool_calls=[CALL], tool_plan="I will")],
        (),
    ),
    "a plan without calls": ([assistant(content="a", reasoning_details=[PLAN])], [assistant(content="a")], ()),
    "reasoning without calls": ([assistant(content="a", reasoning_content="hm")], [assistant(content="a")], ()),
    "reasoning of another vendor": (
        [{**CALLED, "reasoning_content": "hm", "reasoning_details": [FOREIGN]}],
        [assistant(tool_calls=[CALL])],
        ("messages=reasoning_left_out",),
    ),
    "readable reasoning of another vendor": (
        [{**CALLED, "reasoning_details": [{"type": "reasoning.text", "text": "hm", "format": "x"}]}],
        [assistant(tool_calls=[CALL])],
        ("messages=reasoning_left_out",),
    ),
    "entries without text": (
        [{**CALLED, "reasoning_details": [{**THOUGHT, "text": 1}, "x"]}],
        [assistant(tool_calls=[CALL])],
        (),
    ),
    "reasoning of another vendor that carries nothing": (
        [{**CALLED, "reasoning_details": [{"type": "reasoning.text", "text": "", "format": "x"}]}],
        [assistant(tool_calls=[CALL])],
        (),
    ),
    "thoughts where nobody thinks": (
        [assistant(content="a", reasoning_details=[THOUGHT])],
        [assistant(content="a")],
        ("messages=reasoning_left_out",),
    ),
}


@pytest.mark.parametrize(("messages", "wanted", "lost"), ROWS.values(), ids=ROWS)
def test_conversation(messages: Messages, wanted: Messages, lost: tuple[str, ...]) -> None:
    request, dropped, *_ = write({"messages": messages})
    assert request["messages"] == wanted
    assert dropped == lost


def test_thoughts_go_back_where_somebody_thinks() -> None:
    thinking = {"type": "thinking", "thinking": "hm"}
    given = [
        assistant(content="a", reasoning_details=[THOUGHT]),
        {**CALLED, "reasoning_details": [THOUGHT, PLAN]},
    ]
    assert turns(*given, model=THINKS) == [
        assistant(content=[thinking, text("a")]),
        assistant(content=[thinking], tool_calls=[CALL], tool_plan="I will"),
    ]


IMAGES: dict[str, tuple[Json, Json, tuple[str, ...]]] = {
    "data": (image(PNG), image(PNG), ()),
    "a URL": (image("https://x/y.png", detail="low"), image("https://x/y.png", detail="low"), ()),
    "a detail nobody knows": (image(PNG, detail="original"), image(PNG), ("messages=trimmed",)),
    "a bare URL": ({"type": "image_url", "image_url": PNG}, image(PNG), ()),
}


@pytest.mark.parametrize(("part", "wanted", "lost"), IMAGES.values(), ids=IMAGES)
def test_images(part: Json, wanted: Json, lost: tuple[str, ...]) -> None:
    request, dropped, *_ = write({"messages": [user(text("a"), part)]}, SEES)
    assert request["messages"] == [user(text("a"), wanted)]
    assert dropped == lost


REFUSED: dict[str, tuple[str, Json, tuple[str, str]]] = {
    "an image where nobody sees": (PLAIN, user(image(PNG)), ("unsupported_parameter", "messages[0].content[0]")),
    "no image": (SEES, user({"type": "image_url"}), ("invalid_request", "messages[0].content[0]")),
    "a PDF": (
        SEES,
        user({"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0="}}),
        ("unsupported_parameter", "messages[0].content[0]"),
    ),
    "audio": (SEES, user({"type": "input_audio"}), ("unsupported_parameter", "messages[0].content[0]")),
    "a part nobody knows": (SEES, user(text("a"), {"type": "x"}), ("unsupported_parameter", "messages[0].content[1]")),
    "an image in a system message": (
        SEES,
        system([image(PNG)]),
        ("unsupported_parameter", "messages[0].content[0]"),
    ),
    "an image in a result": (SEES, result([image(PNG)]), ("unsupported_parameter", "messages[0].content[0]")),
    "no document": (PLAIN, result([{"type": "document"}]), ("unsupported_parameter", "messages[0].content[0]")),
    "text that is none": (PLAIN, user({"type": "text", "text": 1}), ("invalid_request", "messages[0].content[0]")),
    "a role nobody knows": (
        PLAIN,
        {"role": "function", "name": "f", "content": "r"},
        ("unsupported_parameter", "messages[0].role"),
    ),
    "a result of nothing": (PLAIN, {"role": "tool", "content": "r"}, ("invalid_request", "messages[0].tool_call_id")),
    "a call of nothing": (
        PLAIN,
        assistant(tool_calls=[{"id": "1", "type": "function"}]),
        ("invalid_request", "messages[0].tool_calls[0]"),
    ),
    "a call without an id": (
        PLAIN,
        assistant(tool_calls=[{"function": {"name": "f"}}]),
        ("invalid_request", "messages[0].tool_calls[0]"),
    ),
}


@pytest.mark.parametrize(("model", "message", "error"), REFUSED.values(), ids=REFUSED)
def test_refused(model: str, message: Json, error: tuple[str, str]) -> None:
    assert refused({"messages": [message]}, model) == error
