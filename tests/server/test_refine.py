"""Providers' own lists refine the catalog once the server serves; whatever goes wrong there changes nothing."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
import respx

from tests.kit.client import chat_body, get, post_chat
from tests.kit.replies import json_reply
from tests.kit.server import Server, eventually
from tests.kit.upstream import Request, Step, Upstream
from trunkline.catalog import Catalog, Entry
from trunkline.server.refine import refine
from trunkline.server.state import Gateway
from trunkline.types import Config, Provider

ENTRY = Entry(provider="up", model="m", context_window=1)


def provider(name: str, **fields: Any) -> Provider:
    return Provider(
        name=name, wire="openai", base_url=f"http://{name}.test/v1", auth="none", like=name, refines=True, **fields
    )


def after(replies: Mapping[str, httpx.Response | Exception], *providers: Provider) -> tuple[Catalog, list[Any]]:
    """The catalog in force once these providers answered so, and the events told."""
    events: list[Any] = []
    gateway = SimpleNamespace(
        config=Config(providers={each.name: each for each in providers}),
        pipeline=SimpleNamespace(catalog=Catalog.of([ENTRY])),
        event=lambda name, **fields: events.append((name, fields)),
    )
    catalog = gateway.pipeline.catalog
    with respx.mock(assert_all_called=True) as router:
        for name, reply in replies.items():
            route = router.get(f"http://{name}.test/v1/models")
            route.mock(side_effect=reply) if isinstance(reply, Exception) else route.mock(return_value=reply)
        asyncio.run(refine(cast(Gateway, gateway), catalog.refined))
    return gateway.pipeline.catalog, events


def listing(**row: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": [{"id": "m", **row}]})


def test_a_list_refines() -> None:
    catalog, events = after({"up": listing(context_length=9)}, provider("up"))
    entry = catalog.find("up", "m")
    assert entry is not None
    assert entry.context_window == 9
    assert events == [("models_refined", {"providers": 1, "models": 1})]


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(500),
        httpx.Response(401, json={"error": "key"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"data": []}),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
    ],
)
def test_a_failure_changes_nothing(reply: httpx.Response | Exception) -> None:
    catalog, events = after({"up": reply}, provider("up"))
    assert (catalog.find("up", "m"), events) == (ENTRY, [])


def test_one_failure_does_not_keep_another_from_it() -> None:
    replies = {"down": httpx.Response(500), "up": listing(context_length=9)}
    catalog, _ = after(replies, provider("down"), provider("up"))
    entry = catalog.find("up", "m")
    assert entry is not None
    assert entry.context_window == 9


def test_one_that_is_off_is_not_asked() -> None:
    assert after({}, provider("up", off="UP_KEY is unset"))[1] == []


CONFIG = """\
server: {{auth: none}}
expose: [models]
providers:
  openrouter: {{base_url: '{url}', api_key: '${{KEY}}'}}
models:
  openrouter/mine: {{context_window: 77}}
"""


KNOWN = "openai/gpt-oss-20b"


def test_a_running_server_learns(start_server: Callable[..., Server], upstream: Upstream) -> None:
    """It serves before and after; a model told to have no tools is passed over before it is asked."""

    def openrouter(request: Request) -> Sequence[Step]:
        if request.path.endswith("/models"):
            row = {"context_length": 4_242, "supported_parameters": ["temperature"]}
            return json_reply(200, {"data": [{"id": name, **row} for name in ("new/one", "mine", KNOWN)]})
        choice = {"index": 0, "message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}
        return json_reply(200, {"id": "x", "model": "new/one", "choices": [choice]})

    upstream.play(openrouter)
    server = start_server(CONFIG.format(url=upstream.base_url), environ={"KEY": "k"}, healthy="openrouter/new/one")

    def windows() -> dict[str, int]:
        rows = json.loads(get(server, "/v1/models").body)["data"]
        return {row["id"]: row["context_length"] for row in rows}

    assert eventually(lambda: windows().get(f"openrouter/{KNOWN}") == 4_242, 5, every=0.05)
    assert windows()["openrouter/mine"] == 77, "the file's word comes last"
    assert "openrouter/new/one" not in windows(), "what there is to ask for does not change by itself"
    assert post_chat(server, chat_body("openrouter/new/one")).status == 200
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    refused = post_chat(server, {**chat_body("openrouter/new/one"), "tools": [tool]})
    assert (refused.status, json.loads(refused.body)["error"]["param"]) == (400, "tools")
