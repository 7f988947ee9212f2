"""What goes out on a chat stream: data events, comments, and nothing else.

Never `event:`, `id:` or `retry:` lines, which break the official SDKs; keep-alives are comments.
"""

from typing import Any

import orjson

from trunkline.ports import PING
from trunkline.types import Json

DONE = b"data: [DONE]\n\n"
PING_COMMENT = b": ping\n\n"


def frames(chunks: list[Json], with_usage: bool) -> bytes:
    """Chunks as events in one piece of bytes. `with_usage`: the client asked for the usage chunk, so every other
    chunk says `usage: null`, as OpenAI's do."""
    out = []
    for chunk in chunks:
        if chunk is PING:
            out.append(PING_COMMENT)
            continue
        if with_usage:
            chunk.setdefault("usage", None)
        out.append(b"data: %b\n\n" % orjson.dumps(chunk))
    return b"".join(out)


def error_frame(body: Json) -> bytes:
    """The event that every SDK raises on."""
    return b"data: %b\n\n" % orjson.dumps(body)


def tail_comment(fields: dict[str, Any]) -> bytes:
    """What is known only at the end, for those who look; SDKs skip it."""
    return b": trunkline %b\n\n" % orjson.dumps(fields)
