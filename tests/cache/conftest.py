from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cache.support import Server


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("valkey"))
    yield server
    server.kill()


@pytest.fixture
def server(_shared: Server) -> Server:
    """A real server, empty, which the test leaves as it was."""
    _shared.command("FLUSHALL")
    return _shared


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A real server for one test to ill-treat."""
    server = Server(tmp_path)
    yield server
    server.kill()
