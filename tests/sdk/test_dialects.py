"""Servers that copy OpenAI's wire, more or less: the SDK's accumulator must take what we make of their answers.

What it does with each of these as they come stands in the SDK's own code: it joins repeated roles, ids and names, and
raises on a missing index.
"""

import json
from typing import Any

import pytest

from tests.kit.lanes import Lane
from tests.kit.replies import FINISH, ROLE, USAGE, USAGE_CHUNK, chunk, completion, eof_sse, event, json_reply, sse
from tests.sdk.talk import Talk

Json = dict[str, Any]

ARGUMENTS = '{"city": "Oslo"}'
TOOLS = [{"type": "function", "function": {"name": name, "parameters": {"type": "object"}}} for name in ("f", "g")]


def delta(finish: str | None = None, **said: Any) -> Json:
    return {**chunk(), "choices": [{"index": 0, "delta": said, "finish_reason": finish}]}


def call(index: int | None, id_: str | None, name: str | None, arguments: Any, **rest: Any) -> Json:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    piece = {"index": index, "id": id_, "type": "function", "function": function, **rest}
    return delta(tool_calls=[{key: value for key, value in piece.items() if value is not None or key in rest}])


HELLO = [chunk("Hel"), chunk("lo")]
FIRST, SECOND = delta(role="assistant", content="Hel"), delta(role="assistant", content="lo")

TEXTS: dict[str, list[Json | bytes]] = {
    "plain": [ROLE, *HELLO, FINISH, USAGE_CHUNK],
    "role on every chunk": [FIRST, SECOND, FINISH, USAGE_CHUNK],
    "no role at all": [*HELLO, FINISH, USAGE_CHUNK],
    "finish on the last text": [ROLE, chunk("Hel"), delta("stop", content="lo"), USAGE_CHUNK],
    "usage on the finish": [ROLE, *HELLO, {**FINISH, "usage": USAGE}],
    "usage on every chunk": [{**each, "usage": USAGE} for each in (ROLE, *HELLO, FINISH, USAGE_CHUNK)],
    "usage without choices": [ROLE, *HELLO, FINISH, {k: v for k, v in USAGE_CHUNK.items() if k != "choices"}],
    "choices null": [{**ROLE, "choices": None}, ROLE, *HELLO, FINISH, {**USAGE_CHUNK, "choices": None}],
    "a chunk after usage": [ROLE, *HELLO, FINISH, USAGE_CHUNK, {**chunk(), "choices": []}],
    "an empty first chunk": [{"id": "", "model": "", "created": 0, "object": "", "choices": []}, ROLE, *HELLO, FINISH,
                             USAGE_CHUNK],
    "nulls": [delta(role="assistant", content=None, tool_calls=None), *HELLO, {**FINISH, "error": None}, USAGE_CHUNK],
    "empty finish": [*({**each, "choices": [{**each["choices"][0], "finish_reason": ""}]} for each in (ROLE, *HELLO)),
                     FINISH, USAGE_CHUNK],
    "finish of its own": [ROLE, *HELLO, delta("eos"), USAGE_CHUNK],
    "no index": [*({**each, "choices": [{"delta": each["choices"][0]["delta"]}]} for each in (ROLE, *HELLO)),
                 FINISH, USAGE_CHUNK],
    "comments and fields": [b": hi\n\n", b"event: message\nid: 1\nretry: 5\n" + event(ROLE), *HELLO, FINISH, b"\n",
                            USAGE_CHUNK],
    "CRLF": [event(each).replace(b"\n", b"\r\n") for each in (ROLE, *HELLO, FINISH, USAGE_CHUNK)],
    "no space": [event(each).replace(b"data: ", b"data:") for each in (ROLE, *HELLO, FINISH, USAGE_CHUNK)],
    "another id each": [{**each, "id": f"c{n}"} for n, each in enumerate((ROLE, *HELLO, FINISH, USAGE_CHUNK))],
}  # fmt: skip


@pytest.mark.parametrize("dialect", TEXTS)
def test_text(lane_talk: Talk, lane: Lane, dialect: str) -> None:
    lane.a.play(sse(*TEXTS[dialect]))
    text_is_hello(lane_talk, lane)


@pytest.mark.parametrize(
    "reply",
    [
        sse(*TEXTS["plain"], done=False),
        eof_sse(*TEXTS["plain"]),
        eof_sse(*TEXTS["plain"][:-1], event(USAGE_CHUNK).rstrip()),
        json_reply(200, completion("Hello")),
    ],
    ids=["no DONE", "end of connection", "no last blank line", "one JSON answer"],
)
def test_endings(lane_talk: Talk, lane: Lane, reply: Any) -> None:
    lane.a.play(reply)
    text_is_hello(lane_talk, lane)


def text_is_hello(talk: Talk, lane: Lane) -> None:
    _, final = talk.helped(model=f"a-{lane.number}", stream_options={"include_usage": True})
    (choice,) = final.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", "Hello", "stop")
    assert choice.message.tool_calls is None
    assert final.usage is not None
    assert final.usage.to_dict() == USAGE


