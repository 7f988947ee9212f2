"""The provider as the file and the environment say it: address and key."""

import pytest

from tests.config.reading import config
from trunkline.types import Provider

HEAD = "server: {auth: none}\nproviders:\n"


def provider(line: str, environ: dict[str, str] | None = None) -> Provider:
    (found,) = config(f"{HEAD}  {line}\n", environ or {}).providers.values()
    return found


@pytest.mark.parametrize(
    "address", ["http://gpu:11434", "http://gpu:11434/", "http://gpu:11434/v1", "http://gpu:11434/v1/"]
)
def test_its_address_with_and_without_the_version(address: str) -> None:
    for one in (provider("ollama:", {"OLLAMA_BASE_URL": address}), provider(f"ollama: {{base_url: '{address}'}}")):
        assert (one.wire, one.base_url, one.auth, one.off) == ("ollama", "http://gpu:11434", "none", None)


def test_a_key_is_for_one_that_wants_it() -> None:
    one = provider("ollama: {base_url: 'https://ollama.com', api_key: '${KEY}'}", {"KEY": "k"})
    assert (one.auth, one.keys) == ("bearer", ("k",))


def test_its_second_interface_is_still_to_be_had() -> None:
    one = provider("ollama: {kind: openai, base_url: 'http://gpu:11434/v1'}")
    assert (one.wire, one.base_url) == ("openai", "http://gpu:11434/v1")
