"""The conversation: rows of (OpenAI's messages, Ollama's)."""

from typing import Any, NamedTuple

import pytest

from tests.wires.ollama.support import refused, told, write
from tests.wires.support import HI
from trunkline.types import Json

PNG = "data:image/png;base64,iVBORw0KGgo="
CALL: Json = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
CALLED: Json = {"id": "call_1", "function": {"name": "f", "arguments": {"a": 1}}}


def user(*parts: Json) -> Json:
    return {"role": "user", "content": list(parts)}


def text(said: str) -> Json:
    return {"type": "text", "text": said}


def image(url: Any = PNG, **rest: Any) -> Json:
    return {"type": "image_url", "image_url": {"url": url, **rest}}


class Row(NamedTuple):
    messages: list[Json]
    told: list[Json]
    dropped: tuple[str, ...] = ()


ROWS: dict[str, Row] = {
    "text": Row([HI], [HI]),
    "developer is system": Row([{"role": "developer", "content": "d"}, HI], [{"role": "system", "content": "d"}, HI]),
    "a system message between turns stays there": Row(
        [HI, {"role": "system", "content": "s"}, HI], [HI, {"role": "system", "content": "s"}, HI]
    ),
    "parts": Row([user(text("a"), text("b"))], [{"role": "user", "content": "a\nb"}]),
    "no content": Row([{"role": "assistant", "content": None}, HI], [{"role": "assistant", "content": ""}, HI]),
    "an image as bare base64": Row(
        [user(text("what?"), image())], [{"role": "user", "content": "what?", "images": ["iVBORw0KGgo="]}]
    ),
    "an image by its string": Row(
        [user({"type": "image_url", "image_url": PNG})], [{"role": "user", "content": "", "images": ["iVBORw0KGgo="]}]
    ),
    "an image of no type, wrapped and escaped": Row(
        [user(image("data:;base64,iVBO\r\nRw0K%47go%3D"))],
        [{"role": "user", "content": "", "images": ["iVBORw0KGgo="]}],
    ),
    "detail": Row(
        [user(image(detail="low"))],
        [{"role": "user", "content": "", "images": ["iVBORw0KGgo="]}],
        ("messages=trimmed",),
    ),
    "sound goes with the images": Row(
        [user({"type": "input_audio", "input_audio": {"data": "QQ==", "format": "wav"}})],
        [{"role": "user", "content": "", "images": ["QQ=="]}],
    ),
    "a refusal is text": Row(
        [{"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]}, HI],
        [{"role": "assistant", "content": "no"}, HI],
    ),
    "a name": Row([{**HI, "name": "ann"}], [HI], ("messages=trimmed",)),
    "calls and results": Row(
        [
            HI,
            {"role": "assistant", "content": None, "tool_calls": [CALL, {**CALL, "id": "call_2"}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "one"},
            {"role": "tool", "tool_call_id": "call_2", "content": [text("two"), image()]},
        ],
        [
            HI,
            {"role": "assistant", "content": "", "tool_calls": [CALLED, {**CALLED, "id": "call_2"}]},
            {"role": "tool", "content": "one", "tool_name": "f", "tool_call_id": "call_1"},
            {
                "role": "tool", "content": "two", "images": ["iVBORw0KGgo="],
                "tool_name": "f", "tool_call_id": "call_2",
            },
        ],
    ),
    "blank arguments": Row(
        [{"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": " "}}]}],
        [{"role": "assistant", "content": "", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": {}}}]}],
    ),
    "a call of free text": Row(
        [{"role": "assistant", "tool_calls": [{"id": "a", "type": "custom", "custom": {"name": "g", "input": "x"}}]}],
        [
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"id": "a", "function": {"name": "g", "arguments": {"input": "x"}}}],
            }
        ],
    ),
    "the result of a call nobody remembers": Row(
        [{"role": "tool", "tool_call_id": "x", "name": "f", "content": "r"}],
        [{"role": "tool", "content": "r", "tool_name": "f", "tool_call_id": "x"}],
    ),
    "thinking comes back": Row(
        [{"role": "assistant", "content": "4", "reasoning_content": "2 and 2"}, HI],
        [{"role": "assistant", "content": "4", "thinking": "2 and 2"}, HI],
    ),
    "thinking by its other name": Row(
        [{"role": "assistant", "content": "4", "reasoning": "2 and 2"}, HI],
        [{"role": "assistant", "content": "4", "thinking": "2 and 2"}, HI],
    ),
    "thinking by its details": Row(
        [
            {
                "role": "assistant",
                "content": "4",
                "reasoning_content": "whatever",
                "reasoning_details": [
                    {"type": "reasoning.text", "text": "2 ", "format": "ollama-v1", "index": 0},
                    {"type": "reasoning.text", "text": "and 2", "format": "ollama-v1", "index": 1},
                ],
            }
        ],
        [{"role": "assistant", "content": "4", "thinking": "2 and 2"}],
    ),
    "empty details of another provider": Row(
        [{"role": "assistant", "content": "4", "reasoning_details": [{"type": "reasoning.text", "format": "x"}]}],
        [{"role": "assistant", "content": "4"}],
    ),
    "thinking of another provider does not": Row(
        [
            {
                "role": "assistant",
                "content": "4",
                "reasoning_content": "2 and 2",
                "reasoning_details": [{"type": "reasoning.text", "text": "2 and 2", "format": "anthropic-claude-v1"}],
            }
        ],
        [{"role": "assistant", "content": "4"}],
        ("messages=trimmed",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_is_said(row: Row) -> None:
    written = write({"messages": row.messages})
    assert (written.request["messages"], written.dropped) == (row.told, row.dropped)


REFUSED: dict[str, tuple[Json, str, str]] = {
    "an image by URL": (user(text("a"), image("https://x/y.png")), "unsupported_parameter", "messages[0].content[1]"),
    "an image by URL, shouted": (user(image("HTTP://x/y.png")), "unsupported_parameter", "messages[0].content[0]"),
    "an image that is neither": (user(image("cat.png")), "invalid_request", "messages[0].content[0]"),
    "an image not in base64": (user(image("data:image/svg+xml,<svg/>")), "invalid_request", "messages[0].content[0]"),
    "an image without address": (user(image(None)), "invalid_request", "messages[0].content[0]"),
    "a file": (user({"type": "file", "file": {"file_data": "x"}}), "unsupported_parameter", "messages[0].content[0]"),
    "sound without data": (user({"type": "input_audio"}), "invalid_request", "messages[0].content[0]"),
    "text that is none": (user({"type": "text", "text": 1}), "invalid_request", "messages[0].content[0]"),
    "a role nobody has": ({"role": "judge", "content": "x"}, "unsupported_parameter", "messages[0].role"),
    "arguments that are no JSON": (
        {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{"}}]},
        "invalid_request",
        "messages[0].tool_calls[0].function.arguments",
    ),
    "arguments that are no object": (
        {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "[1]"}}]},
        "invalid_request",
        "messages[0].tool_calls[0].function.arguments",
    ),
    "a call of nothing": ({"role": "assistant", "tool_calls": [{}]}, "invalid_request", "messages[0].tool_calls[0]"),
}


@pytest.mark.parametrize(("message", "code", "param"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_said(message: Json, code: str, param: str) -> None:
    assert refused({"messages": [message]}) == (code, param)


def test_an_id_may_be_missing() -> None:
    (assistant,) = told({"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]})
    assert assistant["tool_calls"] == [{"function": {"name": "f", "arguments": {}}}]
