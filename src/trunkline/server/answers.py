"""The one form of an error, wherever in the server it comes up."""

import os

from trunkline.errors import ApiError
from trunkline.types import Json


def new_id() -> str:
    return os.urandom(12).hex()


def error_body(error: ApiError, request_id: str) -> Json:
    """OpenAI's error object, all of its keys present, and the request's id beside them."""
    return {
        "error": {
            "message": error.message,
            "type": error.type,
            "param": error.param,
            "code": error.code,
            "request_id": request_id,
        }
    }
