"""Which inputs a model has, by its name."""

import pytest

from trunkline.wires.replicate.rules import COMMON, family_of

# Model -> (the input for the limit, for the system prompt, how turns are told, the input for images)
FAMILIES: dict[str, tuple[str, str | None, str, str | None]] = {
    "meta/meta-llama-3-70b-instruct": ("max_tokens", "system_prompt", "template", None),
    "meta/meta-llama-3.1-405b-instruct": ("max_tokens", "system_prompt", "template", None),
    "Meta/Meta-Llama-3-8B-Instruct": ("max_tokens", "system_prompt", "template", None),
    "meta/llama-4-maverick-instruct": ("max_tokens", None, "transcript", None),
    "meta/llama-2-70b-chat": ("max_tokens", "system_prompt", "transcript", None),
    "openai/gpt-4.1-mini": ("max_completion_tokens", "system_prompt", "messages", "image_input"),
    "openai/gpt-5": ("max_completion_tokens", "system_prompt", "messages", "image_input"),
    "openai/o4-mini": ("max_completion_tokens", "system_prompt", "messages", "image_input"),
    "openai/gpt-oss-120b": ("max_tokens", None, "transcript", None),
    "anthropic/claude-3.7-sonnet": ("max_tokens", "system_prompt", "transcript", "image"),
    "google/gemini-2.5-flash": ("max_output_tokens", "system_instruction", "transcript", "images"),
    "deepseek-ai/deepseek-r1": ("max_tokens", None, "transcript", None),
    "ibm-granite/granite-3.3-8b-instruct": ("max_tokens", "system_prompt", "transcript", None),
    "not-openai/gpt-4": ("max_tokens", "system_prompt", "transcript", None),
    "ac732df83cea7fff18b8472768c88ad041fa750ff7682a21affe81863cbe77e4": (
        "max_tokens", "system_prompt", "transcript", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("model", "wanted"), FAMILIES.items(), ids=FAMILIES)
def test_families(model: str, wanted: tuple[str, str | None, str, str | None]) -> None:
    family = family_of(model)
    assert (family.limit, family.system, family.history, family.images and family.images[0]) == wanted


def test_a_version_of_a_model_is_of_its_family() -> None:
    assert family_of("meta/meta-llama-3-8b:5c6d") == family_of("meta/meta-llama-3-8b")
    assert family_of("mine") == COMMON


@pytest.mark.parametrize(("model", "takes"), [("openai/gpt-4o", True), ("openai/gpt-5", False), ("anthropic/x", False)])
def test_models_that_reason_have_no_temperature(model: str, takes: bool) -> None:
    assert ("temperature" in family_of(model).names) == takes
