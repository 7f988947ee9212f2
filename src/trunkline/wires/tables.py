"""Tables of patterns, of which the first that is found counts."""

import re
from collections.abc import Iterable
from typing import TypeVar

from trunkline.errors import FailureClass

Row = TypeVar("Row")

Words = tuple[tuple[re.Pattern[str], FailureClass], ...]


def by_model(table: Iterable[tuple[str, Row]], model: str, otherwise: Row) -> Row:
    """By a model's name in small letters, where a word begins in it."""
    name = model.lower()
    return next((row for pattern, row in table if re.search(rf"(?<![a-z])(?:{pattern})", name)), otherwise)


def by_words(table: Words, words: str, otherwise: FailureClass) -> FailureClass:
    """By what an error says."""
    return next((kind for pattern, kind in table if pattern.search(words)), otherwise)
