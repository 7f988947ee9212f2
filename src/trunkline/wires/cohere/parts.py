"""Content parts of messages, as Cohere's content blocks: https://docs.cohere.com/v2/reference/chat#request.body.messages"""

from collections.abc import Iterator
from typing import Any

from trunkline.types import Json
from trunkline.wires.cohere.rules import Rules
from trunkline.wires.fields import each
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.parts import link_in, text_in

DETAILS = ("auto", "low", "high")
CANNOT = {
    "file": "read files; send what they say as text, or as `documents`",
    "input_audio": "hear audio",
}


def written(content: Any, where: str, between: str = "") -> str:
    """A message's content that can only be text, with this between its parts. Raises ApiError for any other part."""
    if isinstance(content, str):
        return content
    return between.join(_text(part, at) for part, at in each(content, where))


def said(content: Any, where: str, rules: Rules, losses: Losses) -> str | list[Json]:
    """What a user says: text as it is, parts as blocks. Blank text is left out: it is a 400. Raises ApiError for what
    the model cannot read."""
    if isinstance(content, str):
        return content if content.strip() else ""
    return [block for part, at in each(content, where) for block in _blocks(part, at, rules, losses)]


def result(content: Any, where: str) -> str | list[Json]:
    """What a tool said, as text or as documents that the answer can cite; an empty result is a 400, so that it is told
    as a document that says so."""
    if isinstance(content, list):
        blocks = [block for part, at in each(content, where) for block in _results(part, at)]
        if blocks:
            return blocks
    elif isinstance(content, str) and content.strip():
        return content
    return [{"type": "document", "document": {"data": {"output": ""}}}]


def _results(part: Json, where: str) -> Iterator[Json]:
    if part.get("type") == "document" and isinstance(part.get("document"), dict):
        yield {"type": "document", "document": part["document"]}
    else:
        yield from _words(part, where)


def _blocks(part: Json, where: str, rules: Rules, losses: Losses) -> Iterator[Json]:
    if part.get("type") == "image_url":
        yield _image(part, where, rules, losses)
    else:
        yield from _words(part, where)


def _words(part: Json, where: str) -> Iterator[Json]:
    text = _text(part, where)
    if text.strip():
        yield {"type": "text", "text": text}


def _text(part: Json, where: str) -> str:
    kind = str(part.get("type"))
    if kind not in ("text", "refusal"):
        what = CANNOT.get(kind, f"read a part of type {kind[:40]!r}")
        raise unsupported(where, f"Cohere's models cannot {what} (`{where}`).")
    return text_in(part, where)


def _image(part: Json, where: str, rules: Rules, losses: Losses) -> Json:
    if not rules.vision:
        raise unsupported(where, f"This Cohere model cannot see images (`{where}`); ask for one with vision.")
    url, image = link_in(part, "image_url", where)
    detail = image.get("detail")
    if detail not in (None, *DETAILS):
        losses.add("messages", "trimmed")
    told = {"detail": detail} if detail in DETAILS else {}
    return {"type": "image_url", "image_url": {"url": url, **told}}
