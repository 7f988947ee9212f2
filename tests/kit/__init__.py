"""What the tests drive the real server process with: the process, upstreams that misbehave, a raw client."""

import pytest

# Before the modules themselves are imported, so that their asserts say what they compared.
pytest.register_assert_rewrite(
    *(f"{__name__}.{module}" for module in ("answer", "client", "expect", "lanes", "server"))
)
