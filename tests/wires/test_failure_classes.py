"""What an error reply comes to: by its status, its code, its words, and whether it parks the key."""

from typing import Any

import pytest

from tests.wires.support import NOW, failure, openai
from trunkline.errors import MOVES_ON
from trunkline.wires.failures import BY_CODE, read_failure

STATUSES: dict[int, str] = {
    302: "invalid_response",
    400: "invalid_request", 401: "auth", 402: "quota", 403: "auth", 404: "not_found", 405: "invalid_request",
    408: "timeout", 409: "server_error", 410: "not_found", 413: "invalid_request", 422: "invalid_request",
    429: "rate_limit", 500: "server_error", 501: "server_error", 502: "server_error", 503: "overloaded",
    504: "timeout", 520: "server_error", 522: "server_error", 524: "server_error", 529: "overloaded",
    599: "server_error", 999: "server_error",
}  # fmt: skip


@pytest.mark.parametrize(("status", "kind"), STATUSES.items())
def test_statuses(status: int, kind: str) -> None:
    read = failure(status, b"")
    assert (read.kind, read.words, read.status) == (kind, f"HTTP status {status}", status)


def test_groq_s_498_is_tried_elsewhere() -> None:
    """Capacity of its flex tier: to be retried, says section 20, like 429."""
    assert failure(498, openai("capacity_exceeded", "flex_tier")).kind in MOVES_ON


# status, code, type: what decides where a status covers several classes, and where it does not
CODES: dict[str, tuple[int, Any, Any, str]] = {
    "429 by code": (429, "rate_limit_exceeded", "tokens", "rate_limit"),
    "429 quota": (429, "insufficient_quota", "insufficient_quota", "quota"),
    "429 quota by type alone": (429, None, "insufficient_quota", "quota"),
    "429 billing": (429, "billing_hard_limit_reached", None, "quota"),
    "429 is never anything else": (429, "invalid_api_key", "server_error", "rate_limit"),
    "400 context": (400, "context_length_exceeded", "invalid_request_error", "context_window"),
    "413 context": (413, "context_length_exceeded", None, "context_window"),
    "400 filter": (400, "content_filter", None, "content_filter"),
    "400 policy": (400, "content_policy_violation", "image_generation_user_error", "content_filter"),
    "400 quota": (400, "billing_not_active", None, "quota"),
    "400 unknown code": (400, "brand_new", "brand_new", "invalid_request"),
    "400 of a server": (400, "server_error", "server_error", "invalid_request"),
    "404 model": (404, "model_not_found", "invalid_request_error", "not_found"),
    "500 of a client": (500, "invalid_api_key", "invalid_request_error", "server_error"),
    "503 of a client": (503, None, "invalid_request_error", "overloaded"),
}


@pytest.mark.parametrize(("status", "code", "kind", "expected"), CODES.values(), ids=CODES)
def test_codes(status: int, code: Any, kind: Any, expected: str) -> None:
    assert failure(status, openai(code, kind)).kind == expected


TOO_LONG = {
    "OpenAI, vLLM": "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
    "OpenAI": "Your input exceeds the context window of this model.",
    "Groq": "Please reduce the length of the messages or completion.",
    "llama.cpp": "the request exceeds the available context size. try increasing the context size",
    "Perplexity": "too_many_prompt_tokens",
    "Together": "Input length and max_new_tokens exceed the limit: `inputs` tokens + `max_new_tokens` must be <= 8193",
    "Anthropic": "prompt is too long: 210000 tokens > 200000 maximum",
}


@pytest.mark.parametrize("message", TOO_LONG.values(), ids=TOO_LONG)
def test_a_prompt_too_long_by_its_words(message: str) -> None:
    for status in (400, 413, 422):
        assert failure(status, openai(message=message)).kind == "context_window"
    assert failure(500, openai(message=message)).kind == "server_error"


def test_words_alone_are_no_context_error() -> None:
    for message in ("max_tokens must be positive", "too many requests", "unknown context"):
        assert failure(400, openai(message=message)).kind == "invalid_request"


# Contract, "Tries": 401 parks; 403 and 404 only where their code names key, account or deployment.
PARKS: dict[str, tuple[int, str | None, bool]] = {
    "401": (401, None, True),
    "401 with a code": (401, "whatever", True),
    "403": (403, None, False),
    "403 region": (403, "unsupported_country_region_territory", False),
    "403 key": (403, "invalid_api_key", True),
    "403 account": (403, "account_deactivated", True),
    "404": (404, None, False),
    "404 model": (404, "model_not_found", False),
    "404 deployment": (404, "DeploymentNotFound", True),
    "400 key": (400, "invalid_api_key", True),
    "402": (402, None, False),
    "429": (429, "insufficient_quota", False),
    "500": (500, "invalid_api_key", False),
}


@pytest.mark.parametrize(("status", "code", "parks"), PARKS.values(), ids=PARKS)
def test_parks(status: int, code: str | None, parks: bool) -> None:
    assert failure(status, openai(code)).parks is parks


@pytest.mark.parametrize(("code", "kind"), BY_CODE.items())
def test_without_a_status_the_code_or_the_type_decides(code: str, kind: str) -> None:
    """An error inside a stream, or with status 200."""
    assert read_failure(None, {}, openai(code, None), NOW).kind == kind
    assert read_failure(None, {}, openai(None, code), NOW).kind == kind
    assert read_failure(None, {}, openai("brand_new", code), NOW).kind == kind


@pytest.mark.parametrize(("code", "parks"), [(None, False), ("model_not_allowed", False), ("account_suspended", True)])
def test_without_a_status_what_is_forbidden_parks_as_a_403_would(code: str | None, parks: bool) -> None:
    said = openai(code, "permission_error")
    inside, outside = read_failure(None, {}, said, NOW), failure(403, said)
    assert (inside.kind, inside.parks) == (outside.kind, outside.parks) == ("auth", parks)


def test_without_a_status_a_refused_key_parks() -> None:
    assert read_failure(None, {}, openai("invalid_api_key"), NOW).parks
    assert not read_failure(None, {}, openai("rate_limit_exceeded"), NOW).parks


@pytest.mark.parametrize("inner", ["status", "status_code", "code"])
@pytest.mark.parametrize("text", [False, True])
def test_an_inner_status_counts_as_http(inner: str, text: bool) -> None:
    read = read_failure(None, {}, {"error": {"message": "m", inner: "401" if text else 401}}, NOW)
    assert (read.kind, read.status, read.parks) == ("auth", 401, True)


@pytest.mark.parametrize(("inner", "kind"), [(400, "invalid_request"), (599, "server_error")])
def test_inner_statuses_from_400_to_599_count(inner: int, kind: str) -> None:
    read = read_failure(None, {}, {"error": {"message": "m", "code": inner}}, NOW)
    assert (read.kind, read.status) == (kind, inner)


@pytest.mark.parametrize("inner", [200, 302, 399, 600, 0, -401, True, "4xx", "", "401.5", None, [401]])
def test_other_inner_statuses_are_none(inner: Any) -> None:
    read = read_failure(None, {}, {"error": {"message": "m", "status": inner}}, NOW)
    assert (read.kind, read.status) == ("server_error", None)


def test_the_status_of_the_reply_comes_first() -> None:
    read = read_failure(500, {}, {"error": {"message": "m", "code": 401}}, NOW)
    assert (read.kind, read.status, read.code) == ("server_error", 500, "401")
