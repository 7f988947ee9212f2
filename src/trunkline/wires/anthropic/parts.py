"""Content parts of messages, as Anthropic's content blocks."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.loss import Losses, unsupported

DATA_URL = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),(.*)", re.S)

# Blocks in Anthropic's own form pass as they are: that is how a client reaches what OpenAI has no word for.
NATIVE = frozenset({
    "image", "document", "search_result", "container_upload", "thinking", "redacted_thinking", "tool_use",
    "tool_result", "server_tool_use", "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result",
    "mcp_tool_use", "mcp_tool_result",
})  # fmt: skip

# A wrong media type is a 400, and clients guess it from file names.
MAGIC = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"))


def blocks_of(content: Any, where: str, losses: Losses) -> list[Json]:
    """A message's content. Blank text is left out: it is a 400. Raises ApiError for what Claude cannot read."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content.strip() else []
    parts = content if isinstance(content, list) else []
    return [block for index, part in enumerate(parts) for block in _blocks(part, f"{where}[{index}]", losses)]


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
    text = part.get("text", part.get("refusal", ""))
    if not isinstance(text, str):
        raise _invalid(where, "`text` must be a string")
    return {"type": "text", "text": text} if text.strip() else None


def _image(part: Json, where: str, losses: Losses) -> Json:
    given = part.get("image_url")
    image: Json = given if isinstance(given, dict) else {"url": given}
    url = image.get("url")
    if not isinstance(url, str):
        raise _invalid(where, "`image_url.url` must be a URL")
    if image.get("detail", "auto") != "auto":
        losses.add("messages", "trimmed")
    if url[:8].lower().startswith(("http://", "https://")):
        return {"type": "image", "source": {"type": "url", "url": url}}
    media_type, data = _base64(url, where)
    return {"type": "image", "source": {"type": "base64", "media_type": _sniffed(media_type, data), "data": data}}


def _file(part: Json, where: str, _losses: Losses) -> Json:
    given = part.get("file")
    file: Json = given if isinstance(given, dict) else {}
    if isinstance(file.get("file_id"), str):
        return _uploaded(file["file_id"], where)
    if not isinstance(file.get("file_data"), str):
        raise _invalid(where, "`file` needs `file_data`, a data URL")
    data_url: str = file["file_data"]
    if not data_url.startswith("data:"):
        data_url = f"data:application/pdf;base64,{data_url}"
    title = {"title": file["filename"]} if isinstance(file.get("filename"), str) and file["filename"].strip() else {}
    media_type, data = _base64(data_url, where)
    if media_type.startswith("image/"):
        return {"type": "image", "source": {"type": "base64", "media_type": _sniffed(media_type, data), "data": data}}
    if media_type == "application/pdf":
        return {"type": "document", "source": {"type": "base64", "media_type": media_type, "data": data}, **title}
    if not media_type.startswith("text/"):
        raise unsupported(where, f"Claude models read PDF, text and images, not {media_type[:60]!r} (`{where}`).")
    text = _decoded(data, where).decode("utf-8", "replace")
    return {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": text}, **title}


def _uploaded(file_id: str, where: str) -> Json:
    """Anthropic's ids begin with `file_`, OpenAI's with `file-`."""
    if not file_id.startswith("file_"):
        why = f"`{where}` names a file uploaded elsewhere, which Anthropic cannot see; send `file_data` instead."
        raise unsupported(where, why)
    return {"type": "document", "source": {"type": "file", "file_id": file_id}}


def _audio(_part: Json, where: str, _losses: Losses) -> Json:
    raise unsupported(where, f"Claude models cannot hear audio (`{where}`).")


def _base64(url: str, where: str) -> tuple[str, str]:
    """Media type and base64 text of a data URL."""
    match = DATA_URL.match(url)
    if match is None:
        raise _invalid(where, "must be an https URL or a data URL")
    media_type, options, data = match.groups()
    if ";base64" not in options.lower():
        raise _invalid(where, "a data URL must be in base64")
    if "%" in data:
        data = unquote_to_bytes(data).decode("ascii", "replace")
    return media_type.strip().lower() or "text/plain", "".join(data.split())


def _sniffed(media_type: str, data: str) -> str:
    try:
        start = b64decode(data[:16])
    except Base64Error:
        return media_type
    return next((known for magic, known in MAGIC if start.startswith(magic)), media_type)


def _decoded(data: str, where: str) -> bytes:
    try:
        return b64decode(data)
    except Base64Error:
        raise _invalid(where, "is not valid base64") from None


def _invalid(where: str, complaint: str) -> ApiError:
    return ApiError("invalid_request", f"`{where}`: {complaint}.", param=where, should_retry=False)


READERS: dict[str, Callable[[Json, str, Losses], Json | None]] = {
    "text": _text,
    "refusal": _text,
    "image_url": _image,
    "file": _file,
    "input_audio": _audio,
}
