"""What counts as an Ollama that answers: rows of (reply, models)."""

import asyncio

import httpx
import pytest
import respx

from trunkline.server.discover import list_models

URL = "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    ("reply", "models"),
    [
        (
            httpx.Response(200, json={"object": "list", "data": [{"id": "llama3.2"}, {"id": "qwen3"}]}),
            ["llama3.2", "qwen3"],
        ),
        (httpx.Response(200, json={"object": "list", "data": None}), []),
        (httpx.Response(200, json={"data": ["llama"]}), []),
        (httpx.Response(200, json=[]), []),
        (httpx.Response(200, text="<html>something else lives here"), []),
        (httpx.Response(404, json={"data": [{"id": "x"}]}), []),
        (httpx.Response(302, headers={"location": "http://elsewhere.test/"}), []),
        (httpx.ConnectError("refused"), []),
        (httpx.ReadTimeout("slow"), []),
    ],
)
def test_list_models(reply: httpx.Response | Exception, models: list[str]) -> None:
    with respx.mock(assert_all_called=True) as router:
        route = router.get(f"{URL}/models")
        if isinstance(reply, Exception):
            route.mock(side_effect=reply)
        else:
            route.mock(return_value=reply)
        assert asyncio.run(list_models(URL)) == models
