"""What a row of a provider's list of models tells, and what becomes of the catalog's entry: rows of (row, told)."""

from typing import Any

import pytest
from hypothesis import given

from tests.hub.support import ANY_JSON, PROPERTY
from trunkline.catalog import Catalog, Correction, Entry, Told, read_told
from trunkline.catalog.told import refined


def told(
    context: int | None = None, output: int | None = None, has: str = "", lacks: str = "", takes: str | None = None
) -> Told:
    parameters = None if takes is None else frozenset(takes.split())
    return Told(context, output, frozenset(has.split()), frozenset(lacks.split()), parameters)


YES, NO = {"supported": True}, {"supported": False}

ROWS: dict[str, tuple[dict[str, Any], Told]] = {
    "nothing": ({"id": "m", "object": "model"}, told()),
    "openrouter": (
        {
            "context_length": 200_000,
            "top_provider": {"context_length": 100_000, "max_completion_tokens": 64_000, "is_moderated": True},
            "supported_parameters": ["tools", "response_format", "stop", 1],
            "architecture": {"input_modalities": ["text", "image", "file"], "output_modalities": ["text"]},
        },
        told(200_000, 64_000, "tools json_mode vision pdf", "json_schema reasoning", "tools response_format stop"),
    ),
    "openrouter, no limit of its own": (
        {"context_length": 8_192, "top_provider": {"max_completion_tokens": None}, "supported_parameters": []},
        told(8_192, None, "", "tools json_mode json_schema reasoning", ""),
    ),
    "mistral": (
        {
            "max_context_length": 131_072,
            "capabilities": {"completion_chat": True, "function_calling": True, "reasoning": False, "vision": True},
        },
        told(131_072, None, "tools vision", "reasoning"),
    ),
    "groq": ({"context_window": 131_072, "max_completion_tokens": 65_536}, told(131_072, 65_536)),
    "together": ({"context_length": 131_072, "type": "chat", "pricing": {"input": 1}}, told(131_072)),
    "vllm": ({"max_model_len": 40_960, "permission": []}, told(40_960)),
    "huggingface": (
        {
            "architecture": {"input_modalities": ["text"]},
            "providers": [
                {"provider": "a", "supports_tools": False, "supports_structured_output": False},
                {"provider": "b", "supports_tools": True, "supports_structured_output": False},
                "x",
            ],
        },
        told(None, None, "tools", "json_schema"),
    ),
    "gemini": ({"inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536, "thinking": True},
               told(1_048_576, 65_536, "reasoning")),
    "anthropic": (
        {
            "max_input_tokens": 200_000,
            "max_tokens": 64_000,
            "capabilities": {"image_input": YES, "pdf_input": YES, "structured_outputs": NO, "thinking": YES, "x": YES},
        },
        told(200_000, 64_000, "vision pdf reasoning", "json_schema"),
    ),
    "cohere": ({"context_length": 256_000, "features": ["tools", "json_schema", "strict_tools"], "endpoints": ["chat"]},
               told(256_000, None, "tools json_schema")),
    "ollama": ({"name": "m", "capabilities": ["completion", "tools", "thinking"]}, told(None, None, "tools reasoning")),
    "nonsense": (
        {"context_length": "long", "max_tokens": True, "capabilities": 3, "features": [{}], "thinking": 1},
        told(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_a_row_tells(name: str) -> None:
    row, expected = ROWS[name]
    assert read_told(row) == expected


@PROPERTY
@given(ANY_JSON)
def test_any_row_can_be_read(value: Any) -> None:
    names = ("context_length", "top_provider", "supported_parameters", "architecture", "capabilities", "providers")
    read_told(dict.fromkeys(names, value))


ENTRY = Entry(
    provider="up",
    model="m",
    context_window=1_000,
    max_output_tokens=10,
    capabilities=frozenset({"vision", "code"}),
    lacks=frozenset({"tools", "audio"}),
    inputs=("text", "image", "video"),
)


def test_what_was_not_told_stays() -> None:
    assert refined(ENTRY, told()) == ENTRY


def test_what_was_told_counts() -> None:
    entry = refined(ENTRY, told(2_000, None, "tools pdf", "vision"))
    assert (entry.context_window, entry.max_output_tokens) == (2_000, 10)
    assert entry.capabilities == {"tools", "pdf", "code"}
    assert entry.lacks == {"vision", "audio"}
    assert entry.parameters is None
    assert refined(entry, told(takes="stop")).parameters == frozenset({"stop"})
    assert entry.inputs == ("text", "pdf", "video")


def test_a_catalog_refined() -> None:
    catalog = Catalog.of([ENTRY, Entry(provider="other", model="m")])
    lists = [("up", "up", {"m": told(2_000), "new": told(5)}), ("mine", "up", {"M": told(3_000)})]
    finer = catalog.refined(lists)
    found = [finer.find("up", "m"), finer.find("up", "new"), finer.find("mine", "M"), finer.find("other", "m")]
    assert [entry and entry.context_window for entry in found] == [2_000, 5, 3_000, None]
    assert [entry and entry.id for entry in found] == ["up/m", "up/new", "mine/M", "other/m"]
    assert set(finer.entries) == {"up/m", "other/m"}, "a list makes no names"
    assert len(finer.entries) == 2
    assert catalog.find("up", "m") == ENTRY, "the catalog it was made of is as it was"


def test_nothing_told_is_the_same_catalog() -> None:
    catalog = Catalog.of([ENTRY])
    assert catalog.refined([]) is catalog.refined([("up", "up", {})]) is catalog


def test_the_file_has_the_last_word() -> None:
    lists = [("up", "up", {"m": told(2_000, 20)})]
    entry = Catalog.of([ENTRY]).refined(lists).corrected({"up/m": Correction(context_window=7)}).find("up", "m")
    assert entry is not None
    assert (entry.context_window, entry.max_output_tokens) == (7, 20)
