"""Fixtures of every test that drives the real server process."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.kit.lanes import Lane, Lanes
from tests.kit.replies import say
from tests.kit.server import Server
from tests.kit.thread import LoopThread
from tests.kit.upstream import Upstream


def pytest_collection_finish() -> None:
    """What the SDKs loaded stays, and a full collection would walk it for a quarter of a second in the middle of
    whatever a test is timing."""
    gc.freeze()


@pytest.fixture(scope="session")
def upstream_thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.close()


@pytest.fixture
def upstream(upstream_thread: LoopThread) -> Iterator[Upstream]:
    """An upstream of the test's own, answering well until told otherwise."""
    upstream = Upstream(upstream_thread, say())
    yield upstream
    upstream.close()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`start_server(config, **options of Server)`: servers of the test's own, stopped and checked at its end."""
    numbers = count()
    with ExitStack() as running:

        def start(config: str | None, **options: Any) -> Server:
            directory = tmp_path / f"server{next(numbers)}"
            directory.mkdir()
            return running.enter_context(Server(config, directory, **options))

        yield start


@pytest.fixture(scope="session")
def lanes(upstream_thread: LoopThread, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lanes]:
    lanes = Lanes(upstream_thread, lambda: tmp_path_factory.mktemp("lanes"))
    yield lanes
    lanes.close()


@pytest.fixture
def lane(lanes: Lanes) -> Iterator[Lane]:
    """Two upstreams and routes over them that no other test uses, on a server that many share."""
    lane = lanes.take()
    yield lane
    try:
        lane.check()
    except Exception:
        lanes.discard()
        raise


@pytest.fixture(params=[False, True], ids=["unary", "stream"])
def stream(request: pytest.FixtureRequest) -> bool:
    """Both ways to ask."""
    streamed: bool = request.param
    return streamed
