"""Predictions through the running server: slow ones, streams, clients that leave, addresses not to be trusted."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.kit.answer import Answer
from tests.kit.client import chat_body, post_chat, start_chat
from tests.kit.expect import is_broken, is_error
from tests.kit.replies import LAST_CHUNK, error_reply, framed, head, json_reply
from tests.kit.server import Server, eventually
from tests.kit.thread import LoopThread
from tests.kit.upstream import Hold, Request, Send, Step, Upstream
from tests.wires.replicate.support import sse
from trunkline.types import Json

TOKEN = "r8_canary_token"
METRICS: Json = {"input_token_count": 5, "output_token_count": 7}
MODEL = "meta/meta-llama-3-8b-instruct"
CREATE = "POST /v1/models/meta/meta-llama-3-8b-instruct/predictions"
POLL, CANCEL, STREAM = "GET /v1/predictions/p1", "POST /v1/predictions/p1/cancel", "GET /streams/p1"
PLACES = 40
PLACE = """
  r{n}: {{kind: replicate, base_url: "{url}", api_key: "${{TOKEN}}"}}"""
ROUTE = """
  brief{n}: {{targets: [r{n}/{model}], timeouts: {{total: 900ms, first_token: 900ms}}, retries: {{attempts: 1}}}}"""


@dataclass(frozen=True, slots=True)
class Place:
    """An upstream that no other test has, behind a provider of its own."""

    server: Server
    upstream: Upstream
    number: int

    @property
    def model(self) -> str:
        return f"r{self.number}/{MODEL}"

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.upstream.requests]

    def ask(self, *, stream: bool = False, model: str | None = None, **rest: Any) -> Answer:
        return post_chat(self.server, chat_body(model or self.model, stream=stream, **rest))


def root(upstream: Upstream) -> str:
    return upstream.base_url.removesuffix("/v1")


@pytest.fixture(scope="module")
def places(upstream_thread: LoopThread, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Place]]:
    """One server for all: starting one takes longer than most of these tests."""
    with ExitStack() as running:
        upstreams = [Upstream(upstream_thread, json_reply(200, {})) for _ in range(PLACES)]
        for upstream in upstreams:
            running.callback(upstream.close)
        config = ["server: {auth: none}\nproviders:\n  demo:"]
        config += [PLACE.format(n=n, url=root(upstream)) for n, upstream in enumerate(upstreams)]
        config += ["\nexpose: [models, routes]\nroutes:", *(ROUTE.format(n=n, model=MODEL) for n in range(PLACES))]
        server = Server("".join(config) + "\n", tmp_path_factory.mktemp("replicate"), environ={"TOKEN": TOKEN})
        running.enter_context(server)
        yield [Place(server, upstream, number) for number, upstream in enumerate(upstreams)]


@pytest.fixture
def at(places: list[Place]) -> Place:
    return places.pop()


@pytest.fixture
def stranger(upstream_thread: LoopThread) -> Iterator[Upstream]:
    upstream = Upstream(upstream_thread, json_reply(200, {}))
    yield upstream
    upstream.close()


def state(
    at: Place, status: str, output: Any = None, *, code: int = 200, streams: bool = True, **rest: Any
) -> list[Step]:
    base = root(at.upstream)
    urls = {"get": f"{base}/v1/predictions/p1", "cancel": f"{base}/v1/predictions/p1/cancel"}
    urls |= {"stream": f"{base}/streams/p1"} if streams else {}
    return json_reply(code, {"id": "p1", "model": "meta/m", "status": status, "output": output, "urls": urls, **rest})


def events(*pieces: bytes, ended: bool = True) -> list[Step]:
    start = Send(head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"}))
    return [start, *(framed(piece) for piece in pieces), *([LAST_CHUNK] if ended else [])]


def play(at: Place, **answers: Sequence[Sequence[Step]]) -> None:
    """Answers by what is asked; the last of each again and again."""
    played: dict[str, int] = {}
    names = {CREATE: "create", POLL: "poll", STREAM: "stream", CANCEL: "cancel"}

    def answer(request: Request) -> Sequence[Step]:
        name = names[f"{request.method} {request.path}"]
        number = played[name] = played.get(name, 0) + 1
        given = answers.get(name, [json_reply(200, {})])
        return given[min(number, len(given)) - 1]

    at.upstream.play(answer)


def test_a_slow_prediction_is_polled(at: Place) -> None:
    play(
        at,
        create=[state(at, "starting", code=201)],
        poll=[
            state(at, "starting"),
            state(at, "processing", ["Hel"]),
            state(at, "succeeded", ["Hel", "lo"], metrics=METRICS),
        ],
    )
    answer = at.ask(max_tokens=50)
    assert (answer.status, answer.text, answer.finish, answer.json["model"]) == (200, "Hello", "stop", "meta/m")
    assert answer.json["usage"] == {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
    assert answer.attempts == [f"{at.model}:ok"]
    assert at.asked == [CREATE, POLL, POLL, POLL]
    first, *polls = at.upstream.requests
    assert first.json == {"input": {"prompt": "hi", "max_tokens": 50}}
    assert (first.header("prefer"), first.header("cancel-after")) == ("wait=60", "600s")
    assert {request.header("authorization") for request in at.upstream.requests} == {f"Bearer {TOKEN}"}
    assert [later.at - earlier.at > 0.4 for earlier, later in zip(at.upstream.requests, polls, strict=False)] == [
        True
    ] * 3


def test_a_prediction_that_is_quick(at: Place) -> None:
    play(at, create=[state(at, "succeeded", ["Hi"], code=201)])
    assert at.ask().text == "Hi"
    assert at.asked == [CREATE]


def test_a_stream(at: Place) -> None:
    play(
        at,
        create=[state(at, "starting", code=201)],
        stream=[
            events(b": hi\n\n", sse("output", "Hel"), sse("logs", "x"), sse("output", "lo", ""), sse("done", "{}"))
        ],
        poll=[state(at, "succeeded", ["Hel", "lo\n"], metrics=METRICS)],
    )
    answer = at.ask(stream=True, stream_options={"include_usage": True})
    assert (answer.text, answer.finish, answer.clean) == ("Hello\n", "stop", True)
    assert answer.kinds[-3:] == ["usage", "tail", "done"]
    assert (answer.tail["input_tokens"], answer.tail["output_tokens"]) == (5, 7)
    assert {(chunk["id"], chunk["model"]) for chunk in answer.chunks} == {("p1", "meta/m")}
    assert at.asked == [CREATE, STREAM, POLL]
    assert at.upstream.requests[0].header("prefer") is None
    assert (at.upstream.requests[1].header("accept"), at.upstream.requests[1].header("authorization")) == (
        "text/event-stream", f"Bearer {TOKEN}"
    )  # fmt: skip


def test_a_stream_that_stays_open_is_left_at_its_end(at: Place) -> None:
    play(
        at,
        create=[state(at, "starting")],
        stream=[[*events(sse("output", "Hi"), sse("done", "{}"), ended=False), Hold()]],
        poll=[state(at, "succeeded", "Hi")],
    )
    started = time.monotonic()
    assert at.ask(stream=True).text == "Hi"
    assert time.monotonic() - started < 2


def test_a_stream_that_is_gone_is_polled_for(at: Place) -> None:
    play(
        at,
        create=[state(at, "starting")],
        stream=[error_reply(404)],
        poll=[state(at, "processing", ["Hel"]), state(at, "succeeded", ["Hel", "lo"])],
    )
    answer = at.ask(stream=True)
    assert (answer.text, answer.finish, answer.attempts) == ("Hello", "stop", [f"{at.model}:ok"])
    assert at.asked == [CREATE, STREAM, POLL, POLL]


def test_a_model_without_streams_is_polled(at: Place) -> None:
    play(
        at,
        create=[state(at, "starting", streams=False)],
        poll=[
            state(at, "processing", ["Hel"], streams=False),
            state(at, "succeeded", ["Hel", "lo"], streams=False),
        ],
    )
    answer = at.ask(stream=True)
    assert [chunk["choices"][0]["delta"].get("content") for chunk in answer.chunks] == ["Hel", "lo", None]


def test_what_a_broken_stream_left_out_is_polled_for(at: Place) -> None:
    play(
        at,
        create=[state(at, "starting")],
        stream=[events(sse("output", "Hel"))],
        poll=[state(at, "succeeded", ["Hel", "lo"])],
    )
    answer = at.ask(stream=True)
    assert (answer.text, answer.finish) == ("Hello", "stop")


# What the client waits for when it leaves -> (asked as a stream, the upstream's answers); `None` is a hold.
LEAVING: dict[str, tuple[bool, str]] = {
    "while a poll is answered": (False, "poll"),
    "between two polls": (False, "pause"),
    "before the first output": (True, "silent"),
    "in the middle of the output": (True, "stream"),
}


@pytest.mark.parametrize(("stream", "phase"), LEAVING.values(), ids=LEAVING)
def test_a_client_that_leaves_cancels_the_prediction(at: Place, stream: bool, phase: str) -> None:
    """Nobody hangs up on a prediction: it goes on, and is paid for, until it is cancelled."""
    play(
        at,
        create=[state(at, "starting")],
        poll=[[Hold()]] if phase == "poll" else [state(at, "processing")],
        stream=[[*events(*([sse("output", "Hi")] if phase == "stream" else []), ended=False), Hold()]],
    )
    client = start_chat(at.server, chat_body(at.model, stream=stream))
    if phase == "stream":
        client.read_until(b'"content":"Hi"')
    else:
        last = POLL if phase == "poll" else STREAM if stream else CREATE
        assert eventually(lambda: last in at.asked, 3)
        time.sleep(0.1)
    left = client.close()
    assert eventually(lambda: CANCEL in at.asked, 2), at.asked
    cancel = at.upstream.requests[-1]
    assert cancel.at - left < 0.5
    assert (cancel.header("authorization"), cancel.body) == (f"Bearer {TOKEN}", b"")


def test_a_prediction_that_takes_too_long_is_cancelled(at: Place) -> None:
    play(at, create=[state(at, "starting")], poll=[state(at, "processing")])
    is_error(at.ask(model=f"brief{at.number}"), 504, "deadline_exceeded")
    assert eventually(lambda: CANCEL in at.asked, 2)


def test_what_is_done_is_not_cancelled(at: Place) -> None:
    play(at, create=[state(at, "starting")], poll=[state(at, "succeeded", "Hi")])
    at.ask()
    time.sleep(0.2)
    assert at.asked == [CREATE, POLL]


FAILED: dict[str, tuple[str | None, int, str, str]] = {
    "its own fault": ("CUDA out of memory", 502, "upstream_error", "CUDA out of memory"),
    "filtered": ("NSFW content detected", 400, "content_filter", "NSFW content detected"),
    "without a word": (None, 502, "upstream_error", "without a word"),
}


@pytest.mark.parametrize(("words", "status", "code", "told"), FAILED.values(), ids=FAILED)
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "later"])
def test_a_failed_prediction(at: Place, words: str | None, status: int, code: str, told: str, at_once: bool) -> None:
    failed = state(at, "failed", error=words)
    play(at, create=[failed if at_once else state(at, "starting")], poll=[failed])
    assert told in is_error(at.ask(), status, code)["message"]


def test_a_prediction_that_was_interrupted_is_made_again(at: Place) -> None:
    interrupted = state(at, "failed", error="Prediction interrupted; please retry (code: PA)")
    play(at, create=[interrupted, state(at, "succeeded", "Hi")])
    answer = at.ask()
    assert (answer.text, answer.attempts) == ("Hi", [f"{at.model}:server_error", f"{at.model}:ok"])


def test_a_prediction_that_fails_in_the_middle(at: Place) -> None:
    play(
        at,
        create=[state(at, "starting")],
        stream=[events(sse("output", "Hel"), sse("error", '{"detail": "CUDA out of memory"}'))],
    )
    assert "CUDA out of memory" in is_broken(at.ask(stream=True), "Hel", "upstream_error")["message"]


def test_a_prediction_cancelled_by_somebody_else(at: Place) -> None:
    play(
        at,
        create=[state(at, "starting")],
        stream=[events(sse("output", "Hel"), sse("done", '{"reason": "canceled"}'))],
        poll=[state(at, "canceled", ["Hel"])],
    )
    is_broken(at.ask(stream=True), "Hel", "upstream_timeout", "timeout_error")


@pytest.mark.parametrize("name", ["stream", "get", "cancel"])
def test_the_key_goes_nowhere_else(at: Place, stranger: Upstream, name: str) -> None:
    """Whatever address a reply names."""
    base = root(at.upstream)
    urls = {
        "get": f"{base}/v1/predictions/p1",
        "cancel": f"{base}/v1/predictions/p1/cancel",
        "stream": f"{base}/streams/p1",
    }
    urls[name] = f"{root(stranger)}/anything"
    play(at, create=[state(at, "starting", urls=urls)])
    is_error(at.ask(stream=True), 502, "invalid_response")
    assert stranger.connections == []
    assert set(at.asked) == {CREATE}


def test_a_poll_that_fails_is_repeated(at: Place) -> None:
    """The prediction goes on, and another would be paid for, too."""
    play(
        at,
        create=[state(at, "starting")],
        poll=[error_reply(502), state(at, "succeeded", "Hi")],
    )
    answer = at.ask()
    assert (answer.text, answer.attempts) == ("Hi", [f"{at.model}:ok"])
    assert at.asked == [CREATE, POLL, POLL]


def test_a_limit_in_words(at: Place) -> None:
    throttled = json_reply(429, {"detail": "Request was throttled. Your rate limit resets in ~30s.", "status": 429})
    play(at, create=[throttled])
    answer = at.ask()
    is_error(answer, 429, "rate_limit_exceeded")
    assert answer.headers["retry-after"] == "30"
