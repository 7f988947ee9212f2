"""Strings made from simple regular expressions, by the judgement of `re`."""

import re

import pytest

from trunkline.transport.demo.schema.patterns import Unknown, samples

PATTERNS = [
    r"^\d{4}-\d{2}-\d{2}$",
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    r"^#(?:[0-9a-fA-F]{3}){1,2}$",
    r"^\+?[1-9]\d{1,14}$",
    r"^(foo|bar)\.txt$",
    r"^foo|^bar$",
    r"^[^\s@]+@[^\s@]+\.[a-z]{2,}$",
    r"^[\w.-]*$",
    r"a{2}b{1,}c{0,3}d?",
    r"^\{.*\}$",
    r"^\$\d+\.\d{2}$",
    r"^[^a-zA-Z0-9]$",
    r"^\S+\s\S+$",
    r"^(?:[A-Z][a-z]*?)+\t$",
    r"",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_samples_match_their_pattern(pattern: str) -> None:
    texts = list(samples(pattern))
    assert len(texts) == len(set(texts)) > 0
    for text in texts:
        assert re.search(pattern, text), text


@pytest.mark.parametrize(
    "pattern", [r"(?=a)b", r"(?i)a", r"(a)\1", r"\bword", r"a$b", r"a^", r"[z-a]", "(", "[a", "\\", "*"]
)
def test_a_pattern_that_is_not_understood_is_not_guessed(pattern: str) -> None:
    with pytest.raises(Unknown):
        list(samples(pattern))


def test_a_hostile_pattern_takes_no_time() -> None:
    with pytest.raises(Unknown):
        list(samples("((((a{1000}){1000}){1000}){1000})"))
    assert next(samples("^(a+)+$")) == "a"
