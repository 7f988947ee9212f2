"""OpenAI's error object, by status."""

from collections.abc import Mapping
from types import MappingProxyType

import orjson

from trunkline.transport.demo.models import MODELS

# status -> (type, code, message); the words are our own
PROBLEMS: Mapping[int, tuple[str, str | None, str]] = MappingProxyType(
    {
        400: ("invalid_request_error", "invalid_value", "The request is not valid."),
        401: ("invalid_request_error", "invalid_api_key", "The API key is not valid."),
        403: ("permission_error", None, "The request is not permitted."),
        404: ("invalid_request_error", "model_not_found", "The model does not exist."),
        408: ("timeout_error", None, "The request took too long to arrive."),
        409: ("invalid_request_error", None, "The request conflicts with another one."),
        413: ("invalid_request_error", None, "The request is too large."),
        422: ("invalid_request_error", None, "The request cannot be processed."),
        429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests."),
        500: ("server_error", None, "The server had an error while processing the request."),
        503: ("server_error", None, "The server is overloaded; try again later."),
        529: ("overloaded_error", None, "The server is overloaded; try again later."),
    }
)


class Rejected(Exception):
    """The request itself is refused, as OpenAI would refuse it."""

    def __init__(self, message: str, *, param: str | None = None, status: int = 400, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = _error(message, "invalid_request_error", param, code)


def problem(status: int) -> bytes:
    """The error object that belongs to an HTTP status from 400 on."""
    kind, code, message = PROBLEMS.get(
        status, ("server_error" if status >= 500 else "invalid_request_error", None, "The request failed.")
    )
    return _error(f"{message} (Asked for by the demo model's name.)", kind, None, code)


def no_such_model(name: str) -> Rejected:
    return Rejected(
        f"The model `{name[:100]}` does not exist. The demo models are {', '.join(MODELS)}; `+` joins names.",
        param="model",
        status=404,
        code="model_not_found",
    )


def _error(message: str, kind: str, param: str | None, code: str | None) -> bytes:
    return orjson.dumps({"error": {"message": message, "type": kind, "param": param, "code": code}})
