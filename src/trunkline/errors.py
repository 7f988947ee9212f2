"""Everything that can go wrong, as two trees.

    ApiError    an answer of our own to the client, in OpenAI's error form; ends the request
    Failure     what one upstream attempt came to; the pipeline retries it, moves on, or turns it into an ApiError

Names, statuses and codes are the contract's (sections 3.3, 4 and "Outcome").
"""

from typing import Literal

FailureClass = Literal[
    "rate_limit",
    "quota",
    "overloaded",
    "timeout",
    "connection",
    "server_error",
    "auth",
    "not_found",
    "context_window",
    "content_filter",
    "invalid_request",
    "invalid_response",
]

CLASSES: tuple[FailureClass, ...] = FailureClass.__args__  # type: ignore[attr-defined]

# Another target may well serve these; the other three classes are about the request itself.
MOVES_ON = frozenset(CLASSES) - {"context_window", "content_filter", "invalid_request"}

# code -> (status, type)
CODES: dict[str, tuple[int, str]] = {
    "invalid_json": (400, "invalid_request_error"),
    "invalid_request": (400, "invalid_request_error"),
    "unsupported_parameter": (400, "invalid_request_error"),
    "no_capable_target": (400, "invalid_request_error"),
    "context_length_exceeded": (400, "invalid_request_error"),
    "content_filter": (400, "invalid_request_error"),
    "invalid_api_key": (401, "authentication_error"),
    "model_not_allowed": (403, "permission_error"),
    "model_not_found": (404, "not_found_error"),
    "not_found": (404, "not_found_error"),
    "method_not_allowed": (405, "invalid_request_error"),
    "client_timeout": (408, "timeout_error"),
    "body_too_large": (413, "invalid_request_error"),
    "unsupported_media_type": (415, "invalid_request_error"),
    "rate_limit_exceeded": (429, "rate_limit_error"),
    "insufficient_quota": (429, "insufficient_quota"),
    "all_targets_cooling": (429, "rate_limit_error"),
    "internal_error": (500, "server_error"),
    "upstream_error": (502, "upstream_error"),
    "upstream_auth": (502, "upstream_error"),
    "connect_failed": (502, "upstream_error"),
    "invalid_response": (502, "upstream_error"),
    "upstream_stream_interrupted": (502, "upstream_error"),
    "overloaded": (503, "overloaded_error"),
    "upstream_overloaded": (503, "overloaded_error"),
    "draining": (503, "overloaded_error"),
    "upstream_timeout": (504, "timeout_error"),
    "upstream_stream_stalled": (504, "timeout_error"),
    "deadline_exceeded": (504, "timeout_error"),
}

OUTCOME: dict[FailureClass, str] = {
    "rate_limit": "rate_limit_exceeded",
    "quota": "insufficient_quota",
    "overloaded": "upstream_overloaded",
    "timeout": "upstream_timeout",
    "connection": "connect_failed",
    "server_error": "upstream_error",
    "auth": "upstream_auth",
    "not_found": "model_not_found",
    "context_window": "context_length_exceeded",
    "content_filter": "content_filter",
    "invalid_request": "invalid_request",
    "invalid_response": "invalid_response",
}


class TrunklineError(Exception):
    """The root of both trees."""


class ApiError(TrunklineError):
    """An answer of our own in OpenAI's error form.

    `retry_after` in seconds; `should_retry` false tells SDKs not to multiply attempts, None leaves it to them;
    `error_class` is what metrics and logs say.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        param: str | None = None,
        status: int | None = None,
        provider_code: str | None = None,
        retry_after: float | None = None,
        should_retry: bool | None = None,
        error_class: str | None = None,
    ) -> None:
        super().__init__(message)
        known_status, self.type = CODES[code]
        self.status = status or known_status
        self.code = provider_code or code
        self.message = message
        self.param = param
        self.retry_after = retry_after
        self.should_retry = should_retry
        self.error_class = error_class or code


class Failure(TrunklineError):
    """What one upstream attempt came to.

    words          the provider's own words, not yet cleaned of secrets
    status         its HTTP status, where one was read
    code, param    its own error code and the parameter it blames
    retry_after    seconds it asked us to stay away
    stale          a reused connection was gone before a byte came back: says nothing about the target
    in_stream      the code that tells this failure inside a stream that already began; that of its class by default
    again          whether the provider itself says that the same call may be tried again; None where it does not
    parks          the key, account or deployment itself is refused: leave the target alone for minutes
    """

    def __init__(
        self,
        kind: FailureClass,
        words: str,
        *,
        status: int | None = None,
        code: str | None = None,
        param: str | None = None,
        retry_after: float | None = None,
        stale: bool = False,
        in_stream: str | None = None,
        parks: bool = False,
    ) -> None:
        super().__init__(words)
        self.kind: FailureClass = kind
        self.words = words
        self.status = status
        self.code = code
        self.param = param
        self.retry_after = retry_after
        self.stale = stale
        self._in_stream = in_stream
        self.parks = parks
        self.again: bool | None = None

    @property
    def in_stream(self) -> str:
        return self._in_stream or OUTCOME[self.kind]
