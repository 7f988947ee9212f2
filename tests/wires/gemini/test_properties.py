"""What holds for any bytes, and for anything wrong with a request or a reply."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY, WRONG, cut, paths, place, raised_by, replaced, splits
from tests.wires.gemini.support import LEVEL, contents, function_call, message, read, said, sse, write
from tests.wires.gemini.test_grounding import grounded, segment
from tests.wires.gemini.test_types import FEATURES
from tests.wires.support import JSON, NOW, SSE, call
from trunkline.errors import ApiError
from trunkline.hub.request import CHAT
from trunkline.types import Call, Json
from trunkline.wires import gemini

BODY: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}
ASKED: dict[str, tuple[Call, str]] = {
    "events": (call(stream=True, body=BODY), SSE),
    "events folded": (call(body=BODY), SSE),
    "JSON": (call(body=BODY), JSON),
    "JSON as events": (call(stream=True, body=BODY), JSON),
}

IMAGE: Json = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}, "thoughtSignature": "s"}
CHOSEN: Json = {
    "chosenCandidates": [{"token": "a", "logProbability": -1}],
    "topCandidates": [{"candidates": [{"token": "a", "logProbability": -1}]}],
}
COUNTS: Json = {
    "promptTokenCount": 3,
    "thoughtsTokenCount": 1,
    "totalTokenCount": 9,
    "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 1}],
}
STORY: list[Json] = [
    said({"text": "hm", "thought": True, "thoughtSignature": "s"}, finish=None),
    {**said({"text": "né🙂"}, finish=None, logprobsResult=CHOSEN), "usageMetadata": {"trafficType": "x"}},
    said(function_call("f", "1", "s", a=1), function_call("free", None, None, input="x"), IMAGE, finish=None),
    said({"executableCode": {"code": "1"}}, finish=None),
    said({"functionCall": {"name": "g", "willContinue": True}}, finish=None),
    said({"functionCall": {"partialArgs": [{"jsonPath": "$.a[0].b", "stringValue": "x"}]}}, finish=None),
    {
        **said({"text": "", "thoughtSignature": "t"}, groundingMetadata=grounded(segment("né", 0, 3))),
        "usageMetadata": COUNTS,
    },
]
WHOLE: Json = {
    **said(*(part for event in STORY for part in event["candidates"][0]["content"]["parts"]), finishMessage="m",
           logprobsResult=CHOSEN, groundingMetadata=grounded(segment("né", 0, 3)), safetyRatings=[{}]),
    "usageMetadata": COUNTS,
    "promptFeedback": {"blockReason": "SAFETY"},
}  # fmt: skip

PIECES = [
    *(sse(event) for event in STORY),
    sse({"promptFeedback": {"blockReason": "SAFETY"}}),
    sse({"error": {"code": 503, "message": "m"}}),
    sse(said(finish="MALFORMED_FUNCTION_CALL")),
    b": ping\r\n\r\n",
    b"data: {",
    b"\n",
    b"\xf0\x9f",
]
STREAMS = st.lists(st.sampled_from(PIECES), max_size=10).map(b"".join)
BODIES = st.binary(max_size=20) | ANY_JSON.map(orjson.dumps) | st.just(orjson.dumps(WHOLE)) | st.just(sse(*STORY))


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
    reply: Json = {"events": STORY} if content_type == SSE else WHOLE

    def told(wrong: Json) -> None:
        if content_type != SSE:
            body = orjson.dumps(wrong)
        else:
            events = wrong.get("events")
            body = sse(*(events if isinstance(events, list) else [events]))
        orjson.dumps(read(asked, content_type, [body]).events)

    raised = {place(path): raised_by(told, reply, path) for path in paths(reply)}
    assert {name: errors for name, errors in raised.items() if errors} == {}


@PROPERTY
@given(st.integers(400, 599), st.binary(max_size=40) | ANY_JSON.map(orjson.dumps))
def test_any_error_reply_has_a_class(status: int, body: bytes) -> None:
    assert gemini.error(status, {}, body, NOW).words is not None


ERROR: Json = {
    "error": {
        "code": 429,
        "message": "m",
        "status": "RESOURCE_EXHAUSTED",
        "details": [
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"},
            {"@type": "x.ErrorInfo", "reason": "API_KEY_INVALID"},
            {"violations": [{"quotaId": "a"}], "fieldViolations": [{"field": "f"}]},
        ],
    }
}


def test_whatever_is_wrong_with_an_error_it_has_a_class() -> None:
    def told(wrong: Json) -> None:
        for status in (400, 429, 503):
            assert gemini.error(status, {}, orjson.dumps(wrong), NOW).kind

    raised = {place(path): raised_by(told, ERROR, path) for path in paths(ERROR)}
    assert {name: errors for name, errors in raised.items() if errors} == {}


def checked(path: tuple[Any, ...]) -> bool:
    """Whether `hub.request` has seen to the type of what stands there, before a wire sees it."""
    outer = path[0] in CHECKED and len(path) == 1
    spoken = path[0] == "messages" and (len(path) == 2 or path[2:] in (("role",), ("content",)))
    part = path[0] == "messages" and len(path) == 4 and path[2] == "content"
    return outer or spoken or part or (path[0] == "tools" and (len(path) == 2 or path[2:] == ("type",)))


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
                write(replaced(body, path, wrong), LEVEL)
            except ApiError:
                continue
            except Exception as error:
                raised[f"{place(path)} = {wrong!r}"] = repr(error)
    assert raised == {}


SIGNED = st.sampled_from([None, "s", "t"])
TEXTS = st.builds(lambda text, signature: _part({"text": text}, signature), st.text(max_size=4), SIGNED)
CALLS = st.builds(
    lambda name, number, signature: function_call(name, None, signature, n=number),
    st.sampled_from("fg"),
    st.integers(0, 9),
    SIGNED,
)


def _part(part: Json, signature: str | None) -> Json:
    return {**part, **({"thoughtSignature": signature} if signature else {})}


@PROPERTY
@given(st.lists(TEXTS, max_size=5), st.lists(CALLS, max_size=4), st.booleans())
def test_an_answer_comes_back_with_every_signature_where_it_was(
    texts: list[Json], calls: list[Json], trailing: bool
) -> None:
    parts = [*texts, *calls, *([{"text": "", "thoughtSignature": "u"}] if trailing else [])]
    back = contents(message(said(*parts)), model="gemini-2.5-flash")
    assert _told(back[0]["parts"] if back else []) == _told(parts)


def _told(parts: list[Json]) -> list[Json]:
    """Plain text joined, ids left out: OpenAI's message keeps no more of it."""
    told: list[Json] = []
    for part in parts:
        if part.keys() == {"text"}:
            before = told.pop()["text"] if told and told[-1].keys() == {"text"} else ""
            if before + part["text"]:
                told.append({"text": before + part["text"]})
        elif "functionCall" in part:
            call = {name: value for name, value in part["functionCall"].items() if name != "id"}
            told.append({**part, "functionCall": call})
        else:
            told.append(part)
    return told
