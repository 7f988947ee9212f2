"""How to talk: one module of pure functions per upstream format, found by name.

Wires are packages of the same parts, as far as each needs them. `request` writes what `messages`, `parts`, `reasoning`,
`tools`, `schema` and `settings` come to by the model's `rules`; `replies` reads by `stream` or `whole`, with the words
of `answers`; `failures` reads errors. What they share stands beside them: `asks`, `loss`, `parts`, `tools`, `turns` and
`schema` for requests; `replies`, `fields`, `tell` and `failures` for replies.
"""

from typing import cast

from trunkline.ports import Wire
from trunkline.wires import (
    anthropic,
    bedrock,
    cohere,
    gemini,
    huggingface,
    ollama,
    openai,
    replicate,
    responses,
    vertex,
)

WIRES: dict[str, Wire] = {
    "anthropic": cast(Wire, anthropic),
    "bedrock": cast(Wire, bedrock),
    "cohere": cast(Wire, cohere),
    "gemini": cast(Wire, gemini),
    "huggingface": cast(Wire, huggingface),
    "ollama": cast(Wire, ollama),
    "openai": cast(Wire, openai),
    "replicate": cast(Wire, replicate),
    "responses": cast(Wire, responses),
    "vertex": cast(Wire, vertex),
}
