"""A turn in which Anthropic's own tools pause goes on, and the client is told one answer."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import orjson
import pytest

from tests.hub.support import cut
from tests.pipeline.build import route
from tests.pipeline.world import SSE as STREAMED
from tests.pipeline.world import Said, outcome, to, world
from tests.wires.anthropic.support import BENCH, MESSAGE_STOP, message_delta, message_start, target
from tests.wires.anthropic.test_own_tools import CALL, FOUND, SEARCH, THOUGHT, pieces
from tests.wires.support import HI, JSON, SSE, as_client, call, follow_through, sse
from trunkline.hub.completion import fold
from trunkline.types import Json, Provider, Target
from trunkline.wires import anthropic
from trunkline.wires.anthropic.turn import MOST_PAUSES

OWN: Json = {"type": "web_search_20260318", "name": "web_search"}
BODY: Json = {"messages": [HI], "tools": [OWN], "max_tokens": 5}
CITED: Json = {"type": "web_search_result_location", "url": "https://e.com", "title": "t", "cited_text": "c"}
FIRST: list[Json] = [{"type": "text", "text": "Let me see."}, THOUGHT, SEARCH]
THEN: list[Json] = [FOUND, {"type": "text", "text": "It is so."}]
WHOLE: list[Json] = [*FIRST, *THEN]


def exchange(blocks: list[Json], reason: str, tokens: int) -> bytes:
    events = [piece for index, block in enumerate(blocks) for piece in pieces(index, block)]
    spent = {"output_tokens": tokens, "server_tool_use": {"web_search_requests": 1}}
    return sse(message_start(input_tokens=10), *events, message_delta(reason, spent), MESSAGE_STOP)


class Asked(NamedTuple):
    """`sent`: the requests that followed; `events`: what came out of all of it."""

    sent: list[Json]
    events: list[Any]


def asked(replies: list[bytes], body: Json = BODY, *, stream: bool, piece: int = 10**6) -> Asked:
    decoder = partial(BENCH.decoder, call(stream=stream, body=body), SSE)
    sent: list[Json] = []
    events: list[Any] = []
    for reply in replies:
        (told, failed, done), follow = follow_through(decoder, cut(reply, set(range(0, len(reply), piece))))
        assert failed is None
        events += [event for event in told if event != "ping"]
        if follow:
            sent.append(orjson.loads(follow.request.content))
            decoder = partial(follow.decoder, SSE)
    assert done
    return Asked(sent, events)


def told(answer: Asked, *, stream: bool) -> Json:
    return fold(as_client(answer.events), _usage(answer.events)) if stream else answer.events[0]


def _usage(events: list[Json]) -> Json | None:
    return next((event["usage"] for event in reversed(events) if event.get("usage")), None)


@pytest.mark.parametrize("piece", [10**6, 1])
@pytest.mark.parametrize("stream", [True, False])
def test_it_goes_on(stream: bool, piece: int) -> None:
    answer = asked([exchange(FIRST, "pause_turn", 3), exchange(THEN, "end_turn", 4)], stream=stream, piece=piece)
    (sent,) = answer.sent
    assert sent["messages"][1:] == [{"role": "assistant", "content": FIRST}], "sent back as it is"
    assert sent["tools"] == [OWN]
    assert sent["stream"] is True
    completion = told(answer, stream=stream)
    (choice,) = completion["choices"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("stop", "Let me see.It is so.")
    assert "native_finish_reason" not in choice
    assert (completion["usage"]["prompt_tokens"], completion["usage"]["completion_tokens"]) == (20, 7)


@pytest.mark.parametrize("stream", [True, False])
def test_the_whole_turn_comes_back_in_its_place(stream: bool) -> None:
    answer = asked([exchange(FIRST, "pause_turn", 3), exchange(THEN, "end_turn", 4)], stream=stream)
    message = told(answer, stream=stream)["choices"][0]["message"]
    body = {**BODY, "messages": [HI, message, HI]}
    sent = orjson.loads(anthropic.encode(call(body=body), body, target()).content)
    assert sent["messages"][1] == {"role": "assistant", "content": WHOLE}


def test_it_may_pause_several_times_but_not_for_ever() -> None:
    pause = exchange([SEARCH, FOUND], "pause_turn", 1)
    answer = asked([pause] * (MOST_PAUSES + 1), stream=True)
    assert len(answer.sent) == MOST_PAUSES
    assert [len(each["messages"][1]["content"]) for each in answer.sent] == [2 * n for n in range(1, MOST_PAUSES + 1)]
    (choice,) = told(answer, stream=True)["choices"]
    assert (choice["finish_reason"], choice["native_finish_reason"]) == ("stop", "pause_turn")


WITHOUT: dict[str, tuple[list[Json], Json]] = {
    "no tools of theirs": (FIRST, {"messages": [HI]}),
    "nothing of theirs was called": ([{"type": "text", "text": "a"}], BODY),
    "a call that waits for the client": ([*FIRST, CALL], BODY),
}


@pytest.mark.parametrize(("blocks", "body"), WITHOUT.values(), ids=WITHOUT)
def test_what_cannot_go_on_is_told_so(blocks: list[Json], body: Json) -> None:
    answer = asked([exchange(blocks, "pause_turn", 3)], body, stream=True)
    assert answer.sent == []
    assert told(answer, stream=True)["choices"][0]["native_finish_reason"] == "pause_turn"


def test_an_answer_that_may_pause_is_read_as_a_stream() -> None:
    for tools, streams in (([OWN], True), ([], False)):
        body = {**BODY, "tools": tools}
        assert orjson.loads(anthropic.encode(call(body=body), body, target()).content).get("stream", False) is streams


@pytest.mark.parametrize("read", [lambda data: data, lambda data: [data[i : i + 7] for i in range(0, len(data), 7)]])
def test_through_the_pipeline(read: Callable[[bytes], Any]) -> None:
    parts = [exchange(FIRST, "pause_turn", 3), exchange(THEN, "end_turn", 4)]
    replies = [Said(pieces if isinstance(pieces, list) else [pieces], headers=STREAMED) for pieces in map(read, parts)]
    in_world = world(a=[*replies])
    provider = Provider(name="a", wire="anthropic", base_url="http://a.test", auth="none")
    where = route("r", Target(provider=provider, model="claude-opus-4-6"))
    assert outcome(in_world, to(where, body=BODY)) == "Let me see.It is so."
    assert [request.url for request in in_world.script.sent] == ["http://a.test/v1/messages"] * 2
    assert len(in_world.exchange.tries) == 1


def test_a_whole_body_that_paused_is_told_so() -> None:
    what = call(body=BODY)
    decoder = anthropic.decoder(what, BODY, target(), JSON)
    body = orjson.dumps({"id": "m", "content": FIRST, "stop_reason": "pause_turn", "usage": {}})
    (event,) = [*decoder.feed(body), *decoder.close()]
    assert (event["choices"][0]["native_finish_reason"], decoder.follow) == ("pause_turn", None)
