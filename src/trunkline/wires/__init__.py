"""How to talk: one module of pure functions per upstream format, found by name."""

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
