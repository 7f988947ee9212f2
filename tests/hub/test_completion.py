"""Whole answers: rows of (what the provider sends, what the client sees)."""

from copy import deepcopy
from typing import Any

import orjson
import pytest

from tests.hub.support import paths, place, raised_by
from tests.hub.upstream import CALL, LOGPROBS, USAGE, answer, choice, chunk, conformed, says
from trunkline.errors import Failure
from trunkline.hub.completion import conform_completion, fold, has_answer, replay
from trunkline.types import Json


def conform(body: Json) -> Json:
    return conform_completion(deepcopy(body), "req-1", 42, "configured")


GOOD: dict[str, Json] = {
    "text": answer(says()),
    "empty text": answer(says("")),
    "refusal": answer(says(None, refusal="no")),
    "tool calls": answer(says(None, tool_calls=[CALL]), "tool_calls"),
    "reasoning": answer(says(reasoning_content="r")),
    "logprobs": answer(says()) | {"choices": [{**answer(says())["choices"][0], "logprobs": LOGPROBS}]},
    "n=2": answer({}) | {"choices": [{"index": i, "message": says(), "finish_reason": "stop"} for i in (1, 0)]},
    "extensions": answer(says(x=1), x=2, service_tier="default", system_fingerprint=None),
    **{finish: answer(says(), finish) for finish in ("length", "content_filter", "function_call")},
}

