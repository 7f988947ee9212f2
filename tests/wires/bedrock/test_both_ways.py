"""The same answer, told as a stream and whole, is the same answer; and one told to a client comes back as it was."""

from collections.abc import Iterator
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import PROPERTY, cut
from tests.wires.bedrock.support import (
    CLAUDE,
    FRAMES,
    START,
    argued,
    cited,
    closed,
    counted,
    ended,
    frames,
    opened,
    read,
    text,
    thought,
    turns,
)
from tests.wires.support import JSON, call
from trunkline.types import Json

WORDS = st.text("aé🙂 \n", min_size=1, max_size=6)
NAMES = st.sampled_from(["f", "free"])
INPUTS = st.dictionaries(st.sampled_from(["a", "input"]), WORDS, max_size=2)
WEB = {"title": "t", "location": {"web": {"url": "https://x"}}}
PAGE = {"title": "p", "location": {"documentPage": {"documentIndex": 0, "start": 1, "end": 2}}}

TEXT = WORDS.map(lambda words: {"text": words})
USE = st.tuples(NAMES, INPUTS).map(lambda said: {"toolUse": {"name": said[0], "input": said[1]}})
THOUGHT = st.tuples(WORDS, WORDS).map(
    lambda said: {"reasoningContent": {"reasoningText": {"text": said[0], "signature": said[1]}}}
)
SECRET = st.just({"reasoningContent": {"redactedContent": "AAAA"}})
CITED = st.tuples(WORDS, st.lists(st.sampled_from([WEB, PAGE]), max_size=2)).map(
    lambda said: {"citationsContent": {"content": [{"text": said[0]}], "citations": said[1]}}
)
STOPS = st.sampled_from(["end_turn", "tool_use", "max_tokens", "guardrail_intervened", "x"])
BODY: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}


def numbered(blocks: list[Json]) -> list[Json]:
    """Each call with an id of its own."""
    return [
        {"toolUse": {"toolUseId": f"t{index}", **block["toolUse"]}} if "toolUse" in block else block
        for index, block in enumerate(blocks)
    ]


def events(blocks: list[Json]) -> Iterator[tuple[str, Any]]:
    for index, block in enumerate(blocks):
        yield from _events(index, block)
        yield closed(index)


def _events(index: int, block: Json) -> Iterator[tuple[str, Any]]:
    if "text" in block:
        yield from (text(letter, index) for letter in block["text"])
    elif "toolUse" in block:
        use = block["toolUse"]
        yield opened(index, use["toolUseId"], use["name"])
        if use["input"]:
            yield from (argued(index, letter) for letter in orjson.dumps(use["input"]).decode())
    elif "citationsContent" in block:
        said = block["citationsContent"]
        yield text(said["content"][0]["text"], index)
        yield from (cited(index, **citation) for citation in said["citations"])
    elif "redactedContent" in block["reasoningContent"]:
        yield thought(index, redactedContent=block["reasoningContent"]["redactedContent"])
    else:
        said = block["reasoningContent"]["reasoningText"]
        yield from (thought(index, text=letter) for letter in said["text"])
        yield thought(index, signature=said["signature"])


def whole(blocks: list[Json], stop: str) -> Json:
    """As one body tells it."""
    usage = {"inputTokens": 3, "outputTokens": 4, "totalTokens": 7}
    told = {"output": {"message": {"role": "assistant", "content": blocks}}, "stopReason": stop, "usage": usage}
    (answer,) = read(call(body=BODY), JSON, [orjson.dumps(told)]).events
    return {"choices": answer["choices"], "usage": answer["usage"]}


def folded(blocks: list[Json], stop: str) -> Json:
    data = frames(START, *events(blocks), ended(stop), counted())
    (answer,) = read(call(body=BODY), FRAMES, cut(data, set(range(0, len(data), 7)))).events
    return {"choices": answer["choices"], "usage": answer["usage"]}


def plain(answer: Json) -> Json:
    """Less what is null, and the provider's own numbering of reasoning."""
    (choice,) = answer["choices"]
    said = {name: value for name, value in choice["message"].items() if value is not None}
    details = [{k: v for k, v in one.items() if k != "index"} for one in said.pop("reasoning_details", [])]
    return {**answer, "choices": [{**choice, "message": said}], "details": details}


@PROPERTY
@given(st.lists(TEXT | USE | THOUGHT | SECRET | CITED, max_size=6).map(numbered), STOPS)
def test_a_stream_says_what_one_body_says(blocks: list[Json], stop: str) -> None:
    assert plain(folded(blocks, stop)) == plain(whole(blocks, stop))


def joined(blocks: list[Json]) -> list[Json]:
    """Text blocks in a row as one, as OpenAI's message keeps no borders; blank text is left out."""
    found: list[Json] = []
    for block in blocks:
        if "text" in block and found and "text" in found[-1]:
            found[-1] = {"text": found[-1]["text"] + block["text"]}
        else:
            found.append(block)
    return [block for block in found if "text" not in block or block["text"].strip()]


@PROPERTY
@given(st.lists(WORDS, max_size=3), st.lists(INPUTS, max_size=2), st.data())
def test_an_answer_comes_back_as_it_was(words: list[str], inputs: list[Json], data: st.DataObject) -> None:
    """With Claude's reasoning wherever it stood; text comes before calls, as OpenAI's message has it."""
    said = [{"text": f"<{one}>"} for one in words]
    uses = [{"toolUse": {"name": "f", "input": one}} for one in inputs]
    blocks: list[Json] = []
    for block in [*said, *uses, None]:
        blocks += data.draw(st.lists(THOUGHT | SECRET, max_size=2))
        blocks += [block] if block else []
    blocks = numbered(blocks)
    message = whole(blocks, "end_turn")["choices"][0]["message"]
    later = {"role": "user", "content": "hi"}
    came = [turn for turn in turns(later, message, later, model=CLAUDE) if turn["role"] == "assistant"]
    assert [joined(turn["content"]) for turn in came] == ([joined(blocks)] if blocks else [])
