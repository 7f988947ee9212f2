"""Error replies: (status, exception, words, what it means)."""

from typing import Any

import orjson
import pytest

from tests.wires.support import NOW
from trunkline.errors import Failure
from trunkline.wires import bedrock

NO_ACCESS = "You don't have access to the model with the specified model ID."
EXPIRED = "The security token included in the request is expired"
ON_DEMAND = "Invocation of model ID x with on-demand throughput isn\u2019t supported. Retry with an inference profile."
PER_DAY = "Too many tokens per day, please wait before trying again."

# Status, name, message -> class, whether the target is parked.
ROWS: dict[str, tuple[int, str, str, tuple[str, bool]]] = {
    "validation": (400, "ValidationException", "The text field in the ContentBlock object is blank.",
                   ("invalid_request", False)),
    "too long": (400, "ValidationException", "Input is too long for requested model.", ("context_window", False)),
    "too long for Claude": (400, "ValidationException", "prompt is too long: 9 tokens > 8 maximum",
                            ("context_window", False)),
    "too many": (400, "ValidationException", "Too many input tokens. Max input tokens: 8, request input token count: 9",
                 ("context_window", False)),
    "input and limit": (400, "ValidationException", "input length and `max_tokens` exceed context limit: 9 + 9 > 8",
                        ("context_window", False)),
    "a model nobody has": (400, "ValidationException", "The provided model identifier is invalid.",
                           ("not_found", False)),
    "a model behind a profile": (400, "ValidationException", ON_DEMAND, ("not_found", False)),
    "a quota": (400, "ServiceQuotaExceededException", "m", ("quota", False)),
    "no access": (403, "AccessDeniedException", NO_ACCESS, ("auth", False)),
    "a wrong key": (403, "AccessDeniedException", "Authentication failed: Please make sure your API Key is valid.",
                    ("auth", True)),
    "an unknown key": (403, "UnrecognizedClientException", "The security token is invalid.", ("auth", True)),
    "an expired token": (403, "ExpiredTokenException", EXPIRED, ("auth", True)),
    "a signature": (403, "InvalidSignatureException", "m", ("auth", True)),
    "another signature": (403, "SignatureDoesNotMatch", "m", ("auth", True)),
    "no key": (403, "MissingAuthenticationTokenException", "m", ("auth", True)),
    "a resource": (404, "ResourceNotFoundException", "This model version has reached the end of its life.",
                   ("not_found", False)),
    "a slow model": (408, "ModelTimeoutException", "m", ("timeout", False)),
    "a model's error": (424, "ModelErrorException", "m", ("server_error", False)),
    "a model's stream": (424, "ModelStreamErrorException", "m", ("server_error", False)),
    "throttled": (429, "ThrottlingException", "Too many requests, please wait before trying again.",
                  ("rate_limit", False)),
    "throttled by tokens": (429, "ThrottlingException", "Too many tokens, please wait before trying again.",
                            ("rate_limit", False)),
    "throttled for the day": (429, "ThrottlingException", PER_DAY, ("quota", False)),
    "not ready": (429, "ModelNotReadyException", "m", ("overloaded", False)),
    "the service": (500, "InternalServerException", "m", ("server_error", False)),
    "away": (503, "ServiceUnavailableException", "m", ("overloaded", False)),
    "a name nobody knows": (418, "TeapotException", "m", ("invalid_request", False)),
}  # fmt: skip


def failed(status: int, body: Any, name: str = "") -> Failure:
    headers = {"x-amzn-errortype": f"{name}:http://internal.amazon.com/coral/com.amazon.bedrock/"} if name else {}
    return bedrock.error(status, headers, body if isinstance(body, bytes) else orjson.dumps(body), NOW)


@pytest.mark.parametrize(("status", "name", "words", "wanted"), ROWS.values(), ids=ROWS)
def test_an_error(status: int, name: str, words: str, wanted: tuple[str, bool]) -> None:
    failure = failed(status, {"message": words}, name)
    assert (failure.kind, failure.parks) == wanted
    assert (failure.words, failure.status, failure.code, failure.retry_after) == (words, status, name, None)


def test_a_capital() -> None:
    assert failed(403, {"Message": EXPIRED}).words == EXPIRED


def test_a_name_in_the_body() -> None:
    failure = failed(400, {"__type": "com.amazon.coral.service#ServiceQuotaExceededException", "message": "m"})
    assert (failure.kind, failure.code) == ("quota", "ServiceQuotaExceededException")


PAGES: dict[str, tuple[int, bytes, str]] = {
    "a page of a proxy": (502, b"<html>", "invalid_response"),
    "a page of a gateway": (403, b"<html>", "auth"),
    "nothing": (503, b"", "overloaded"),
    "text": (500, b"oops", "server_error"),
    "a list": (400, b"[]", "invalid_request"),
    "no name": (429, b'{"message": "m"}', "rate_limit"),
}


@pytest.mark.parametrize(("status", "body", "kind"), PAGES.values(), ids=PAGES)
def test_a_body_of_another_kind(status: int, body: bytes, kind: str) -> None:
    failure = failed(status, body)
    assert (failure.kind, "<" in failure.words, failure.code) == (kind, False, None)


def test_its_code_in_a_stream_follows_its_class() -> None:
    failure = failed(400, {"message": "Input is too long for requested model."}, "ValidationException")
    assert failure.in_stream == "context_length_exceeded"


def test_a_wait_where_one_is_told() -> None:
    failure = bedrock.error(429, {"retry-after": "7", "x-amzn-errortype": "ThrottlingException"}, b"{}", NOW)
    assert failure.retry_after == 7
