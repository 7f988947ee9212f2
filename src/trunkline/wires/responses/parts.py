"""Content parts of messages, as Responses takes them.

https://platform.openai.com/docs/api-reference/responses/create#responses-create-input
"""

from collections.abc import Callable
from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import each
from trunkline.wires.loss import Losses, invalid, unsupported
from trunkline.wires.parts import data_url, file_in, link_in, text_in

# Parts in the provider's own form pass as they are.
NATIVE = frozenset({"input_text", "input_image", "input_file"})
BREAKPOINT = "prompt_cache_breakpoint"
KEPT = frozenset({"type", "text", "image_url", "file", BREAKPOINT})


def content_of(content: Any, where: str, losses: Losses) -> str | list[Json]:
    """What somebody else than the model says. Raises ApiError for a part that has no counterpart."""
    if not isinstance(content, list):
        return content or ""
    return [_part(part, at, losses) for part, at in each(content, where)]


def written(content: Any, where: str) -> str:
    """What the model said before. Raises ApiError for anything but text."""
    if not isinstance(content, list):
        return content or ""
    return "".join(_said(part, at) for part, at in each(content, where))


def _said(part: Json, where: str) -> str:
    kind = str(part.get("type"))
    if kind not in ("text", "output_text", "refusal"):
        raise unsupported(where, f"An assistant's part of type {kind[:40]!r} (`{where}`) cannot go back.")
    return text_in(part, where)


def _part(part: Json, where: str, losses: Losses) -> Json:
    kind = str(part.get("type"))
    if kind in NATIVE:
        return part
    write = WRITERS.get(kind)
    if write is None:
        raise unsupported(where, f"The Responses API takes no part of type {kind[:40]!r} (`{where}`).")
    if any(value for name, value in part.items() if name not in KEPT):
        losses.add("messages", "trimmed")
    return {**write(part, where), **({BREAKPOINT: part[BREAKPOINT]} if part.get(BREAKPOINT) else {})}


def _text(part: Json, where: str) -> Json:
    return {"type": "input_text", "text": text_in(part, where)}


def _image(part: Json, where: str) -> Json:
    url, image = link_in(part, "image_url", where)
    return {"type": "input_image", "image_url": url, "detail": image.get("detail") or "auto"}


def _file(part: Json, where: str) -> Json:
    file = file_in(part)
    named = {"filename": file["filename"]} if file.get("filename") else {}
    given = file.get("file_id") or file.get("file_data")
    if not isinstance(given, str):
        raise invalid(where, "`file` needs a `file_id`, or `file_data` as a data URL")
    if file.get("file_id"):
        return {"type": "input_file", "file_id": given}
    return {"type": "input_file", "file_data": data_url(given), **named}


WRITERS: dict[str, Callable[[Json, str], Json]] = {
    "text": _text,
    "refusal": _text,
    "image_url": _image,
    "file": _file,
}
