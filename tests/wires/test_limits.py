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


MORE: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "Mistral": (
        {
            "x-ratelimit-limit-req-minute": "60",
            "x-ratelimit-remaining-req-minute": "59",
            "x-ratelimit-limit-tokens-minute": "50000",
            "x-ratelimit-remaining-tokens-minute": "49990",
        },
        {
            "x-ratelimit-limit-requests": "60",
            "x-ratelimit-remaining-requests": "59",
            "x-ratelimit-limit-tokens": "50000",
            "x-ratelimit-remaining-tokens": "49990",
        },
    ),
    "Cerebras": (
        {
            "x-ratelimit-limit-requests-day": "1000",
            "x-ratelimit-reset-requests-day": "33011.382867",
            "x-ratelimit-remaining-tokens-minute": "59000",
            "x-ratelimit-reset-tokens-minute": "0.5",
        },
        {
            "x-ratelimit-limit-requests": "1000",
            "x-ratelimit-reset-requests": "550m11s",
            "x-ratelimit-remaining-tokens": "59000",
            "x-ratelimit-reset-tokens": "500ms",
        },
    ),
    "Together": (
        {"x-ratelimit-limit": "10", "x-ratelimit-reset": "1", "x-tokenlimit-limit": "3000"},
        {
            "x-ratelimit-limit-requests": "10",
            "x-ratelimit-reset-requests": "1s",
            "x-ratelimit-limit-tokens": "3000",
        },
    ),
}


@pytest.mark.parametrize(("said", "told"), MORE.values(), ids=MORE)
def test_names_of_their_own(said: dict[str, str], told: dict[str, str]) -> None:
    assert openai_limits(said, NOW) == {**said, **told}


def test_what_was_said_in_openais_form_counts_more() -> None:
    headers = {"ratelimit-remaining": "5", "x-ratelimit-remaining-requests": "7"}
    assert openai_limits(headers, NOW) == headers


def test_who_says_nothing_of_the_kind_costs_nothing() -> None:
    headers = {"x-ratelimit-limit-requests": "1"}
    assert openai_limits(headers, NOW) is headers
