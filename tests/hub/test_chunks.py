"""Rows of (what the upstream sends, what the client sees): every rule of a stream but tool calls."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.hub.upstream import LOGPROBS, ROLE, STOP, USAGE, choice, chunk, conformed, stream, text
from trunkline.errors import Failure
from trunkline.hub.chunks import has_content
from trunkline.hub.usage import Usage
from trunkline.types import Json


@dataclass(frozen=True, slots=True)
class Row:
    """`seen`: the choices of each chunk that is left."""

    sent: list[Json]
    seen: list[list[Json]]
    usage: Usage | None = None
    complete: bool = True


BEGUN = [choice({"role": "assistant", "content": ""})]
ENDED = [choice({}, "stop")]
ONE_AND_USAGE = Usage(input=3, output=2)
MODERATION = {"input": {"flagged": False}}


def says(*contents: str) -> list[list[Json]]:
    return [[choice({"content": content})] for content in contents]


def opening(delta: Json, finish: str | None = None, index: int = 0) -> Json:
    return choice({"role": "assistant", **delta}, finish, index)


ROWS: dict[str, Row] = {
    "nothing": Row([], [], complete=False),
    "OpenAI": Row([ROLE, text("a"), text("b"), STOP], [BEGUN, *says("a", "b"), ENDED]),
    "cut off": Row([ROLE, text("a")], [BEGUN, *says("a")], complete=False),
    "role on every delta": Row(
        [chunk(choice({"role": "assistant", "content": c})) for c in "ab"] + [STOP],
        [[opening({"content": "a"})], *says("b"), ENDED],
    ),
    "no role": Row([text("a"), STOP], [[opening({"content": "a"})], ENDED]),
    "role null": Row([chunk(choice({"role": None, "content": "a"})), STOP], [[opening({"content": "a"})], ENDED]),
    "other role": Row([chunk(choice({"role": "model", "content": "a"})), STOP], [[opening({"content": "a"})], ENDED]),
    "role late": Row([text("a"), ROLE, STOP], [[opening({"content": "a"})], *says(""), ENDED]),
    "role alone again": Row([ROLE, chunk(choice({"role": "assistant"})), STOP], [BEGUN, ENDED]),
    "finish alone": Row([STOP], [[opening({}, "stop")]]),
    "all in one": Row([chunk(choice({"content": "a"}, "stop"))], [[opening({"content": "a"}, "stop")]]),
    "n=2": Row(
        [chunk(choice({"role": "assistant", "content": ""}, index=i)) for i in (0, 1)]
        + [chunk(choice({"content": c}, index=i)) for i, c in ((0, "a"), (1, "b"))]
        + [chunk(choice({}, f, index=i)) for i, f in ((1, "length"), (0, "stop"))],
        [[opening({"content": ""}, index=i)] for i in (0, 1)]
        + [[choice({"content": c}, index=i)] for i, c in ((0, "a"), (1, "b"))]
        + [[choice({}, f, index=i)] for i, f in ((1, "length"), (0, "stop"))],
    ),
    "n=2, both in each chunk": Row(
        [chunk(choice({"content": "a"}), choice({"content": "b"}, index=1))] * 2
        + [chunk(choice({}, "stop"), choice({}, index=1))],
        [
            [opening({"content": "a"}), opening({"content": "b"}, index=1)],
            [choice({"content": "a"}), choice({"content": "b"}, index=1)],
            ENDED,
        ],
        complete=False,
    ),
    "index null": Row([chunk(choice({"content": "a"}, "stop", index=None))], [[opening({"content": "a"}, "stop")]]),
    "index is text": Row([chunk(choice({"content": "a"}, "stop", index="0"))], [[opening({"content": "a"}, "stop")]]),
    "no index": Row(
        [chunk({"delta": {"content": "a"}, "finish_reason": "stop"})], [[opening({"content": "a"}, "stop")]]
    ),
    "no finish_reason": Row(
        [chunk({"index": 0, "delta": {"content": "a"}})], [[opening({"content": "a"})]], complete=False
    ),
    "no delta": Row([ROLE, chunk({"index": 0, "finish_reason": "stop"})], [BEGUN, ENDED]),
    "delta null": Row(
        [ROLE, chunk({"index": 0, "delta": None}), chunk({"index": 0, "delta": None, "finish_reason": "stop"})],
        [BEGUN, ENDED],
    ),
    "choices null": Row([ROLE, chunk() | {"choices": None}, STOP], [BEGUN, ENDED]),
    "no choices": Row([{"id": "x"}, ROLE, {}, STOP], [BEGUN, ENDED]),
    "choices are an object": Row([ROLE, chunk() | {"choices": {"0": {}}}, STOP], [BEGUN, ENDED]),
    "empty deltas": Row([ROLE, chunk(choice()), text(""), STOP], [BEGUN, *says(""), ENDED]),
    "empty deltas after the finish": Row(
        [ROLE, STOP, chunk(choice()), text(""), chunk(choice({"content": None, "role": "assistant"}))], [BEGUN, ENDED]
    ),
    "finish twice": Row([ROLE, STOP, STOP, chunk(choice({"content": ""}, "stop"))], [BEGUN, ENDED]),
    "text after the finish": Row([ROLE, STOP, text("a")], [BEGUN, ENDED, *says("a")]),
    "text in the finish": Row(
        [ROLE, chunk(choice({"content": "a"}, "stop"))], [BEGUN, [choice({"content": "a"}, "stop")]]
    ),
    "reasoning_content": Row(
        [ROLE, chunk(choice({"reasoning_content": "r"})), STOP], [BEGUN, [choice({"reasoning_content": "r"})], ENDED]
    ),
    "reasoning": Row(
        [ROLE, chunk(choice({"reasoning": "r"})), STOP], [BEGUN, [choice({"reasoning_content": "r"})], ENDED]
    ),
    "reasoning by both names": Row(
        [ROLE, chunk(choice({"reasoning": "r", "reasoning_content": "r"})), STOP],
        [BEGUN, [choice({"reasoning_content": "r"})], ENDED],
    ),
    "reasoning, the other name null": Row(
        [ROLE, chunk(choice({"reasoning": "r", "reasoning_content": None})), STOP],
        [BEGUN, [choice({"reasoning_content": "r"})], ENDED],
    ),
    "refusal": Row(
        [chunk(choice({"role": "assistant", "content": "", "refusal": None})), chunk(choice({"refusal": "no"})), STOP],
        [[opening({"content": "", "refusal": None})], [choice({"refusal": "no"})], ENDED],
    ),
    "logprobs": Row(
        [ROLE, chunk(choice({"content": "a"}, logprobs=LOGPROBS)), STOP],
        [BEGUN, [choice({"content": "a"}, logprobs=LOGPROBS)], ENDED],
    ),
    "moderation": Row([ROLE, STOP, chunk(moderation=MODERATION)], [BEGUN, ENDED, []]),
    "usage in a chunk of its own": Row([ROLE, STOP, chunk(usage=USAGE)], [BEGUN, ENDED], ONE_AND_USAGE),
    "usage with the finish": Row([ROLE, chunk(choice({}, "stop"), usage=USAGE)], [BEGUN, ENDED], usage=ONE_AND_USAGE),
    "usage on every chunk": Row(
        [
            {**one, "usage": {"prompt_tokens": 3, "completion_tokens": seen}}
            for seen, one in enumerate([ROLE, text("a"), STOP])
        ],
        [BEGUN, *says("a"), ENDED],
        usage=ONE_AND_USAGE,
    ),
    "usage null everywhere else": Row(
        [{**one, "usage": None} for one in (ROLE, text("a"), STOP)] + [chunk(usage=USAGE), chunk(usage=None)],
        [BEGUN, *says("a"), ENDED],
        usage=ONE_AND_USAGE,
    ),
    "usage with the choices again": Row(
        [ROLE, STOP, chunk(choice({"content": "", "role": "assistant"}, "stop"), usage=USAGE)],
        [BEGUN, ENDED],
        usage=ONE_AND_USAGE,
    ),
    "usage before anything": Row([chunk(usage=USAGE), ROLE, STOP], [BEGUN, ENDED], usage=ONE_AND_USAGE),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_the_client_sees(row: Row) -> None:
    law = stream()
    told = conformed(row.sent, law)
    assert [one["choices"] for one in told] == row.seen
    assert (law.usage, law.complete) == (row.usage, row.complete)
    assert not any({"usage", "obfuscation"} & one.keys() for one in told)


@pytest.mark.parametrize("known", ["stop", "length", "tool_calls", "content_filter", "function_call"])
def test_known_finish_reasons_stay(known: str) -> None:
    assert conformed([chunk(choice({}, known))])[0]["choices"][0]["finish_reason"] == known


@pytest.mark.parametrize("other", ["eos", "STOP", "end_turn", "", "Length", 1, True, ["stop"], {"reason": "stop"}])
def test_other_finish_reasons_are_stop_or_none(other: Any) -> None:
    law = stream()
    told = conformed([ROLE, chunk(choice({"content": "a"}, other))], law)
    assert told[-1]["choices"][0]["finish_reason"] == ("stop" if other else None)
    assert law.complete is bool(other)


def test_finish_error_fails() -> None:
    with pytest.raises(Failure) as raised:
        conformed([ROLE, chunk(choice({"content": ""}, "error"))])
    assert raised.value.kind == "server_error"


@pytest.mark.parametrize("bad", [None, "x", 1, [], [choice()]])
def test_a_choice_that_is_no_object_fails(bad: Any) -> None:
    with pytest.raises(Failure) as raised:
        conformed([ROLE, chunk(bad)])
    assert raised.value.kind == "invalid_response"


FIRST = ("chatcmpl-up", 1_700_000_000, "up-1")
OURS = ("chatcmpl-req-0123456789ab", 42, "configured")
FRAMES: dict[str, tuple[list[Json], tuple[str, int, str]]] = {
    "the first chunk's": ([ROLE, text("a") | {"id": "b", "created": 2, "model": "n"}], FIRST),
    "empty at first, as Azure's": (
        [chunk(id="", model="", created=0, prompt_filter_results=[]), ROLE, text("a")],
        FIRST,
    ),
    "none": ([{"choices": [choice({"content": "a"})]}], OURS),
    "null": (
        [chunk(choice({"content": "a"}), id=None, created=None, model=None)],
        OURS,
    ),
    "of other types": (
        [chunk(choice({"content": "a"}), id=7, created="now", model=["m"])],
        OURS,
    ),
    "created is a float": ([chunk(choice({"content": "a"}), created=1.75)], ("chatcmpl-up", 1, "up-1")),
    "created is beyond an integer": ([chunk(choice({"content": "a"}), created=1e300)], ("chatcmpl-up", 42, "up-1")),
    "moderation comes first": (
        [chunk(moderation=MODERATION), text("a") | {"id": "b", "created": 2, "model": "n"}],
        FIRST,
    ),
}


@pytest.mark.parametrize(("sent", "frame"), FRAMES.values(), ids=FRAMES)
def test_id_created_and_model_are_constant(sent: list[Json], frame: tuple[str, int, str]) -> None:
    law = stream()
    told = [*conformed(sent, law), law.usage_chunk()]
    assert {(one["id"], one["created"], one["model"]) for one in told} == {frame}
    assert {one["object"] for one in told} == {"chat.completion.chunk"}


def test_what_is_not_ours_rides_along() -> None:
    """Extensions of a provider are nobody's business but the client's; padding is nobody's."""
    told = conformed([chunk(choice({"content": "a", "x": 1}, seed=2), system_fingerprint="fp", obfuscation="zzz")])
    assert told == [
        chunk(choice({"role": "assistant", "content": "a", "x": 1}, seed=2), system_fingerprint="fp"),
    ]


