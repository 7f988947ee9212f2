"""Names of models: (name, what is known of it)."""

import pytest

from trunkline.wires.cohere.rules import PERMISSIVE, rules_of

# Name -> the most it writes, whether it thinks, sees, and can be made to call a tool.
ROWS: dict[str, tuple[int | None, bool, bool, bool]] = {
    "command-a-plus-05-2026": (64_000, True, True, True),
    "command-a-reasoning-08-2025": (32_000, True, False, True),
    "command-a-vision-07-2025": (8_192, False, True, True),
    "command-a-translate-08-2025": (8_192, False, False, True),
    "command-a-03-2025": (8_192, False, False, True),
    "cohere.command-a-03-2025": (8_192, False, False, True),
    "command-r7b-12-2024": (4_096, False, False, True),
    "command-r7b-arabic-02-2025": (4_096, False, False, True),
    "command-r-08-2024": (4_096, False, False, False),
    "command-r-plus-08-2024": (4_096, False, False, False),
    "command-r": (4_096, False, False, False),
    "Command-R-Plus": (4_096, False, False, False),
    "cohere.command-r-plus-v1:0": (4_096, False, False, False),
    "c4ai-aya-vision-32b": (4_096, False, True, False),
    "c4ai-aya-expanse-32b": (4_096, False, False, False),
    "north-mini-code-1-0": (64_000, True, False, True),
    "north-small-translate-1-0": (16_000, False, False, True),
    "command-b-01-2027": (None, True, True, True),
}


@pytest.mark.parametrize(("name", "wanted"), ROWS.items(), ids=ROWS)
def test_rules(name: str, wanted: tuple[int | None, bool, bool, bool]) -> None:
    rules = rules_of(name)
    assert (rules.max_tokens, rules.thinking, rules.vision, rules.tool_choice) == wanted


def test_a_model_of_ones_own_takes_everything() -> None:
    assert rules_of("3f2a-my-finetune-ft") is PERMISSIVE
