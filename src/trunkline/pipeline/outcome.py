"""What a client is told when a request could not be served: the last attempt decides."""

import re
from collections.abc import Callable, Iterable

from trunkline.errors import OUTCOME, ApiError, Failure
from trunkline.types import Target

MOST_WORDS = 2048
LONGEST_TOLD_WAIT = 120.0  # the official SDK gives up on anything longer

# What looks like a credential, whoever's it is; known keys are taken out by value first.
CREDENTIAL = re.compile(r"\b(?:Bearer\s+|(?:sk|pk|gsk|xai|key|tl)-)[A-Za-z0-9._*\-]{6,}|\bAIza[\w\-]{20,}", re.I)
TAG = re.compile(r"<[^<>]{0,500}>")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

WAITING_HELPS = frozenset({"rate_limit", "overloaded", "timeout", "connection", "server_error"})
PASSED_THROUGH = frozenset({"invalid_request", "context_window", "content_filter"})


class Redactor:
    """Cleans a provider's words: secrets out, no markup, no control characters, at most MOST_WORDS.

    `passing` tells the secrets of the moment, such as tokens that were fetched.
    """

    def __init__(self, secrets: Iterable[str], passing: Callable[[], Iterable[str]] = tuple) -> None:
        self._secrets = tuple(sorted((s for s in secrets if s), key=len, reverse=True))
        self._passing = passing

    def clean(self, words: str) -> str:
        for secret in (*self._secrets, *self._passing()):
            words = words.replace(secret, "[key]")
        words = CREDENTIAL.sub("[key]", words)
        words = CONTROL.sub(" ", TAG.sub("", words)).strip()
        return words if len(words) <= MOST_WORDS else words[:MOST_WORDS] + "…"


def to_api_error(failure: Failure, target: Target, route: str, attempts: int, redactor: Redactor) -> ApiError:
    """The last failure as the client's answer: names route and provider, ends with the provider's words."""
    code = "deadline_exceeded" if failure.in_stream == "deadline_exceeded" else OUTCOME[failure.kind]
    own_code = failure.kind == "invalid_request"
    passed = failure.kind in PASSED_THROUGH and failure.status is not None and 400 <= failure.status < 500
    words = redactor.clean(failure.words)
    return ApiError(
        code,
        f"{_what(failure, target, route)}: {words}",
        param=redactor.clean(failure.param) if failure.param else None,
        status=failure.status if passed else None,
        provider_code=redactor.clean(failure.code) if failure.code and own_code else None,
        retry_after=told_wait(failure.retry_after) if failure.kind in WAITING_HELPS else None,
        should_retry=_should_retry(failure, attempts),
        error_class=failure.kind,
    )


def in_stream(failure: Failure, target: Target, route: str, redactor: Redactor) -> ApiError:
    """A failure after the first content, told inside the stream."""
    words = redactor.clean(failure.words)
    return ApiError(failure.in_stream, f"{_what(failure, target, route)}: {words}", error_class=failure.kind)


def told_wait(seconds: float | None) -> float | None:
    """A wait worth telling a client about."""
    return min(seconds, LONGEST_TOLD_WAIT) if seconds else None


# What an operator can do, beside the provider's own words.
HINTS = {
    "quota": "check its plan and billing",
    "not_found": "`trunkline check --live` tells whether it is there, and its models are in `GET /models` of its API",
    "context_window": "shorten the prompt, or give the route a fallback with `on: [context_window]`",
}
TOOL_FLAGS = re.compile(r"enable-auto-tool-choice|tool-call-parser")  # vLLM, started without them
NOT_PULLED = re.compile(r"\Amodel ['\"]([^'\"\s]{1,200})['\"] not found")  # Ollama's words


def _hint(failure: Failure) -> str:
    if TOOL_FLAGS.search(failure.words):
        return "; start it with --enable-auto-tool-choice and --tool-call-parser"
    if failure.kind == "not_found" and (model := NOT_PULLED.match(failure.words)):
        return f"; `ollama pull {model[1]}` fetches it where Ollama runs"
    hint = HINTS.get(failure.kind)
    return f"; {hint}" if hint else ""


def _what(failure: Failure, target: Target, route: str) -> str:
    provider = target.provider
    where = f'{target.id} (route "{route}")'
    if failure.kind == "auth":
        hint = f"; check {provider.key_source}" if provider.key_source else ""
        return f"{where} refused the proxy's own credentials{hint}"
    return {
        "rate_limit": f"{where} is rate limited",
        "quota": f"{where} is out of quota",
        "context_window": f"the request is too long for {where}",
        "overloaded": f"{where} is overloaded",
        "timeout": f"{where} did not answer in time",
        "connection": f"{where} could not be reached or broke off",
        "not_found": f"{where} does not know this model",
        "invalid_response": f"{where} sent an answer that cannot be used",
        "server_error": f"{where} failed",
    }.get(failure.kind, f"{where} refused the request") + _hint(failure)


def _should_retry(failure: Failure, attempts: int) -> bool | None:
    """False where a retry by the SDK cannot help or would multiply our own tries; None leaves it to the SDK."""
    if failure.kind in ("quota", "auth", "not_found") or failure.kind in PASSED_THROUGH:
        return False
    return False if attempts > 1 else None
