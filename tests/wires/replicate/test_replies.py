"""What predictions come to: rows of (state, answer) and (events, chunks), in any pieces."""

from functools import partial
from typing import Any

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.wires.replicate.support import CANCEL, GET, LLAMA, first, prediction, read, reader, sse
from tests.wires.support import Outcome, Told, as_client, call, way
from trunkline.errors import Failure
from trunkline.ports import Decoder
from trunkline.types import Json

UNARY, STREAM = call(), call(stream=True)
METRICS: Json = {"predict_time": 0.5, "input_token_count": 5, "output_token_count": 7}
USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}

OUTPUTS: dict[str, tuple[Any, str]] = {
    "pieces": (["\n", "Hel", "lo ", "🙂"], "\nHello 🙂"),
    "a text": ("Hello", "Hello"),
    "nothing": (None, ""),
    "no pieces": ([], ""),
    "a file": (["https://replicate.delivery/x.png"], "https://replicate.delivery/x.png"),
    "an object": ({"a": 1}, '{"a":1}'),
    "objects": ([{"a": 1}, "x"], '[{"a":1},"x"]'),
    "a number": (0.5, "0.5"),
}


@pytest.mark.parametrize(("output", "text"), OUTPUTS.values(), ids=OUTPUTS)
def test_whole_answers(output: Any, text: str) -> None:
    body = orjson.dumps(prediction("succeeded", output, metrics=METRICS))
    outcome, follow = in_all_ways(reader(partial(first, UNARY)), body)
    (told,) = outcome.events
    assert (follow, outcome.done) == (None, True)
    assert told == {
        "id": "p1",
        "object": "chat.completion",
        "created": 42,
        "model": "me/mine",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": USAGE,
    }


@pytest.mark.parametrize(("output", "text"), OUTPUTS.values(), ids=OUTPUTS)
def test_whole_answers_as_streams(output: Any, text: str) -> None:
    body = orjson.dumps(prediction("succeeded", output, metrics=METRICS))
    outcome, _ = in_all_ways(reader(partial(first, STREAM)), body)
    assert said(outcome) == (text, "stop")
    assert outcome.done
    assert outcome.events[-1]["usage"] == USAGE


def said(outcome: Outcome) -> tuple[str, str | None]:
    """Text and finish reason, as a client sees them."""
    choices = [chunk["choices"][0] for chunk in as_client(outcome.events)]
    text = "".join(choice["delta"].get("content") or "" for choice in choices)
    return text, next((choice["finish_reason"] for choice in choices if choice["finish_reason"]), None)


# (model, what was asked, tokens that came) -> finish reason: nobody says that an answer was cut off.
FINISHES: dict[str, tuple[str, Json, int | None, str]] = {
    "below its limit": (LLAMA, {"max_tokens": 8}, 7, "stop"),
    "at its limit": (LLAMA, {"max_tokens": 7}, 7, "length"),
    "at its limit by the other name": (LLAMA, {"max_completion_tokens": 7}, 7, "length"),
    "at the limit that we raised": ("anthropic/claude-4-sonnet", {"max_tokens": 7}, 7, "stop"),
    "at the limit of the model": (LLAMA, {}, 512, "length"),
    "at nobody's limit": ("me/mine", {}, 512, "stop"),
    "uncounted": (LLAMA, {"max_tokens": 7}, None, "stop"),
}


@pytest.mark.parametrize(("model", "asked", "tokens", "finish"), FINISHES.values(), ids=FINISHES)
def test_finish_reasons(model: str, asked: Json, tokens: int | None, finish: str) -> None:
    metrics = {} if tokens is None else {"output_token_count": tokens}
    body = orjson.dumps(prediction("succeeded", "a", metrics=metrics))
    (told,) = read(first(call(body=asked), model), [body]).outcome.events
    assert told["choices"][0]["finish_reason"] == finish
    assert ("usage" in told) == (tokens is not None)


def next_state(told: Told, *states: Json) -> list[Told]:
    """What the states come to, one after the other."""
    course = [told]
    for state in states:
        follow = course[-1].follow
        assert follow is not None
        course.append(read(follow.decoder("application/json"), [orjson.dumps(state)]))
    return course


def test_polling_tells_the_output_as_it_grows() -> None:
    course = next_state(
        read(first(STREAM), [orjson.dumps(prediction("starting"))]),
        prediction("processing", ["He"]),
        prediction("processing", ["He"]),
        prediction("processing", ["He", "llo"]),
        prediction("succeeded", ["He", "llo", "!"], metrics=METRICS),
    )
    pieces = [[e["choices"][0]["delta"].get("content") for e in told.outcome.events] for told in course]
    assert pieces == [[], ["He"], [], ["llo"], ["!", None]]
    assert [told.outcome.done for told in course] == [False, False, False, False, True]


def test_what_is_no_text_comes_whole() -> None:
    course = next_state(
        read(first(STREAM), [orjson.dumps(prediction("processing", [{"a": 1}]))]),
        prediction("processing", {"a": 1}),
        prediction("succeeded", [{"a": 1}, {"b": 2}]),
    )
    assert [told.outcome.events for told in course[:-1]] == [[], []]
    assert course[-1].outcome.events[0]["choices"][0]["delta"] == {"content": '[{"a":1},{"b":2}]'}


