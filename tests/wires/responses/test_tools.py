"""Tools and the choice among them: (request, what it adds to ours)."""

from typing import Any

import pytest

from tests.wires.responses.support import asked
from trunkline.types import Json

SCHEMA: Json = {"type": "object", "properties": {"a": {"type": "string"}}}
F: Json = {"type": "function", "function": {"name": "f", "description": "d", "parameters": SCHEMA}}
FLAT: Json = {"type": "function", "name": "f", "description": "d", "parameters": SCHEMA, "strict": False}
G: Json = {"type": "custom", "custom": {"name": "g", "format": {"type": "text"}}}
LARK = {"syntax": "lark", "definition": "start: x"}


def strictly(strict: Any) -> Json:
    return {"type": "function", "function": {**F["function"], "strict": strict}}


TOOLS: dict[str, tuple[list[Json], list[Json]]] = {
    # Without a word on it, the Responses API is strict.
    "a function": ([F], [FLAT]),
    "strictly": ([strictly(True)], [{**FLAT, "strict": True}]),
    "a null": ([strictly(None)], [FLAT]),
    "no parameters": (
        [{"type": "function", "function": {"name": "f"}}],
        [{"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}, "strict": False}],
    ),
    "free text": ([G], [{"type": "custom", "name": "g", "format": {"type": "text"}}]),
    "a grammar": (
        [{"type": "custom", "custom": {"name": "g", "format": {"type": "grammar", "grammar": LARK}}}],
        [{"type": "custom", "name": "g", "format": {"type": "grammar", **LARK}}],
    ),
    "their own": (
        [{"type": "web_search"}, {"type": "mcp", "server_label": "s"}, FLAT],
        [{"type": "web_search"}, {"type": "mcp", "server_label": "s"}, FLAT],
    ),
}


@pytest.mark.parametrize(("tools", "native"), TOOLS.values(), ids=TOOLS)
def test_tools(tools: list[Json], native: list[Json]) -> None:
    assert asked({"tools": tools}) == {"tools": native}


NAMED_F, NAMED_G = {"type": "function", "function": {"name": "f"}}, {"type": "custom", "custom": {"name": "g"}}
CHOICES: dict[str, tuple[Any, Any]] = {
    "auto": ("auto", "auto"),
    "none": ("none", "none"),
    "required": ("required", "required"),
    "a function": (NAMED_F, {"type": "function", "name": "f"}),
    "a custom tool": (NAMED_G, {"type": "custom", "name": "g"}),
    "one of theirs": ({"type": "web_search"}, {"type": "web_search"}),
    "one of some": (
        {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [NAMED_F, {"type": "web_search"}]}},
        {
            "type": "allowed_tools",
            "mode": "required",
            "tools": [{"type": "function", "name": "f"}, {"type": "web_search"}],
        },
    ),
}


@pytest.mark.parametrize(("choice", "native"), CHOICES.values(), ids=CHOICES)
def test_choices(choice: Any, native: Any) -> None:
    assert asked({"tools": [F], "tool_choice": choice}) == {"tools": [FLAT], "tool_choice": native}


@pytest.mark.parametrize("choice", ["auto", "none"])
def test_a_choice_among_none_is_none(choice: str) -> None:
    assert asked({"tools": [], "tool_choice": choice, "parallel_tool_calls": False}) == {}


def test_one_call_at_a_time() -> None:
    said = asked({"tools": [F], "parallel_tool_calls": False})
    assert said == {"tools": [FLAT], "parallel_tool_calls": False}


PLACE = {"city": "Paris", "country": "FR"}
SEARCHES: dict[str, tuple[Json, Json]] = {
    "as it likes": ({}, {"type": "web_search"}),
    "somewhere": (
        {"search_context_size": "low", "user_location": {"type": "approximate", "approximate": PLACE}},
        {"type": "web_search", "search_context_size": "low", "user_location": {"type": "approximate", **PLACE}},
    ),
}


@pytest.mark.parametrize(("options", "tool"), SEARCHES.values(), ids=SEARCHES)
def test_searching_is_a_tool(options: Json, tool: Json) -> None:
    assert asked({"web_search_options": options, "tools": [F]}) == {"tools": [FLAT, tool]}
