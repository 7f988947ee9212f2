"""What clients are told of a model, and of a route that may be served by several."""

from decimal import Decimal

import orjson
import pytest

from trunkline.catalog import Entry, Price, Rates, describe, shipped, smallest
from trunkline.types import Json

GPT = shipped().entries["openai/gpt-4o"]
MINI = shipped().entries["openai/gpt-4o-mini"]
CODEX = shipped().entries["openai/gpt-5.3-codex"]
BARE = Entry(provider="house", model="llama", context_window=8192)

NOTHING: Json = {
    "context_length": None,
    "max_output_tokens": None,
    "pricing": None,
    "capabilities": None,
    "tags": [],
    "recommended_for": [],
}


def test_a_model() -> None:
    assert describe(GPT) == {
        "context_length": 128_000,
        "max_output_tokens": 16_384,
        "pricing": {"input": 2.5, "output": 10, "cached_input": 1.25},
        "capabilities": ["json_mode", "json_schema", "pdf", "tools", "vision"],
        "tags": [],
        "recommended_for": [],
    }
    assert describe(CODEX)["recommended_for"] == ["code"]


def test_a_model_nobody_told_of() -> None:
    assert describe(None) == NOTHING
    assert describe(BARE) == {**NOTHING, "context_length": 8192}


def test_a_price_in_part() -> None:
    known = Entry(provider="p", model="m", price=Price(Rates(input=Decimal("0.0375"))))
    assert describe(known)["pricing"] == {"input": 0.0375, "output": None, "cached_input": None}


def test_each_entry_can_be_told() -> None:
    for entry in shipped().entries.values():
        assert orjson.loads(orjson.dumps(describe(entry)))["context_length"] == entry.context_window


ROUTES: dict[str, tuple[list[Entry | None], Json]] = {
    "one": ([GPT], describe(GPT)),
    "two": ([GPT, MINI], {**describe(GPT), "pricing": {"input": 0.15, "output": 0.6, "cached_input": 0.075}}),
    "one unknown": ([GPT, None], NOTHING),
    "none": ([], NOTHING),
    "one without a price": ([GPT, BARE], {**NOTHING, "context_length": 8192}),
    "what all of them can": (
        [CODEX, GPT],
        {
            "context_length": 128_000,
            "max_output_tokens": 16_384,
            "pricing": {"input": 1.75, "output": 10, "cached_input": 0.175},
            "capabilities": ["json_mode", "json_schema", "pdf", "tools", "vision"],
            "tags": [],
            "recommended_for": [],
        },
    ),
}


@pytest.mark.parametrize("name", ROUTES)
def test_a_route(name: str) -> None:
    entries, told = ROUTES[name]
    assert smallest(entries) == told


@pytest.mark.parametrize("entries", [[GPT, CODEX, None], [BARE, MINI], [CODEX, MINI, GPT]])
def test_a_route_does_not_depend_on_the_order(entries: list[Entry | None]) -> None:
    assert smallest(entries) == smallest(entries[::-1])
