"""The kit's server: that a process which dies says why, and that one which lives ends well."""

from collections.abc import Callable

import pytest

from tests.kit.client import chat_body, post_chat
from tests.kit.server import Server

DEMO = "server: {auth: none}\nproviders: {demo: }\nexpose: [models]\n"


def test_a_server_that_cannot_start_says_why(start_server: Callable[..., Server]) -> None:
    with pytest.raises(RuntimeError, match=r"exited with 1:(.|\n)*nonsense"):
        start_server("nonsense: true\n")


def test_from_start_to_stop(start_server: Callable[..., Server]) -> None:
    server = start_server(DEMO)
    answer = post_chat(server, chat_body("demo/echo"))
    assert answer.status == 200
    assert server.log_line(answer.headers["x-request-id"])["status"] == 200
    assert server.metric("trunkline_requests_total", provider="demo", status="200") == 1
    server.settled()


def test_a_secret_in_the_output_is_noticed(start_server: Callable[..., Server]) -> None:
    server = start_server(DEMO)
    (server.directory / "stdout").write_text("sk-canary\n")
    with pytest.raises(AssertionError, match="a secret in the output"):
        server.check_output()
    (server.directory / "stdout").write_text("")
