"""What is known of models by their names."""

import pytest

from trunkline.wires.responses.rules import Rules, rules_of

OPEN, HIDDEN, WHOLE = Rules(), Rules(hidden=True), Rules(hidden=True, streams=False)
ROWS = {
    "gpt-4o": OPEN,
    "gpt-4.1-mini": OPEN,
    "chatgpt-4o-latest": OPEN,
    "gpt-5-chat-latest": OPEN,
    "gpt-5.2-chat": OPEN,
    "gpt-5": HIDDEN,
    "openai/gpt-5.4-mini": HIDDEN,
    "gpt-5.1-codex-max": HIDDEN,
    "codex-mini-latest": HIDDEN,
    "gpt-6-astra": HIDDEN,
    "o3-deep-research-2025-06-26": HIDDEN,
    "o3-pro": HIDDEN,
    "o1-pro-2025-03-19": WHOLE,
    "gpt-5-pro": WHOLE,
    "gpt-5.2-pro": HIDDEN,
    "gpt-oss-120b": OPEN,
    "openai/gpt-oss-20b": OPEN,
    "grok-4.3": HIDDEN,
    "grok-4.20-non-reasoning": OPEN,
    "my-deployment": OPEN,
    "Qwen/Qwen3-0.6B": OPEN,
    "foo3-pro": OPEN,
}


@pytest.mark.parametrize(("model", "rules"), ROWS.items(), ids=ROWS)
def test_rules(model: str, rules: Rules) -> None:
    assert rules_of(model) == rules
