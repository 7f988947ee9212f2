"""What holds for any bytes, and for anything wrong with a request or a reply."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, WRONG, cut, paths, place, raised_by, replaced, splits
from tests.wires.ollama.support import NDJSON, SWITCH, end, line, lines, read, tool_call, write
from tests.wires.ollama.test_types import FEATURES
from tests.wires.support import JSON, NOW, call
from trunkline.errors import ApiError
from trunkline.hub.request import CHAT
from trunkline.types import Call, Json
from trunkline.wires import ollama

BODY: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}
ASKED: dict[str, tuple[Call, str]] = {
    "lines": (call(stream=True, body=BODY), NDJSON),
    "lines folded": (call(body=BODY), NDJSON),
    "JSON": (call(body=BODY), JSON),
    "JSON as lines": (call(stream=True, body=BODY), JSON),
    "vectors": (call("embeddings", body={"input": "a"}), JSON),
}

STORY: list[Json] = [
    line(thinking="hm"),
    {**line("né🙂"), "logprobs": [{"token": "a", "logprob": -1.0, "top_logprobs": [{"token": "a", "logprob": -1.0}]}]},
    line(tool_calls=[tool_call("f", "call_1", a=1), tool_call("free", input="x")]),
    end(prompt_eval_count=1, eval_count=2),
]
MESSAGE: Json = {**STORY[1], **STORY[3], "message": {**STORY[1]["message"], **STORY[2]["message"], "thinking": "hm"}}
VECTORS: Json = {"model": "m", "embeddings": [[1.0, 2.0]], "prompt_eval_count": 1}

PIECES = [*(lines(one) for one in STORY), lines({"error": "boom"}), b"\r\n", b"{", b"\n", b"\xf0\x9f"]
STREAMS = st.lists(st.sampled_from(PIECES), max_size=10).map(b"".join)
BODIES = st.binary(max_size=20) | ANY_JSON.map(orjson.dumps) | st.sampled_from([orjson.dumps(MESSAGE), lines(*STORY)])


@pytest.mark.parametrize(("asked", "content_type"), ASKED.values(), ids=ASKED)
def test_any_bytes_in_any_pieces(asked: Call, content_type: str) -> None:
    """The same events, and nothing raised but Failure, after what came before."""

    @PROPERTY
    @given((STREAMS | BODIES).flatmap(lambda data: st.tuples(st.just(data), splits(data))))
    def holds(case: tuple[bytes, list[bytes]]) -> None:
        data, pieces = case
        whole = read(asked, content_type, cut(data, set()))
        assert read(asked, content_type, pieces) == whole
        assert read(asked, content_type, cut(data, set(range(len(data))))) == whole

    holds()


@pytest.mark.parametrize(("asked", "content_type"), ASKED.values(), ids=ASKED)
def test_whatever_is_wrong_with_a_reply_only_failure_is_raised(asked: Call, content_type: str) -> None:
    """And what is told can be sent."""
    reply: Json = {"lines": STORY} if content_type == NDJSON else VECTORS if asked.kind == "embeddings" else MESSAGE

    def told(wrong: Json) -> None:
        said = wrong.get("lines") if content_type == NDJSON else [wrong]
        body = b"".join(orjson.dumps(one) + b"\n" for one in (said if isinstance(said, list) else [said]))
        orjson.dumps(read(asked, content_type, [body]).events)

    raised = {place(path): raised_by(told, reply, path) for path in paths(reply)}
    assert {name: errors for name, errors in raised.items() if errors} == {}


@PROPERTY
@given(st.integers(400, 599), st.binary(max_size=40) | ANY_JSON.map(orjson.dumps))
def test_any_error_reply_has_a_class(status: int, body: bytes) -> None:
    assert ollama.error(status, {}, body, NOW).words is not None


def checked(path: tuple[Any, ...]) -> bool:
    """Whether `hub.request` has seen to the type of what stands there, before a wire sees it."""
    outer = path[0] in CHECKED and len(path) == 1
    message = path[0] == "messages" and (len(path) == 2 or path[2:] in (("role",), ("content",)))
    part = path[0] == "messages" and len(path) == 4 and path[2] == "content"
    return outer or message or part or (path[0] == "tools" and (len(path) == 2 or path[2:] == ("type",)))


CHECKED = frozenset(CHAT)


@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_whatever_is_wrong_below_a_request_is_an_answer_of_ours(body: Json) -> None:
    """The input stays as it was (`write` looks), and nothing is raised but ApiError."""
    raised: dict[str, Any] = {}
    for path in paths(body):
        if checked(path):
            continue
        for wrong in WRONG:
            try:
                write(replaced(body, path, wrong), SWITCH)
            except ApiError:
                continue
            except Exception as error:
                raised[f"{place(path)} = {wrong!r}"] = repr(error)
    assert raised == {}
