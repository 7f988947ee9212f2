"""Which models think, by the names that people give them."""

import pytest

from trunkline.wires.ollama.rules import PERMISSIVE, Rules, rules_of

LEVELS, SWITCH, NEVER = rules_of("gpt-oss"), rules_of("qwen3"), rules_of("llama3.2")

NAMES: dict[str, Rules] = {
    "gpt-oss:120b-cloud": LEVELS,
    "hf.co/unsloth/gpt-oss-20b-GGUF:Q4": LEVELS,
    "qwen3:4b": SWITCH,
    "Qwen3:4B": SWITCH,
    "qwen3-vl:8b": SWITCH,
    "deepseek-r1:7b": SWITCH,
    "deepseek-v3.1:671b-cloud": SWITCH,
    "magistral": SWITCH,
    "qwen3-coder:480b-cloud": NEVER,
    "qwen3-vl:235b-instruct-cloud": NEVER,
    "qwen2.5:7b": NEVER,
    "llama3.1:8b-instruct-q4_0": NEVER,
    "llama4": NEVER,
    "gemma3n:e4b": NEVER,
    "mistral": NEVER,
    "phi4-mini:latest": NEVER,
    "phi4-mini-reasoning": PERMISSIVE,
    "gemma4:31b": PERMISSIVE,
    "glm-5:cloud": PERMISSIVE,
    "mistral-small4": PERMISSIVE,
    "my-own": PERMISSIVE,
}


@pytest.mark.parametrize(("name", "rules"), NAMES.items(), ids=NAMES)
def test_rules(name: str, rules: Rules) -> None:
    assert rules_of(name) == rules


def test_the_kinds_differ() -> None:
    assert len({LEVELS, SWITCH, NEVER, PERMISSIVE}) == 4
