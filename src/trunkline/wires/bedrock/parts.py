"""Content parts of messages, as Converse's content blocks.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from trunkline.types import Json
from trunkline.wires.anthropic.parts import cache_mark
from trunkline.wires.bedrock.documents import Names, document_format
from trunkline.wires.bedrock.rules import Rules
from trunkline.wires.fields import as_object, as_text, each
from trunkline.wires.loss import Losses, invalid, unsupported
from trunkline.wires.parts import Data, data_in, file_in, image_in, is_web, link_in, text_in

# Blocks in Converse's own form pass as they are: that is how a client reaches what OpenAI has no word for.
NATIVE = frozenset({
    "image", "document", "video", "audio", "guardContent", "cachePoint", "reasoningContent", "citationsContent",
    "searchResult", "toolUse", "toolResult",
})  # fmt: skip

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
    return [block for part, at in each(content, where) for block in _blocks(part, at, scope)]


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
    text = text_in(part, where)
    return {"text": text} if text.strip() else None


def _image(part: Json, where: str, scope: Scope) -> Json:
    return image_block(_data(image_in(part, where, scope.losses), where), where)


def image_block(given: Data, where: str) -> Json:
    """Raises ApiError for an image that Converse does not take."""
    format_ = IMAGES.get(given.sniffed)
    if format_ is None:
        kind = given.media_type[:60]
        raise unsupported(where, f"Converse takes PNG, JPEG, GIF and WebP images, not {kind!r} (`{where}`).")
    return {"image": {"format": format_, "source": {"bytes": given.data}}}


def _video(part: Json, where: str, _scope: Scope) -> Json:
    media_type, data = _data(link_in(part, "video_url", where)[0], where)
    if media_type not in VIDEOS:
        raise unsupported(where, f"Converse takes no video of type {media_type[:60]!r} (`{where}`).")
    return {"video": {"format": VIDEOS[media_type], "source": {"bytes": data}}}


def _audio(part: Json, where: str, scope: Scope) -> Json:
    audio = as_object(part.get("input_audio"))
    if not scope.rules.hears:
        raise unsupported(where, f"This model cannot hear audio (`{where}`).")
    if audio.get("format") not in SOUNDS or not isinstance(audio.get("data"), str):
        raise invalid(where, "`input_audio` needs `data` in base64 and a `format` such as mp3 or wav")
    return {"audio": {"format": audio["format"], "source": {"bytes": audio["data"]}}}


def _file(part: Json, where: str, scope: Scope) -> Json:
    file = file_in(part)
    if file.get("file_id"):
        why = f"`{where}` names a file uploaded elsewhere, which Bedrock cannot see; send `file_data` instead."
        raise unsupported(where, why)
    name, held = as_text(file.get("filename")), _file_data(file.get("file_data"), where)
    if held.media_type.startswith("image/"):
        return image_block(held, where)
    format_ = document_format(held.media_type, name)
    if format_ is None:
        why = f"Converse reads PDF, text, HTML and office documents, not {held.media_type[:60]!r} (`{where}`)."
        raise unsupported(where, why)
    return {"document": {"format": format_, "name": scope.names.take(name), "source": {"bytes": held.data}}}


def _file_data(given: Any, where: str) -> Data:
    """Of no media type where only the file's name tells."""
    if isinstance(given, str) and given and not given.startswith("data:") and "://" not in given:
        return Data("", "".join(given.split()))
    return _data(given, where)


def _data(url: Any, where: str) -> Data:
    """What a data URL holds."""
    if isinstance(url, str) and is_web(url):
        why = f"`{where}`: Bedrock fetches nothing from the web; send the content as a data URL in base64 instead."
        raise unsupported(where, why)
    return data_in(url, where)


READERS: dict[str, Callable[[Json, str, Scope], Json | None]] = {
    "text": _text,
    "refusal": _text,
    "image_url": _image,
    "video_url": _video,
    "file": _file,
    "input_audio": _audio,
}
