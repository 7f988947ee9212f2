"""Reasoning items as `reasoning_details` and back: a model that calls tools goes on where its reasoning stood.

https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items
"""

from typing import Any, NamedTuple

from trunkline.types import Json
from trunkline.wires.fields import as_objects, as_text
from trunkline.wires.reasoning import placed, position

FORMAT = "openai-responses-v1"  # OpenRouter's name for it, so that entries from there fit too


class Mark(NamedTuple):
    """What stood after so many characters of text and so many tool calls: a reasoning item, or the beginning of a
    message in another phase."""

    text: int
    calls: int
    item: Json | None = None
    phase: str | None = None


def details(item: Json, text: int, calls: int, issuer: str) -> list[Json]:
    """The entries of a reasoning item; `text` characters and `calls` tool calls came before it.

    `issuer`: who gave it. To any but the account that encrypted it a text is a 400, at Azure resource by resource:
    https://github.com/openai/codex/issues/3573
    """
    form = item.get("format")
    common = {"id": item.get("id"), **_common(text, calls, issuer, form if isinstance(form, str) else FORMAT)}
    found: list[Json] = [
        *({"type": "reasoning.summary", "summary": said, **common} for said in texts(item, "summary")),
        *({"type": "reasoning.text", "text": said, **common} for said in texts(item, "content")),
    ]
    if isinstance(item.get("encrypted_content"), str):
        found.append({"type": "reasoning.encrypted", "data": item["encrypted_content"], **common})
    return found


def phase(name: str, text: int, calls: int, issuer: str) -> Json:
    """The entry of a message's phase, by which later turns tell commentary from answers; a summary of nothing, as
    whoever else is given it may know no other types: https://platform.openai.com/docs/api-reference/responses/object"""
    return {"type": "reasoning.summary", "summary": "", "phase": name, **_common(text, calls, issuer, FORMAT)}


def _common(text: int, calls: int, issuer: str, form: str) -> Json:
    return {"format": form, "issuer": issuer, **position(text, calls)}


def texts(item: Json, name: str) -> list[str]:
    """Of the parts of `summary` or `content`."""
    return [text for part in as_objects(item.get(name)) if (text := as_text(part.get("text")))]


def marks(entries: Any, issuer: str) -> tuple[list[Mark], bool]:
    """What `details` and `phase` were made of, as far as it came from this issuer, and whether something else was left
    behind. An item without its encrypted text cannot go back: the provider kept nothing."""
    found: list[Mark] = []
    foreign = False
    group: list[Json] = []
    for entry in as_objects(entries):
        if not _ours(entry, issuer):
            foreign = foreign or bool(entry.get("data") or entry.get("signature"))
        elif as_text(entry.get("phase")):
            found.append(Mark(*placed(entry), phase=as_text(entry.get("phase"))))
        else:
            group = [*(one for one in group if one.get("id") == entry.get("id")), entry]
            if entry.get("type") == "reasoning.encrypted" and as_text(entry.get("data")):
                found.append(Mark(*placed(entry), item=_item(group)))
                group = []
    return found, foreign


def _ours(entry: Json, issuer: str) -> bool:
    """One without an issuer is a client's that knew it from elsewhere."""
    return entry["issuer"] == issuer if "issuer" in entry else entry.get("format") == FORMAT


def _item(group: list[Json]) -> Json:
    last = group[-1]
    said = [text for entry in group if (text := as_text(entry.get("text")))]
    summary = [text for entry in group if (text := as_text(entry.get("summary")))]
    form = last.get("format")
    return {
        "type": "reasoning",
        **({"id": last["id"]} if as_text(last.get("id")) else {}),
        "summary": [{"type": "summary_text", "text": text} for text in summary],
        **({"content": [{"type": "reasoning_text", "text": text} for text in said]} if said else {}),
        "encrypted_content": last["data"],
        **({"format": form} if form != FORMAT and isinstance(form, str) else {}),
    }
