"""A request held against what its model is known to lack or to take. What nobody told is never held against it."""

from collections.abc import Iterator
from typing import Any

from trunkline.catalog import Entry
from trunkline.types import Json, Target
from trunkline.wires.loss import unsupported
from trunkline.wires.narrow import NEUTRAL

# What a deviation of the provider's requests makes up for.
EMULATED = {"schema_as_instruction": "json_schema"}
OURS = ("function", "custom")  # tools that the client runs; the provider's own are no matter of the model alone
PARTS = {"image_url": "vision", "input_audio": "audio"}
# Where all that a model takes is known: those that are lost without the others, and those whose loss is refused.
LOST = ("temperature", "top_p", "frequency_penalty", "presence_penalty", "stop", "seed")
MEANT = ("logit_bias", "logprobs", "top_logprobs")
NOTHING = {**NEUTRAL, "reasoning_effort": "none"}
WORDS = {
    "tools": "call tools",
    "vision": "see images",
    "pdf": "read PDF files",
    "audio": "hear audio",
    "json_schema": "be held to a JSON schema",
}


def capable(body: Json, entry: Entry | None, target: Target) -> tuple[Json, tuple[str, ...]]:
    """The request less what the model has no use for, and the names of it; `body` is not changed.

    Raises ApiError(unsupported_parameter) for what it cannot do: another model may.
    """
    if entry is None:
        return body, ()
    lost = _unlisted(body, entry.parameters, target) if entry.parameters is not None else []
    lacks = entry.lacks - {EMULATED[name] for name in target.provider.takes.own.request if name in EMULATED}
    for capability, where in _needs(body) if lacks else ():
        if capability in lacks:
            raise unsupported(where, f"{target.id} cannot {WORDS[capability]} (`{where}`); ask for another model.")
    if "reasoning" in lacks and "reasoning_effort" in body:
        lost.append("reasoning_effort")
    if not lost:
        return body, ()
    kept = {name: value for name, value in body.items() if name not in lost}
    return kept, tuple(name for name in lost if body[name] != NOTHING.get(name))


def _unlisted(body: Json, taken: frozenset[str], target: Target) -> list[str]:
    """What is not among all that the model takes. Raises ApiError where its loss would change the meaning."""
    for name in MEANT:
        if body.get(name) and name not in taken:
            raise unsupported(name, f"`{name}` is not supported by {target.id}; ask for another model.")
    if "tool_choice" not in taken and body.get("tool_choice", "auto") not in ("auto", "none"):
        raise unsupported("tool_choice", f"{target.id} cannot be made to call a tool; use `auto`.")
    return [name for name in LOST if name in body and name not in taken]


def _needs(body: Json) -> Iterator[tuple[str, str]]:
    """Capabilities that the request cannot do without, and where it asks for them."""
    for name in ("tools", "functions"):
        given = body.get(name)
        if isinstance(given, list) and any(_is_ours(tool) for tool in given):
            yield "tools", name
    if (body.get("response_format") or {}).get("type") == "json_schema":
        yield "json_schema", "response_format"
    for index, message in enumerate(body.get("messages", ())):
        content = message.get("content")
        if not isinstance(content, list):
            continue
        for place, part in enumerate(content):
            capability = "pdf" if _is_pdf(part) else PARTS.get(str(part.get("type")))
            if capability:
                yield capability, f"messages[{index}].content[{place}]"


def _is_ours(tool: Any) -> bool:
    return isinstance(tool, dict) and tool.get("type", "function") in OURS


def _is_pdf(part: Any) -> bool:
    file = part.get("file")
    if not isinstance(file, dict):
        return False
    data, name = file.get("file_data"), file.get("filename")
    told = isinstance(data, str) and data[:20].lower().startswith("data:application/pdf")
    return told or (isinstance(name, str) and name.lower().endswith(".pdf"))
