"""Errors as each provider writes them: rows of (status, body) and (class, words, code, param)."""

from typing import Any

import pytest

from tests.wires.support import failure

EXTRA = {"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}
WRONG_KEY = "Incorrect API key provided: ab***. You can obtain an API key from https://console.x.ai."
FILTERED = {"error": {"code": "content_filter", "message": "m", "param": "prompt", "type": None, "status": 400}}
TOO_LONG = "This model's maximum context length is 8192 tokens."

ROWS: dict[str, tuple[int, Any, tuple[str, str, str | None, str | None]]] = {
    "xAI, a wrong key": (
        400,
        {"code": "invalid-argument", "error": WRONG_KEY},
        ("auth", WRONG_KEY, "invalid-argument", None),
    ),
    "Mistral, 401": (401, {"detail": "Invalid API Key"}, ("auth", "Invalid API Key", None, None)),
    "Mistral, a closed schema": (
        422,
        {"object": "error", "message": {"detail": [EXTRA]}, "type": "invalid_request_error", "code": None},
        ("invalid_request", "body.seed: Extra inputs are not permitted", None, "seed"),
    ),
    "FastAPI": (
        422,
        {"detail": [EXTRA, {"loc": ["body", "n"], "msg": "no"}]},
        ("invalid_request", "body.seed: Extra inputs are not permitted; body.n: no", None, "seed"),
    ),
    "Mistral, no such model": (
        400,
        {"object": "error", "message": "Invalid model: x", "type": "invalid_model", "param": None, "code": "1500"},
        ("not_found", "Invalid model: x", "1500", None),
    ),
    "Mistral, too fast": (
        429,
        {"object": "error", "message": "Requests rate limit exceeded", "type": "rate_limited", "code": "1300"},
        ("rate_limit", "Requests rate limit exceeded", "1300", None),
    ),
    "Groq, more than a minute allows": (
        413,
        {"error": {"message": "too large", "type": "tokens", "code": "rate_limit_exceeded"}},
        ("rate_limit", "too large", "rate_limit_exceeded", None),
    ),
    "Groq, no capacity": (
        498,
        {"error": {"message": "m", "code": "capacity_exceeded"}},
        ("overloaded", "m", "capacity_exceeded", None),
    ),
    "Groq, a retired model": (
        400,
        {"error": {"message": "m", "type": "invalid_request_error", "code": "model_decommissioned"}},
        ("not_found", "m", "model_decommissioned", None),
    ),
    "Cerebras, flat": (
        400,
        {"message": "m", "type": "invalid_request_error", "param": "validation_error", "code": "wrong_api_format"},
        ("invalid_request", "m", "wrong_api_format", "validation_error"),
    ),
    "NVIDIA, a retired model": (410, {"status": 410, "title": "Gone", "detail": "m"}, ("not_found", "m", None, None)),
    "NVIDIA, a list as text": (
        400,
        {"error": "[{'type': 'extra_forbidden'}]"},
        ("invalid_request", "[{'type': 'extra_forbidden'}]", None, None),
    ),
    "Fireworks, suspended": (412, {"error": {"message": "m", "code": "x"}}, ("quota", "m", "x", None)),
    "Together, too long": (
        403,
        {"error": {"message": TOO_LONG, "code": None}},
        ("context_window", TOO_LONG, None, None),
    ),
    "Together, bare": (503, {"message": "m"}, ("overloaded", "m", None, None)),
    "OpenRouter, the provider's words": (
        429,
        {"error": {"code": 429, "message": "Provider returned error", "metadata": {"raw": "slow down"}}},
        ("rate_limit", "Provider returned error: slow down", "429", None),
    ),
    "OpenRouter, moderation": (
        403,
        {"error": {"code": 403, "message": "Your input was flagged", "metadata": {"reasons": ["x"]}}},
        ("content_filter", "Your input was flagged", "403", None),
    ),
    "DeepSeek, no balance": (
        402,
        {"error": {"message": "Insufficient Balance"}},
        ("quota", "Insufficient Balance", None, None),
    ),
    "llama.cpp, too long": (
        400,
        {"error": {"code": 400, "message": "m", "type": "exceed_context_size_error", "n_ctx": 512}},
        ("context_window", "m", "400", None),
    ),
    "llama.cpp, loading": (
        503,
        {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}},
        ("overloaded", "Loading model", "503", None),
    ),
    "vLLM, 401": (401, {"error": "Unauthorized"}, ("auth", "Unauthorized", None, None)),
    "vLLM, old": (404, {"object": "error", "message": "m", "code": 404}, ("not_found", "m", "404", None)),
    "RunPod, the engine's status": (
        500,
        {"error": {"message": "vLLM returned HTTP 400: no", "type": "worker_error", "code": None}},
        ("invalid_request", "vLLM returned HTTP 400: no", None, None),
    ),
    "HF, no provider": (
        400,
        {"error": {"message": "m", "type": "invalid_request_error", "param": "model", "code": "model_not_supported"}},
        ("not_found", "m", "model_not_supported", "model"),
    ),
    "Azure, a blocked prompt": (400, FILTERED, ("content_filter", "m", "content_filter", "prompt")),
    "Azure, no chat": (
        400,
        {"error": {"code": "OperationNotSupported", "message": "m"}},
        ("not_found", "m", "OperationNotSupported", None),
    ),
    "Azure, too fast": (
        429,
        {"error": {"code": "RateLimitReached", "message": "m"}},
        ("rate_limit", "m", "RateLimitReached", None),
    ),
    "Azure, a partner's model": (
        424,
        {"error": {"code": "model_error", "message": "m"}},
        ("server_error", "m", "model_error", None),
    ),
    "Google, in a list": (
        400,
        [{"error": {"code": 400, "message": "m", "status": "x"}}],
        ("invalid_request", "m", "400", None),
    ),
}


@pytest.mark.parametrize(("status", "body", "told"), ROWS.values(), ids=ROWS)
def test_errors(status: int, body: Any, told: tuple[str, str, str | None, str | None]) -> None:
    read = failure(status, body)
    assert (read.kind, read.words, read.code, read.param) == told


def test_a_model_that_loads_says_how_long() -> None:
    assert failure(503, {"error": "Model x is currently loading", "estimated_time": 20.0}).retry_after == 20.0
    assert failure(503, {"error": "m", "estimated_time": 20.0}, {"retry-after": "3"}).retry_after == 3.0


def test_the_engines_status_is_the_failures() -> None:
    assert failure(500, {"error": {"message": "vLLM returned HTTP 429: busy", "type": "worker_error"}}).status == 429


def test_a_wrong_key_parks_whatever_its_status() -> None:
    assert failure(400, {"code": "invalid-argument", "error": WRONG_KEY}).parks


def test_nesting_without_end_is_an_error_without_words() -> None:
    body = b'{"detail":' * 900 + b"1" + b"}" * 900
    assert failure(400, body).kind == "invalid_request"
