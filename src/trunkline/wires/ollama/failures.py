"""What an error says: `{"error": "words"}`, in a body or as a line of a stream.

https://docs.ollama.com/api/errors; class by status, as everywhere, and by the words where no status came along.
"""

import re
from collections.abc import Mapping

from trunkline.errors import Failure
from trunkline.types import Json
from trunkline.wires import openai
from trunkline.wires.failures import CONTEXT, body_object, read_failure
from trunkline.wires.tables import Words, by_words

# "you've reached your hourly usage limit, please wait or upgrade to continue": a plan's, so no retry helps.
SPENT = re.compile(r"usage limit", re.I)

# Of an error without a status, inside a stream that began well.
BY_WORDS: Words = (
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
        failure.kind = "quota"
    if status == CANCELLED:
        failure.kind = "server_error"
    if status == 401 and "signin_url" in body_object(body):
        # A local server tells that a model of the cloud is not for everybody; its own models go on answering.
        failure.parks = False
    return failure


def error_inside(body: Json) -> Failure:
    """The error of a line, or of a body that came with status 200."""
    failure = read_failure(None, {}, body, 0.0)
    failure.kind = by_words(BY_WORDS, failure.words, failure.kind)
    return failure
