"""Models that OpenAI serves only by its Responses API: the SDK chats with them as with any other."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.kit.replies import error_reply, json_reply, sse
from tests.kit.server import Server
from tests.kit.thread import LoopThread
from tests.kit.upstream import Request, Step, Upstream
from tests.sdk.talk import Talk
from tests.sdk.test_tools import ASK, WEATHER, functions
from tests.wires.responses.support import added, created, delta, done, ended, function_call, message, response, text
from tests.wires.responses.support import thought as thinks

Json = dict[str, Any]

ARGUMENTS = '{"city":"Paris","unit":"c","days":1}'
THOUGHT = thinks("I must look.", secret="gAAA")
CALL = function_call("call_1", ARGUMENTS, "get_weather")
ANSWER = message(text("It is warm."))

TURNS: tuple[tuple[Json, ...], ...] = ((THOUGHT, CALL), (ANSWER,))
EVENTS: dict[str, list[Json]] = {
    "get_weather": [
        added(0, thinks()),
        delta(0, "reasoning_summary_text", "I must ", summary_index=0),
        delta(0, "reasoning_summary_text", "look.", summary_index=0),
        done(0, THOUGHT),
        added(1, {**CALL, "arguments": ""}),
        delta(1, "function_call_arguments", ARGUMENTS[:9]),
        delta(1, "function_call_arguments", ARGUMENTS[9:]),
        done(1, CALL),
    ],
    "answer": [
        added(0, message()),
        delta(0, "output_text", "It is ", content_index=0),
        delta(0, "output_text", "warm.", content_index=0),
        done(0, ANSWER),
    ],
}


def responses(request: Request) -> list[Step]:
    """A call first, and once its result is there the answer."""
    body = request.json
    if request.path != "/v1/responses":
        return error_reply(404, "This is not a chat model", code="model_not_found")
    turn = any(item["type"] == "function_call_output" for item in body["input"])
    output = TURNS[turn]
    if not body.get("stream"):
        return json_reply(200, response(*output, model=body["model"]))
    events = EVENTS["answer" if turn else "get_weather"]
    return sse(created(), *events, ended(*output, model=body["model"]), done=False)


@pytest.fixture(scope="module")
def openai(upstream_thread: LoopThread) -> Iterator[Upstream]:
    upstream = Upstream(upstream_thread, responses)
    yield upstream
    upstream.close()


@pytest.fixture(scope="module")
def bridged(openai: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    config = (
        "server: {auth: none}\nexpose: [models]\n"
        f"providers: {{demo: , openai: {{base_url: '{openai.base_url}', api_key: '${{KEY}}'}}}}\n"
    )
    with Server(config, tmp_path_factory.mktemp("bridged"), environ={"KEY": "k"}) as server:
        yield server


@pytest.fixture
def talk_bridged(talk_to: Callable[..., Talk], bridged: Server) -> Talk:
    return talk_to(bridged)


# Known by the catalog, by a name that it will have one day, for its tools, and one that cannot stream.
MODELS = ["gpt-5.2-pro", "gpt-9-codex", "gpt-5.6", "gpt-5-pro"]


@pytest.mark.parametrize("model", MODELS)
def test_a_conversation_with_tools(talk_bridged: Talk, openai: Upstream, stream: bool, model: str) -> None:
    ask: Json = {"model": f"openai/{model}", "tools": [WEATHER], "reasoning_effort": "high"}

    def say(messages: list[Json]) -> Json:
        if not stream:
            return talk_bridged.chat(messages=messages, **ask).choices[0].message.to_dict()
        _, told = talk_bridged.helped(messages=messages, **ask)
        return told.choices[0].message.to_dict()

    called = say(ASK)
    [call] = called["tool_calls"]
    assert (call["id"], call["function"]["name"]) == ("call_1", "get_weather")
    assert call["function"]["arguments"] == ARGUMENTS
    assert called["reasoning_content"] == "I must look."

    result = {"role": "tool", "tool_call_id": call["id"], "content": "warm"}
    kept = {name: called[name] for name in ("role", "content", "tool_calls", "reasoning_details")}
    assert say([*ASK, kept, result])["content"] == "It is warm."

    first, second = (request.json for request in openai.requests[-2:])
    assert first["store"] is second["store"] is False
    assert first["reasoning"] == {"effort": "high", "summary": "auto"}
    assert [tool["name"] for tool in first["tools"]] == ["get_weather"]
    assert "stream" in first or not stream or model == "gpt-5-pro"
    thought, asked, output = second["input"][1:]
    assert (thought["type"], thought["encrypted_content"]) == ("reasoning", "gAAA")
    assert (asked["type"], asked["call_id"], asked["arguments"]) == ("function_call", "call_1", ARGUMENTS)
    assert (output["type"], output["call_id"], output["output"]) == ("function_call_output", "call_1", "warm")


def test_one_answer(talk_bridged: Talk) -> None:
    """With its finish reason, usage, model and headers."""
    headers, answer = talk_bridged.raw_chat(model="openai/gpt-5-pro", messages=ASK, tools=[WEATHER], seed=7)
    assert (answer.choices[0].finish_reason, answer.choices[0].message.content) == ("tool_calls", None)
    assert len(functions(answer)) == 1
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (3, 2, 5)
    assert (answer.id, answer.model, answer.object) == ("resp_1", "gpt-5-pro", "chat.completion")
    assert headers["x-trunkline-dropped"] == "seed"
    assert headers["x-trunkline-attempts"] == "openai/gpt-5-pro:ok"
    assert float(headers["x-trunkline-cost-usd"]) == pytest.approx(3 * 15e-6 + 2 * 120e-6)


def test_a_stream_told_chunk_by_chunk(talk_bridged: Talk) -> None:
    chunks = talk_bridged.chunks(
        model="openai/gpt-5.2-pro", messages=ASK, tools=[WEATHER], stream_options={"include_usage": True}
    )
    said = [choice for chunk in chunks for choice in chunk.choices]
    assert [choice.delta.role for choice in said if choice.delta.role] == ["assistant"]
    pieces = [call for choice in said for call in choice.delta.tool_calls or []]
    assert {call.index for call in pieces} == {0}
    assert "".join(call.function.arguments or "" for call in pieces if call.function) == ARGUMENTS
    assert json.loads(ARGUMENTS)["city"] == "Paris"
    assert (said[-1].finish_reason, chunks[-1].choices) == ("tool_calls", [])
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 5
