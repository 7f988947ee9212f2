"""Conversations: (messages, turns)."""

from typing import Any

import pytest

from tests.wires.bedrock.support import (
    BUDGET,
    CLAUDE,
    LLAMA,
    MISTRAL,
    NOVA,
    PDF,
    SAID_HI,
    TITAN,
    F,
    asked,
    refused,
    turns,
    write,
)
from tests.wires.support import HI
from trunkline.types import Json

SEPARATE = "anthropic.claude-opus-4-8"
BEGINNING: Json = {"role": "user", "content": [{"text": "(The assistant begins.)"}]}


def user(*blocks: Json) -> Json:
    return {"role": "user", "content": list(blocks)}


def assistant(*blocks: Json) -> Json:
    return {"role": "assistant", "content": list(blocks)}


def call(identity: str = "1", name: str = "f", arguments: Any = "{}") -> Json:
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


def calling(*calls: Json, **more: Any) -> Json:
    return {"role": "assistant", "tool_calls": list(calls), **more}


def result(identity: str = "1", content: Any = "r", **more: Any) -> Json:
    return {"role": "tool", "tool_call_id": identity, "content": content, **more}


def use(identity: str = "1", name: str = "f", **given: Any) -> Json:
    return {"toolUse": {"toolUseId": identity, "name": name, "input": given}}


def told(identity: str = "1", *content: Json, **more: Any) -> Json:
    return {"toolResult": {"toolUseId": identity, "content": list(content) or [{"text": "r"}], **more}}


def thought(words: str, signature: str | None = "s", form: str = "anthropic-claude-v1", **place: int) -> Json:
    signed = {"signature": signature} if signature else {}
    return {"type": "reasoning.text", "text": words, **signed, "format": form, **({"position": place} if place else {})}


def thinking(text: str) -> Json:
    return {"reasoningContent": {"reasoningText": {"text": text, "signature": "s"}}}


SECRET: Json = {"type": "reasoning.encrypted", "data": "AAAA", "format": "anthropic-claude-v1"}

ROWS: dict[str, tuple[list[Json], list[Json]]] = {
    "text": ([HI], [SAID_HI]),
    "parts": (
        [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}],
        [user({"text": "a"}, {"text": "b"})],
    ),
    "roles in a row are one turn": ([HI, HI], [user({"text": "hi"}, {"text": "hi"})]),
    "blank text is left out": ([HI, {"role": "assistant", "content": " "}, HI], [user({"text": "hi"}, {"text": "hi"})]),
    "an assistant that begins": (
        [{"role": "assistant", "content": "a"}, HI],
        [BEGINNING, assistant({"text": "a"}), SAID_HI],
    ),
    "a refusal": ([HI, {"role": "assistant", "content": None, "refusal": "no"}], [SAID_HI, assistant({"text": "no"})]),
    "a system alone": ([{"role": "system", "content": "s"}], [user({"text": "s"})]),
    "a later system": ([HI, {"role": "system", "content": "s"}], [user({"text": "hi"}, {"text": "s"})]),
    "calls and results": (
        [
            HI,
            calling(call("1", arguments='{"a": 1}'), call("2", arguments=" ")),
            result("1"),
            result("2", is_error=True),
        ],
        [SAID_HI, assistant(use("1", a=1), use("2")), user(told("1"), told("2", status="error"))],
    ),
    "results before words": (
        [HI, calling(call()), HI, result()],
        [SAID_HI, assistant(use()), user(told(), {"text": "hi"})],
    ),
    "an empty result": (
        [HI, calling(call()), result(content="")],
        [SAID_HI, assistant(use()), user(told("1", {"text": ""}))],
    ),
    "arguments as an object": (
        [HI, calling(call(arguments={"a": 1}))],
        [SAID_HI, assistant(use("1", a=1))],
    ),
    "a call of free text": (
        [HI, calling({"id": "1", "type": "custom", "custom": {"name": "f", "input": "x"}})],
        [SAID_HI, assistant(use("1", input="x"))],
    ),
    "reasoning": (
        [HI, {"role": "assistant", "content": "a", "reasoning_details": [thought("hm"), SECRET]}],
        [SAID_HI, assistant(thinking("hm"), {"reasoningContent": {"redactedContent": "AAAA"}}, {"text": "a"})],
    ),
    "reasoning in its place": (
        [
            HI,
            calling(
                call("1"),
                call("2"),
                content="abc",
                reasoning_details=[
                    thought("0"),
                    thought("1", text=1, calls=0),
                    thought("2", text=3, calls=1),
                    thought("3", text=3, calls=2),
                ],
            ),
        ],
        [
            SAID_HI,
            assistant(
                thinking("0"),
                {"text": "a"},
                thinking("1"),
                {"text": "bc"},
                use("1"),
                thinking("2"),
                use("2"),
                thinking("3"),
            ),
        ],
    ),
    "reasoning without a signature, and of others": (
        [
            HI,
            {
                "role": "assistant",
                "content": "a",
                "reasoning_details": [
                    thought("hm", None),
                    thought("hm", form="google-gemini-v1"),
                    thought("hm", form="bedrock-converse-v1"),
                ],
            },
        ],
        [SAID_HI, assistant({"text": "a"})],
    ),
    "what Anthropic keeps aside": (
        [
            HI,
            {
                "role": "assistant",
                "content": "a",
                "reasoning_details": [
                    {"type": "message.block", "block": {"type": "server_tool_use"}, "format": "anthropic-claude-v1"}
                ],
            },
            HI,
        ],
        [SAID_HI, assistant({"text": "a"}), SAID_HI],
    ),
    "Converse's own reasoning": (
        [
            HI,
            {
                "role": "assistant",
                "content": [thinking("hm"), {"type": "text", "text": "a"}],
                "tool_calls": [call()],
                "reasoning_details": [thought("other")],
            },
        ],
        [SAID_HI, assistant(thinking("hm"), {"text": "a"}, use())],
    ),
    "a document without words": (
        [{"role": "user", "content": [{"type": "file", "file": {"file_data": PDF}}]}],
        [
            user(
                {"document": {"format": "pdf", "name": "document", "source": {"bytes": "JVBERi0="}}},
                {"text": "(See the documents.)"},
            )
        ],
    ),
}


