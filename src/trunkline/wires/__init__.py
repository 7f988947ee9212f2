"""How to talk: one module of pure functions per upstream format, found by name."""

from typing import cast

from trunkline.types import Wire
from trunkline.wires import openai

WIRES: dict[str, Wire] = {"openai": cast(Wire, openai)}
