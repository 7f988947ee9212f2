"""Programs that come from Debian packages: tests that need one are marked `system`."""

import os
import shutil

import pytest


def need(binary: str, package: str) -> str:
    """The program's path. Without it the test skips, naming the package; under REQUIRE_SYSTEM=1 it fails."""
    path = shutil.which(binary)
    if path is not None:
        return path
    message = f"{binary} is missing: apt-get install {package} (or `make system-deps`)"
    if os.environ.get("REQUIRE_SYSTEM") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
