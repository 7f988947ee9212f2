"""The provider as the file says it: address and key; and what its answers cost."""

from decimal import Decimal

import orjson
import pytest

from tests.config.reading import config
from tests.wires.cohere.support import USAGE, read
from tests.wires.support import JSON, call
from trunkline.catalog import shipped
from trunkline.pipeline.price import price
from trunkline.types import Target
from trunkline.wires.auth import SCHEMES

HEAD = "server: {auth: none}\nproviders:\n"
KEYS = {"CO_API_KEY": "co-1", "COHERE_API_KEY": "co-1"}


@pytest.mark.parametrize("variable", KEYS)
def test_the_built_in_provider(variable: str) -> None:
    (provider,) = config(HEAD + "  cohere:\n", {variable: "co-1"}).providers.values()
    assert (provider.wire, provider.base_url, provider.keys) == ("cohere", "https://api.cohere.com", ("co-1",))
    assert SCHEMES[provider.auth]("co-1") == {"authorization": "Bearer co-1"}


def test_the_version_is_ours_to_say() -> None:
    text = HEAD + "  mine: {kind: cohere, base_url: https://x.example/v2, api_key: '${KEY}'}\n"
    (provider,) = config(text, {"KEY": "k"}).providers.values()
    assert provider.base_url == "https://x.example"


def test_it_costs_what_is_billed() -> None:
    """8 and 5 tokens of the 503 and 7, at 2.5 and 10 USD a million."""
    (provider,) = config(HEAD + "  cohere:\n", KEYS).providers.values()
    body = {"message": {"content": [{"type": "text", "text": "a"}]}, "finish_reason": "COMPLETE", "usage": USAGE}
    (told,) = read(call(), JSON, [orjson.dumps(body)]).events
    target = Target(provider=provider, model="command-a-03-2025")
    assert price(shipped(), target, None, told["usage"]) == (8 * Decimal("2.5") + 5 * Decimal(10)) / 1_000_000
