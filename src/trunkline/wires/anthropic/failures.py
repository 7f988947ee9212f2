"""What an error says: https://platform.claude.com/docs/en/api/errors

Class by status, as everywhere; what Anthropic says only in words or in its own types is added here.
"""

import re
from collections.abc import Mapping

from trunkline.errors import Failure, FailureClass
from trunkline.types import Json
from trunkline.wires import openai
from trunkline.wires.failures import read_failure
from trunkline.wires.fields import as_object, as_text
from trunkline.wires.tables import Words, by_words

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
# Of what is wrong with the request.
BY_WORDS: Words = (
    (
        re.compile(r"exceed(?:s|ed)? (?:the )?(?:model'?s )?context (?:limit|window)|prompt is too long", re.I),
        "context_window",
    ),
    (re.compile(r"blocked by content filtering", re.I), "content_filter"),
)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    failure = openai.error(status, headers, body, now)
    if status in (400, 402, 403, 429) and SPENT.search(body):
        failure.kind, failure.retry_after = "quota", None
    elif failure.kind == "rate_limit" and failure.retry_after is None and headers.get("x-should-retry") == "false":
        failure.kind = "quota"  # the tier's spend cap: no retry-after, and it keeps failing
    return _refined(failure)


def error_inside(body: Json) -> Failure:
    """The error of an event, or of a body that came with status 200."""
    failure = read_failure(None, {}, body, 0.0)
    failure.kind = BY_TYPE.get(as_text(as_object(body.get("error")).get("type")), failure.kind)
    return _refined(failure)


def _refined(failure: Failure) -> Failure:
    if failure.kind == "invalid_request":
        failure.kind = by_words(BY_WORDS, failure.words, failure.kind)
    return failure
