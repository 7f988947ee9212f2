"""The ASGI application: one table of what exists, and the hot paths in front of the framework."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from trunkline.errors import ApiError
from trunkline.server import pages
from trunkline.server.exchange import Completions
from trunkline.server.state import Gateway

# (path, method, who may ask, what answers). A path without its role here does not exist; a test reads this table.
ENDPOINTS: tuple[tuple[str, str, str, Any], ...] = (
    ("/v1/chat/completions", "POST", "key", Completions("chat")),
    ("/v1/embeddings", "POST", "key", Completions("embeddings")),
    ("/v1/models", "GET", "key", pages.models),
    ("/v1/models/{id:path}", "GET", "key", pages.model),
    ("/health/live", "GET", "nobody", pages.live),
    ("/health/ready", "GET", "nobody", pages.ready),
    ("/metrics", "GET", "metrics", pages.metrics),
)

# Starlette's routing costs as much as the rest of the proxy's own work, so these two skip it.
HOT: dict[str, Completions] = {path: end for path, _, _, end in ENDPOINTS if isinstance(end, Completions)}

OpenGateway = Callable[[], AbstractAsyncContextManager[Gateway]]


class App:
    """`open_gateway` is entered when the server starts and left when it stops."""

    def __init__(self, open_gateway: OpenGateway) -> None:
        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, Gateway]]:
            async with open_gateway() as gateway:
                yield {"gateway": gateway}

        self._rest = Starlette(
            routes=[Route(path, endpoint, methods=[method]) for path, method, _, endpoint in ENDPOINTS],
            exception_handlers={HTTPException: pages.refused, ApiError: pages.refused},
            lifespan=lifespan,
        )
        self._rest.router.redirect_slashes = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            endpoint = HOT.get(scope["path"])
            if endpoint is not None:
                await endpoint(scope, receive, send)
                return
        await self._rest(scope, receive, send)