def test_the_usage_chunk_repeats_what_the_provider_said() -> None:
    law = stream()
    conformed([ROLE, STOP, chunk(usage={**USAGE, "cost": 0.1})], law)
    assert law.usage_chunk() == chunk(usage={**USAGE, "cost": 0.1})


CONTENT: dict[str, tuple[Json, bool]] = {
    "role": (choice({"role": "assistant", "content": ""}), False),
    "nulls": (choice({"content": None, "refusal": None, "audio": None}), False),
    "extension": (choice({"x": "y"}), False),
    "content": (choice({"content": " "}), True),
    "reasoning": (choice({"reasoning": "r"}), True),
    "refusal": (choice({"refusal": "no"}), True),
    "audio": (choice({"audio": {"id": "a"}}), True),
    "tool call": (choice({"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f"}}]}), True),
    "no tool call": (choice({"tool_calls": []}), False),
    "function_call": (choice({"function_call": {"name": "f", "arguments": ""}}), True),
    "finish": (choice({}, "stop"), True),
}


@pytest.mark.parametrize(("one", "commits"), CONTENT.values(), ids=CONTENT)
def test_first_content(one: Json, commits: bool) -> None:
    assert has_content(conformed([chunk(one)])[0]) is commits


def test_a_chunk_without_choices_is_no_content() -> None:
    assert not has_content(conformed([chunk(moderation=MODERATION)])[0])
