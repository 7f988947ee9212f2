"""Counts: rows of (Google's, OpenAI's)."""

import pytest

from tests.wires.gemini.support import read, said, sse, whole
from tests.wires.support import SSE, call
from trunkline.types import Json

USAGE: dict[str, tuple[Json, tuple[int, int, int, int, int]]] = {
    # prompt, completion, total, cached, reasoning
    "plain": ({"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13}, (9, 4, 13, 0, 0)),
    "thoughts": ({"promptTokenCount": 9, "candidatesTokenCount": 4, "thoughtsTokenCount": 30, "totalTokenCount": 43},
                 (9, 34, 43, 0, 30)),
    "tools": ({"promptTokenCount": 9, "toolUsePromptTokenCount": 5, "candidatesTokenCount": 4, "totalTokenCount": 18},
              (14, 4, 18, 0, 0)),
    "cached": ({"promptTokenCount": 9, "cachedContentTokenCount": 8, "totalTokenCount": 9}, (9, 0, 9, 8, 0)),
    "without a total": ({"promptTokenCount": 9, "candidatesTokenCount": 4}, (9, 4, 13, 0, 0)),
    "odd": ({"promptTokenCount": "9", "candidatesTokenCount": -4, "totalTokenCount": None}, (0, 0, 0, 0, 0)),
}  # fmt: skip


@pytest.mark.parametrize(("counts", "wanted"), USAGE.values(), ids=USAGE)
def test_usage(counts: Json, wanted: tuple[int, int, int, int, int]) -> None:
    usage = whole({**said({"text": "a"}), "usageMetadata": counts})["usage"]
    assert wanted == (
        usage["prompt_tokens"],
        usage["completion_tokens"],
        usage["total_tokens"],
        usage["prompt_tokens_details"]["cached_tokens"],
        usage["completion_tokens_details"]["reasoning_tokens"],
    )


def test_usage_by_what_it_was() -> None:
    counts = {
        "promptTokenCount": 9,
        "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 5}, {"modality": "TEXT", "tokenCount": 4}, 1],
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 7}, {"modality": "IMAGE", "tokenCount": 1}],
    }
    usage = whole({**said({"text": "a"}), "usageMetadata": counts})["usage"]
    assert usage["prompt_tokens_details"] == {"cached_tokens": 0, "audio_tokens": 5}
    assert usage["completion_tokens_details"] == {"reasoning_tokens": 0, "image_tokens": 8}


TIERS = {"standard": "default", "flex": "flex", "priority": "priority", "x": None, None: None}


@pytest.mark.parametrize(("given", "wanted"), TIERS.items(), ids=map(str, TIERS))
def test_the_tier_that_served_it(given: str | None, wanted: str | None) -> None:
    answer = {**said({"text": "a"}), "usageMetadata": {"promptTokenCount": 9, "serviceTier": given}}
    assert whole(answer).get("service_tier") == wanted


def test_the_last_count_of_a_stream_holds() -> None:
    events = [
        {**said({"text": "a"}, finish=None), "usageMetadata": {"trafficType": "ON_DEMAND"}},
        {**said({"text": "b"}, finish=None), "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 1}},
        {**said({"text": "c"}), "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 3}},
    ]
    told = [event["usage"] for event in read(call(stream=True), SSE, [sse(*events)]).events if "usage" in event]
    assert [usage["completion_tokens"] for usage in told] == [3]


def test_counts_may_come_before_the_end_or_after() -> None:
    counts = {"usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 1}}
    for events in (
        [{**said({"text": "a"}, finish=None), **counts}, said({"text": "b"})],
        [said({"text": "a"}), counts],
        [{**said({"text": "a"}, finish=None), **counts}],
        [{**said({"text": "a"}, finish=None), **counts}, {**said(), "usageMetadata": {"trafficType": "x"}}],
    ):
        told = [event["usage"] for event in read(call(stream=True), SSE, [sse(*events)]).events if "usage" in event]
        assert [usage["completion_tokens"] for usage in told] == [1]
    assert whole({**said({"text": "a"}, finish=None), **counts})["usage"]["completion_tokens"] == 1