def test_polling_for_one_answer() -> None:
    course = next_state(
        read(first(UNARY), [orjson.dumps(prediction("starting"))]),
        prediction("processing", ["He"]),
        prediction("succeeded", ["He", "llo"]),
    )
    assert [told.outcome.events for told in course[:-1]] == [[], []]
    assert course[-1].outcome.events[0]["choices"][0]["message"]["content"] == "Hello"


def listening() -> Decoder:
    follow = read(first(STREAM), [orjson.dumps(prediction(streams=True))]).follow
    assert follow is not None
    return follow.decoder("text/event-stream")


AT_ONCE = {"request": f"GET {GET}", "after": 0.0, "leave": f"POST {CANCEL}", "otherwise": f"GET {GET}"}
LATER = {**AT_ONCE, "after": 0.5}

# Events -> the pieces of output, and where it goes on.
STREAMS: dict[str, tuple[bytes, list[str], Json]] = {
    "output": (
        sse("output", "Hel") + sse("output", "lo 🙂") + sse("done", "{}"), ["Hel", "lo 🙂"], AT_ONCE
    ),
    "blanks are output": (
        b"".join((sse("output", " a"), sse("output", " "), sse("output", "", ""), sse("output", "", "b", ""),
                  sse("done", "{}"))),
        [" a", " ", "\n", "\nb\n"],
        AT_ONCE,
    ),
    "what looks like an end": (sse("output", "[DONE]") + sse("done", "{}"), ["[DONE]"], AT_ONCE),
    "signs of life": (
        b": hi\n\n" + sse("logs", "loading") + sse("output", "a") + sse("done", "{}"), ["ping", "ping", "a"], AT_ONCE
    ),
    "nothing after the end": (sse("done", "{}") + sse("output", "a"), [], AT_ONCE),
    "cancelled": (sse("output", "a") + sse("done", '{"reason": "canceled"}'), ["a"], AT_ONCE),
    "broken off": (sse("output", "a") + b"event: output\ndata: b", ["a", "b"], LATER),
    "nothing at all": (b"", [], LATER),
    "an event nobody knows": (sse("mood", "good") + sse("output", "a") + sse("done", ""), ["ping", "a", "ping"], LATER),
}  # fmt: skip


@pytest.mark.parametrize(("data", "pieces", "follow"), STREAMS.values(), ids=STREAMS)
def test_streams(data: bytes, pieces: list[str], follow: Json) -> None:
    outcome, goes_on = in_all_ways(reader(listening), data)
    assert [e if e == "ping" else e["choices"][0]["delta"]["content"] for e in outcome.events] == pieces
    assert (outcome.failed, outcome.done, goes_on) == (None, False, follow)


def test_after_the_stream_the_state_tells_how_it_ended() -> None:
    told = read(listening(), [sse("output", "Hel"), sse("output", "lo"), sse("done", "{}")])
    _, last = next_state(told, prediction("succeeded", ["Hel", "lo"], metrics=METRICS))
    assert [e["choices"][0] for e in last.outcome.events] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    assert (last.outcome.events[0]["usage"], last.outcome.done) == (USAGE, True)


def test_a_state_that_lags_behind_is_asked_again() -> None:
    told = read(listening(), [sse("output", "Hello") + sse("done", "{}")])
    _, lags, last = next_state(told, prediction("processing", ["He"]), prediction("succeeded", ["Hello"]))
    assert lags.outcome.events == []
    assert [e["choices"][0]["delta"] for e in last.outcome.events] == [{}]


def test_what_a_broken_stream_left_out_is_told_by_the_state() -> None:
    told = read(listening(), [sse("output", "Hel")])
    _, last = next_state(told, prediction("succeeded", ["Hel", "lo"]))
    assert [e["choices"][0]["delta"] for e in last.outcome.events] == [{"content": "lo"}, {}]


ERRORS: dict[str, tuple[bytes, str, str]] = {
    "words": (sse("error", "CUDA out of memory"), "server_error", "CUDA out of memory"),
    "detail": (sse("error", '{"detail": "NSFW content detected"}'), "content_filter", "NSFW content detected"),
    "nothing": (sse("error", "{}"), "server_error", "{}"),
}


@pytest.mark.parametrize(("event", "kind", "words"), ERRORS.values(), ids=ERRORS)
def test_errors_inside_a_stream(event: bytes, kind: str, words: str) -> None:
    outcome, follow = in_all_ways(reader(listening), sse("output", "a") + event)
    assert (len(outcome.events), outcome.failed, follow) == (1, (kind, words, None), None)


WRONG: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"oops", "the prediction is not valid JSON"),
    "no object": (b"[1]", "the prediction is not a JSON object"),
    "no prediction": (b"{}", "the answer is no prediction: no status"),
}


@pytest.mark.parametrize(("body", "words"), WRONG.values(), ids=WRONG)
def test_wrong_answers(body: bytes, words: str) -> None:
    assert read(first(UNARY), [body]).outcome.failed == ("invalid_response", words, None)


def test_a_page_is_no_answer() -> None:
    with pytest.raises(Failure, match="HTML page"):
        first(UNARY, content_type="text/html; charset=utf-8")


def test_a_client_sees_one_identity() -> None:
    told = read(listening(), [sse("output", "a"), sse("output", "b"), sse("done", "{}")])
    assert {(chunk["id"], chunk["model"]) for chunk in as_client(told.outcome.events)} == {("p1", "me/mine")}
    assert way(told.follow) == AT_ONCE
