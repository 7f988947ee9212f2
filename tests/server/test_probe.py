"""What a provider's answer to a probe means: rows of (reply, well, what the reader is told, models)."""

import asyncio
from typing import Any

import httpx
import pytest
import respx

from trunkline.server.discover import list_models
from trunkline.server.probe import Health, probe
from trunkline.types import Provider

URL = "http://up.test/v1"
KEY = "sk-canary-probe"


def provider(**fields: Any) -> Provider:
    given = {"wire": "openai", "base_url": URL, "auth": "bearer", "keys": (KEY,), "key_source": "UP_API_KEY", **fields}
    return Provider(name="up", **given)


def listing(*rows: Any) -> httpx.Response:
    return httpx.Response(200, json={"object": "list", "data": list(rows)})


ROWS: dict[str, tuple[httpx.Response | Exception, bool, str, tuple[str, ...]]] = {
    "a list": (listing({"id": "a"}, {"id": "b"}), True, "2 models", ("a", "b")),
    "a bare array": (httpx.Response(200, json=[{"id": "a"}]), True, "1 models", ("a",)),
    "names": (httpx.Response(200, json={"models": [{"name": "command-r"}]}), True, "1 models", ("command-r",)),
    "odd rows": (listing({"id": 1}, "x", {"id": "a"}), True, "1 models", ("a",)),
    "no list": (httpx.Response(200, json={"data": None}), False, "check its base_url", ()),
    "a page": (httpx.Response(200, text="<html>something else lives here"), False, "check its base_url", ()),
    "a wrong key": (
        httpx.Response(401, json={"error": KEY}),
        False,
        "refused the key (HTTP 401): check UP_API_KEY",
        (),
    ),
    "no list of models": (httpx.Response(404), True, "lists no models", ()),
    "a redirect": (httpx.Response(302, headers={"location": "http://elsewhere.test/"}), False, "HTTP 302", ()),
    "an error": (httpx.Response(503), False, "HTTP 503", ()),
    "refused": (httpx.ConnectError("refused"), False, "cannot be reached", ()),
    "slow": (httpx.ReadTimeout("slow"), False, "no answer within 5 s", ()),
}


def probed(reply: httpx.Response | Exception, one: Provider, path: str = "/models") -> tuple[Health, Any]:
    with respx.mock(assert_all_called=True) as router:
        route = router.get(one.base_url + path)
        if isinstance(reply, Exception):
            route.mock(side_effect=reply)
        else:
            route.mock(return_value=reply)
        return asyncio.run(probe(one)), route.calls.last.request


@pytest.mark.parametrize(("reply", "well", "told", "models"), ROWS.values(), ids=ROWS)
def test_probe(reply: httpx.Response | Exception, well: bool, told: str, models: tuple[str, ...]) -> None:
    health, request = probed(reply, provider())
    assert (health.ok, health.models) == (well, models)
    assert told in health.detail
    assert KEY not in health.detail
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_who_is_not_asked() -> None:
    off = asyncio.run(probe(provider(off="UP_API_KEY is unset")))
    assert (off.ok, off.detail) == (False, "off: UP_API_KEY is unset")
    assert asyncio.run(probe(provider(base_url="demo://local/v1"))).ok


def test_an_ollama_is_one_that_lists_models() -> None:
    with respx.mock() as router:
        rows: list[dict[str, Any]] = [
            {"name": "bge-m3", "capabilities": ["embedding"]},
            {"name": "llama3.2", "model": "llama3.2", "capabilities": ["completion", "tools"]},
            {"name": "older", "capabilities": []},
            {"name": "oldest"},
        ]
        router.get(f"{URL}/api/tags").mock(return_value=httpx.Response(200, json={"models": rows}))
        assert asyncio.run(list_models(URL)) == ("llama3.2", "older", "oldest", "bge-m3"), "who can chat comes first"
