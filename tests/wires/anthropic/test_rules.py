"""Names of models: (name, what is known of it)."""

import pytest

from tests.wires.anthropic.support import refused
from tests.wires.support import HI
from trunkline.types import Json
from trunkline.wires.anthropic.rules import PERMISSIVE, rules_of

# Name -> the most it writes, how it thinks, off, sampling, forced tools, later system messages, schemas.
ROWS: dict[str, tuple[int | None, str, str, bool, bool, bool, bool]] = {
    "claude-fable-5-1": (128_000, "adaptive", "low", False, False, True, True),
    "claude-mythos-5": (128_000, "adaptive", "low", False, False, True, True),
    "claude-opus-5-5": (128_000, "adaptive", "low", False, False, True, True),
    "claude-sonnet-5-5-20261007": (128_000, "adaptive", "between_tools", False, False, True, True),
    "claude-haiku-5-5": (128_000, "adaptive", "disabled", False, True, True, True),
    "claude-opus-5": (128_000, "adaptive", "disabled", False, True, True, True),
    "claude-sonnet-5-20260601": (128_000, "adaptive", "disabled", False, True, True, True),
    "claude-sonnet-5-9": (128_000, "adaptive", "low", False, False, True, True),
    "claude-opus-4-8": (128_000, "adaptive", "disabled", False, True, True, True),
    "claude-opus-4-7": (128_000, "adaptive", "disabled", False, True, False, True),
    "claude-opus-4-6": (128_000, "adaptive", "disabled", True, True, False, True),
    "us.anthropic.claude-sonnet-4-6-v1:0": (128_000, "adaptive", "disabled", True, True, False, True),
    "claude-sonnet-4-5-20250929": (64_000, "budget", "disabled", True, True, False, True),
    "anthropic/claude-haiku-4.5": (64_000, "budget", "disabled", True, True, False, True),
    "claude-4-5-haiku": (64_000, "budget", "disabled", True, True, False, True),
    "claude-opus-4-1-20250805": (32_000, "budget", "disabled", True, True, False, True),
    "claude-opus-4-20250514": (32_000, "budget", "disabled", True, True, False, False),
    "claude-sonnet-4-0": (64_000, "budget", "disabled", True, True, False, False),
    "claude-3-7-sonnet-latest": (64_000, "budget", "disabled", True, True, False, False),
    "claude-3-5-haiku-latest": (8_192, "none", "disabled", True, True, False, False),
    "claude-3-opus-20240229": (4_096, "none", "disabled", True, True, False, False),
    "claude-2.1": (4_096, "none", "disabled", True, True, False, False),
    "claude-next-6": (128_000, "adaptive", "low", False, False, True, True),
    "claude-opus-4-9": (128_000, "adaptive", "low", False, False, True, True),
    "kimi-k3": (None, "adaptive", "disabled", True, True, False, True),
}


@pytest.mark.parametrize(("name", "wanted"), ROWS.items(), ids=ROWS)
def test_rules(name: str, wanted: tuple[int | None, str, str, bool, bool, bool, bool]) -> None:
    rules = rules_of(name)
    assert (
        rules.max_tokens, rules.thinking, rules.off, rules.sampling, rules.forced, rules.system, rules.structured
    ) == wanted  # fmt: skip


def test_who_is_not_claude_takes_everything() -> None:
    assert rules_of("my-claudette") is PERMISSIVE


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("claude-opus-5-5", False),
        ("claude-sonnet-4-6", False),
        ("claude-next-6", False),
        ("claude-sonnet-4-5", True),
        ("claude-opus-4-1", True),
        ("claude-3-5-haiku-latest", True),
        ("kimi-k3", True),
    ],
)
def test_words_in_its_mouth(name: str, may: bool) -> None:
    body: Json = {"messages": [HI, {"role": "assistant", "content": "{"}]}
    assert refused(body, name) == (None if may else ("unsupported_parameter", "messages"))
