"""The provider as the file says it: address, key and the models it lists."""

import asyncio
from typing import Any

import httpx
import pytest
import respx

from tests.config.reading import config
from trunkline.config.urls import root
from trunkline.server.probe import probe
from trunkline.types import Provider
from trunkline.wires.auth import SCHEMES

HEAD = "server: {auth: none}\nproviders:\n"
GOOGLE = "https://generativelanguage.googleapis.com"
URL = f"{GOOGLE}/v1beta/models?pageSize=1000"

# As written -> the host root.
URLS = {
    GOOGLE: GOOGLE,
    f"{GOOGLE}/": GOOGLE,
    f"{GOOGLE}/v1beta": GOOGLE,
    f"{GOOGLE}/v1beta/": GOOGLE,
    "https://gateway.example/v1/a/b/google-ai-studio": "https://gateway.example/v1/a/b/google-ai-studio",
}


@pytest.mark.parametrize(("given", "wanted"), URLS.items(), ids=URLS)
def test_a_host_root(given: str, wanted: str) -> None:
    assert root(given)[0] == wanted


@pytest.mark.parametrize("variable", ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
def test_the_built_in_provider(variable: str) -> None:
    (provider,) = config(HEAD + "  gemini:\n", {variable: "AIza-1"}).providers.values()
    assert (provider.wire, provider.base_url, provider.keys) == ("gemini", GOOGLE, ("AIza-1",))
    assert SCHEMES[provider.auth]("AIza-1") == {"x-goog-api-key": "AIza-1"}


def test_the_first_of_both_keys_counts() -> None:
    environ = {"GEMINI_API_KEY": "AIza-1", "GOOGLE_API_KEY": "AIza-2"}
    (provider,) = config(HEAD + "  gemini:\n", environ).providers.values()
    assert provider.keys == ("AIza-1",)


def probed(status: int, body: Any) -> Any:
    one = Provider(
        name="g", wire="gemini", base_url=GOOGLE, auth="x-goog-api-key", keys=("AIza-1",), key_source="GEMINI_API_KEY"
    )
    with respx.mock() as router:
        route = router.get(URL).mock(return_value=httpx.Response(status, json=body))
        health = asyncio.run(probe(one))
    assert route.calls.last.request.headers["x-goog-api-key"] == "AIza-1"
    return health


def test_the_models_it_lists() -> None:
    """Less their prefix; those that chat first."""
    rows = [
        {"name": "models/gemini-embedding-001", "supportedGenerationMethods": ["embedContent"]},
        {"name": "models/gemini-2.5-flash", "supportedGenerationMethods": ["generateContent", "countTokens"]},
    ]
    assert probed(200, {"models": rows, "nextPageToken": "t"}).models == ("gemini-2.5-flash", "gemini-embedding-001")


def test_a_wrong_key_is_a_400() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
    error = {"error": {"code": 400, "message": "m", "status": "INVALID_ARGUMENT", "details": details}}
    health = probed(400, error)
    assert (health.ok, health.detail) == (False, "refused the key (HTTP 400): check GEMINI_API_KEY")
    assert probed(400, {"error": {"code": 400, "message": "m"}}).detail == "answered HTTP 400"
