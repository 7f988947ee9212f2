"""What holds for every wire: for any bytes, and for anything wrong with a request, a reply or an error."""

from collections.abc import Iterator, Sequence
from functools import reduce
from importlib import import_module
from operator import getitem
from typing import Any

import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, TEXT, WRONG, cut, paths, place, raised_by, refusal, replaced, splits
from tests.wires.openai.samples import DIALECTS
from tests.wires.samples import UNHEARD, Answer, Asked, Samples
from tests.wires.support import JSON, NOW, SSE, Outcome, Written, call, follow_through, sse, way
from trunkline.errors import ApiError, Failure
from trunkline.hub.request import CHAT, EMBEDDINGS, check_chat
from trunkline.ports import Wire
from trunkline.types import Json
from trunkline.wires import WIRES

SAMPLES: dict[str, Samples] = {name: import_module(f"tests.wires.{name}.samples").SAMPLES for name in WIRES}

NOISE = (b": ping\r\n\r\n", b"data:", b"data: {", b"event: error\n", b"\r", b"\n", b"{", b"}", b"\xf0\x9f")
# Of each wire what its answers are made of, whole or in pieces.
REPLIES = {
    name: (
        [answer.write(*answer.told) for answer in samples.answers.values()],
        [*(answer.write(one) for answer in samples.answers.values() for one in answer.told), *samples.pieces, *NOISE],
    )
    for name, samples in SAMPLES.items()
}

each_answer = pytest.mark.parametrize(
    ("wire", "answer"),
    [
        pytest.param(name, answer, id=f"{name}, {title}")
        for name, samples in SAMPLES.items()
        for title, answer in samples.answers.items()
    ],
)
each_wire = pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)


def told(answer: Answer, pieces: list[bytes]) -> tuple[Outcome, Json | None]:
    outcome, follow = follow_through(answer.decoder, pieces)
    return outcome, way(follow)


@each_answer
def test_any_bytes_in_any_pieces(wire: str, answer: Answer) -> None:
    """The same events and the same way on, and nothing raised but Failure, after what came before."""
    replies, pieces = REPLIES[wire]
    made = st.lists(st.sampled_from(pieces), max_size=10).map(b"".join) | st.sampled_from(replies)
    any_bytes = made | st.binary(max_size=20) | ANY_JSON.map(orjson.dumps)

    @PROPERTY
    @given(any_bytes.flatmap(lambda data: st.tuples(st.just(data), splits(data))))
    def holds(case: tuple[bytes, list[bytes]]) -> None:
        data, pieces = case
        whole = told(answer, cut(data, set()))
        assert told(answer, pieces) == whole
        assert told(answer, cut(data, set(range(len(data))))) == whole

    holds()


@each_answer
def test_whatever_is_wrong_with_a_reply_only_failure_is_raised(wire: str, answer: Answer) -> None:
    """And what is told can be sent (`follow_through` looks)."""

    def read(wrong: Json) -> None:
        events = wrong.get("told")
        told(answer, [answer.write(*(events if isinstance(events, list) else [events]))])

    reply = {"told": list(answer.told)}
    raised = {place(path): raised_by(read, reply, path) for path in paths(reply)}
    assert {name: errors for name, errors in raised.items() if errors} == {}


def with_something_unheard_of(answer: Answer) -> Iterator[tuple[str, list[Any]]]:
    """Its events, with a field in one place that nobody knows, or an event."""
    events = list(answer.told)
    for path in paths(events):
        if isinstance(reduce(getitem, path, events), dict):
            for value in (None, 1, UNHEARD):
                yield place((*path, value)), replaced(events, (*path, "unheard"), value)
    if answer.unheard is not None:
        for index in range(len(events) + 1):
            yield place((index,)), [*events[:index], answer.unheard, *events[index:]]


@each_answer
def test_what_nobody_has_heard_of_breaks_nothing(wire: str, answer: Answer) -> None:
    def end(events: Sequence[Any]) -> tuple[Any, ...]:
        outcome, follow = told(answer, [answer.write(*events)])
        return outcome.failed, outcome.done, follow

    wanted = end(answer.told)
    broken = {where: found for where, events in with_something_unheard_of(answer) if (found := end(events)) != wanted}
    assert broken == {}


ERRORS = [error for samples in SAMPLES.values() for error in samples.errors]
# Where Amazon names an error, and when to come again.
HEADERS = st.dictionaries(
    st.sampled_from(["x-amzn-errortype", "retry-after", "x-should-retry"]),
    st.sampled_from(["", "ThrottlingException:http://x", "x", ":", "#", "1", "-1", "true"]),
)


@each_wire
@PROPERTY
@given(st.integers(400, 599), HEADERS, st.binary(max_size=40) | ANY_JSON.map(orjson.dumps))
def test_any_error_reply_has_a_class(wire: Wire, status: int, headers: dict[str, str], body: bytes) -> None:
    failure = wire.error(status, headers, body, NOW)
    assert isinstance(failure, Failure)
    assert failure.kind
    assert failure.words


