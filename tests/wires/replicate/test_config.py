"""The provider as the file and the environment say it: address and token."""

import asyncio

import httpx
import respx

from tests.config.reading import config
from tests.config.test_defaults import served
from trunkline.server.probe import probe
from trunkline.types import Provider

BASE = "https://api.replicate.com"


def provider(environ: dict[str, str]) -> Provider:
    (found,) = config("server: {auth: none}\nproviders:\n  replicate:\n", environ).providers.values()
    return found


def test_the_built_in_provider() -> None:
    on, off = provider({"REPLICATE_API_TOKEN": "r8_1"}), provider({})
    assert (on.wire, on.base_url, on.auth, on.keys, on.off) == ("replicate", BASE, "bearer", ("r8_1",), None)
    assert off.off == "REPLICATE_API_TOKEN is unset"


def test_without_a_file_a_token_turns_it_on() -> None:
    assert set(served({"REPLICATE_API_TOKEN": "r8_1"}).providers) == {"replicate", "demo"}


def test_its_language_models_are_listed() -> None:
    """Its token is tried on the way."""
    rows = [{"owner": "meta", "name": "meta-llama-3-8b-instruct"}, {"owner": "openai", "name": "gpt-5"}, {"name": 1}]
    with respx.mock() as router:
        route = router.get(f"{BASE}/v1/collections/language-models")
        route.mock(return_value=httpx.Response(200, json={"name": "Language models", "models": rows}))
        health = asyncio.run(probe(provider({"REPLICATE_API_TOKEN": "r8_1"})))
        assert route.calls.last.request.headers["authorization"] == "Bearer r8_1"
    assert (health.ok, health.models) == (True, ("meta/meta-llama-3-8b-instruct", "openai/gpt-5"))
