"""What an error says: https://replicate.com/docs/reference/http#errors, and of predictions that failed
https://replicate.com/docs/topics/predictions/error-codes
"""

import re
from collections.abc import Mapping
from typing import Any

from trunkline.errors import Failure
from trunkline.hub.text import read_json
from trunkline.types import Json
from trunkline.wires import openai
from trunkline.wires.failures import CONTEXT, LONGEST_WAIT, body_object
from trunkline.wires.fields import as_objects, as_text
from trunkline.wires.tables import Words, by_words

GOING_WELL = frozenset({"starting", "processing", "succeeded"})
CANCELLED = frozenset({"canceled", "aborted"})

# "Prediction interrupted; please retry (code: PA)"
INTERRUPTED = re.compile(r"interrupted|\(code: PA\)", re.I)

# Words of a model that failed -> class; others are the model's own fault.
BY_WORDS: Words = (
    (re.compile(r"NSFW|flagged as sensitive|content (policy|moderation)|\(E005\)", re.I), "content_filter"),
    (CONTEXT, "context_window"),
    (re.compile(r"rate limit|too many requests", re.I), "rate_limit"),
    (re.compile(r"timed out|timeout", re.I), "timeout"),
    (re.compile(r"input validation|validation error", re.I), "invalid_request"),
)
# "Request was throttled. Your rate limit resets in ~30s."
RESETS = re.compile(r"resets in ~?(\d{1,6}(?:\.\d+)?) ?s", re.I)
WRONG_VERSION = re.compile(r"invalid version|not permitted|version does not exist", re.I)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    failure = openai.error(status, headers, body, now)
    resets = RESETS.search(failure.words)
    if status == 429 and resets and failure.retry_after is None:
        failure.retry_after = min(float(resets[1]), LONGEST_WAIT) or None
    return _unprocessable(failure, body) if status == 422 and failure.kind == "invalid_request" else failure


def _unprocessable(failure: Failure, body: bytes) -> Failure:
    """A version that is not there, or an input that the model does not take."""
    if WRONG_VERSION.search(failure.words):
        failure.kind = "not_found"
        return failure
    first = next(iter(as_objects(body_object(body).get("invalid_fields"))), {})
    field, why = first.get("field"), first.get("description")
    words = f"{failure.words}: {field}: {why}" if isinstance(why, str) else failure.words
    return Failure("invalid_request", words, status=failure.status, param=as_text(field) or None)


def failure_of(prediction: Json) -> Failure | None:
    """Why it came to nothing; None where it came to something, or still may."""
    status, words = prediction.get("status"), _words(prediction.get("error") or prediction.get("detail"))
    if not isinstance(status, str):
        return _by_words(words) if words else Failure("invalid_response", "the answer is no prediction: no status")
    if status in CANCELLED:
        return Failure("timeout", f"the prediction was {status} before it was done")
    # A status nobody knows is the end only where it says so.
    if status == "failed" or (status not in GOING_WELL and prediction.get("completed_at")):
        return _by_words(words or f"the prediction ended as {status[:40]}, without a word")
    return None


def error_of_stream(data: bytes) -> Failure:
    """The error event: `{"detail": "words"}`, or the words."""
    text = data.decode("utf-8", "replace")
    try:
        said = read_json(data)
    except ValueError:
        said = text
    return _by_words(_words(said) or text or "an error without words")


def _words(said: Any) -> str:
    if isinstance(said, dict):
        said = said.get("detail") or said.get("error") or said.get("message") or said.get("title")
    return as_text(said)


def _by_words(words: str) -> Failure:
    if INTERRUPTED.search(words):
        return Failure("server_error", words, status=500)  # as good as one: the same target may have another try
    return Failure(by_words(BY_WORDS, words, "server_error"), words)
