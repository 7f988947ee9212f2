"""The provider as the file says it: address and key."""

import pytest

from tests.config.reading import config, told
from trunkline.config.urls import root
from trunkline.wires.auth import SCHEMES

HEAD = "server: {auth: none}\nproviders:\n"
CUT = "is cut off: it is appended to every base URL of this kind"

# As written -> the host root, and whether a word is due.
URLS: dict[str, tuple[str, bool]] = {
    "https://api.anthropic.com": ("https://api.anthropic.com", False),
    "https://api.anthropic.com/": ("https://api.anthropic.com", False),
    "https://api.anthropic.com/v1": ("https://api.anthropic.com", True),
    "https://api.anthropic.com/v1/": ("https://api.anthropic.com", True),
    "https://api.anthropic.com/v1/v1": ("https://api.anthropic.com", True),
    "https://api.anthropic.com/v1/messages": ("https://api.anthropic.com", True),
    "https://gateway.example/v1/a/b/anthropic": ("https://gateway.example/v1/a/b/anthropic", False),
    "http://127.0.0.1:9/anthropic/v1": ("http://127.0.0.1:9/anthropic", True),
}


@pytest.mark.parametrize(("given", "wanted"), URLS.items(), ids=URLS)
def test_a_host_root(given: str, wanted: tuple[str, bool]) -> None:
    url, warnings = root(given)
    assert (url, any(CUT in warning for warning in warnings)) == wanted


def test_the_built_in_provider() -> None:
    (provider,) = config(HEAD + "  anthropic:\n", {"ANTHROPIC_API_KEY": "sk-ant-1"}).providers.values()
    assert (provider.wire, provider.base_url) == ("anthropic", "https://api.anthropic.com")
    assert SCHEMES[provider.auth]("sk-ant-1") == {"x-api-key": "sk-ant-1"}


def test_one_of_your_own_says_where() -> None:
    problems = told(HEAD + "  mine: {kind: anthropic}\n")
    assert "up to and without the version segment, such as https://example.com" in "\n".join(map(str, problems))
