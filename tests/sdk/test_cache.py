"""Kept answers: told apart by a header, and by nothing else."""

import asyncio
import itertools
from typing import Any

import pytest
from openai import AsyncOpenAI

from tests.kit.server import Server
from tests.sdk.talk import Talk, options
from tests.sdk.test_tools import ASK_BOTH, CLOCK, QUERY, WEATHER

numbers = itertools.count()
USAGE = {"stream_options": {"include_usage": True}}


@pytest.fixture
def ask() -> dict[str, Any]:
    """A request that nobody made before."""
    return {"model": "kept", "messages": [{"role": "user", "content": f"Remember the number {next(numbers)}, please"}]}


def cache(headers: dict[str, str]) -> str:
    return headers["x-trunkline-cache"]


def test_hit(talk: Talk, ask: dict[str, Any]) -> None:
    first, answer = talk.raw_chat(**ask)
    second, again = talk.raw_chat(**ask)
    assert (cache(first), cache(second)) == ("miss", "hit")
    assert (first["x-trunkline-attempts"], second["x-trunkline-attempts"]) == ("demo/fast:ok", "cache:hit")
    assert again == answer
    assert first["x-request-id"] != second["x-request-id"]
    assert second["x-trunkline-model"] == "fast"


def test_off_and_refresh(talk: Talk, ask: dict[str, Any]) -> None:
    def told(**headers: str) -> str:
        return cache(talk.raw_chat(**ask, extra_headers={k.replace("_", "-"): v for k, v in headers.items()})[0])

    assert told() == "miss"
    assert told(x_trunkline_cache="off") == "bypass"
    assert told(cache_control="no-store") == "bypass"
    assert told(x_trunkline_cache="refresh") == "miss"
    assert told(cache_control="no-cache") == "miss"
    assert told() == "hit"


def test_off_keeps_nothing(talk: Talk, ask: dict[str, Any]) -> None:
    off, _ = talk.raw_chat(**ask, extra_headers={"x-trunkline-cache": "off"})
    after, _ = talk.raw_chat(**ask)
    assert (cache(off), cache(after)) == ("bypass", "miss")


def test_another_request_is_another_answer(talk: Talk, ask: dict[str, Any]) -> None:
    talk.chat(**ask)
    assert cache(talk.raw_chat(**ask, temperature=0.5)[0]) == "miss"
    assert cache(talk.raw_chat(**ask, user="ann", metadata={"a": "b"})[0]) == "hit"


def test_a_route_that_keeps_nothing(talk: Talk) -> None:
    assert [cache(talk.raw_chat(model="chat")[0]) for _ in range(2)] == ["bypass", "bypass"]


VARIANTS: dict[str, dict[str, Any]] = {
    "text": {},
    "two": {"n": 2},
    "logprobs": {"logprobs": True, "top_logprobs": 2},
    "calls": {"messages": ASK_BOTH, "tools": [WEATHER, CLOCK]},
    "json": {"response_format": {"type": "json_object"}},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_stream_of_a_kept_answer(talk: Talk, ask: dict[str, Any], variant: str) -> None:
    asked = {**ask, **VARIANTS[variant], "seed": next(numbers)}
    whole = talk.chat(**asked)
    assert cache(talk.raw_chunks([], **asked)) == "hit"
    _, final = talk.helped(**asked, **USAGE)
    assert plain(final) == plain(whole)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_kept_stream_as_a_whole(talk: Talk, ask: dict[str, Any], variant: str) -> None:
    asked = {**ask, **VARIANTS[variant], "seed": next(numbers)}
    _, streamed = talk.helped(**asked, **USAGE)
    headers, whole = talk.raw_chat(**asked)
    assert cache(headers) == "hit"
    assert plain(whole) == plain(streamed)
    fresh, again = talk.raw_chat(**asked, extra_headers={"x-trunkline-cache": "refresh"})
    assert cache(fresh) == "miss"
    assert plain(again) == plain(whole)


def test_a_kept_answer_costs_nothing(talk: Talk, ask: dict[str, Any]) -> None:
    asked = {**ask, "seed": next(numbers)}
    first, _ = talk.raw_chat(**asked)
    again, _ = talk.raw_chat(**asked)
    assert (first["x-trunkline-cost-usd"], again["x-trunkline-cost-usd"]) == ("unknown", "0")
    *_, last = talk.chunks(**asked, **USAGE)
    assert last.usage is not None
    assert last.usage.to_dict()["cost_usd"] == 0


def test_a_kept_stream_of_a_custom_tool(talk: Talk, ask: dict[str, Any]) -> None:
    """The SDK's helper knows functions only."""
    asked = {**ask, "tools": [QUERY], "seed": next(numbers)}
    streamed = [call for chunk in talk.chunks(**asked) for call in custom_calls(chunk.choices[0].delta.to_dict())]
    headers, whole = talk.raw_chat(**asked)
    (call,) = custom_calls(whole.choices[0].message.to_dict())
    assert cache(headers) == "hit"
    assert call["input"] == "".join(piece["input"] for piece in streamed)
    assert call["name"] == "run_sql"
    again = [call for chunk in talk.chunks(**asked) for call in custom_calls(chunk.choices[0].delta.to_dict())]
    assert again == [call]


def custom_calls(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a message or a delta."""
    return [call["custom"] for call in said.get("tool_calls", [])]


def plain(answer: Any) -> dict[str, Any]:
    """The answer without what the SDK's helper adds, without members that say nothing, such as the empty text with
    which many a stream of tool calls begins, and without what this telling of it cost."""
    told = {name: value for name, value in answer.to_dict().items() if name != "choices"}
    told["usage"].pop("cost_usd", None)
    choices = [
        {
            "index": choice["index"],
            "finish_reason": choice["finish_reason"],
            "logprobs": choice.get("logprobs") or None,
            "message": {k: v for k, v in choice["message"].items() if v not in (None, "") and k != "parsed"},
        }
        for choice in answer.to_dict()["choices"]
    ]
    for call in (call for choice in choices for call in choice["message"].get("tool_calls", [])):
        call.pop("index", None)
        call["function"].pop("parsed_arguments", None)
    return {**told, "choices": choices}


def test_usage_of_a_kept_stream_only_where_asked(talk: Talk, ask: dict[str, Any]) -> None:
    talk.chat(**ask)
    assert all(chunk.usage is None for chunk in talk.chunks(**ask))
    *chunks, last = talk.chunks(**ask, **USAGE)
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)
    assert last.usage is not None
    assert last.choices == []


def test_the_same_at_once_is_asked_once(gateway: Server) -> None:
    async def main() -> list[tuple[str, str]]:
        async def one() -> tuple[str, str]:
            response = await client.chat.completions.with_raw_response.create(
                model="kept-late", messages=[{"role": "user", "content": "all at once"}]
            )
            return cache(dict(response.headers)), response.parse().id

        async with AsyncOpenAI(**options(gateway)) as client:
            return await asyncio.gather(*(one() for _ in range(5)))

    results = asyncio.run(main())
    assert sorted(told for told, _ in results) == [*["coalesced"] * 4, "miss"]
    assert len({answer for _, answer in results}) == 1
