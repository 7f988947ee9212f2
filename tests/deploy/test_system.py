"""A missing program is a skip on a laptop and a failure in CI."""

import pytest

from tests.system import need

MISSING = "no-such-program is missing: apt-get install its-package"


def test_what_is_there_is_found() -> None:
    assert need("sh", "dash").endswith("/sh")


def test_missing_skips_naming_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_SYSTEM", raising=False)
    with pytest.raises(pytest.skip.Exception, match=MISSING):
        need("no-such-program", "its-package")


def test_missing_fails_where_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_SYSTEM", "1")
    with pytest.raises(pytest.fail.Exception, match=MISSING):
        need("no-such-program", "its-package")