MENDED: dict[str, tuple[Json, Json]] = {
    "no role": (answer({"content": "a"}), answer(says())),
    "other role": (answer({"role": "model", "content": "a"}), answer(says())),
    "no content": (answer({"role": "assistant"}), answer(says(None))),
    "no content but calls": (
        answer({"role": "assistant", "tool_calls": [CALL]}, "tool_calls"),
        answer(says(None, tool_calls=[CALL]), "tool_calls"),
    ),
    "tool_calls null": (answer(says(tool_calls=None)), answer(says())),
    "tool_calls empty": (answer(says(tool_calls=[])), answer(says())),
    "arguments are an object": (
        answer(says(tool_calls=[{**CALL, "function": {"name": "f", "arguments": {"a": 1}}}]), "tool_calls"),
        answer(says(tool_calls=[{**CALL, "function": {"name": "f", "arguments": '{"a":1}'}}]), "tool_calls"),
    ),
    "arguments are an empty object": (
        answer(says(tool_calls=[{**CALL, "function": {"name": "f", "arguments": {}}}]), "tool_calls"),
        answer(says(tool_calls=[CALL]), "tool_calls"),
    ),
    "call without type": (
        answer(says(tool_calls=[{"id": "c0", "function": CALL["function"]}]), "tool_calls"),
        answer(says(tool_calls=[CALL]), "tool_calls"),
    ),
    "reasoning": (answer(says(reasoning="r")), answer(says(reasoning_content="r"))),
    "reasoning by both names": (
        answer(says(reasoning="r", reasoning_content="r")),
        answer(says(reasoning_content="r")),
    ),
    "reasoning, the other name null": (
        answer(says(reasoning="r", reasoning_content=None)),
        answer(says(reasoning_content="r")),
    ),
    "no finish": (answer(says(), ...), answer(says())),
    "finish null": (answer(says(), None), answer(says())),
    "finish null after calls": (
        answer(says(tool_calls=[CALL]), None),
        answer(says(tool_calls=[CALL]), "tool_calls"),
    ),
    "finish unknown": (answer(says(), "eos"), answer(says())),
    "finish is a list": (answer(says(), ["stop"]), answer(says())),
    "no index": (
        answer({}) | {"choices": [{"message": says(), "finish_reason": "stop"} for _ in range(2)]},
        answer({}) | {"choices": [{"index": i, "message": says(), "finish_reason": "stop"} for i in (0, 1)]},
    ),
    "no frame": (
        {"choices": answer(says())["choices"]},
        {"id": "chatcmpl-req-1", "object": "chat.completion", "created": 42, "model": "configured"}
        | {"choices": answer(says())["choices"]},
    ),
    "frame empty": (
        answer(says(), id="", object="", created=0, model=""),
        answer(says(), id="chatcmpl-req-1", created=42, model="configured"),
    ),
    "frame null": (
        answer(says(), id=None, object=None, created=None, model=None),
        answer(says(), id="chatcmpl-req-1", created=42, model="configured"),
    ),
    "frame of other types": (
        answer(says(), id=7, object=7, created="now", model=[]),
        answer(says(), id="chatcmpl-req-1", created=42, model="configured"),
    ),
    "created is a float": (answer(says(), created=1.75), answer(says(), created=1)),
    "created is beyond an integer": (answer(says(), created=1e300), answer(says(), created=42)),
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_what_is_right_stays(body: Json) -> None:
    assert conform(body) == body


@pytest.mark.parametrize(("sent", "seen"), MENDED.values(), ids=MENDED)
def test_what_the_client_sees(sent: Json, seen: Json) -> None:
    assert conform(sent) == seen
    assert conform(seen) == seen


BAD: dict[str, Json] = {
    "empty": {},
    "no choices": {"id": "x", "object": "chat.completion"},
    "choices null": answer({}) | {"choices": None},
    "choices empty": answer({}) | {"choices": []},
    "choices are an object": answer({}) | {"choices": {"0": answer(says())["choices"][0]}},
    "choices are text": answer({}) | {"choices": "a"},
    "a choice is null": answer({}) | {"choices": [None]},
    "a choice is text": answer({}) | {"choices": ["a"]},
    "no message": answer(...),
    "message null": answer(None),
    "message is text": answer("a"),
    "a chunk": chunk(choice({"content": "a"}, "stop")),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_row_32_no_answer_is_a_failure(body: Json) -> None:
    with pytest.raises(Failure) as raised:
        conform(body)
    assert raised.value.kind == "invalid_response"


def test_finish_error_is_a_failure() -> None:
    with pytest.raises(Failure) as raised:
        conform(answer(says(), "error"))
    assert raised.value.kind == "server_error"


FULL = answer(
    says(
        reasoning="r",
        reasoning_details=[{"type": "t", "index": 0}],
        refusal=None,
        tool_calls=[CALL],
        audio={"id": "a"},
        function_call=CALL["function"],
    ),
    system_fingerprint="fp",
) | {"usage": {**USAGE, "prompt_tokens_details": {"cached_tokens": 1}}}
FULL["choices"][0]["logprobs"] = LOGPROBS


def through_every_form(body: Json) -> None:
    """What a unary client, a stream and the cache make of it."""
    whole = conform(body)
    has_answer(whole)
    told = conformed([*replay(deepcopy(whole)), {"usage": whole.get("usage")}])
    orjson.dumps([whole, told, fold(told, whole.get("usage"))])


def test_the_unchanged_answer_is_good() -> None:
    """What the rows below change is all that is wrong with them."""
    assert raised_by(lambda _: through_every_form(FULL), FULL, ("id",)) == {}


@pytest.mark.parametrize("path", paths(FULL), ids=place)
def test_whatever_is_wrong_with_an_answer_only_failure_is_raised(path: tuple[Any, ...]) -> None:
    assert raised_by(through_every_form, FULL, path) == {}


ANSWERS: dict[str, tuple[Json, bool]] = {
    "text": (says(), True),
    "nothing": (says(None), False),
    "empty text": (says(""), False),
    "reasoning": (says(None, reasoning_content="r"), True),
    "refusal": (says(None, refusal="no"), True),
    "calls": (says(None, tool_calls=[CALL]), True),
    "audio": (says(None, audio={"id": "a"}), True),
    "function_call": (says(None, function_call=CALL["function"]), True),
    "extension": (says(None, annotations=[{"type": "x"}]), False),
}


@pytest.mark.parametrize(("message", "answered"), ANSWERS.values(), ids=ANSWERS)
def test_has_answer(message: Json, answered: bool) -> None:
    assert has_answer(answer(message)) is answered
