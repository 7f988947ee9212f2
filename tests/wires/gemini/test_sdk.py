"""What the OpenAI SDK makes of our chunks still holds all that Gemini must get back."""

import pytest
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletionChunk

from tests.wires.gemini.support import LEVEL, contents, function_call, said, streamed
from tests.wires.gemini.test_reasoning import ROUND
from trunkline.types import Json


def accumulated(*responses: Json) -> Json:
    """The message, as a client that appends it to its history sends it back."""
    state: ChatCompletionStreamState[None] = ChatCompletionStreamState()
    for chunk in streamed(*responses):
        state.handle_chunk(ChatCompletionChunk.model_validate(chunk))
    return state.current_completion_snapshot.choices[0].message.to_dict()


@pytest.mark.parametrize("parts", ROUND.values(), ids=ROUND)
def test_an_answer_comes_back_as_it_was(parts: list[Json]) -> None:
    (turn,) = contents(accumulated(said(*parts)), model=LEVEL)
    assert turn["parts"] == parts


@pytest.mark.parametrize("parts", ROUND.values(), ids=ROUND)
def test_an_answer_of_many_events_comes_back_as_it_was(parts: list[Json]) -> None:
    events = [said(part, finish=None) for part in parts]
    (turn,) = contents(accumulated(*events, said({"text": ""})), model=LEVEL)
    assert turn["parts"] == parts


def test_calls_of_two_events() -> None:
    message = accumulated(said(function_call("f", "1", "s", a=1), finish=None), said(function_call("g", "2", a=2)))
    (turn,) = contents(message, model=LEVEL)
    assert turn["parts"] == [function_call("f", "1", "s", a=1), function_call("g", "2", a=2)]
