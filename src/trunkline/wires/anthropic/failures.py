"""What an error says: https://platform.claude.com/docs/en/api/errors

Class by status, as everywhere; what Anthropic says only in words or in its own types is added here.
"""

import re
from collections.abc import Mapping

from trunkline.errors import Failure, FailureClass
from trunkline.types import Json
from trunkline.wires import openai
from trunkline.wires.failures import read_failure

# Types without a status, inside a stream, that OpenAI does not have.
BY_TYPE: dict[str, FailureClass] = {
    "api_error": "server_error",
    "billing_error": "quota",
    "conflict_error": "server_error",
    "request_too_large": "invalid_request",
}

# A spent limit comes as 400 or 429 and goes on failing: only the words tell it from one that passes.
SPENT = re.compile(
    rb"enforced_spend_limit|spend(?:ing)? (?:limit|cap)|credit balance is too low"
    rb"|reached your specified .{0,20}usage limits|workspace api usage limits",
    re.I,
)
TOO_LONG = re.compile(r"exceed(?:s|ed)? (?:the )?(?:model'?s )?context (?:limit|window)|prompt is too long", re.I)
FILTERED = re.compile(r"blocked by content filtering", re.I)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    failure = openai.error(status, headers, body, now)
    if status in (400, 402, 403, 429) and SPENT.search(body):
        failure.kind, failure.retry_after = "quota", None
    elif failure.kind == "rate_limit" and failure.retry_after is None and headers.get("x-should-retry") == "false":
        failure.kind = "quota"  # the tier's spend cap: no retry-after, and it keeps failing
    return _by_words(failure)


def error_inside(body: Json) -> Failure:
    """The error of an event, or of a body that came with status 200."""
    failure = read_failure(None, {}, body, 0.0)
    inner = body.get("error")
    kind = inner.get("type") if isinstance(inner, dict) else None
    failure.kind = BY_TYPE.get(kind, failure.kind) if isinstance(kind, str) else failure.kind
    return _by_words(failure)


def _by_words(failure: Failure) -> Failure:
    if failure.kind == "invalid_request":
        if TOO_LONG.search(failure.words):
            failure.kind = "context_window"
        elif FILTERED.search(failure.words):
            failure.kind = "content_filter"
    return _named(failure)


def _named(failure: Failure) -> Failure:
    """Its code inside a stream follows its class."""
    return Failure(
        failure.kind,
        failure.words,
        status=failure.status,
        code=failure.code,
        param=failure.param,
        retry_after=failure.retry_after,
        parks=failure.parks,
    )
