"""What holds for every stream: an upstream breaks what providers are known to break, and the client gets the same
answer, in OpenAI's form, as often as it is conformed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletionChunk

from tests.hub.support import PROPERTY, TEXT, paths, place, raised_by
from tests.hub.upstream import LOGPROBS, USAGE, calls, choice, chunk, conformed, sdk_reads, stream
from trunkline.hub.chunks import FINISHES
from trunkline.hub.completion import fold
from trunkline.types import Json


@dataclass(slots=True)
class Told:
    """What one choice said, by construction."""

    finish: str = ""
    said: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    details: list[Json] = field(default_factory=list)


def quirky_calls(draw: st.DrawFn, told: Told) -> Iterable[Json]:
    """Deltas of calls whose parts come one call after the other, numbered and repeated as some provider does."""
    numbering = draw(st.sampled_from(["right", "missing", "null", "from 1", "always 0"]))
    repeats = draw(st.sets(st.sampled_from(["id", "name", "type"])))
    for number in range(draw(st.integers(0, 3))):
        call_id, name, pieces = f"call-{number}", draw(st.sampled_from("fg")), draw(st.lists(TEXT, max_size=3))
        told.calls.append((call_id, name, "".join(pieces)))
        index = {"right": number, "missing": None, "null": None, "from 1": number + 1, "always 0": 0}[numbering]
        for position, arguments in enumerate(["", *pieces]):
            opens = position == 0
            call: Json = {"index": index, "function": {"arguments": arguments or draw(st.sampled_from(["", None]))}}
            if numbering == "missing":
                del call["index"]
            if opens or "name" in repeats:
                call["function"]["name"] = name
            if opens or "id" in repeats or "name" in repeats:
                call["id"] = call_id
            if "type" in repeats:
                call["type"] = draw(st.sampled_from(["function", None]))
            yield {"tool_calls": [call]}


def quirky_details(draw: st.DrawFn, told: Told) -> Iterable[Json]:
    """Reasoning blocks in pieces, which some providers number by kind and some not at all."""
    numbered = draw(st.booleans())
    for kind, key in draw(st.sampled_from([[], [("text", "text")], [("summary", "summary"), ("encrypted", "data")]])):
        pieces = draw(st.lists(TEXT, min_size=1, max_size=3))
        told.details.append({"type": f"reasoning.{kind}", key: "".join(pieces), "index": len(told.details)})
        for piece in pieces:
            entry: Json = {"type": f"reasoning.{kind}", key: piece, **({"index": 0} if numbered else {})}
            yield {"reasoning_details": [entry]}


def quirky_deltas(draw: st.DrawFn, told: Told) -> Iterable[Json]:
    for key in draw(
        st.lists(st.sampled_from(["content", "reasoning_content", "reasoning", "refusal", "x"]), max_size=4)
    ):
        text = draw(TEXT)
        name = "reasoning_content" if key == "reasoning" else key
        told.said[name] = told.said.get(name, "") + text
        yield {key: text}
    yield from quirky_details(draw, told)
    yield from quirky_calls(draw, told)


@st.composite
def quirky_streams(draw: st.DrawFn) -> tuple[list[Json], list[Told]]:
    """A whole stream as a provider may send it, and what its choices say."""
    everyone = [Told(finish=draw(st.sampled_from(sorted(FINISHES)))) for _ in range(draw(st.integers(1, 2)))]
    roles = draw(st.sampled_from(["once", "always", "never"]))
    order = draw(st.permutations(range(len(everyone))))
    sent = [chunk(choice({"role": "assistant"} if roles != "never" else {}, index=i)) for i in order]
    for index, told in enumerate(everyone):
        for delta in quirky_deltas(draw, told):
            rest: Json = {"logprobs": LOGPROBS} if delta.get("content") and draw(st.booleans()) else {}
            role = {"role": "assistant"} if roles == "always" else {}
            sent.append(chunk(choice({**role, **delta}, index=index, **rest)))
    for index, told in enumerate(everyone):
        sent.append(chunk(choice({}, told.finish, index=index)))
    for one in draw(st.lists(st.sampled_from(sent), max_size=3)):
        one["usage"] = draw(st.sampled_from([None, {"prompt_tokens": 1}]))
    noise = [chunk(), chunk() | {"choices": None}, chunk(obfuscation="x"), chunk(choice()), calls()]
    for one in draw(st.lists(st.sampled_from(noise), max_size=3)):
        sent.insert(draw(st.integers(len(everyone), len(sent))), one)
    return [*sent, chunk(usage=USAGE)], everyone


def says(completion: Json) -> list[Told]:
    """A completion as what its choices say."""
    everyone = []
    for one in completion["choices"]:
        message = one["message"]
        said = {k: v for k, v in message.items() if k in ("content", "reasoning_content", "refusal", "x") and v}
        parts = [(c["id"], c["function"]["name"], c["function"]["arguments"]) for c in message.get("tool_calls") or []]
        everyone.append(Told(one["finish_reason"], said, parts, message.get("reasoning_details") or []))
    return everyone


@PROPERTY
@given(quirky_streams())
def test_the_client_gets_what_was_said(case: tuple[list[Json], list[Told]]) -> None:
    sent, everyone = case
    law = stream()
    told = conformed(sent, law)
    for one in everyone:
        one.said = {k: v for k, v in one.said.items() if v}
    folded = fold(told, law.raw_usage)
    assert law.complete
    assert says(folded) == everyone
    assert folded["usage"] == USAGE
    assert says(sdk_reads([*told, law.usage_chunk()])) == everyone


@PROPERTY
@given(quirky_streams())
def test_every_chunk_has_openai_s_form(case: tuple[list[Json], list[Told]]) -> None:
    told = conformed(case[0])
    opened: dict[int, int] = {}
    for one in told:
        ChatCompletionChunk.model_validate(one, strict=True)
        assert not {"usage", "obfuscation"} & one.keys()
        for part in one["choices"]:
            index, delta = part["index"], part["delta"]
            assert ("role" in delta) is (index not in opened)
            opened.setdefault(index, 0)
            assert "reasoning" not in delta
            for call in delta.get("tool_calls", ["none: left out"][:0]):
                opens = call["index"] == opened[index]
                assert ("id" in call, "type" in call, "name" in call["function"]) == (opens,) * 3
                opened[index] += opens
    assert len({(one["id"], one["created"], one["model"]) for one in told}) == 1


@PROPERTY
@given(quirky_streams())
def test_our_own_output_stays_as_it_is(case: tuple[list[Json], list[Told]]) -> None:
    law, again = stream(), stream()
    told = conformed(case[0], law)
    assert conformed([*told, law.usage_chunk()], again) == told
    assert (again.usage, again.complete, again.usage_chunk()) == (law.usage, law.complete, law.usage_chunk())


FULL = chunk(
    choice(
        {
            "role": "assistant",
            "content": "a",
            "reasoning": "r",
            "reasoning_details": [{"type": "reasoning.text", "text": "r", "index": 0}],
            "refusal": None,
            "tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
            "function_call": {"name": "f", "arguments": ""},
            "audio": {"id": "a", "data": "AA==", "transcript": "t"},
        },
        "stop",
        logprobs=LOGPROBS,
    ),
    usage=USAGE,
)


def told_and_folded(*chunks: Json) -> None:
    law = stream()
    told = conformed(chunks, law)
    orjson.dumps([*told, law.usage_chunk(), fold(told, law.raw_usage)])


def test_the_unchanged_chunk_is_good() -> None:
    """What the rows below change is all that is wrong with them."""
    assert raised_by(lambda _: told_and_folded(FULL, FULL), FULL, ("id",)) == {}


@pytest.mark.parametrize("path", paths(FULL), ids=place)
def test_whatever_is_wrong_with_a_chunk_only_failure_is_raised(path: tuple[Any, ...]) -> None:
    """By conforming it, sending it, and folding it for the cache or a unary client."""
    assert raised_by(lambda wrong: told_and_folded(wrong, FULL), FULL, path) == {}, "in the first chunk"
    assert raised_by(lambda wrong: told_and_folded(FULL, wrong), FULL, path) == {}, "in the second chunk"
