"""How to talk: one module of pure functions per upstream format, found by name."""

from typing import cast

from trunkline.ports import Wire
from trunkline.wires import anthropic, openai

WIRES: dict[str, Wire] = {"anthropic": cast(Wire, anthropic), "openai": cast(Wire, openai)}
