"""The script behind `models.json`: what it keeps, mends and refuses."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import trunkline.catalog
from trunkline.catalog.build import build
from trunkline.types import Json

HERE = Path(trunkline.catalog.__file__).parent
MAP = Path(__file__).parents[3] / "shared" / "data" / "model_prices.json.gz"
OVERRIDES: Json = yaml.safe_load((HERE / "overrides.yaml").read_text())
ALONE: Json = {**OVERRIDES, "models": {}}

CHAT: Json = {"litellm_provider": "openai", "mode": "chat"}


def built(prices: Json, overrides: Json = ALONE) -> Json:
    text = build(json.loads(json.dumps(prices), parse_float=Decimal), overrides)
    rows: Json = json.loads(text)["models"]
    return rows


ROWS: dict[str, tuple[str, Json, Json]] = {
    "prices": (
        "m",
        {**CHAT, "input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05},
        {"price": {"input": 1.25, "output": 10}},
    ),
    "the noise of floats": ("m", {**CHAT, "input_cost_per_token": 2.9999999999e-07}, {"price": {"input": 0.3}}),
    "floats where integers belong": ("m", {**CHAT, "max_input_tokens": 2000000.0}, {"context": 2000000}),
    "the longest prompt is not the window": (
        "m",
        {**CHAT, "max_input_tokens": 272000, "max_output_tokens": 128000},
        {"context": 400000, "output": 128000},
    ),
    "no limit of its own": (
        "m",
        {**CHAT, "max_input_tokens": 500000, "max_output_tokens": 500000},
        {"context": 500000},
    ),
    "a price of 0 is unknown": (
        "m",
        {**CHAT, "input_cost_per_token": 0, "output_cost_per_token": 0, "max_input_tokens": 9},
        {"context": 9},
    ),
    "tiers": (
        "m",
        {
            **CHAT,
            "input_cost_per_token": 1e-06,
            "output_cost_per_token": 2e-06,
            "cache_read_input_token_cost": 1e-07,
            "input_cost_per_token_above_200k_tokens": 3e-06,
            "input_cost_per_token_above_200k_tokens_batches": 9e-06,
        },
        {
            "price": {
                "input": 1,
                "output": 2,
                "cached_input": 0.1,
                "above": [{"tokens": 200000, "input": 3, "output": 2}],
            }
        },
    ),
    "embeddings": (
        "m",
        {**CHAT, "mode": "embedding", "input_cost_per_token": 1e-06},
        {"price": {"input": 1, "output": 0}, "can": "embeddings"},
    ),
    "told in full": (
        "m",
        {**CHAT, "supports_function_calling": True},
        {"can": "tools", "cannot": "audio reasoning vision"},
    ),
    "told in part": ("m", {**CHAT, "supports_web_search": True}, {"can": "web_search"}),
    "told to be lacking": (
        "m",
        {**CHAT, "supports_pdf_input": False, "max_input_tokens": 9},
        {"cannot": "pdf", "context": 9},
    ),
    "code by name": ("codestral-1", CHAT, {"can": "code", "for": "code"}),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row(name: str) -> None:
    key, found, row = ROWS[name]
    assert built({key: found}) == {f"openai/{key}": row}


LEFT_OUT: dict[str, Json] = {
    "of no provider of ours": {**CHAT, "litellm_provider": "elsewhere", "max_input_tokens": 9},
    "of another kind": {**CHAT, "mode": "image_generation", "max_input_tokens": 9},
    "gone for long": {**CHAT, "deprecation_date": "2025-01-01", "max_input_tokens": 9},
    "nothing told": CHAT,
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_left_out(name: str) -> None:
    assert built({"m": LEFT_OUT[name]}) == {}


def test_a_region_is_no_model() -> None:
    azure = {"litellm_provider": "azure", "mode": "chat", "max_input_tokens": 9}
    assert built({"azure/m": azure, "azure/eu/m": azure}) == {"azure/m": {"context": 9}}


def test_the_key_with_a_prefix_wins() -> None:
    cohere = {"litellm_provider": "cohere", "mode": "chat"}
    rows = {"cohere/m": {**cohere, "max_input_tokens": 9}, "m": {**cohere, "max_input_tokens": 8}}
    assert built(rows) == {"cohere/m": {"context": 9}}


def test_corrections() -> None:
    patch = {
        "openai/a": {"price": {"output": 3, "cached_input": None}, "context": None},
        "openai/b": {"like": "openai/a", "shutdown": "2027-01-01"},
        "openai/c": {"price": {"input": 1}},
        "openai/d": {"price": None, "can": "tools"},
    }
    priced = {**CHAT, "input_cost_per_token": 1e-06, "cache_read_input_token_cost": 1e-07, "max_input_tokens": 9}
    assert built({"a": priced, "d": priced}, {**ALONE, "models": patch}) == {
        "openai/a": {"price": {"input": 1, "output": 3}},
        "openai/b": {"price": {"input": 1, "output": 3}, "shutdown": "2027-01-01"},
        "openai/c": {"price": {"input": 1}},
        "openai/d": {"can": "tools", "context": 9},
    }


WRONG: dict[str, tuple[Json, str]] = {
    "a price beyond belief": ({"price": {"input": 3200}}, "openai/m: input of 3200 USD per million tokens"),
    "a negative price": ({"price": {"output": -1}}, "openai/m: output of -1 USD per million tokens"),
    "a window beyond belief": ({"context": 10**9}, "openai/m: 1000000000 tokens"),
    "no capability": ({"can": "magic"}, "openai/m: no capability: magic"),
    "no rate": ({"price": {"inptu": 1}}, "openai/m: .*inptu"),
    "no date": ({"shutdown": "soon"}, "openai/m: Invalid isoformat string"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_refused(name: str) -> None:
    patch, message = WRONG[name]
    with pytest.raises(ValueError, match=message):
        built({}, {**ALONE, "models": {"openai/m": patch}})


def test_every_correction_still_corrects_something() -> None:
    rows: Json = json.loads((HERE / "models.json").read_text())["models"]
    assert OVERRIDES["models"].keys() <= rows.keys()


def test_one_model_a_line_in_order() -> None:
    head, second, *lines, end = (HERE / "models.json").read_text().splitlines()
    assert (head[:10], second, end) == ('{"source":', '"models":{', "}}")
    names = [line.partition('":')[0] for line in lines]
    assert names == sorted(names)
    assert len(set(names)) == len(names) > 2000


def test_the_shipped_file_is_what_the_script_makes() -> None:
    """Where the map itself is at hand: it is not part of this repository."""
    shipped_text = (HERE / "models.json").read_text()
    if not MAP.exists():
        pytest.skip(f"the price map is not at {MAP.name}")
    prices: dict[str, Any] = json.loads(gzip.decompress(MAP.read_bytes()), parse_float=Decimal)
    assert build(prices, OVERRIDES) == shipped_text
