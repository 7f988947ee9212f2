"""Signed requests from end to end: through the real server to who verifies them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.kit.client import post_chat
from tests.kit.replies import json_reply, raw_reply
from tests.kit.server import Server
from tests.kit.thread import LoopThread
from tests.kit.upstream import Request, Step, Upstream
from tests.sign.signature import verified
from tests.sign.test_google import Tokens, private_key, service_account

SECRET = "hunter2+/canary.aws"
CONVERSED = {"output": {"message": {"role": "assistant", "content": [{"text": "Hello"}]}}, "stopReason": "end_turn"}
GENERATED = {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hello"}]}, "finishReason": "STOP"}]}

Start = Callable[..., Server]


def chat(server: Server, model: str) -> Any:
    return post_chat(server, {"model": model, "messages": [{"role": "user", "content": "hi"}]})


def test_bedrock(upstream: Upstream, start_server: Start) -> None:
    upstream.play(json_reply(200, CONVERSED))
    config = f"""
server: {{auth: none}}
providers:
  bedrock: {{region: us-east-1, base_url: 'http://127.0.0.1:{upstream.port}'}}
"""
    environ = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": "IQoJcanary"}
    server = start_server(config, environ=environ)
    answer = chat(server, "bedrock/arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0")
    assert answer.json["choices"][0]["message"]["content"] == "Hello"
    (request,) = upstream.requests
    assert request.path.startswith("/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.amazon")
    assert "x-amz-security-token" in verified(request, SECRET)["names"]


def echo(request: Request) -> list[Step]:
    """What AWS and Google do with a request that they do not believe: they repeat it."""
    shown = {name: value for name, value in request.headers if name in ("authorization", "x-amz-security-token")}
    return json_reply(403, {"message": f"The canonical string should have been {shown}", "secret": SECRET})


def test_no_part_of_a_credential_comes_back(upstream: Upstream, start_server: Start) -> None:
    upstream.play(echo)
    config = f"""
server: {{auth: none}}
providers:
  bedrock: {{region: us-east-1, base_url: 'http://127.0.0.1:{upstream.port}'}}
"""
    environ = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": "IQoJcanary"}
    server = start_server(config, environ=environ)
    answer = chat(server, "bedrock/m")
    assert answer.json["error"]["code"] == "upstream_auth"
    message = answer.json["error"]["message"]
    assert "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN: The canonical string" in message
    for secret in environ.values():
        assert secret not in answer.body.decode()
        assert secret not in server.output()


@pytest.fixture
def token_service(upstream_thread: LoopThread) -> Any:
    service = Upstream(upstream_thread, [])
    yield service
    service.close()


def vertex(upstream: Upstream, key_file: Path) -> str:
    return f"""
server: {{auth: none}}
providers:
  vertex:
    project: my-project
    location: us-east5
    base_url: http://127.0.0.1:{upstream.port}
    credentials: ${{file:{key_file}}}
"""


def test_vertex(upstream: Upstream, token_service: Upstream, start_server: Start, tmp_path: Path) -> None:
    tokens = Tokens(3599)
    token_service.play(tokens)
    upstream.play(json_reply(200, GENERATED), echo)
    (tmp_path / "gcp.json").write_text(service_account(token_service))
    server = start_server(vertex(upstream, tmp_path / "gcp.json"))
    answer = chat(server, "vertex/gemini-2.5-flash")
    assert answer.json["choices"][0]["message"]["content"] == "Hello"
    refused = chat(server, "vertex/gemini-2.5-pro")
    assert refused.json["error"]["code"] == "upstream_auth"
    for secret in ("ya29.1", private_key()[40:60]):
        assert secret not in refused.body.decode()
        assert secret not in server.output()
    place = "/v1/projects/my-project/locations/us-east5/publishers/google/models"
    assert [request.path for request in upstream.requests] == [
        f"{place}/gemini-2.5-flash:generateContent",
        f"{place}/gemini-2.5-pro:generateContent",
    ]
    assert {request.header("authorization") for request in upstream.requests} == {"Bearer ya29.1"}
    assert tokens.given == 1


def test_a_token_that_is_not_given(
    upstream: Upstream, token_service: Upstream, start_server: Start, tmp_path: Path
) -> None:
    token_service.play(raw_reply(400, json.dumps({"error": "invalid_grant"}).encode(), {}))
    (tmp_path / "gcp.json").write_text(service_account(token_service))
    server = start_server(vertex(upstream, tmp_path / "gcp.json"))
    answer = chat(server, "vertex/gemini-2.5-flash")
    assert (answer.status, answer.json["error"]["code"]) == (502, "upstream_auth")
    message = answer.json["error"]["message"]
    assert f"check file:{tmp_path / 'gcp.json'}: Google gave no token: invalid_grant" in message
    assert upstream.requests == []
