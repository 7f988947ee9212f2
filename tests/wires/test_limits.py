"""Rate limits in OpenAI's form: rows of (a provider's headers, what a client sees of them)."""

import pytest

from trunkline.wires.limits import openai_limits

NOW = 1763683200.0  # 2025-11-21T00:00:00Z


@pytest.mark.parametrize(
    ("reset", "told"),
    [
        ("2025-11-21T00:00:05Z", "5s"),
        ("2025-11-21T00:06:00Z", "6m0s"),
        ("2025-11-21T00:00:00.120000Z", "120ms"),
        ("2025-11-20T23:59:00Z", "0ms"),
        ("2025-11-21T01:00:05+01:00", "5s"),
        ("2025-11-21T00:00:05", "5s"),
        ("soon", "soon"),
    ],
)
def test_when_it_resets(reset: str, told: str) -> None:
    headers = {"anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-requests-reset": reset}
    assert openai_limits(headers, NOW)["x-ratelimit-reset-requests"] == told


def test_counts() -> None:
    headers = {
        f"anthropic-ratelimit-{what}-{part}": "7" for what in ("requests", "tokens") for part in ("limit", "remaining")
    }
    told = {k: v for k, v in openai_limits(headers, NOW).items() if k.startswith("x-")}
    assert told == {
        f"x-ratelimit-{part}-{what}": "7" for what in ("requests", "tokens") for part in ("limit", "remaining")
    }


def test_a_trial_key_of_cohere() -> None:
    headers = {"x-trial-endpoint-call-limit": "20", "x-trial-endpoint-call-remaining": "19", "num-tokens": "5"}
    assert openai_limits(headers, NOW) == {
        **headers,
        "x-ratelimit-limit-requests": "20",
        "x-ratelimit-remaining-requests": "19",
    }


def test_seconds() -> None:
    headers = {"ratelimit-remaining": "599", "ratelimit-reset": "61"}
    told = {"x-ratelimit-remaining-requests": "599", "x-ratelimit-reset-requests": "1m1s"}
    assert openai_limits(headers, NOW) == {**headers, **told}


def test_what_was_said_in_openais_form_counts_more() -> None:
    headers = {"ratelimit-remaining": "5", "x-ratelimit-remaining-requests": "7"}
    assert openai_limits(headers, NOW) == headers


def test_who_says_nothing_of_the_kind_costs_nothing() -> None:
    headers = {"x-ratelimit-limit-requests": "1"}
    assert openai_limits(headers, NOW) is headers
