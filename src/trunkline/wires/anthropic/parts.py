"""Content parts of messages, as Anthropic's content blocks."""

from collections.abc import Callable, Iterator
from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import as_text, each
from trunkline.wires.loss import Losses, invalid, unsupported
from trunkline.wires.parts import Data, data_in, data_url, file_in, image_in, is_web, text_in

# Blocks in Anthropic's own form pass as they are: that is how a client reaches what OpenAI has no word for.
NATIVE = frozenset({
    "image", "document", "search_result", "container_upload", "thinking", "redacted_thinking", "tool_use",
    "tool_result", "server_tool_use", "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result",
    "mcp_tool_use", "mcp_tool_result",
})  # fmt: skip


def blocks_of(content: Any, where: str, losses: Losses) -> list[Json]:
    """A message's content. Blank text is left out: it is a 400. Raises ApiError for what Claude cannot read."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content.strip() else []
    return [block for part, at in each(content, where) for block in _blocks(part, at, losses)]


def _blocks(part: Json, where: str, losses: Losses) -> Iterator[Json]:
    kind = str(part.get("type"))
    if kind in NATIVE:
        yield part
        return
    read = READERS.get(kind)
    if read is None:
        raise unsupported(where, f"Claude models cannot read a part of type {kind[:40]!r} (`{where}`).")
    block = read(part, where, losses)
    if block is not None:
        yield {**block, **cache_mark(part)}


def cache_mark(part: Json) -> Json:
    """Anthropic's marker, or the one that OpenAI's breakpoint stands for; its longer lives are one hour here."""
    if part.get("cache_control"):
        return {"cache_control": part["cache_control"]}
    point = part.get("prompt_cache_breakpoint")
    if not isinstance(point, dict):
        return {}
    return {"cache_control": {"type": "ephemeral", **({"ttl": "1h"} if point.get("ttl") else {})}}


def _text(part: Json, where: str, _losses: Losses) -> Json | None:
    text = text_in(part, where)
    return {"type": "text", "text": text} if text.strip() else None


def _image(part: Json, where: str, losses: Losses) -> Json:
    url = image_in(part, where, losses)
    return {"type": "image", "source": {"type": "url", "url": url}} if is_web(url) else _shown(data_in(url, where))


def _shown(given: Data) -> Json:
    return {"type": "image", "source": {"type": "base64", "media_type": given.sniffed, "data": given.data}}


def _file(part: Json, where: str, _losses: Losses) -> Json:
    file = file_in(part)
    if isinstance(file.get("file_id"), str):
        return _uploaded(file["file_id"], where)
    if not isinstance(file.get("file_data"), str):
        raise invalid(where, "`file` needs `file_data`, a data URL")
    title = {"title": file["filename"]} if as_text(file.get("filename")).strip() else {}
    given = data_in(data_url(file["file_data"]), where)
    if given.media_type.startswith("image/"):
        return _shown(given)
    if given.media_type == "application/pdf":
        source = {"type": "base64", "media_type": given.media_type, "data": given.data}
        return {"type": "document", "source": source, **title}
    if not given.media_type.startswith("text/"):
        raise unsupported(where, f"Claude models read PDF, text and images, not {given.media_type[:60]!r} (`{where}`).")
    text = given.decoded(where).decode("utf-8", "replace")
    return {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": text}, **title}


def _uploaded(file_id: str, where: str) -> Json:
    """Anthropic's ids begin with `file_`, OpenAI's with `file-`."""
    if not file_id.startswith("file_"):
        why = f"`{where}` names a file uploaded elsewhere, which Anthropic cannot see; send `file_data` instead."
        raise unsupported(where, why)
    return {"type": "document", "source": {"type": "file", "file_id": file_id}}


def _audio(_part: Json, where: str, _losses: Losses) -> Json:
    raise unsupported(where, f"Claude models cannot hear audio (`{where}`).")


READERS: dict[str, Callable[[Json, str, Losses], Json | None]] = {
    "text": _text,
    "refusal": _text,
    "image_url": _image,
    "file": _file,
    "input_audio": _audio,
}
