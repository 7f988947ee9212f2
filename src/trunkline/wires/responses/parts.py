"""Content parts of messages, as Responses takes them.

https://platform.openai.com/docs/api-reference/responses/create#responses-create-input
"""

from collections.abc import Callable
from typing import Any

from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.loss import Losses, unsupported

# Parts in the provider's own form pass as they are.
NATIVE = frozenset({"input_text", "input_image", "input_file"})
BREAKPOINT = "prompt_cache_breakpoint"
KEPT = frozenset({"type", "text", "image_url", "file", BREAKPOINT})


def content_of(content: Any, where: str, losses: Losses) -> str | list[Json]:
    """What somebody else than the model says. Raises ApiError for a part that has no counterpart."""
    if not isinstance(content, list):
        return content or ""
    return [_part(part, f"{where}[{index}]", losses) for index, part in enumerate(content)]


def text_of(content: Any, where: str) -> str:
    """What the model said before. Raises ApiError for anything but text."""
    if not isinstance(content, list):
        return content or ""
    return "".join(_said(part, f"{where}[{index}]") for index, part in enumerate(content))


def _said(part: Json, where: str) -> str:
    text = part.get("text", part.get("refusal"))
    if part.get("type") not in ("text", "output_text", "refusal"):
        raise unsupported(
            where, f"An assistant's part of type {str(part.get('type'))[:40]!r} (`{where}`) cannot go back."
        )
    return _string(text, where, "text")


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
    return {"type": "input_text", "text": _string(part.get("text"), where, "text")}


def _image(part: Json, where: str) -> Json:
    given = part.get("image_url")
    image: Json = given if isinstance(given, dict) else {"url": given}
    url = _string(image.get("url"), where, "image_url.url")
    return {"type": "input_image", "image_url": url, "detail": image.get("detail") or "auto"}


def _file(part: Json, where: str) -> Json:
    given = part.get("file")
    file: Json = given if isinstance(given, dict) else {}
    named = {"filename": file["filename"]} if file.get("filename") else {}
    if file.get("file_id"):
        return {"type": "input_file", "file_id": _string(file["file_id"], where, "file.file_id")}
    data = _string(file.get("file_data"), where, "file.file_data")
    if not data.startswith("data:"):
        data = f"data:application/pdf;base64,{data}"
    return {"type": "input_file", "file_data": data, **named}


def _string(value: Any, where: str, name: str) -> str:
    if isinstance(value, str):
        return value
    raise ApiError("invalid_request", f"`{where}`: `{name}` must be a string.", param=where, should_retry=False)


WRITERS: dict[str, Callable[[Json, str], Json]] = {
    "text": _text,
    "refusal": lambda part, where: _text({"text": part.get("refusal")}, where),
    "image_url": _image,
    "file": _file,
}
