"""From one exchange of a prediction to the next: rows of (prediction, what follows)."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.wires.replicate.support import BASE, CANCEL, GET, STREAM, first, prediction, read, target
from tests.wires.support import call, way
from trunkline.ports import Follow
from trunkline.types import Json
from trunkline.wires import replicate

UNARY, STREAMED = call(), call(stream=True)


def followed(said: Json, *, stream: bool = False) -> Follow | None:
    return read(first(STREAMED if stream else UNARY), [orjson.dumps(said)]).follow


def polled(after: float = 0.5) -> Json:
    return {"request": f"GET {GET}", "after": after, "leave": f"POST {CANCEL}", "otherwise": f"GET {GET}"}


ROWS: dict[str, tuple[bool, Json, Json | None]] = {
    "starting": (False, prediction("starting"), polled()),
    "processing": (False, prediction("processing", ["a"]), polled()),
    "a status nobody knows": (False, prediction("dreaming"), polled()),
    "asked for a stream, which there is": (
        True,
        prediction(streams=True),
        {"request": f"GET {STREAM}", "after": 0.0, "leave": f"POST {CANCEL}", "otherwise": f"GET {GET}"},
    ),
    "asked for a stream, which there is not": (True, prediction(), polled()),
    "a stream nobody asked for": (False, prediction(streams=True), polled()),
    "without URLs": (
        False,
        prediction(urls=None, id="p/1"),
        {
            "request": "GET /v1/predictions/p%2F1",
            "after": 0.5,
            "leave": "POST /v1/predictions/p%2F1/cancel",
            "otherwise": "GET /v1/predictions/p%2F1",
        },
    ),
    "at its end": (False, prediction("succeeded", "a", streams=True), None),
    "at its end, asked for a stream": (True, prediction("succeeded", "a", streams=True), None),
}


@pytest.mark.parametrize(("stream", "said", "wanted"), ROWS.values(), ids=ROWS)
def test_what_follows(stream: bool, said: Json, wanted: Json | None) -> None:
    assert way(followed(said, stream=stream)) == wanted


def test_what_is_sent() -> None:
    follow = followed(prediction(streams=True), stream=True)
    assert follow is not None
    assert follow.request.headers == {"accept": "text/event-stream", "cache-control": "no-store"}
    assert follow.otherwise is not None
    assert follow.otherwise.request.headers == {"accept": "application/json"}
    assert follow.leave is not None
    assert (follow.leave.content, follow.request.content) == (b"", b"")


def test_polls_come_more_and_more_seldom() -> None:
    pauses, follow = [], followed(prediction())
    for _ in range(9):
        assert follow is not None
        pauses.append(round(follow.after, 2))
        follow = read(follow.decoder("application/json"), [orjson.dumps(prediction("processing"))]).follow
    assert pauses == [0.5, 0.75, 1.12, 1.69, 2.53, 3.8, 5.0, 5.0, 5.0]


def test_a_poll_has_a_second_chance_and_no_third() -> None:
    follow = followed(prediction())
    assert follow is not None
    assert follow.otherwise is not None
    assert (follow.otherwise.after, follow.otherwise.otherwise) == (2.0, None)


def test_a_stream_is_listened_to_once() -> None:
    """Who polls has had a reason not to."""
    follow = followed(prediction(streams=True), stream=True)
    assert follow is not None
    assert follow.otherwise is not None
    later = read(follow.otherwise.decoder("application/json"), [orjson.dumps(prediction("processing", streams=True))])
    assert way(later.follow) == polled(0.75)


# Whether the key may go there.
ADDRESSES: dict[str, bool] = {
    "https://api.replicate.com/v1/predictions/p1": True,
    "https://stream.replicate.com/v1/files/x": True,
    "https://STREAM.replicate.com/x": True,
    "https://stream.replicate.com:443/x": True,
    "https://replicate.com/x": True,
    f"{BASE}/anything": True,
    "http://UP/anything": True,
    "http://stream.replicate.com/x": False,
    "https://stream.replicate.com:8443/x": False,
    "https://evilreplicate.com/x": False,
    "https://replicate.com.evil.example/x": False,
    "https://evil.example/replicate.com": False,
    "https://stream.replicate.com@evil.example/x": False,
    "https://key@stream.replicate.com/x": False,
    "https://evil.example\\.replicate.com/x": False,
    "https://evil.example#.replicate.com": False,
    "https://[::1": False,
    "https://stream.replicate.com:x/x": False,
    "http://up:81/x": False,
    "http://up@evil.example/x": False,
    "http://169.254.169.254/latest": False,
    "//stream.replicate.com/x": False,
    "file:///etc/passwd": False,
    "https://stream.replicate.com/a b": False,
    "https://stream.replicate.com/\r\nx": False,
    "": False,
}


@pytest.mark.parametrize(("url", "trusted"), ADDRESSES.items(), ids=ADDRESSES)
@pytest.mark.parametrize("name", ["get", "cancel", "stream"])
def test_whom_the_key_is_shown(name: str, url: str, trusted: bool) -> None:
    said = prediction(streams=True)
    told = read(first(STREAMED), [orjson.dumps({**said, "urls": {**said["urls"], name: url}})])
    if trusted:
        assert told.follow is not None
        poll = told.follow.otherwise
        assert poll is not None
        found = {"get": poll.request, "stream": told.follow.request, "cancel": told.follow.leave}[name]
        assert found is not None
        assert found.path == url
    else:
        assert told.follow is None
        assert told.outcome.failed is not None
        assert told.outcome.failed[0] == "invalid_response"
        assert "evil" not in told.outcome.failed[1]


@pytest.mark.parametrize("wrong", [{"id": None}, {"id": ""}, {"id": 1}])
def test_nothing_to_go_by(wrong: Json) -> None:
    told = read(first(UNARY), [orjson.dumps({**prediction(), "urls": None, **wrong})])
    assert told.outcome.failed == ("invalid_response", "the prediction has neither an id nor a URL", None)


def test_a_server_of_ones_own_may_be_anywhere() -> None:
    base: Any = replace(target().provider, base_url="https://gateway.example:8443/replicate")
    what = call(stream=True)
    decoder = replicate.decoder(what, {"messages": []}, replace(target(), provider=base), "application/json")
    url = "https://gateway.example:8443/elsewhere/p1"
    follow = read(decoder, [orjson.dumps(prediction(urls={"get": url, "cancel": url, "stream": url}))]).follow
    assert follow is not None
    assert follow.request.path == url
