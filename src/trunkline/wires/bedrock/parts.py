"""Content parts of messages, as Converse's content blocks.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.anthropic.parts import cache_mark
from trunkline.wires.bedrock.documents import Names, document_format
from trunkline.wires.bedrock.rules import Rules
from trunkline.wires.loss import Losses, unsupported

DATA_URL = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),(.*)", re.S)

# Blocks in Converse's own form pass as they are: that is how a client reaches what OpenAI has no word for.
NATIVE = frozenset({
    "image", "document", "video", "audio", "guardContent", "cachePoint", "reasoningContent", "citationsContent",
    "searchResult", "toolUse", "toolResult",
})  # fmt: skip

# A wrong format is a 400, and clients guess the media type from file names.
MAGIC = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"), (b"RIFF", "webp"))
IMAGES = {"image/png": "png", "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/gif": "gif", "image/webp": "webp"}
VIDEOS = {
    "video/mp4": "mp4", "video/webm": "webm", "video/quicktime": "mov", "video/x-matroska": "mkv",
    "video/x-flv": "flv", "video/mpeg": "mpeg", "video/x-ms-wmv": "wmv", "video/3gpp": "three_gp",
}  # fmt: skip
SOUNDS = frozenset({"mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "m4a", "mpeg", "pcm", "webm"})


class Scope(NamedTuple):
    """What is known while one request is written."""

    rules: Rules
    losses: Losses
    names: Names


def blocks_of(content: Any, where: str, scope: Scope) -> list[Json]:
    """A message's content. Blank text is left out: it is a 400. Raises ApiError for what no model here can read."""
    if isinstance(content, str):
        return [{"text": content}] if content.strip() else []
    parts = content if isinstance(content, list) else []
    return [block for index, part in enumerate(parts) for block in _blocks(part, f"{where}[{index}]", scope)]


def _blocks(part: Json, where: str, scope: Scope) -> Iterator[Json]:
    kind = str(part.get("type"))
    read = READERS.get(kind)
    native = {name: part[name] for name in part if name in NATIVE}
    if read is None and native:
        yield native
        return
    if read is None:
        raise unsupported(where, f"Converse has no block for a part of type {kind[:40]!r} (`{where}`).")
    block = read(part, where, scope)
    if block is not None:
        yield block
        yield from cache_point(part, "messages", scope)


def cache_point(marked: Json, place: str, scope: Scope) -> Iterator[Json]:
    """The block after what is to be cached, where the marker of Anthropic or OpenAI stands at it."""
    mark = cache_mark(marked).get("cache_control")
    if not mark:
        return
    if place not in scope.rules.caches:
        scope.losses.add("cache_control")
        return
    life = mark.get("ttl") if isinstance(mark, dict) else None
    hour = life == "1h" and scope.rules.hour
    yield {"cachePoint": {"type": "default", **({"ttl": "1h"} if hour else {})}}


def _text(part: Json, where: str, _scope: Scope) -> Json | None:
    text = part.get("text", part.get("refusal", ""))
    if not isinstance(text, str):
        raise invalid(where, "`text` must be a string")
    return {"text": text} if text.strip() else None


def _image(part: Json, where: str, scope: Scope) -> Json:
    given = part.get("image_url")
    image: Json = given if isinstance(given, dict) else {"url": given}
    if image.get("detail", "auto") != "auto":
        scope.losses.add("messages", "trimmed")
    media_type, data = _data(image.get("url"), where, "image_url.url")
    return image_block(media_type, data, where)


def image_block(media_type: str, data: str, where: str) -> Json:
    """Raises ApiError for an image that Converse does not take."""
    try:
        start = b64decode(data[:16])
    except Base64Error:
        start = b""
    format_ = next((known for magic, known in MAGIC if start.startswith(magic)), IMAGES.get(media_type))
    if format_ is None:
        raise unsupported(where, f"Converse takes PNG, JPEG, GIF and WebP images, not {media_type[:60]!r} (`{where}`).")
    return {"image": {"format": format_, "source": {"bytes": data}}}


def _video(part: Json, where: str, _scope: Scope) -> Json:
    given = part.get("video_url")
    video: Json = given if isinstance(given, dict) else {"url": given}
    media_type, data = _data(video.get("url"), where, "video_url.url")
    if media_type not in VIDEOS:
        raise unsupported(where, f"Converse takes no video of type {media_type[:60]!r} (`{where}`).")
    return {"video": {"format": VIDEOS[media_type], "source": {"bytes": data}}}


def _audio(part: Json, where: str, scope: Scope) -> Json:
    given = part.get("input_audio")
    audio: Json = given if isinstance(given, dict) else {}
    if not scope.rules.hears:
        raise unsupported(where, f"This model cannot hear audio (`{where}`).")
    if audio.get("format") not in SOUNDS or not isinstance(audio.get("data"), str):
        raise invalid(where, "`input_audio` needs `data` in base64 and a `format` such as mp3 or wav")
    return {"audio": {"format": audio["format"], "source": {"bytes": audio["data"]}}}


def _file(part: Json, where: str, scope: Scope) -> Json:
    given = part.get("file")
    file: Json = given if isinstance(given, dict) else {}
    if file.get("file_id"):
        why = f"`{where}` names a file uploaded elsewhere, which Bedrock cannot see; send `file_data` instead."
        raise unsupported(where, why)
    name = file["filename"] if isinstance(file.get("filename"), str) else ""
    media_type, data = _file_data(file.get("file_data"), where)
    if media_type.startswith("image/"):
        return image_block(media_type, data, where)
    format_ = document_format(media_type, name)
    if format_ is None:
        why = f"Converse reads PDF, text, HTML and office documents, not {media_type[:60]!r} (`{where}`)."
        raise unsupported(where, why)
    return {"document": {"format": format_, "name": scope.names.take(name), "source": {"bytes": data}}}


def _file_data(given: Any, where: str) -> tuple[str, str]:
    """Media type, "" where only the file's name tells, and base64 text."""
    if isinstance(given, str) and given and not DATA_URL.match(given) and "://" not in given:
        return "", "".join(given.split())
    return _data(given, where, "file.file_data")


def _data(url: Any, where: str, field: str) -> tuple[str, str]:
    """Media type and base64 text of a data URL."""
    if not isinstance(url, str):
        raise invalid(where, f"`{field}` must be a data URL")
    if url[:8].lower().startswith(("http://", "https://")):
        why = f"`{where}`: Bedrock fetches nothing from the web; send the content as a data URL in base64 instead."
        raise unsupported(where, why)
    match = DATA_URL.match(url)
    if match is None or ";base64" not in match[2].lower():
        raise invalid(where, f"`{field}` must be a data URL in base64")
    data = match[3]
    if "%" in data:
        data = unquote_to_bytes(data).decode("ascii", "replace")
    return match[1].strip().lower() or "text/plain", "".join(data.split())


def invalid(where: str, complaint: str) -> ApiError:
    """A request that nobody could understand."""
    return ApiError("invalid_request", f"`{where}`: {complaint}.", param=where, should_retry=False)


READERS: dict[str, Callable[[Json, str, Scope], Json | None]] = {
    "text": _text,
    "refusal": _text,
    "image_url": _image,
    "video_url": _video,
    "file": _file,
    "input_audio": _audio,
}
