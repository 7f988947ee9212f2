"""How a request shows its key."""

import pytest

from trunkline.wires.auth import SCHEMES


@pytest.mark.parametrize(
    ("scheme", "key", "headers"),
    [
        ("none", "", {}),
        ("none", "sk-1", {}),
        ("bearer", "", {}),
        ("bearer", "sk-1", {"authorization": "Bearer sk-1"}),
    ],
)
def test_schemes(scheme: str, key: str, headers: dict[str, str]) -> None:
    """Without a key nothing is shown: half a header is a 400 at some servers."""
    assert SCHEMES[scheme](key) == headers


def test_names_of_headers_are_in_lower_case() -> None:
    """So that a provider's own headers replace them, not stand beside them."""
    assert [name for scheme in SCHEMES.values() for name in scheme("sk-1") if name != name.lower()] == []
