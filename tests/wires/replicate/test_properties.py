"""What holds for any bytes, and for anything wrong with a request or a prediction."""

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, WRONG, cut, paths, place, raised_by, replaced, splits
from tests.wires.replicate.support import CLAUDE, LLAMA, OPENAI, REASONING, first, prediction, read, reader, sse, write
from tests.wires.replicate.test_replies import METRICS, listening
from tests.wires.replicate.test_requests import CONVERSATIONS, PARAMETERS
from tests.wires.support import NOW, call
from trunkline.errors import ApiError
from trunkline.hub.request import CHAT
from trunkline.ports import Decoder
from trunkline.types import Json
from trunkline.wires import replicate

DECODERS: dict[str, Callable[[], Decoder]] = {
    "a prediction": partial(first, call()),
    "a prediction streamed": partial(first, call(stream=True)),
    "its output": listening,
}

STATES = [
    prediction("succeeded", ["né", "🙂"], metrics=METRICS),
    prediction(streams=True),
    prediction("failed", error="x"),
]
PIECES = [
    sse("output", "né🙂"), sse("output", " "), sse("logs", "x"), sse("done", "{}"), sse("error", "{}"),
    b": hi\r\n\r\n", b"event: output\n", b"data: x\n", b"\n", b"\xf0\x9f", *map(orjson.dumps, STATES),
]  # fmt: skip
BODIES = st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join) | ANY_JSON.map(orjson.dumps)


@pytest.mark.parametrize("decoder", DECODERS.values(), ids=DECODERS)
def test_any_bytes_in_any_pieces(decoder: Callable[[], Decoder]) -> None:
    """The same events and the same way on, and nothing raised but Failure, after what came before."""
    run = reader(decoder)

    @PROPERTY
    @given(BODIES.flatmap(lambda data: st.tuples(st.just(data), splits(data))))
    def holds(case: tuple[bytes, list[bytes]]) -> None:
        data, pieces = case
        whole = run(cut(data, set()))
        assert run(pieces) == whole
        assert run(cut(data, set(range(len(data))))) == whole

    holds()


@pytest.mark.parametrize("stream", [False, True], ids=["unary", "stream"])
@pytest.mark.parametrize("state", [*STATES, prediction("processing", ["a"], urls=None)])
def test_whatever_is_wrong_with_a_prediction_only_failure_is_raised(state: Json, stream: bool) -> None:
    """And what is told can be sent."""

    def told(wrong: Json) -> None:
        orjson.dumps(read(first(call(stream=stream)), [orjson.dumps(wrong)]).outcome.events)

    raised = {place(path): raised_by(told, state, path) for path in paths(state)}
    assert {name: errors for name, errors in raised.items() if errors} == {}


@PROPERTY
@given(st.integers(400, 599), st.binary(max_size=40) | ANY_JSON.map(orjson.dumps))
def test_any_error_reply_has_a_class(status: int, body: bytes) -> None:
    assert replicate.error(status, {}, body, NOW).words is not None


def checked(path: tuple[Any, ...]) -> bool:
    """Whether `hub.request` has seen to the type of what stands there, before a wire sees it."""
    outer = path[0] in CHAT and len(path) == 1
    message = path[0] == "messages" and (len(path) == 2 or path[2:] in (("role",), ("content",)))
    part = path[0] == "messages" and len(path) == 4 and path[2] == "content"
    return outer or message or part or (path[0] == "tools" and (len(path) == 2 or path[2:] == ("type",)))


ASKED: dict[str, tuple[str, Json]] = {
    **{name: (row.model, {"messages": row.messages}) for name, row in CONVERSATIONS.items()},
    **{name: (model, asked) for name, (model, asked, _, _) in PARAMETERS.items()},
}


@pytest.mark.parametrize(("model", "body"), ASKED.values(), ids=ASKED)
def test_whatever_is_wrong_below_a_request_is_an_answer_of_ours(model: str, body: Json) -> None:
    """The input stays as it was (`write` looks), and nothing is raised but ApiError."""
    raised: dict[str, Any] = {}
    for path in paths(body):
        for wrong in () if checked(path) else WRONG:
            try:
                write(replaced(body, path, wrong), model)
            except ApiError:
                continue
            except Exception as error:
                raised[f"{place(path)} = {wrong!r}"] = repr(error)
    assert raised == {}


@pytest.mark.parametrize("model", [LLAMA, OPENAI, REASONING, CLAUDE])
def test_every_input_is_json(model: str) -> None:
    """Encoded as it is, whatever the characters."""
    assert (
        write({"messages": [{"role": "user", "content": "né🙂\u2028\x00"}]}, model).request["prompt"]
        == "né🙂\u2028\x00"
    )
