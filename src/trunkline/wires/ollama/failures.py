"""What an error says: `{"error": "words"}`, in a body or as a line of a stream.

https://docs.ollama.com/api/errors; class by status, as everywhere, and by the words where no status came along.
"""

import re
from collections.abc import Mapping

from trunkline.errors import Failure, FailureClass
from trunkline.hub.text import read_json
from trunkline.types import Json
from trunkline.wires import openai
from trunkline.wires.failures import CONTEXT, read_failure

# "you've reached your hourly usage limit, please wait or upgrade to continue": a plan's, so no retry helps.
SPENT = re.compile(r"usage limit", re.I)

# Of an error without a status, inside a stream that began well.
BY_WORDS: tuple[tuple[re.Pattern[str], FailureClass], ...] = (
    (SPENT, "quota"),
    (CONTEXT, "context_window"),
    (re.compile(r"server busy|maximum pending requests", re.I), "overloaded"),
    (re.compile(r"rate limit|too many requests", re.I), "rate_limit"),
    (re.compile(r"^model ['\"].*['\"] not found", re.I), "not_found"),
    (re.compile(r"does not support", re.I), "invalid_request"),
    (re.compile(r"^unauthorized", re.I), "auth"),
)
CANCELLED = 499  # what it says when the connection to its own runner or to the cloud was given up


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    failure = openai.error(status, headers, body, now)
    if status == 429 and SPENT.search(failure.words):
        return _as("quota", failure)
    if status == CANCELLED:
        return _as("server_error", failure)
    if status == 401 and _wants_sign_in(body):
        failure.parks = False
    return failure


def error_inside(body: Json) -> Failure:
    """The error of a line, or of a body that came with status 200."""
    failure = read_failure(None, {}, body, 0.0)
    kind = next((kind for pattern, kind in BY_WORDS if pattern.search(failure.words)), failure.kind)
    return _as(kind, failure)


def _wants_sign_in(body: bytes) -> bool:
    """A local server tells that a model of the cloud is not for everybody; its own models go on answering."""
    try:
        said = read_json(body)
    except ValueError:
        return False
    return isinstance(said, dict) and "signin_url" in said


def _as(kind: FailureClass, failure: Failure) -> Failure:
    """Its code inside a stream follows its class."""
    return Failure(kind, failure.words, status=failure.status, code=failure.code, param=failure.param,
                   retry_after=failure.retry_after, parks=failure.parks)  # fmt: skip
