"""Tools: (body, the tools, choice and flag that it comes to), their names there and back, and what is refused."""

from typing import Any

import orjson
import pytest

from tests.wires.cohere.support import OLD, PLAIN, refused, turns, write
from tests.wires.support import HI
from trunkline.types import Json
from trunkline.wires.cohere.names import names_of

EMPTY: Json = {"type": "object", "properties": {}}


def tool(name: str, **function: Any) -> Json:
    return {"type": "function", "function": {"name": name, "parameters": EMPTY, **function}}


F, G = tool("f"), tool("g", description="d")
FREE: Json = {"type": "custom", "custom": {"name": "free", "description": "d"}}
FREE_TEXT: Json = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
LONG: Json = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}, "required": ["a"]}
NAMED: Json = {"type": "function", "function": {"name": "g"}}


def allowed(mode: str) -> Json:
    return {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": [NAMED]}}


ROWS: dict[str, tuple[Json, Json, tuple[str, ...]]] = {
    "tools": ({"tools": [F, G]}, {"tools": [F, G]}, ()),
    "no parameters": ({"tools": [{"type": "function", "function": {"name": "f"}}]}, {"tools": [F]}, ()),
    "empty parameters": ({"tools": [tool("f", parameters={})]}, {"tools": [F]}, ()),
    "parameters that are none": ({"tools": [tool("f", parameters="x")]}, {"tools": [F]}, ()),
    "free text": ({"tools": [FREE]}, {"tools": [tool("free", description="d", parameters=FREE_TEXT)]}, ()),
    "auto": ({"tools": [F], "tool_choice": "auto"}, {"tools": [F]}, ()),
    "none": ({"tools": [F], "tool_choice": "none"}, {"tools": [F], "tool_choice": "NONE"}, ()),
    "none of none": ({"tool_choice": "none"}, {}, ()),
    "required": ({"tools": [F], "tool_choice": "required"}, {"tools": [F], "tool_choice": "REQUIRED"}, ()),
    "as they write it": ({"tools": [F], "tool_choice": "REQUIRED"}, {"tools": [F], "tool_choice": "REQUIRED"}, ()),
    "one": ({"tools": [F, G], "tool_choice": NAMED}, {"tools": [G], "tool_choice": "REQUIRED"}, ()),
    "some": ({"tools": [F, G], "tool_choice": allowed("auto")}, {"tools": [G]}, ()),
    "one of some": (
        {"tools": [F, G], "tool_choice": allowed("required")},
        {"tools": [G], "tool_choice": "REQUIRED"},
        (),
    ),
    "one at a time": ({"tools": [F], "parallel_tool_calls": False}, {"tools": [F]}, ("parallel_tool_calls",)),
    "several at a time": ({"tools": [F], "parallel_tool_calls": True}, {"tools": [F]}, ()),
    "strict": ({"tools": [F, tool("g", strict=True)]}, {"tools": [F, tool("g")], "strict_tools": True}, ()),
    "not strict": ({"tools": [tool("f", strict=False)]}, {"tools": [F]}, ()),
    "strict as they have it": ({"tools": [F], "strict_tools": True}, {"tools": [F], "strict_tools": True}, ()),
    "strict about nothing": ({"strict_tools": True}, {}, ()),
    "strict with bounds": (
        {"tools": [tool("f", strict=True, parameters=LONG)]},
        {
            "tools": [
                tool(
                    "f",
                    parameters={**LONG, "properties": {"a": {"type": "string", "description": "{maxLength: 3}"}}},
                )
            ],
            "strict_tools": True,
        },
        ("tools=simplified",),
    ),
    "bounds for those who need not obey": (
        {"tools": [tool("f", parameters=LONG)]},
        {"tools": [tool("f", parameters=LONG)]},
        (),
    ),
}


@pytest.mark.parametrize(("body", "wanted", "lost"), ROWS.values(), ids=ROWS)
def test_tools(body: Json, wanted: Json, lost: tuple[str, ...]) -> None:
    request, dropped, *_ = write(body)
    assert {k: v for k, v in request.items() if k in ("tools", "tool_choice", "strict_tools")} == wanted
    assert dropped == lost


def test_a_model_that_cannot_be_told_to_call_none_is_shown_none() -> None:
    written = write({"tools": [F], "tool_choice": "none"}, OLD)
    assert (written.request, written.dropped) == ({"model": OLD, "messages": [HI], "stream": True}, ())


REFUSED: dict[str, tuple[str, Json, tuple[str, str]]] = {
    "forced where it cannot be": (
        OLD,
        {"tools": [F], "tool_choice": "required"},
        ("unsupported_parameter", "tool_choice"),
    ),
    "one where it cannot be": (
        OLD,
        {"tools": [F, G], "tool_choice": NAMED},
        ("unsupported_parameter", "tool_choice"),
    ),
    "forced among none": (PLAIN, {"tool_choice": "required"}, ("unsupported_parameter", "tool_choice")),
    "one that is not there": (PLAIN, {"tools": [F], "tool_choice": NAMED}, ("unsupported_parameter", "tool_choice")),
    "a choice nobody knows": (PLAIN, {"tools": [F], "tool_choice": "maybe"}, ("unsupported_parameter", "tool_choice")),
    "a choice of nothing": (PLAIN, {"tools": [F], "tool_choice": {}}, ("unsupported_parameter", "tool_choice")),
    "no function": (PLAIN, {"tools": [{"type": "web_search"}]}, ("unsupported_parameter", "tools[0]")),
    "no name": (PLAIN, {"tools": [F, {"type": "function", "function": {}}]}, ("invalid_request", "tools[1]")),
    "a grammar": (
        PLAIN,
        {"tools": [{"type": "custom", "custom": {"name": "f", "format": {"type": "grammar"}}}]},
        ("unsupported_parameter", "tools[0]"),
    ),
}


@pytest.mark.parametrize(("model", "body", "error"), REFUSED.values(), ids=REFUSED)
def test_refused(model: str, body: Json, error: tuple[str, str]) -> None:
    assert refused(body, model) == error


# Names as the client has them, as Cohere gets them.
NAMES: dict[str, tuple[list[str], list[str]]] = {
    "legal": (["f", "_g", "A1_b"], ["f", "_g", "A1_b"]),
    "dashes and dots": (["mcp-server.get", "a b"], ["mcp_server_get", "a_b"]),
    "a digit first": (["2fa"], ["_2fa"]),
    "taken": (["a-b", "a_b", "a.b"], ["a_b_2", "a_b", "a_b_3"]),
    "other alphabets": (["größe", "名"], ["gr__e", "_"]),
}


@pytest.mark.parametrize(("ours", "theirs"), NAMES.values(), ids=NAMES)
def test_names(ours: list[str], theirs: list[str]) -> None:
    body: Json = {"tools": [tool(name) for name in ours]}
    request, dropped, *_ = write(body)
    assert [one["function"]["name"] for one in request["tools"]] == theirs
    assert dropped == ()
    names = names_of(body)
    assert [names.ours[name] for name in theirs] == ours


def test_a_name_is_the_same_everywhere() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "get-it", "arguments": "{}"}}
    gone = {"id": "2", "type": "function", "function": {"name": "is.gone", "arguments": "{}"}}
    assistant = {"role": "assistant", "content": None, "tool_calls": [call, gone]}
    results = [{"role": "tool", "tool_call_id": i, "content": "r"} for i in ("1", "2")]
    choice = {"type": "function", "function": {"name": "get-it"}}
    body = {"messages": [HI, assistant, *results], "tools": [tool("get_it"), tool("get-it")], "tool_choice": choice}
    request = write(body).request
    assert request["tools"] == [tool("get_it_2")]
    assert [one["function"]["name"] for one in request["messages"][1]["tool_calls"]] == ["get_it_2", "is_gone"]


# Arguments of a call in the history, as the client has them, as Cohere gets them.
ARGUMENTS: list[tuple[Any, str]] = [
    ('{"a": 1}', '{"a": 1}'),
    ("", "{}"),
    (" ", "{}"),
    (None, "{}"),
    ({"a": 1}, '{"a":1}'),
]


@pytest.mark.parametrize(("given", "wanted"), ARGUMENTS)
def test_arguments(given: Any, wanted: str) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": given}}
    (turn,) = turns({"role": "assistant", "content": "", "tool_calls": [call]})
    assert turn["tool_calls"] == [{"id": "1", "type": "function", "function": {"name": "f", "arguments": wanted}}]


def test_a_call_in_free_text() -> None:
    call = {"id": "1", "type": "custom", "custom": {"name": "free", "input": "né"}}
    (turn,) = turns({"role": "assistant", "tool_calls": [call]}, tools=[FREE])
    (told,) = turn["tool_calls"]
    assert told["function"]["name"] == "free"
    assert orjson.loads(told["function"]["arguments"]) == {"input": "né"}
