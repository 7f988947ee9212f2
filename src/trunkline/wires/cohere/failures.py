"""What an error says: https://docs.cohere.com/v2/reference/errors

`{"id", "message"}`, sometimes with an `error_type`. Class by status, as everywhere; what Cohere means by statuses of
its own, or says in words alone, is added here.
"""

import re
from collections.abc import Mapping
from typing import Any

from trunkline.errors import Failure, FailureClass
from trunkline.types import Json
from trunkline.wires import openai
from trunkline.wires.failures import body_object, read_failure
from trunkline.wires.fields import as_text

# 498 is a word on a deny list, in the prompt or in the answer; 499 a request that was cancelled, and not by us.
BY_STATUS: dict[int, FailureClass] = {498: "content_filter", 499: "server_error"}

# A finish reason that is none: https://github.com/cohere-ai/cohere-developer-experience, ChatFinishReason.
FAILED: dict[str, FailureClass] = {"ERROR": "server_error", "TIMEOUT": "timeout"}

# The same `error_type` for a prompt that does not fit and for a limit above what the model writes.
TOO_LONG = "TOO_MANY_TOKENS"
OVER_LIMIT = re.compile(r"max tokens must be less than or equal", re.I)
# A trial key's month is over: no wait of ours outlasts that.
SPENT = re.compile(r"(/|per) ?month", re.I)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    failure = openai.error(status, headers, body, now)
    failure.kind = BY_STATUS.get(status, failure.kind)
    return _refined(failure, body_object(body).get("error_type"))


def error_inside(body: Json) -> Failure:
    """An error that came with status 200."""
    return _refined(read_failure(None, {}, body, 0.0), body.get("error_type"))


def failed(reason: Any, words: Any, code: Any) -> Failure | None:
    """A generation that ended by failing; None where it did not. An error is one, whatever the reason says."""
    kind = FAILED.get(as_text(reason))
    if kind is None and not as_text(words):
        return None
    return _refined(Failure(kind or "server_error", as_text(words) or f"the generation ended with {reason}"), code)


def _refined(failure: Failure, code: Any) -> Failure:
    """With its class by Cohere's words."""
    kind = failure.kind
    if kind == "context_window" or (code == TOO_LONG and kind in ("invalid_request", "server_error")):
        failure.kind = "invalid_request" if OVER_LIMIT.search(failure.words) else "context_window"
    if kind == "rate_limit" and SPENT.search(failure.words):
        failure.kind = "quota"
    failure.code = failure.code or as_text(code) or None
    return failure
