"""What a provider's own list tells of a model, whatever its form.

Forms read: OpenRouter and Hugging Face (https://openrouter.ai/docs/api-reference/list-available-models), Mistral
(https://docs.mistral.ai/api/endpoint/models), Groq, SambaNova, Together and vLLM (limits alone), Gemini
(https://ai.google.dev/api/models), Anthropic (https://platform.claude.com/docs/en/api/models-list), Cohere and Ollama.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from trunkline.catalog.entry import Entry, inputs

CONTEXT = (
    "context_length", "context_window", "max_context_length", "max_model_len", "inputTokenLimit", "max_input_tokens",
)  # fmt: skip
OUTPUT = ("max_completion_tokens", "max_output_tokens", "max_output_length", "outputTokenLimit", "max_tokens")

# Their words -> ours. A flag that says no is believed, and so is the absence from OpenRouter's complete list.
WORDS = {
    "tools": "tools",
    "function_calling": "tools",
    "supports_tools": "tools",
    "vision": "vision",
    "image_input": "vision",
    "image": "vision",
    "pdf_input": "pdf",
    "file": "pdf",
    "audio": "audio",
    "json_mode": "json_mode",
    "response_format": "json_mode",
    "json_schema": "json_schema",
    "structured_outputs": "json_schema",
    "supports_structured_output": "json_schema",
    "reasoning": "reasoning",
    "thinking": "reasoning",
}
PARAMETERS = ("tools", "response_format", "structured_outputs", "reasoning")


@dataclass(frozen=True, slots=True)
class Told:
    """None, and what is in neither set, was not told."""

    context_window: int | None = None
    max_output_tokens: int | None = None
    has: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    parameters: frozenset[str] | None = None


def read_told(row: dict[str, Any]) -> Told:
    """One row of a list."""
    top = row.get("top_provider")
    limits = (row, top) if isinstance(top, dict) else (row,)
    flags = list(_flags(row))
    has = frozenset(capability for capability, yes in flags if yes)
    lacks = frozenset(capability for capability, yes in flags if not yes) - has
    return Told(_limit(limits, CONTEXT), _limit(limits, OUTPUT), has, lacks, _parameters(row))


def refined(entry: Entry, told: Told) -> Entry:
    """The entry as the provider's list has it; what the list is silent about stays."""
    capabilities = entry.capabilities - told.lacks | told.has
    modalities = dict.fromkeys((*inputs(capabilities), *(each for each in entry.inputs if each not in _INPUTS)))
    return replace(
        entry,
        context_window=told.context_window or entry.context_window,
        max_output_tokens=told.max_output_tokens or entry.max_output_tokens,
        capabilities=capabilities,
        lacks=entry.lacks - told.has | told.lacks,
        parameters=entry.parameters if told.parameters is None else told.parameters,
        inputs=tuple(modalities),
    )


_INPUTS = frozenset({"text", "image", "pdf", "audio"})


def _limit(places: tuple[dict[str, Any], ...], names: tuple[str, ...]) -> int | None:
    found = (place.get(name) for place in places for name in names)
    return next((n for n in found if isinstance(n, int) and not isinstance(n, bool) and n > 0), None)


def _parameters(row: dict[str, Any]) -> frozenset[str] | None:
    """The names of all that the model takes: OpenRouter's are OpenAI's, and it leaves out the others without a word."""
    named = row.get("supported_parameters")
    return frozenset(filter(lambda name: isinstance(name, str), named)) if isinstance(named, list) else None


def _flags(row: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    parameters = _parameters(row)
    if parameters is not None:
        yield from ((WORDS[name], name in parameters) for name in PARAMETERS)
    shape = row.get("architecture")
    yield from _list(shape.get("input_modalities") if isinstance(shape, dict) else None)
    yield from _list(row.get("features"))
    capabilities = row.get("capabilities")
    yield from _list(capabilities)
    if isinstance(capabilities, dict):
        yield from _words(capabilities)
    yield from _words({"thinking": row.get("thinking")})
    for served in row["providers"] if isinstance(row.get("providers"), list) else ():
        if isinstance(served, dict):
            yield from _words({name: served.get(name) for name in ("supports_tools", "supports_structured_output")})


def _list(words: Any) -> Iterator[tuple[str, bool]]:
    """What is not in the list was not told: these lists leave out."""
    for word in words if isinstance(words, list) else ():
        if isinstance(word, str) and word in WORDS:
            yield WORDS[word], True


def _words(flags: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for name, value in flags.items():
        said = value.get("supported") if isinstance(value, dict) else value
        if name in WORDS and isinstance(said, bool):
            yield WORDS[name], said
