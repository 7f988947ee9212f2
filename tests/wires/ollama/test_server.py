"""Ollama through the running server: lines as they come, and what becomes of them when they do not."""

from collections.abc import Callable

import orjson
import pytest

from tests.kit.client import chat_body, post_chat
from tests.kit.expect import is_broken, is_error
from tests.kit.replies import LAST_CHUNK, framed, head, json_reply
from tests.kit.server import Server
from tests.kit.upstream import Fin, Send, Step, Upstream
from tests.wires.ollama.support import end, line, tool_call
from trunkline.types import Json

CONFIG = """
server: {{auth: none}}
providers: {{demo: , ollama: {{base_url: "{url}"}}}}
expose: [models]
"""


@pytest.fixture
def server(start_server: Callable[..., Server], upstream: Upstream) -> Server:
    return start_server(CONFIG.format(url=upstream.base_url))


def stream(*objects: Json, content_type: str = "application/x-ndjson") -> list[Step]:
    start = Send(head(200, {"content-type": content_type, "transfer-encoding": "chunked"}))
    return [start, *(framed(orjson.dumps(one) + b"\n") for one in objects)]


@pytest.mark.parametrize("content_type", ["application/x-ndjson", "application/json"])
def test_a_stream(server: Server, upstream: Upstream, content_type: str) -> None:
    told = [line(thinking="hm"), line("Hel"), line("lo"), end(prompt_eval_count=5, eval_count=7)]
    upstream.play([*stream(*told, content_type=content_type), LAST_CHUNK])
    answer = post_chat(server, chat_body("ollama/llama3.2", stream=True, user="u", max_tokens=9))
    assert (answer.text, answer.finish, answer.clean) == ("Hello", "stop", True)
    assert (answer.tail["input_tokens"], answer.tail["output_tokens"]) == (5, 7)
    assert answer.headers["x-trunkline-dropped"] == "user"
    (request,) = [each for each in upstream.requests if each.method == "POST"]
    assert (request.path, request.header("authorization")) == ("/api/chat", None)
    hi = [{"role": "user", "content": "hi"}]
    assert request.json == {"model": "llama3.2", "messages": hi, "stream": True, "options": {"num_predict": 9}}


def test_calls_of_a_server_that_gives_them_no_ids(server: Server, upstream: Upstream) -> None:
    upstream.play([*stream(line(tool_calls=[tool_call(a=1)]), line(tool_calls=[tool_call("g")]), end()), LAST_CHUNK])
    answer = post_chat(server, chat_body("ollama/llama3.2", stream=True))
    calls = [call for one in answer.chunks for call in one["choices"][0]["delta"].get("tool_calls", ())]
    assert [(call["index"], call["function"]) for call in calls] == [
        (0, {"name": "f", "arguments": '{"a":1}'}),
        (1, {"name": "g", "arguments": "{}"}),
    ]
    assert len({call["id"] for call in calls}) == 2
    assert answer.finish == "tool_calls"


def test_an_error_in_the_middle(server: Server, upstream: Upstream) -> None:
    """Which its second interface, /v1, loses."""
    upstream.play([*stream(line("Hel"), {"error": "llama runner process has terminated"}), LAST_CHUNK])
    error = is_broken(post_chat(server, chat_body("ollama/llama3.2", stream=True)), "Hel", "upstream_error")
    assert error["message"].endswith("llama runner process has terminated")


@pytest.mark.parametrize("ending", [[LAST_CHUNK], [Fin()]], ids=["in good order", "broken off"])
def test_a_stream_that_ends_before_it_is_done(server: Server, upstream: Upstream, ending: list[Step]) -> None:
    upstream.play([*stream(line("Hel")), *ending])
    answer = post_chat(server, chat_body("ollama/llama3.2", stream=True))
    is_broken(answer, "Hel", "upstream_stream_interrupted")


def test_a_model_that_is_not_there(server: Server, upstream: Upstream) -> None:
    upstream.play(json_reply(404, {"error": "model 'llama3.2' not found"}))
    error = is_error(post_chat(server, chat_body("ollama/llama3.2")), 404, "model_not_found")
    assert "`ollama pull llama3.2`" in error["message"]
    assert error["message"].endswith("model 'llama3.2' not found")
