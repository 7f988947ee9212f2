"""Tools and the choice among them: rows of (body, what is written)."""

from typing import Any

import pytest

from tests.wires.gemini.support import BUDGET, LEVEL, function, refused, write, written_for
from trunkline.types import Json
from trunkline.wires.gemini.dialect import VERTEX

SCHEMA: Json = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "$schema": "s"}
FREE: Json = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
CUSTOM: Json = {"type": "custom", "custom": {"name": "g", "description": "d"}}


def declared(*functions: Json) -> list[Json]:
    return [{"functionDeclarations": list(functions)}]


TOOLS: dict[str, tuple[Json, list[Json], tuple[str, ...]]] = {
    "none": ({"tools": []}, [], ()),
    "all in one entry": ({"tools": [function("f", description="d", parameters=SCHEMA), function("g")]},
                         declared({"name": "f", "description": "d", "parametersJsonSchema": SCHEMA}, {"name": "g"}),
                         ()),
    "no parameters": ({"tools": [function("f", parameters={"type": "object", "properties": {}})]},
                      declared({"name": "f"}), ()),
    "anything at all": (
        {"tools": [function("f", parameters={"type": "object", "additionalProperties": True})]},
        declared({"name": "f", "parametersJsonSchema": {"type": "object", "additionalProperties": True}}), ()),
    "free text": ({"tools": [CUSTOM]}, declared({"name": "g", "description": "d", "parametersJsonSchema": FREE}), ()),
    "free text by its format": ({"tools": [{"type": "custom", "custom": {"name": "g", "format": {"type": "text"}}}]},
                                declared({"name": "g", "parametersJsonSchema": FREE}), ()),
    "one call at a time": ({"tools": [function()], "parallel_tool_calls": False}, declared({"name": "f"}),
                           ("parallel_tool_calls",)),
    "many calls at a time": ({"tools": [function()], "parallel_tool_calls": True}, declared({"name": "f"}), ()),
    "search": ({"web_search_options": {}}, [{"googleSearch": {}}], ()),
    "search near you": ({"web_search_options": {"search_context_size": "low"}}, [{"googleSearch": {}}],
                        ("web_search_options=simplified",)),
    "Google's own as a tool": ({"tools": [{"type": "google_search"}]}, [{"googleSearch": {}}], ()),
    "Google's own with fields": ({"tools": [{"type": "googleMaps", "googleMaps": {"enableWidget": True}}]},
                                 [{"googleMaps": {"enableWidget": True}}], ()),
    "Google's own as a parameter": ({"urlContext": {}, "code_execution": {}},
                                    [{"urlContext": {}}, {"codeExecution": {}}], ()),
    "asked for twice": ({"tools": [{"type": "googleSearch"}], "googleSearch": {}, "web_search_options": {}},
                        [{"googleSearch": {}}], ()),
}  # fmt: skip


@pytest.mark.parametrize(("body", "wanted", "dropped"), TOOLS.values(), ids=TOOLS)
def test_tools(body: Json, wanted: list[Json], dropped: tuple[str, ...]) -> None:
    written = write(body)
    assert (written.request.get("tools", []), written.dropped) == (wanted, dropped)
    assert "toolConfig" not in written.request


NAMED: Json = {"type": "function", "function": {"name": "f"}}
CHOICES: dict[str, tuple[Any, bool, Json | None]] = {
    "auto": ("auto", False, None),
    "none": ("none", False, {"mode": "NONE"}),
    "required": ("required", False, {"mode": "ANY"}),
    "a function": (NAMED, False, {"mode": "ANY", "allowedFunctionNames": ["f"]}),
    "a tool of free text": ({"type": "custom", "custom": {"name": "g"}}, False,
                            {"mode": "ANY", "allowedFunctionNames": ["g"]}),
    "some, if any": ({"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [NAMED]}}, False,
                     {"mode": "VALIDATED", "allowedFunctionNames": ["f"]}),
    "one of some": ({"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [NAMED]}}, False,
                    {"mode": "ANY", "allowedFunctionNames": ["f"]}),
    "auto, strictly": ("auto", True, {"mode": "VALIDATED"}),
    "required, strictly": ("required", True, {"mode": "ANY"}),
    "none, strictly": ("none", True, {"mode": "NONE"}),
}  # fmt: skip


@pytest.mark.parametrize(("choice", "strict", "wanted"), CHOICES.values(), ids=CHOICES)
def test_choice(choice: Any, strict: bool, wanted: Json | None) -> None:
    tools = [function("f", **({"strict": True} if strict else {})), CUSTOM]
    written = write({"tools": tools, "tool_choice": choice})
    assert written.request.get("toolConfig") == (wanted and {"functionCallingConfig": wanted})
    assert written.dropped == ()


def test_no_choice_among_no_functions() -> None:
    assert "toolConfig" not in write({"tool_choice": "none"}).request
    assert "toolConfig" not in write({"tools": [{"type": "googleSearch"}], "tool_choice": "none"}).request


def test_the_clients_own_words_count() -> None:
    given = {"retrievalConfig": {"languageCode": "de"}, "functionCallingConfig": {"mode": "NONE"}}
    written = write({"tools": [function()], "tool_choice": "required", "toolConfig": given})
    assert (written.request["toolConfig"], written.dropped) == (given, ())


def test_functions_beside_googles_own() -> None:
    """Without the flag the Gemini API refuses them; Vertex does not know it."""
    body: Json = {"tools": [function(), {"type": "googleSearch"}]}
    request = write(body, LEVEL).request
    assert request["tools"] == [*declared({"name": "f"}), {"googleSearch": {}}]
    assert request["toolConfig"] == {"includeServerSideToolInvocations": True}
    assert "toolConfig" not in written_for(VERTEX, body).request


GRAMMAR: Json = {"type": "custom", "custom": {"name": "g", "format": {"type": "grammar"}}}
REFUSED: dict[str, tuple[Json, tuple[str, str]]] = {
    "a grammar": ({"tools": [GRAMMAR]}, ("unsupported_parameter", "tools[0]")),
    "a tool without a name": ({"tools": [{"type": "function"}]}, ("invalid_request", "tools[0]")),
    "a tool of another vendor": ({"tools": [{"type": "web_search_20260318"}]}, ("invalid_request", "tools[0]")),
    "the place of a wrong one": ({"tools": [{"type": "googleSearch"}, {"type": "x"}]},
                                 ("unsupported_parameter", "tools")),
    "required of nothing": ({"tool_choice": "required"}, ("unsupported_parameter", "tool_choice")),
    "another choice": ({"tools": [function()], "tool_choice": "maybe"}, ("unsupported_parameter", "tool_choice")),
    "functions beside Google's own": ({"tools": [function()], "web_search_options": {}},
                                      ("unsupported_parameter", "tools")),
}  # fmt: skip


@pytest.mark.parametrize(("body", "wanted"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_had(body: Json, wanted: tuple[str, str]) -> None:
    assert refused(body, BUDGET) == wanted