@each_wire
def test_whatever_is_wrong_with_an_error_it_has_a_class(wire: Wire) -> None:
    """Whoever's form it has."""

    def classed(wrong: Json) -> None:
        for status in (400, 429, 503):
            assert wire.error(status, {}, orjson.dumps(wrong), NOW).kind

    raised = {
        (number, place(path)): raised_by(classed, error, path)
        for number, error in enumerate(ERRORS)
        for path in paths(error)
    }
    assert {name: errors for name, errors in raised.items() if errors} == {}


def checked(path: tuple[Any, ...]) -> bool:
    """Whether `hub.request` has seen to the type of what stands there, before a wire sees it."""
    outer = path[0] in {*CHAT, *EMBEDDINGS} and len(path) == 1
    message = path[0] == "messages" and (len(path) == 2 or path[2:] in (("role",), ("content",)))
    part = path[0] == "messages" and len(path) == 4 and path[2] == "content"
    tool = path[0] == "tools" and (len(path) == 2 or path[2:] == ("type",))
    return outer or message or part or tool or path[0] == "input"


def sent(asked: Asked) -> Written | None:
    """None where it is refused. It is left as it was (`write` looks), and its reply can be read."""
    try:
        written = asked.bench.write(asked.body, asked.model, kind=asked.kind)
    except ApiError:
        return None
    asked.bench.decoder(call(asked.kind, body=asked.body), JSON, asked.model)
    return written


@pytest.mark.parametrize(
    ("wire", "asked"),
    [
        pytest.param(name, asked, id=f"{name}, {title}")
        for name, samples in SAMPLES.items()
        for title, asked in samples.requests.items()
    ],
)
def test_whatever_is_wrong_below_a_request_is_an_answer_of_ours(wire: str, asked: Asked) -> None:
    """It is sent or refused, and nothing is raised but ApiError."""
    unchecked = [path for path in paths(asked.body) if not checked(path)]
    wrong = {f"{place(path)} = {by!r}": replaced(asked.body, path, by) for path in unchecked for by in WRONG}
    raised = {}
    for name, body in {"as it is": asked.body, **wrong}.items():
        try:
            sent(asked._replace(body=body))
        except Exception as error:  # whatever it is, the row says what it was
            raised[name] = repr(error)
    assert raised == {}


NAMES = st.sampled_from(
    ["tool_calls", "tool_call_id", "name", "reasoning", "reasoning_content", "reasoning_details", "refusal", "x"]
)
PART = st.dictionaries(st.sampled_from(["type", "file", "input_audio", "text"]), ANY_JSON | st.just("file"))
MESSAGE = st.builds(
    lambda role, content, rest: {**rest, "role": role, "content": content},
    st.sampled_from(["system", "developer", "user", "assistant", "tool", "other"]),
    st.none() | TEXT | st.lists(PART, max_size=2),
    st.dictionaries(NAMES, ANY_JSON, max_size=3),
)
FORMAT = st.dictionaries(st.sampled_from(["type", "json_schema"]), ANY_JSON | st.just("json_schema"))
BODY = st.fixed_dictionaries(
    {"messages": st.lists(MESSAGE, min_size=1, max_size=3)},
    optional={
        "response_format": FORMAT,
        "stop": TEXT | st.lists(TEXT, max_size=4),
        "logprobs": st.booleans(),
        "top_logprobs": st.integers(0, 20),
        "tools": st.just([]),
        "service_tier": ANY_JSON,
        "reasoning_effort": TEXT | st.sampled_from(["none", "minimal", "xhigh"]),
        "temperature": st.floats(0, 2),
        "guided_json": ANY_JSON,
        "seed": st.integers(-(2**63), 2**64 - 1),
    },
)


# Each model that a wire has samples for; of OpenAI's dialects, each.
MODELS = {
    name: {asked.model: asked for asked in samples.requests.values() if asked.kind == "chat"}
    for name, samples in SAMPLES.items()
}
MODELS["openai"] = {name: Asked(bench, {}, "m") for name, bench in DIALECTS.items()}


@pytest.mark.parametrize("wire", MODELS)
@PROPERTY
@given(body=BODY)
def test_a_request_that_was_let_in_is_sent_or_refused(wire: str, body: Json) -> None:
    """By every model, the same whenever it is asked."""
    assume(refusal(check_chat, body) is None)
    for name, asked in MODELS[wire].items():
        asked = asked._replace(body=body)
        assert sent(asked) == sent(asked), name


KEYS = st.sampled_from(["choices", "usage", "x_groq", "error", "p", "data"])
INNER = st.sampled_from(
    ["index", "message", "delta", "content", "finish_reason", "logprobs", "tokens", "usage", "code"]
)
REPLY: st.SearchStrategy[Any] = st.recursive(
    ANY_JSON | st.just("content_filter"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(INNER, inner, max_size=4),
    max_leaves=8,
)


@PROPERTY
@given(said=st.dictionaries(KEYS, REPLY, max_size=4), stream=st.booleans())
def test_any_reply_in_a_dialect_is_an_answer_or_a_failure(said: Json, stream: bool) -> None:
    what, content_type = call(stream=stream), SSE if stream else JSON
    body = sse(said) if stream else orjson.dumps(said)
    for bench in DIALECTS.values():
        bench.read(what, content_type, [body])
