"""`trunkline serve` where there is no file: what is there serves, and an Ollama is found while it does."""

import json
import time
from collections.abc import Callable, Sequence

from tests.kit.client import chat_body, get, post_chat
from tests.kit.replies import json_reply
from tests.kit.server import Server, eventually
from tests.kit.upstream import Hold, Request, Step, Upstream


def names(server: Server) -> list[str]:
    return [model["id"] for model in json.loads(get(server, "/v1/models").body)["data"]]


def test_demo_and_auto_serve_without_anything(start_server: Callable[..., Server], upstream: Upstream) -> None:
    upstream.refuse()
    server = start_server(None, environ={"OLLAMA_BASE_URL": upstream.base_url})
    assert post_chat(server, chat_body("auto")).headers["x-trunkline-provider"] == "demo"
    assert post_chat(server, chat_body("demo/fast")).status == 200
    assert "auto" in names(server)


def test_an_ollama_is_found(start_server: Callable[..., Server], upstream: Upstream) -> None:
    def ollama(request: Request) -> Sequence[Step]:
        if (request.method, request.path) == ("GET", "/api/tags"):
            return json_reply(200, {"models": [{"name": "llama3.2", "capabilities": ["completion"]}]})
        assert (request.method, request.path) == ("POST", "/api/chat")
        said = {"role": "assistant", "content": "from llama"}
        return json_reply(200, {"model": "llama3.2", "message": said, "done": True, "done_reason": "stop"})

    upstream.play(ollama)
    server = start_server(None, environ={"OLLAMA_BASE_URL": upstream.base_url})
    assert eventually(lambda: "ollama/llama3.2" in names(server), 5, every=0.05)
    answer = post_chat(server, chat_body("auto"))
    assert (answer.headers["x-trunkline-provider"], answer.text) == ("ollama", "from llama")


def test_a_slow_ollama_delays_nothing(start_server: Callable[..., Server], upstream: Upstream) -> None:
    upstream.play([Hold()])
    started = time.monotonic()
    server = start_server(None, environ={"OLLAMA_BASE_URL": upstream.base_url})
    held = time.monotonic() - started
    assert post_chat(server, chat_body("demo/fast")).status == 200
    server.stop()
    started = time.monotonic()
    server.start()
    assert held < time.monotonic() - started + 1.0, "no slower than the next start"