@pytest.mark.parametrize(("messages", "wanted"), ROWS.values(), ids=ROWS)
def test_turns(messages: list[Json], wanted: list[Json]) -> None:
    assert turns(*messages) == wanted


SYSTEM: dict[str, tuple[list[Json], str, Any, list[Json], tuple[str, ...]]] = {
    "first": (
        [{"role": "system", "content": "s"}, {"role": "developer", "content": "d"}, HI],
        CLAUDE,
        [{"text": "s"}, {"text": "d"}],
        [SAID_HI],
        (),
    ),
    "first, where there is none": (
        [{"role": "system", "content": "s"}, HI],
        TITAN,
        None,
        [user({"text": "s"}, {"text": "hi"})],
        ("messages=system_as_user",),
    ),
    "later, where it is known": (
        [HI, {"role": "system", "content": "s"}],
        SEPARATE,
        None,
        [SAID_HI, {"role": "system", "content": [{"text": "s"}]}],
        (),
    ),
    "later, before the user": (
        [HI, {"role": "system", "content": "s"}, HI],
        SEPARATE,
        None,
        [user({"text": "hi"}, {"text": "s"}, {"text": "hi"})],
        ("messages=system_as_user",),
    ),
    "later, after the assistant": (
        [HI, {"role": "assistant", "content": "a"}, {"role": "system", "content": "s"}, HI],
        SEPARATE,
        None,
        [SAID_HI, assistant({"text": "a"}), user({"text": "s"}, {"text": "hi"})],
        ("messages=system_as_user",),
    ),
    "later, of another model": (
        [HI, {"role": "system", "content": "s"}],
        NOVA,
        None,
        [user({"text": "hi"}, {"text": "s"})],
        ("messages=system_as_user",),
    ),
    "alone": ([{"role": "system", "content": "s"}], CLAUDE, None, [user({"text": "s"})], ("messages=system_as_user",)),
}


@pytest.mark.parametrize(("messages", "model", "system", "wanted", "lost"), SYSTEM.values(), ids=SYSTEM)
def test_system(messages: list[Json], model: str, system: Any, wanted: list[Json], lost: tuple[str, ...]) -> None:
    request, dropped, *_ = write({"messages": messages}, model)
    assert (request.get("system"), request["messages"], dropped) == (system, wanted, lost)


MARK: Json = {"cache_control": {"type": "ephemeral"}}
HOUR: Json = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
POINT: Json = {"cachePoint": {"type": "default"}}
HOURS: Json = {"cachePoint": {"type": "default", "ttl": "1h"}}
MARKED: dict[str, tuple[Json, str, list[Json]]] = {
    "a part": ({"role": "user", "content": [{"type": "text", "text": "a", **MARK}]}, CLAUDE, [{"text": "a"}, POINT]),
    "for an hour": (
        {"role": "user", "content": [{"type": "text", "text": "a", **HOUR}]},
        CLAUDE,
        [{"text": "a"}, HOURS],
    ),
    "for an hour, where there is none": (
        {"role": "user", "content": [{"type": "text", "text": "a", **HOUR}]},
        BUDGET,
        [{"text": "a"}, POINT],
    ),
    "OpenAI's mark": (
        {"role": "user", "content": [{"type": "text", "text": "a", "prompt_cache_breakpoint": {"mode": "explicit"}}]},
        CLAUDE,
        [{"text": "a"}, POINT],
    ),
    "a message": ({"role": "user", "content": "a", **MARK}, CLAUDE, [{"text": "a"}, POINT]),
    "a result": (result(content=[{"type": "text", "text": "r", **MARK}]), CLAUDE, [told(), POINT]),
    "a document alone": (
        {"role": "user", "content": [{"type": "file", "file": {"file_data": PDF}, **MARK}]},
        CLAUDE,
        [
            {"document": {"format": "pdf", "name": "document", "source": {"bytes": "JVBERi0="}}},
            {"text": "(See the documents.)"},
            POINT,
        ],
    ),
    "blank text": (
        {"role": "user", "content": [{"type": "text", "text": " ", **MARK}, {"type": "text", "text": "a"}]},
        CLAUDE,
        [{"text": "a"}],
    ),
    "where there is no cache": ({"role": "user", "content": "a", **MARK}, LLAMA, [{"text": "a"}]),
}


