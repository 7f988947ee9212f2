"""The kit against itself: what the raw client sees is what the scripted upstream did, and the other way round."""

import json

import pytest

from tests.kit.client import Client, chat_body, request_bytes
from tests.kit.replies import FINISH, ROLE, chunk, eof_sse, open_sse, say, sliced, sse
from tests.kit.server import eventually
from tests.kit.upstream import Fin, Hold, Rst, Sleep, Step, Upstream

ASK = request_bytes("POST", "/v1/chat/completions", json.dumps(chat_body("m")).encode())
ASK_STREAM = request_bytes("POST", "/v1/chat/completions", json.dumps(chat_body("m", stream=True)).encode())


def test_answers_come_in_turn_and_the_last_again(upstream: Upstream) -> None:
    upstream.play(say("one"), say("two"))
    with Client(upstream.port) as client:
        texts = []
        for _ in range(3):
            client.send(ASK)
            texts.append(client.read().text)
    assert texts == ["one", "two", "two"]
    assert [(r.connection, r.nth, r.json["model"]) for r in upstream.requests] == [
        (0, 1, "m"),
        (0, 2, "m"),
        (0, 3, "m"),
    ]


def test_a_stream_is_read_with_times(upstream: Upstream) -> None:
    upstream.play(sse(ROLE, chunk("a"), Sleep(0.1), chunk("b"), FINISH, b": ping\n\n"))
    with Client(upstream.port) as client:
        client.send(ASK_STREAM)
        answer = client.read()
    assert answer.kinds == ["chunk", "chunk", "chunk", "chunk", "ping", "done"]
    assert (answer.text, answer.finish, answer.clean) == ("ab", "stop", True)
    assert answer.frames[2].at - answer.frames[1].at > 0.05


def test_one_byte_writes_change_nothing(upstream: Upstream) -> None:
    upstream.play(sliced(sse(ROLE, chunk("äö€😀"), FINISH)))
    with Client(upstream.port) as client:
        client.send(ASK_STREAM)
        assert client.read().text == "äö€😀"


@pytest.mark.parametrize("end", [Fin(), Rst()], ids=["fin", "rst"])
def test_a_cut_body_is_not_clean(upstream: Upstream, end: Step) -> None:
    upstream.play(open_sse(ROLE, chunk("a"), Sleep(0.02), end))
    with Client(upstream.port) as client:
        client.send(ASK_STREAM)
        answer = client.read()
        assert (answer.text, answer.clean) == ("a", False)
        assert client.closed()


@pytest.mark.parametrize("how", ["fin", "rst"])
def test_the_moment_the_peer_leaves_is_known(upstream: Upstream, how: str) -> None:
    upstream.play(open_sse(chunk("a"), Hold()))
    client = Client(upstream.port)
    client.send(ASK_STREAM)
    client.read_until(b"\n\n")
    left = client.close() if how == "fin" else client.reset()
    (connection,) = upstream.connections
    assert eventually(lambda: connection.left is not None, 1)
    assert connection.how == how
    assert connection.left is not None
    assert abs(connection.left - left) < 0.1


def test_eof_framing_ends_the_connection(upstream: Upstream) -> None:
    upstream.play(eof_sse(chunk("a")))
    with Client(upstream.port) as client:
        client.send(ASK_STREAM)
        assert client.read_until(b"\n\n").endswith(b"\n\n")
        assert client.closed()


def test_a_refusing_upstream(upstream: Upstream) -> None:
    upstream.refuse()
    with pytest.raises(ConnectionRefusedError):
        Client(upstream.port)


def test_a_clogged_upstream(upstream: Upstream) -> None:
    upstream.clog()
    with pytest.raises(TimeoutError):
        Client(upstream.port, timeout=0.1)
