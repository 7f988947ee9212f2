"""Token counts: whatever a provider writes there, a number comes out and no exception (faults row 35)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY
from trunkline.hub.usage import MOST, Usage, count, read_usage
from trunkline.types import Json

COUNTS: dict[str, tuple[Any, int]] = {
    "zero": (0, 0),
    "one": (1, 1),
    "a float": (7.0, 7),
    "a fraction": (7.9, 7),
    "the most": (MOST, MOST),
    "more than the most": (MOST + 1, 0),
    "1e18": (1e18, 0),
    "10**18": (10**18, 0),
    "10**400": (10**400, 0),
    "negative": (-1, 0),
    "negative float": (-0.5, 0),
    "infinite": (float("inf"), 0),
    "NaN": (float("nan"), 0),
    "text": ("12", 0),
    "empty text": ("", 0),
    "true": (True, 0),
    "false": (False, 0),
    "null": (None, 0),
    "list": ([1], 0),
    "object": ({"tokens": 1}, 0),
}


@pytest.mark.parametrize(("value", "tokens"), COUNTS.values(), ids=COUNTS)
def test_count(value: Any, tokens: int) -> None:
    assert count(value) == tokens
    assert type(count(value)) is int


OPENAI: Json = {
    "prompt_tokens": 11,
    "completion_tokens": 7,
    "total_tokens": 18,
    "prompt_tokens_details": {"cached_tokens": 4, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 3, "audio_tokens": 0},
}

USAGES: dict[str, tuple[Any, Usage | None]] = {
    "OpenAI": (OPENAI, Usage(input=11, output=7, cached=4, reasoning=3)),
    "embeddings": ({"prompt_tokens": 2, "total_tokens": 2}, Usage(input=2)),
    "details null": ({**OPENAI, "prompt_tokens_details": None, "completion_tokens_details": None}, Usage(11, 7)),
    "details are text": ({**OPENAI, "prompt_tokens_details": "x", "completion_tokens_details": [3]}, Usage(11, 7)),
    "nothing known": ({"cost": 1}, Usage()),
    "empty": ({}, Usage()),
    "text": ({"prompt_tokens": "11", "completion_tokens": 7}, Usage(output=7)),
    "negative": ({"prompt_tokens": -1, "completion_tokens": 7}, Usage(output=7)),
    "contradictory total": ({"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 999}, Usage(1, 1)),
    "none": (None, None),
    "no object": ("lots", None),
    "list": ([OPENAI], None),
    "true": (True, None),
}


@pytest.mark.parametrize(("raw", "usage"), USAGES.values(), ids=USAGES)
def test_read_usage(raw: Any, usage: Usage | None) -> None:
    assert read_usage(raw) == usage


KEYS = st.sampled_from([*OPENAI, "cached_tokens", "reasoning_tokens"])


@PROPERTY
@given(ANY_JSON | st.dictionaries(KEYS, ANY_JSON | st.dictionaries(KEYS, ANY_JSON)))
def test_anything_is_counted_within_bounds(raw: Any) -> None:
    usage = read_usage(raw)
    assert (usage is None) is not isinstance(raw, dict)
    if usage is not None:
        assert all(0 <= tokens <= MOST for tokens in (usage.input, usage.output, usage.cached, usage.reasoning))
