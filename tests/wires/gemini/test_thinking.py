"""How much a model thinks: rows of (model, effort, thinkingConfig, what was lost), and the rules behind them."""

from typing import Any

import pytest

from tests.wires.gemini.support import config, write
from trunkline.types import Json
from trunkline.wires.gemini.rules import LEVELS, NEWEST, TABLE, rules_of

PRO, FLASH, LITE = "gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"
THREE_PRO, THREE_FLASH, LATER_FLASH = "gemini-3-pro-preview", "gemini-3.5-flash", "gemini-3.8-flash"


def budget(tokens: int) -> Json:
    return {"thinkingBudget": tokens, "includeThoughts": True}


def level(name: str) -> Json:
    return {"thinkingLevel": name, "includeThoughts": True}


ROWS: tuple[tuple[str, str, Json | None, tuple[str, ...]], ...] = (
    (FLASH, "none", {"thinkingBudget": 0}, ()),
    (FLASH, "minimal", budget(1_024), ()),
    (FLASH, "low", budget(1_024), ()),
    (FLASH, "medium", budget(8_192), ()),
    (FLASH, "high", budget(24_576), ()),
    (FLASH, "max", budget(24_576), ()),
    (FLASH, "extreme", None, ("reasoning_effort",)),
    (LITE, "none", {"thinkingBudget": 0}, ()),
    (LITE, "low", budget(1_024), ()),
    (PRO, "none", {"thinkingBudget": 128}, ("reasoning_effort=low",)),
    (PRO, "xhigh", budget(32_768), ()),
    (THREE_PRO, "none", {"thinkingLevel": "LOW"}, ("reasoning_effort=low",)),
    (THREE_PRO, "minimal", level("LOW"), ("reasoning_effort=low",)),
    (THREE_PRO, "low", level("LOW"), ()),
    (THREE_PRO, "medium", level("HIGH"), ("reasoning_effort=high",)),
    (THREE_PRO, "high", level("HIGH"), ()),
    (THREE_PRO, "xhigh", level("HIGH"), ("reasoning_effort=high",)),
    (THREE_FLASH, "none", {"thinkingLevel": "MINIMAL"}, ("reasoning_effort=minimal",)),
    (THREE_FLASH, "minimal", level("MINIMAL"), ()),
    (THREE_FLASH, "medium", level("MEDIUM"), ()),
    (THREE_FLASH, "max", level("HIGH"), ("reasoning_effort=high",)),
    (LATER_FLASH, "none", {"thinkingLevel": "LOW"}, ("reasoning_effort=low",)),
    (LATER_FLASH, "minimal", level("LOW"), ("reasoning_effort=low",)),
    ("gemini-2.0-flash", "high", None, ("reasoning_effort",)),
    ("gemini-2.0-flash", "none", None, ()),
    ("gemini-2.5-flash-image", "low", None, ("reasoning_effort",)),
    ("gemini-3-pro-image-preview", "low", None, ("reasoning_effort",)),
    ("gemma-3-27b-it", "low", None, ("reasoning_effort",)),
)


@pytest.mark.parametrize(("model", "effort", "wanted", "dropped"), ROWS)
def test_effort(model: str, effort: str, wanted: Json | None, dropped: tuple[str, ...]) -> None:
    written = write({"reasoning_effort": effort}, model)
    assert written.request.get("generationConfig", {}).get("thinkingConfig") == wanted
    assert written.dropped == dropped


@pytest.mark.parametrize("model", [PRO, FLASH, THREE_PRO, LATER_FLASH])
def test_who_says_nothing_gets_the_models_own_default(model: str) -> None:
    assert config({}, model) == {}


def test_the_clients_own_words_count() -> None:
    given = {"thinkingLevel": "HIGH", "includeThoughts": False}
    assert config({"reasoning_effort": "low", "thinkingConfig": given}, THREE_PRO) == {"thinkingConfig": given}


# Name -> what must be true of its rules.
FAMILIES: dict[str, dict[str, Any]] = {
    "gemini-2.5-pro-preview-06-05": {"thinking": "budget", "budget": (128, 32_768), "off": False, "signed": False},
    "models/gemini-2.5-flash-lite-preview": {"budget": (512, 24_576), "off": True},
    "gemini-2.5-flash": {"budget": (0, 24_576), "mixed": False, "urls": True},
    "gemini-2.5-computer-use-preview": {"thinking": "budget", "off": False},
    "gemini-2.5-flash-preview-tts": {"thinking": "none", "signed": False},
    "gemini-2.5-flash-image": {"thinking": "none", "signed": False},
    "gemini-3-pro-image-preview": {"thinking": "none", "signed": True},
    "gemini-2.0-flash-001": {"thinking": "none", "urls": False},
    "gemini-1.5-pro": {"thinking": "none"},
    "gemma-3-27b-it": {"system": False},
    "gemma-4-31b-it": {"system": True, "thinking": "none"},
    "gemini-3-pro-preview": {"levels": ("low", "high"), "signed": True, "rich": True},
    "gemini-3.1-pro-preview": {"levels": ("low", "medium", "high")},
    "gemini-3-flash-preview": {"levels": ("minimal", "low", "medium", "high")},
    "gemini-3.1-flash-lite": {"levels": ("minimal", "low", "medium", "high")},
    "gemini-3.6-flash": {"levels": ("minimal", "low", "medium", "high")},
    "gemini-3.7-flash": {"levels": ("low", "medium", "high")},
    "gemini-flash-latest": {"thinking": "level"},
    "gemini-pro-latest": {"thinking": "level"},
    "gemini-9-ultra": {"levels": ("low", "medium", "high"), "signed": True, "mixed": True},
    "tunedModels/mine": {"thinking": "level"},
}


@pytest.mark.parametrize(("model", "wanted"), FAMILIES.items(), ids=FAMILIES)
def test_families(model: str, wanted: dict[str, Any]) -> None:
    rules = rules_of(model)
    assert {name: getattr(rules, name) for name in wanted} == wanted


def test_the_table_is_in_order() -> None:
    for _, rules in (*TABLE, ("", NEWEST)):
        assert list(rules.levels) == sorted(rules.levels, key=LEVELS.index)
        assert 0 <= rules.budget[0] < rules.budget[1]
