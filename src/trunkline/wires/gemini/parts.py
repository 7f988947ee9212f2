"""Content parts of messages, as Gemini's parts.

https://ai.google.dev/gemini-api/docs/file-input-methods
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from trunkline.types import Json
from trunkline.wires.fields import as_object, as_text, each
from trunkline.wires.gemini.dialect import Dialect
from trunkline.wires.gemini.rules import Rules
from trunkline.wires.loss import Losses, invalid, unsupported
from trunkline.wires.parts import data_in, file_in, link_in, text_in

# Files that Google holds itself: their type is known there.
HELD = re.compile(r"https://(generativelanguage\.googleapis\.com/|(www\.)?youtube\.com/|youtu\.be/)", re.I)

# Parts in Gemini's own form pass as they are: that is how a client reaches what OpenAI has no word for.
NATIVE = frozenset({
    "inlineData", "fileData", "executableCode", "codeExecutionResult", "toolCall", "toolResponse",
})  # fmt: skip
BESIDE = frozenset({"videoMetadata", "mediaResolution", "thoughtSignature", "thought", "partMetadata"})

RESOLUTION = {
    "low": "MEDIA_RESOLUTION_LOW",
    "high": "MEDIA_RESOLUTION_HIGH",
    "original": "MEDIA_RESOLUTION_ULTRA_HIGH",
}


# Types by a name's suffix, where neither the client nor Google knows better.
SUFFIXES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "heic": "image/heic",
    "heif": "image/heif", "gif": "image/gif", "pdf": "application/pdf", "json": "application/json", "txt": "text/plain",
    "md": "text/markdown", "csv": "text/csv", "html": "text/html", "xml": "text/xml", "mp3": "audio/mp3",
    "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg", "aac": "audio/aac", "aiff": "audio/aiff",
    "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "mpeg": "video/mpeg", "avi": "video/avi",
}  # fmt: skip


class Scope(NamedTuple):
    """What writing a part needs to know."""

    rules: Rules
    dialect: Dialect
    losses: Losses


def parts_of(content: Any, where: str, scope: Scope) -> list[Json]:
    """A message's content. Empty text is left out: it may be refused. Raises ApiError for what Gemini cannot read."""
    if isinstance(content, str):
        return [{"text": content}] if content else []
    read = (_part(as_object(part), at, scope) for part, at in each(content, where))
    return [part for part in read if part is not None]


def _part(part: Json, where: str, scope: Scope) -> Json | None:
    if part.keys() & NATIVE:
        return {name: value for name, value in part.items() if name in NATIVE or name in BESIDE}
    if part.get("cache_control"):
        scope.losses.add("messages", "trimmed")
    kind = str(part.get("type"))
    read = READERS.get(kind)
    if read is None:
        raise unsupported(where, f"Gemini models cannot read a part of type {kind[:40]!r} (`{where}`).")
    return read(part, where, scope)


def _text(part: Json, where: str, _scope: Scope) -> Json | None:
    text = text_in(part, where)
    return {"text": text} if text else None


def _image(part: Json, where: str, scope: Scope) -> Json:
    url, image = link_in(part, "image_url", where)
    detail = image.get("detail", "auto")
    level = RESOLUTION.get(detail) if isinstance(detail, str) and scope.rules.rich else None
    if detail != "auto" and level is None:
        scope.losses.add("messages", "trimmed")
    return {**_media(url, where, scope, "image/jpeg"), **({"mediaResolution": {"level": level}} if level else {})}


def _video(part: Json, where: str, scope: Scope) -> Json:
    url, _ = link_in(part, "video_url", where)
    return _media(url, where, scope, "video/mp4")


def _file(part: Json, where: str, scope: Scope) -> Json:
    file = file_in(part)
    if isinstance(file.get("file_id"), str):
        return _uploaded(file["file_id"], where, scope)
    data = file.get("file_data")
    if not isinstance(data, str):
        raise invalid(where, "`file` needs `file_data`, a data URL")
    guessed = _by_suffix(as_text(file.get("filename"))) or "application/pdf"
    if not data.startswith(("data:", *scope.dialect.schemes)):
        return {"inlineData": {"mimeType": guessed, "data": data}}
    return _media(data, where, scope, guessed)


def _uploaded(file_id: str, where: str, scope: Scope) -> Json:
    """A file of Google's, by its URI or as `files/...`; OpenAI's begin with `file-`."""
    if file_id.startswith("files/") and scope.dialect.files:
        return {"fileData": {"fileUri": scope.dialect.files + file_id}}
    if file_id.startswith(scope.dialect.schemes):
        return _media(file_id, where, scope, "application/pdf")
    raise unsupported(
        where, f"`{where}` names a file uploaded elsewhere, which Google cannot see; send `file_data` instead."
    )


def _audio(part: Json, where: str, _scope: Scope) -> Json:
    audio = as_object(part.get("input_audio"))
    if not isinstance(audio.get("data"), str) or not isinstance(audio.get("format"), str):
        raise invalid(where, '`input_audio` needs `data` in base64 and a `format` such as "wav"')
    return {"inlineData": {"mimeType": f"audio/{audio['format'].lower()}", "data": audio["data"]}}


def _media(url: str, where: str, scope: Scope, otherwise: str) -> Json:
    """A data URL or the URI of a file; `otherwise` is its type where nothing says it."""
    if url[:8].lower().startswith(scope.dialect.schemes):
        if HELD.match(url):
            return {"fileData": {"fileUri": url}}
        if not (scope.rules.urls or url.startswith("gs://")):  # Google's own storage is at hand for every model
            raise unsupported(where, f"`{where}`: this model fetches no URLs; send the content as a data URL.")
        return {"fileData": {"fileUri": url, "mimeType": _by_suffix(_path(url)) or otherwise}}
    media_type, data = data_in(url, where)
    return {"inlineData": {"mimeType": media_type, "data": data}}


def _by_suffix(name: str) -> str | None:
    return SUFFIXES.get(name.rpartition(".")[2].lower())


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


READERS: dict[str, Callable[[Json, str, Scope], Json | None]] = {
    "text": _text,
    "refusal": _text,
    "image_url": _image,
    "video_url": _video,
    "file": _file,
    "input_audio": _audio,
}
