"""Everything that is not a completion: models, health, metrics, and what does not exist."""

import asyncio
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from trunkline.catalog import describe, smallest
from trunkline.errors import ApiError
from trunkline.pipeline.price import known
from trunkline.pipeline.resolve import exposed_names, group_targets, not_found
from trunkline.server.answers import error_body, new_id
from trunkline.server.auth import authorise, authorise_metrics
from trunkline.server.headers import error_headers, request_id
from trunkline.server.state import Gateway
from trunkline.types import Json


async def live(_request: Request) -> Response:
    return _json({"status": "ok"})


async def ready(request: Request) -> Response:
    gateway = _gateway(request)
    redis = {None: "off", True: "up", False: "down"}[gateway.redis_up()]
    status = "draining" if gateway.draining else "ok"
    return _json({"status": status, "redis": redis}, 503 if gateway.draining else 200)


async def metrics(request: Request) -> Response:
    gateway = _gateway(request)
    authorise_metrics(gateway, dict(request.scope["headers"]))
    # Rendering 10,000 series takes 0.1 s, which no stream should wait for.
    body, content_type = await asyncio.to_thread(gateway.render_metrics)
    return Response(body, headers={"content-type": content_type})


async def models(request: Request) -> Response:
    gateway = _gateway(request)
    key = authorise(gateway, dict(request.scope["headers"]))
    data = [_model(gateway, name) for name in exposed_names(gateway.config, gateway.pipeline.catalog, key)]
    return _json({"object": "list", "data": data})


async def model(request: Request) -> Response:
    gateway = _gateway(request)
    key = authorise(gateway, dict(request.scope["headers"]))
    name = request.path_params["id"]
    if name not in exposed_names(gateway.config, gateway.pipeline.catalog, key):
        raise not_found(gateway.config, gateway.pipeline.catalog, name, key)
    return _json(_model(gateway, name))


async def refused(request: Request, error: Exception) -> Response:
    """Any error of these pages, in OpenAI's form."""
    allow = (getattr(error, "headers", None) or {}).get("Allow")
    if isinstance(error, HTTPException):
        error = _http_error(request, error)
    assert isinstance(error, ApiError)
    given = request_id(dict(request.scope["headers"])) or new_id()
    response = _json(error_body(error, given), error.status)
    for name, value in [*error_headers(error), (b"x-request-id", given.encode())]:
        response.headers[name.decode()] = value.decode()
    if allow:
        response.headers["allow"] = allow
    return response


def _http_error(request: Request, error: HTTPException) -> ApiError:
    path = request.scope["path"][:200]
    if error.status_code == 405:
        return ApiError("method_not_allowed", f"{request.method} is not what {path} takes.")
    return ApiError("not_found", f"There is nothing at {path}; the API is below /v1.")


def _model(gateway: Gateway, name: str) -> Json:
    """OpenAI's shape and what the catalog knows beyond it; figures nobody told are null."""
    catalog = gateway.pipeline.catalog
    route = gateway.config.routes.get(name)
    provider, _, rest = name.partition("/")
    if route is not None:
        figures = smallest([known(catalog, target) for target in group_targets(route.group)])
    else:
        figures = describe(catalog.find(provider, rest))
    return {
        "id": name,
        "object": "model",
        "created": gateway.created,
        "owned_by": "trunkline" if route is not None else provider,
        "description": route.description if route is not None else "",
        **figures,
        "groups": [group for group, members in gateway.config.groups.items() if name in members],
    }


def _gateway(request: Request) -> Gateway:
    gateway: Gateway = request.scope["state"]["gateway"]
    return gateway


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")
