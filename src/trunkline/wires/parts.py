"""Content parts of the chat API's messages, read: texts, links, files, and the data that they hold."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from trunkline.types import Json
from trunkline.wires.fields import as_object
from trunkline.wires.loss import Losses, invalid

DATA_URL = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),(.*)", re.S)
# A wrong media type is a 400 with many, and clients guess it from file names.
MAGIC = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"))


class Data(NamedTuple):
    """`data` in base64."""

    media_type: str
    data: str

    @property
    def sniffed(self) -> str:
        """The media type by the first bytes of an image, where they tell."""
        try:
            start = b64decode(self.data[:16])
        except Base64Error:
            return self.media_type
        return next((known for magic, known in MAGIC if start.startswith(magic)), self.media_type)

    def decoded(self, where: str) -> bytes:
        """Raises ApiError."""
        try:
            return b64decode(self.data)
        except Base64Error:
            raise invalid(where, "is not valid base64") from None


def text_in(part: Json, where: str) -> str:
    """Of a part of text or a refusal. Raises ApiError."""
    text = part.get("text", part.get("refusal", ""))
    if not isinstance(text, str):
        raise invalid(where, "`text` must be a string")
    return text


def link_in(part: Json, name: str, where: str) -> tuple[str, Json]:
    """The URL of an `image_url` or of what is written like one, and all that is said with it. Raises ApiError."""
    given = part.get(name)
    inner: Json = given if isinstance(given, dict) else {"url": given}
    if not isinstance(inner.get("url"), str):
        raise invalid(where, f"`{name}.url` must be a URL")
    return inner["url"], inner


def image_in(part: Json, where: str, losses: Losses) -> str:
    """The URL of an image for who looks at every one in the same detail."""
    url, image = link_in(part, "image_url", where)
    if image.get("detail", "auto") != "auto":
        losses.add("messages", "trimmed")
    return url


def file_in(part: Json) -> Json:
    return as_object(part.get("file"))


def data_url(data: str) -> str:
    """Of a file that may have come in plain base64, as that of a PDF may."""
    return data if data.startswith("data:") else f"data:application/pdf;base64,{data}"


def is_web(url: str) -> bool:
    return url[:8].lower().startswith(("http://", "https://"))


def data_in(url: Any, where: str) -> Data:
    """What a data URL holds. Raises ApiError for any other."""
    match = DATA_URL.match(url) if isinstance(url, str) else None
    if match is None or ";base64" not in match[2].lower():
        raise invalid(where, "must be a data URL in base64")
    data = match[3]
    if "%" in data:
        data = unquote_to_bytes(data).decode("ascii", "replace")
    return Data(match[1].strip().lower() or "text/plain", "".join(data.split()))
