"""The conversation: (messages, turns)."""

from typing import Any

import pytest

from tests.wires.anthropic.support import ADAPTIVE, SAID_HI, turns, write
from tests.wires.support import HI
from trunkline.types import Json
from trunkline.wires.anthropic.messages import tool_id

NEWER = "claude-opus-4-8"


def text(words: str) -> Json:
    return {"type": "text", "text": words}


def user(*blocks: Json) -> Json:
    return {"role": "user", "content": list(blocks)}


def assistant(*blocks: Json) -> Json:
    return {"role": "assistant", "content": list(blocks)}


def calls(*ids: str, **rest: Any) -> Json:
    functions = [{"id": i, "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}} for i in ids]
    return {"role": "assistant", "content": None, "tool_calls": functions, **rest}


def use(identity: str, name: str = "f", **input_: Any) -> Json:
    return {"type": "tool_use", "id": identity, "name": name, "input": input_}


def tool(identity: str, content: Any = "r", **rest: Any) -> Json:
    return {"role": "tool", "tool_call_id": identity, "content": content, **rest}


def result(identity: str, *content: Json, **rest: Any) -> Json:
    return {"type": "tool_result", "tool_use_id": identity, "content": list(content) or [text("r")], **rest}


CACHED = {"cache_control": {"type": "ephemeral"}}
SIGNED = {"type": "reasoning.text", "text": "hm", "signature": "s", "format": "anthropic-claude-v1"}
SECRET = {"type": "reasoning.encrypted", "data": "d", "format": "anthropic-claude-v1"}
THINKING = {"type": "thinking", "thinking": "hm", "signature": "s"}
REDACTED = {"type": "redacted_thinking", "data": "d"}


def thought(text_before: int, calls_before: int) -> Json:
    return {**SIGNED, "position": {"text": text_before, "calls": calls_before}}


ROWS: dict[str, tuple[list[Json], list[Json]]] = {
    "a string": ([HI], [SAID_HI]),
    "a name goes": ([{**HI, "name": "Bo"}], [SAID_HI]),
    "roles in a row": ([HI, HI], [user(text("hi"), text("hi"))]),
    "blank text goes": ([HI, {"role": "assistant", "content": " "}, {"role": "user", "content": ""}], [SAID_HI]),
    "refusals are text": ([HI, {"role": "assistant", "refusal": "no"}], [SAID_HI, assistant(text("no"))]),
    "a refusal part": (
        [HI, {"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]}],
        [SAID_HI, assistant(text("no"))],
    ),
    "a call": ([HI, calls("1")], [SAID_HI, assistant(use("1", a=1))]),
    "text before calls": ([HI, calls("1", content="x")], [SAID_HI, assistant(text("x"), use("1", a=1))]),
    "results in one turn": (
        [HI, calls("1", "2"), tool("1"), tool("2"), HI],
        [SAID_HI, assistant(use("1", a=1), use("2", a=1)), user(result("1"), result("2"), text("hi"))],
    ),
    "results first": (
        [HI, calls("1"), {"role": "system", "content": "s"}, tool("1")],
        [SAID_HI, assistant(use("1", a=1)), user(result("1"), text("s"))],
    ),
    "an empty result": ([tool("1", "")], [user({"type": "tool_result", "tool_use_id": "1"})]),
    "a failed result": ([tool("1", is_error=True)], [user(result("1", is_error=True))]),
    "an image as result": (
        [tool("1", [{"type": "image_url", "image_url": {"url": "https://x/y.png"}}])],
        [user(result("1", {"type": "image", "source": {"type": "url", "url": "https://x/y.png"}}))],
    ),
    "no arguments": (
        [{"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": ""}}]}],
        [assistant(use("1"))],
    ),
    "a custom call": (
        [{"role": "assistant", "tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "f", "input": "x"}}]}],
        [assistant(use("1", input="x"))],
    ),
    "thinking before all": (
        [HI, calls("1", content="x", reasoning_details=[SIGNED, SECRET])],
        [SAID_HI, assistant(THINKING, REDACTED, text("x"), use("1", a=1))],
    ),
    "empty thinking with a signature": (
        [calls("1", reasoning_details=[{**SIGNED, "text": ""}])],
        [assistant({**THINKING, "thinking": ""}, use("1", a=1))],
    ),
    "thinking in its place": (
        [calls("1", "2", content="abcd", reasoning_details=[SIGNED, thought(2, 0), thought(4, 0), thought(4, 1)])],
        [assistant(THINKING, text("ab"), THINKING, text("cd"), THINKING, use("1", a=1), THINKING, use("2", a=1))],
    ),
    "thinking beyond the end": (
        [{"role": "assistant", "content": "ab", "reasoning_details": [thought(9, 9)]}],
        [assistant(text("ab"), THINKING)],
    ),
    "no signature, no thinking": (
        [{"role": "assistant", "content": "x", "reasoning_details": [{**SIGNED, "signature": None}]}],
        [assistant(text("x"))],
    ),
    "thinking of others": (
        [{"role": "assistant", "content": "x", "reasoning_details": [{**SECRET, "format": "openai-responses-v1"}, 1]}],
        [assistant(text("x"))],
    ),
    "native blocks": (
        [{"role": "assistant", "content": [THINKING, text("x")], "reasoning_details": [SIGNED]}],
        [assistant(THINKING, text("x"))],
    ),
    "cached parts": (
        [user({**text("a"), **CACHED}, {**text("b"), "prompt_cache_breakpoint": {"mode": "explicit"}})],
        [user({**text("a"), **CACHED}, {**text("b"), **CACHED})],
    ),
    "cached for long": (
        [{"role": "user", "content": [{**text("b"), "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "12h"}}]}],
        [user({**text("b"), "cache_control": {"type": "ephemeral", "ttl": "1h"}})],
    ),
    "a cached message": (
        [{**HI, "cache_control": {"type": "ephemeral"}}],
        [user({**text("hi"), "cache_control": {"type": "ephemeral"}})],
    ),
}


@pytest.mark.parametrize(("messages", "wanted"), ROWS.values(), ids=ROWS)
def test_turns(messages: list[Json], wanted: list[Json]) -> None:
    assert turns(*messages) == wanted


S = {"role": "system", "content": "s"}
A = {"role": "assistant", "content": "a"}
SAID_A = assistant(text("a"))
LATE = {"role": "system", "content": [text("s")]}

# Messages -> system, turns on a model that takes later system messages, and on one that does not.
SYSTEM: dict[str, tuple[list[Json], int, list[Json], list[Json]]] = {
    "leading": ([S, {"role": "developer", "content": "s"}, HI], 2, [SAID_HI], [SAID_HI]),
    "last": ([HI, S], 0, [SAID_HI, LATE], [user(text("hi"), text("s"))]),
    "before the assistant": (
        [HI, S, A, HI],
        0,
        [SAID_HI, LATE, SAID_A, SAID_HI],
        [user(text("hi"), text("s")), SAID_A, SAID_HI],
    ),
    "several": (
        [HI, S, S],
        0,
        [SAID_HI, {"role": "system", "content": [text("s"), text("s")]}],
        [user(text("hi"), text("s"), text("s"))],
    ),
    "after the assistant": (
        [HI, A, S, HI],
        0,
        [SAID_HI, SAID_A, user(text("s"), text("hi"))],
        [SAID_HI, SAID_A, user(text("s"), text("hi"))],
    ),
    "before the user": (
        [HI, S, HI],
        0,
        [user(text("hi"), text("s"), text("hi"))],
        [user(text("hi"), text("s"), text("hi"))],
    ),
    "alone": ([S], 0, [user(text("s"))], [user(text("s"))]),
    "blank": ([{"role": "system", "content": " "}, HI], 0, [SAID_HI], [SAID_HI]),
}


@pytest.mark.parametrize(("messages", "leading", "newer", "older"), SYSTEM.values(), ids=SYSTEM)
def test_system_messages(messages: list[Json], leading: int, newer: list[Json], older: list[Json]) -> None:
    for model, wanted in ((NEWER, newer), (ADAPTIVE, older)):
        request, dropped, *_ = write({"messages": messages}, model)
        assert request.get("system", []) == [text("s")] * leading
        assert request["messages"] == wanted
        as_user = any(text("s") in turn["content"] for turn in wanted if turn["role"] == "user")
        assert dropped == (("messages=system_as_user",) if as_user else ())


@pytest.mark.parametrize("identity", ["toolu_01-A", "call_1"])
def test_an_id_that_is_safe_stays(identity: str) -> None:
    assert tool_id(identity) == identity


def test_ids_that_anthropic_refuses_are_told_apart_and_stay_paired() -> None:
    first, second = turns(HI, calls("a.b", "a:b", ""), tool("a:b"), tool("a.b"), tool(""))[1:]
    ids = [block["id"] for block in first["content"]]
    assert len(set(ids)) == 3
    assert all(identity.replace("_", "").isalnum() for identity in ids)
    assert [block["tool_use_id"] for block in second["content"]] == [ids[1], ids[0], ids[2]]


def test_names_and_details_are_said_to_be_lost() -> None:
    image = {"type": "image_url", "image_url": {"url": "https://x/y.png", "detail": "high"}}
    assert write({"messages": [{**HI, "name": "Bo"}]}).dropped == ("messages=trimmed",)
    assert write({"messages": [{"role": "user", "content": [image]}]}).dropped == ("messages=trimmed",)
