"""A server with the demo provider, and the SDK's two clients."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.kit.lanes import Lane
from tests.kit.server import Server
from tests.sdk.talk import Async, Sync, Talk, options

CONFIG = """
server: {auth: none}
expose: [routes, models]
providers:
  demo:
routes:
  chat: {description: Echoes, targets: [demo/fast]}
  think: {targets: [demo/think+fast]}
  vectors: {targets: [demo/embed], cache: {ttl: 1h}}
  kept: {targets: [demo/fast], cache: {ttl: 1h}}
  kept-late: {targets: [demo/late-300+fast], cache: {ttl: 1h}}
  saved: {targets: [demo/status-503, demo/fast]}
"""


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Tests share it, so none may put the demo provider's key to rest."""
    with Server(CONFIG, tmp_path_factory.mktemp("gateway")) as server:
        yield server


@pytest.fixture(params=[Sync, Async], ids=["sync", "async"])
def talk_to(request: pytest.FixtureRequest) -> Callable[..., Talk]:
    """`talk_to(server, **options of the client)`, by both clients."""
    kind: type[Sync | Async] = request.param

    def talk_to(server: Server, **more: Any) -> Talk:
        return kind(options(server, **more))

    return talk_to


@pytest.fixture
def talk(talk_to: Callable[..., Talk], gateway: Server) -> Talk:
    return talk_to(gateway)


@pytest.fixture
def lane_talk(talk_to: Callable[..., Talk], lane: Lane) -> Talk:
    """To a server whose upstreams are the test's own."""
    return talk_to(lane.server)
