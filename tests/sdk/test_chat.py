"""Plain chat: whole and streamed, choices, limits, log probabilities, reasoning."""

import time
from collections.abc import Sequence

import pytest
from openai import LengthFinishReasonError, OpenAI
from openai.types.chat import ChatCompletionChunk
from openai.types.chat.chat_completion_token_logprob import ChatCompletionTokenLogprob

from tests.kit.server import Server
from tests.sdk.talk import Talk, options

TEXT = "Sphinx of black quartz, judge my vow: äöü 😀"
SAY = {"messages": [{"role": "user", "content": TEXT}]}
WITH_USAGE = {"stream_options": {"include_usage": True}}


def text_of(chunks: Sequence[ChatCompletionChunk], index: int = 0) -> str:
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices if choice.index == index]
    return "".join(delta.content or "" for delta in deltas)


def finishes(chunks: Sequence[ChatCompletionChunk]) -> list[tuple[int, str]]:
    reasons = [(choice.index, choice.finish_reason) for chunk in chunks for choice in chunk.choices]
    return [(index, reason) for index, reason in reasons if reason is not None]


def test_unary(talk: Talk) -> None:
    answer = talk.chat(model="chat", **SAY)
    (choice,) = answer.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", TEXT, "stop")
    assert (choice.message.tool_calls, choice.message.refusal, choice.logprobs) == (None, None, None)
    assert (answer.object, answer.model, type(answer.created)) == ("chat.completion", "fast", int)
    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 0
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


@pytest.mark.parametrize("model", ["chat", "demo/fast"])
def test_stream(talk: Talk, model: str) -> None:
    chunks = talk.chunks(model=model, **SAY)
    assert text_of(chunks) == TEXT
    assert finishes(chunks) == [(0, "stop")]
    assert [chunk.choices[0].delta.role for chunk in chunks] == ["assistant", *[None] * (len(chunks) - 1)]
    assert len({(chunk.id, chunk.model, chunk.created, chunk.object) for chunk in chunks}) == 1
    assert all(chunk.usage is None and "usage" not in chunk.to_dict() for chunk in chunks)


def test_stream_with_usage(talk: Talk) -> None:
    *chunks, last = talk.chunks(model="chat", **SAY, **WITH_USAGE)
    assert text_of(chunks) == TEXT
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)
    assert all("usage" in chunk.to_dict() for chunk in chunks)
    assert last.choices == []
    assert last.usage == talk.chat(model="chat", **SAY).usage


def test_stream_helper(talk: Talk) -> None:
    events, final = talk.helped(model="chat", **SAY, **WITH_USAGE)
    deltas = [event for event in events if event.type == "content.delta"]
    assert "".join(event.delta for event in deltas) == TEXT
    assert deltas[-1].snapshot == TEXT
    assert [event.content for event in events if event.type == "content.done"] == [TEXT]
    whole = talk.chat(model="chat", **SAY)
    assert final.usage == whole.usage
    assert final.choices[0].message.content == whole.choices[0].message.content
    assert (final.id, final.model, final.choices[0].finish_reason) == (whole.id, whole.model, "stop")


def test_two_choices(talk: Talk) -> None:
    whole = talk.chat(model="chat", n=2, **SAY)
    assert [(choice.index, choice.message.content) for choice in whole.choices] == [(0, TEXT), (1, TEXT)]
    chunks = talk.chunks(model="chat", n=2, **SAY)
    assert [text_of(chunks, 0), text_of(chunks, 1)] == [TEXT, TEXT]
    assert finishes(chunks) == [(0, "stop"), (1, "stop")]
    _, final = talk.helped(model="chat", n=2, **SAY)
    assert [choice.message.content for choice in final.choices] == [TEXT, TEXT]


def test_logprobs(talk: Talk) -> None:
    asked = {"logprobs": True, "top_logprobs": 2}
    whole = talk.chat(model="chat", **asked, **SAY).choices[0].logprobs
    assert whole is not None
    assert whole.content is not None
    assert "".join(entry.token for entry in whole.content) == TEXT
    assert all(len(entry.top_logprobs) == 2 for entry in whole.content)
    streamed: list[ChatCompletionTokenLogprob] = []
    for chunk in talk.chunks(model="chat", **asked, **SAY):
        logprobs = chunk.choices[0].logprobs
        streamed += (logprobs.content or []) if logprobs else []
    assert streamed == whole.content


@pytest.mark.parametrize("stop", ["judge", ["never", "judge"]], ids=["one", "several"])
def test_stop(talk: Talk, stop: str | list[str]) -> None:
    choice = talk.chat(model="chat", stop=stop, **SAY).choices[0]
    assert (choice.message.content, choice.finish_reason) == ("Sphinx of black quartz, ", "stop")


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_limits(talk: Talk, name: str) -> None:
    answer = talk.chat(model="chat", **{name: 3}, **SAY)
    assert answer.usage is not None
    assert (answer.choices[0].finish_reason, answer.usage.completion_tokens) == ("length", 3)
    chunks = talk.chunks(model="chat", **{name: 3}, **SAY)
    assert (text_of(chunks), finishes(chunks)) == (answer.choices[0].message.content, [(0, "length")])
    with pytest.raises(LengthFinishReasonError):
        talk.helped(model="chat", **{name: 3}, **SAY)


def test_reasoning(talk: Talk) -> None:
    """Not in OpenAI's types, so the SDK keeps it as an extra member; its helper adds the pieces up."""
    whole = talk.chat(model="think", **SAY)
    thought = whole.choices[0].message.to_dict()["reasoning_content"]
    assert thought
    assert whole.choices[0].message.content == TEXT
    assert whole.usage is not None
    assert whole.usage.completion_tokens_details is not None
    assert whole.usage.completion_tokens_details.reasoning_tokens
    _, final = talk.helped(model="think", **SAY, **WITH_USAGE)
    assert final.choices[0].message.to_dict()["reasoning_content"] == thought
    assert final.choices[0].message.content == TEXT
    assert final.usage == whole.usage


def test_a_conversation(talk: Talk) -> None:
    """Every role, a name, content in parts."""
    answer = talk.chat(
        model="chat",
        messages=[
            {"role": "developer", "content": "Repeat."},
            {"role": "system", "content": [{"type": "text", "text": "Be exact."}]},
            {"role": "user", "content": "one", "name": "ann"},
            {"role": "assistant", "content": "one"},
            {"role": "user", "content": [{"type": "text", "text": "two"}, {"type": "text", "text": "three"}]},
        ],
    )
    assert answer.choices[0].message.content == "two\nthree"


def test_a_stream_is_not_held_back(gateway: Server) -> None:
    """At 30 tokens a second, the first of ten must come long before the last."""
    with OpenAI(**options(gateway)) as client:
        stream = client.chat.completions.create(
            model="demo/echo", messages=[{"role": "user", "content": "a b c d e f g h i j"}], stream=True
        )
        times = [time.monotonic() for chunk in stream if chunk.choices[0].delta.content]
    assert len(times) == 10
    assert 0.2 < times[-1] - times[0] < 2