@pytest.mark.parametrize(("message", "model", "wanted"), MARKED.values(), ids=MARKED)
def test_cache_points(message: Json, model: str, wanted: list[Json]) -> None:
    request, dropped, *_ = write({"messages": [message], "tools": [F]}, model)
    assert request["messages"][0]["content"] == wanted
    assert ("cache_control" in dropped) == (model == LLAMA)


def test_a_point_stays_behind_its_result() -> None:
    marked = {"role": "user", "content": [{"type": "text", "text": "a", **MARK}]}
    (turn,) = turns(marked, result("1", **MARK), result("2"))
    assert turn["content"] == [told("1"), POINT, told("2"), {"text": "a"}, POINT]


def test_a_mark_of_the_whole_request() -> None:
    """Stands at its end, once."""
    marked = {"role": "user", "content": [{"type": "text", "text": "a", **HOUR}]}
    ends = [write({"messages": [HI, last], **MARK}).request["messages"][0]["content"][1:] for last in (HI, marked)]
    assert ends == [[{"text": "hi"}, POINT], [{"text": "a"}, HOURS]]
    assert write(MARK, LLAMA).dropped == ("cache_control",)


def test_points_in_the_system() -> None:
    system = {"role": "system", "content": [{"type": "text", "text": "s", **MARK}]}
    assert asked({"messages": [system, HI]})["system"] == [{"text": "s"}, POINT]


RESULTS: dict[str, tuple[str, Any, Json]] = {
    "an object": (MISTRAL, '{"a": 1}', {"json": {"a": 1}}),
    "a list": (MISTRAL, "[1]", {"text": "[1]"}),
    "text": (MISTRAL, "r", {"text": "r"}),
    "an object for others": (CLAUDE, '{"a": 1}', {"text": '{"a": 1}'}),
}


@pytest.mark.parametrize(("model", "content", "wanted"), RESULTS.values(), ids=RESULTS)
def test_results_in_the_form_that_a_model_reads(model: str, content: Any, wanted: Json) -> None:
    assert turns(HI, calling(call()), result(content=content), model=model)[2]["content"] == [told("1", wanted)]


def test_a_status_is_told_to_models_that_know_it() -> None:
    assert turns(result(is_error=True), model=LLAMA) == [user(told())]


IDS: dict[str, str] = {
    "functions.f:0": "functions.f:0",
    "a/1": "a_1_",
    "": "call_",
    "x" * 64: "x" * 64,
    "x" * 65: "x" * 48 + "_",
    "é": "__",
}


@pytest.mark.parametrize(("given", "begins"), IDS.items(), ids=IDS)
def test_ids(given: str, begins: str) -> None:
    """The same on both sides, and never two ids as one."""
    _, called, answered = turns(HI, calling(call(given)), result(given))
    safe = called["content"][0]["toolUse"]["toolUseId"]
    assert safe.startswith(begins)
    assert answered["content"][0]["toolResult"]["toolUseId"] == safe
    assert len(safe) <= 64
    assert safe not in {
        turns(HI, calling(call(other)))[1]["content"][0]["toolUse"]["toolUseId"] for other in IDS if other != given
    }


ARGUMENTS = "messages[1].tool_calls[0].function.arguments"
REFUSED: dict[str, tuple[Json, str, str]] = {
    "a role": ({"role": "function", "content": "a"}, "unsupported_parameter", "messages[1].role"),
    "arguments that are no JSON": (calling(call(arguments="{")), "invalid_request", ARGUMENTS),
    "arguments that are no object": (calling(call(arguments="[]")), "invalid_request", ARGUMENTS),
    "a call without a name": (calling({"id": "1"}), "invalid_request", "messages[1].tool_calls[0]"),
}


@pytest.mark.parametrize(("message", "code", "param"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(message: Json, code: str, param: str) -> None:
    assert refused({"messages": [HI, message]}) == (code, param)


def test_words_put_into_the_mouth_of_a_claude_that_takes_none() -> None:
    body = {"messages": [HI, {"role": "assistant", "content": "a"}]}
    assert {model: refused(body, model) for model in (CLAUDE, BUDGET, NOVA)} == {
        CLAUDE: ("unsupported_parameter", "messages"),
        BUDGET: None,
        NOVA: None,
    }


def test_pictures_in_the_system() -> None:
    content = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]
    assert refused({"messages": [{"role": "system", "content": content}, HI]}) == ("unsupported_parameter", "messages")


def test_what_is_lost_is_named() -> None:
    assert write({"messages": [{**HI, "name": "n"}]}).dropped == ("messages=trimmed",)
    assert write({"messages": [{"role": "assistant", "content": "a"}, HI]}).dropped == ("messages=user_begins",)