CALLS: dict[str, list[Json]] = {
    "plain": [call(0, "c1", "f", ""), call(0, None, None, '{"city":'), call(0, None, None, ' "Oslo"}'),
              call(1, "c2", "g", ARGUMENTS)],
    "id and name on every piece": [call(0, "c1", "f", '{"city":'), call(0, "c1", "f", ' "Oslo"}'),
                                   call(1, "c2", "g", ARGUMENTS)],
    "type null on a continuation": [call(0, "c1", "f", '{"city":'), call(0, None, None, ' "Oslo"}', type=None),
                                    call(1, "c2", "g", ARGUMENTS)],
    "no index": [call(None, "c1", "f", ARGUMENTS), call(None, "c2", "g", ARGUMENTS)],
    "index from 1": [call(1, "c1", "f", ARGUMENTS), call(2, "c2", "g", ARGUMENTS)],
    "sparse index": [call(3, "c1", "f", ARGUMENTS), call(7, "c2", "g", ARGUMENTS)],
    "one index for both": [call(0, "c1", "f", ARGUMENTS), call(0, "c2", "g", ARGUMENTS)],
    "arguments as an object": [call(0, "c1", "f", json.loads(ARGUMENTS)), call(1, "c2", "g", json.loads(ARGUMENTS))],
    "both in one delta": [delta(tool_calls=[{"index": n, "id": f"c{n + 1}", "type": "function",
                                             "function": {"name": name, "arguments": ARGUMENTS}}
                                            for n, name in enumerate("fg")])],
}  # fmt: skip


@pytest.mark.parametrize("dialect", CALLS)
def test_calls(lane_talk: Talk, lane: Lane, dialect: str) -> None:
    lane.a.play(sse(delta(role="assistant", content=None), *CALLS[dialect], delta("tool_calls"), USAGE_CHUNK))
    _, final = lane_talk.helped(model=f"a-{lane.number}", tools=TOOLS)
    calls = final.choices[0].message.tool_calls or []
    assert [(each.id, each.type, each.function.name) for each in calls] == [
        ("c1", "function", "f"),
        ("c2", "function", "g"),
    ]
    assert [json.loads(each.function.arguments) for each in calls] == [{"city": "Oslo"}] * 2
    assert final.choices[0].finish_reason == "tool_calls"


def test_a_call_without_an_id(lane_talk: Talk, lane: Lane) -> None:
    lane.a.play(sse(call(0, None, "f", ARGUMENTS), delta("tool_calls")))
    _, final = lane_talk.helped(model=f"a-{lane.number}", tools=TOOLS)
    (made,) = final.choices[0].message.tool_calls or []
    assert made.id.startswith("call_")
    assert made.function.arguments == ARGUMENTS


def test_choices_in_any_order(lane_talk: Talk, lane: Lane) -> None:
    """OpenAI sends index 0 first; some do not, and the SDK then fails."""
    pieces = [{**delta(content=text), "choices": [{"index": index, "delta": {"content": text}}]} for index, text in
              ((1, "b"), (0, "a"), (1, "B"), (0, "A"))]  # fmt: skip
    ends = [{**chunk(), "choices": [{"index": index, "delta": {}, "finish_reason": "stop"}]} for index in (1, 0)]
    lane.a.play(sse(*pieces, *ends, USAGE_CHUNK))
    _, final = lane_talk.helped(model=f"a-{lane.number}", n=2)
    assert [(choice.index, choice.message.content) for choice in final.choices] == [(0, "aA"), (1, "bB")]


def test_reasoning_under_its_other_name(lane_talk: Talk, lane: Lane) -> None:
    """`reasoning` and `reasoning_details`, as OpenRouter and others send them: one text, each detail whole."""
    detail = {"type": "reasoning.text", "format": "anthropic-claude-v1", "index": 0}
    thoughts = [
        delta(role="assistant", content="", reasoning="Let me ", reasoning_details=[{**detail, "text": "Let me "}]),
        delta(content="", reasoning="think", reasoning_details=[{**detail, "text": "think"}]),
        delta(content="", reasoning_details=[{**detail, "signature": "c2ln"}]),
    ]
    lane.a.play(sse(*thoughts, *HELLO, FINISH, USAGE_CHUNK))
    _, final = lane_talk.helped(model=f"a-{lane.number}")
    message = final.choices[0].message.to_dict()
    assert (message["content"], message["reasoning_content"]) == ("Hello", "Let me think")
    assert "reasoning" not in message
    assert message["reasoning_details"] == [{**detail, "text": "Let me think", "signature": "c2ln"}]


WHOLES: dict[str, Json] = {
    "no finish reason": completion("Hello", None),
    "finish of its own": completion("Hello", "eos"),
    "no calls in a list": completion("Hello", choices=[
        {"message": {"content": "Hello", "tool_calls": []}, "finish_reason": "stop"}]),
    "fractions of a second": completion("Hello", created=1_700_000_000.25),
    "hardly anything": {"choices": [{"message": {"content": "Hello"}}], "usage": USAGE},
}  # fmt: skip


@pytest.mark.parametrize("dialect", WHOLES)
def test_whole_answers(lane_talk: Talk, lane: Lane, dialect: str) -> None:
    lane.a.play(json_reply(200, WHOLES[dialect]))
    answer = lane_talk.chat(model=f"a-{lane.number}")
    (choice,) = answer.choices
    assert (choice.index, choice.message.role, choice.message.content) == (0, "assistant", "Hello")
    assert (choice.finish_reason, choice.message.tool_calls) == ("stop", None)
    assert (answer.object, type(answer.created)) == ("chat.completion", int)
    assert answer.id
    assert answer.model


def test_a_stream_where_none_was_asked_for(lane_talk: Talk, lane: Lane) -> None:
    lane.a.play(sse(ROLE, *HELLO, FINISH, USAGE_CHUNK))
    answer = lane_talk.chat(model=f"a-{lane.number}")
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("Hello", "stop")
    assert answer.usage is not None
    assert answer.usage.to_dict() == USAGE
