"""Chunks made one answer: the same as the provider's own unary answer to the same request."""

from typing import Any

import pytest

from tests.hub.upstream import (
    CALL,
    END_CALLS,
    LOGPROBS,
    ROLE,
    STOP,
    USAGE,
    answer,
    calls,
    choice,
    chunk,
    conformed,
    says,
    text,
)  # fmt: skip
from trunkline.hub.completion import conform_completion, fold
from trunkline.types import Json


def part(delta: Json, **rest: Any) -> Json:
    return chunk(choice(delta, **rest))


AUDIO = [{"id": "a"}, {"data": "AAAA", "transcript": "x"}, {"data": "BBBB"}, {"transcript": "y"}, {"expires_at": 9}]
FUNCTION_CALL = [{"name": "f", "arguments": ""}, {"arguments": "{"}, {"arguments": "}"}]

TOLD: dict[str, tuple[list[Json], Json]] = {
    "text": ([ROLE, text("a"), text("b"), STOP], answer(says("ab"))),
    "no text": ([part({"role": "assistant", "content": None}), STOP], answer(says(None))),
    "empty text": ([ROLE, STOP], answer(says(""))),
    "refusal": (
        [part({"role": "assistant", "content": None, "refusal": ""}), *[part({"refusal": c}) for c in "no"], STOP],
        answer(says(None, refusal="no")),
    ),
    "reasoning": (
        [ROLE, part({"reasoning": "r"}), part({"reasoning_content": "s"}), text("a"), STOP],
        answer(says(reasoning_content="rs")),
    ),
    "tool calls": (
        [
            part({"role": "assistant", "content": None}),
            calls({"index": 0, **CALL, "function": {"name": "f", "arguments": ""}}),
            calls({"index": 0, "function": {"arguments": "{"}}),
            calls({"index": 1, **CALL, "id": "c1", "extra_content": {"x": 1}}),
            calls({"index": 0, "function": {"arguments": "}"}}),
            END_CALLS,
        ],
        answer(says(None, tool_calls=[CALL, {**CALL, "id": "c1", "extra_content": {"x": 1}}]), "tool_calls"),
    ),
    "what a provider says of a choice": (
        [ROLE, part({"content": "a"}, x=1), part({}, finish_reason="stop", x=2, native_finish_reason="pause")],
        {
            **answer(says("a")),
            "choices": [{**answer(says("a"))["choices"][0], "x": 2, "native_finish_reason": "pause"}],
        },
    ),
    "audio": (
        [part({"role": "assistant", "content": None}), *[part({"audio": one}) for one in AUDIO], STOP],
        answer(says(None, audio={"id": "a", "data": "AAAABBBB", "transcript": "xy", "expires_at": 9})),
    ),
    "function_call": (
        [part({"role": "assistant", "content": None}), *[part({"function_call": one}) for one in FUNCTION_CALL], STOP],
        answer(says(None, function_call={"name": "f", "arguments": "{}"})),
    ),
    "lists": (
        [ROLE, text("a"), *[part({"annotations": [n]}) for n in (1, 2)], STOP],
        answer(says(annotations=[1, 2])),
    ),
    "fingerprint": ([ROLE | {"system_fingerprint": "fp"}, text("a"), STOP], answer(says(), system_fingerprint="fp")),
}


@pytest.mark.parametrize(("chunks", "unary"), TOLD.values(), ids=TOLD)
def test_a_stream_folds_to_the_unary_answer(chunks: list[Json], unary: Json) -> None:
    assert fold(conformed(chunks), USAGE) == unary == conform_completion(unary, "other", 1, "other")


def test_logprobs_join() -> None:
    token, refused = LOGPROBS["content"][0], {"content": None, "refusal": [LOGPROBS["content"][0]]}
    told = [ROLE, part({"content": "a"}, logprobs=LOGPROBS), part({"content": "a"}, logprobs=LOGPROBS), STOP]
    assert fold(conformed(told), None)["choices"][0]["logprobs"] == {"content": [token, token], "refusal": None}
    told.insert(1, part({"refusal": "no"}, logprobs=refused))
    assert fold(conformed(told), None)["choices"][0]["logprobs"] == {"content": [token] * 2, "refusal": [token]}


def test_choices_are_folded_in_order_and_usage_only_where_known() -> None:
    told = conformed([chunk(choice({"content": "a"}, "stop", index=i)) for i in (1, 0)])
    whole = fold(told, None)
    assert [one["index"] for one in whole["choices"]] == [0, 1]
    assert "usage" not in whole
