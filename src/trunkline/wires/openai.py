"""OpenAI's own wire, and that of every server that copies it.

The hub is this format, so a request passes with the row's renames and drops, and an answer with its shape mended.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from trunkline.decoders import ServerSentEvents
from trunkline.errors import Failure
from trunkline.hub.text import read_json
from trunkline.ports import Decoder, Encoded
from trunkline.types import Call, Json, Provider, Target
from trunkline.wires.dialect import CHUNK, REQUEST, WHOLE, Mend
from trunkline.wires.failures import read_failure
from trunkline.wires.narrow import narrow, taken_by
from trunkline.wires.replies import Streamed, decoder_of, parse

Mends = tuple[Mend, ...]

PATHS = {"chat": "/chat/completions", "embeddings": "/embeddings"}


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as this provider takes it; `body` is not changed.

    Raises ApiError(unsupported_parameter) for a parameter whose loss would change the meaning.
    """
    provider = target.provider
    taken = taken_by(target, body)
    sent, lost = narrow(body, taken, target)
    sent["model"] = provider.deployments.get(target.model, target.model)
    if provider.stream_options is None:
        sent.pop("stream_options", None)
    elif call.stream and "stream_options" not in taken.drop:
        # Always asked for, shown only to a client that asked: a stream without usage cannot be accounted for.
        sent["stream_options"] = {**provider.stream_options, **body.get("stream_options", {}), "include_usage": True}
    if call.kind == "embeddings" and "encoding_format" in sent and not provider.base64_embeddings:
        sent["encoding_format"] = "float"
    for name in taken.request:
        how = REQUEST[name](sent)
        lost += [how] if how else []
    return Encoded(_path(call, provider, sent["model"]), orjson.dumps(sent), dropped=tuple(sorted(lost)))


def _path(call: Call, provider: Provider, model: str) -> str:
    """Below the base URL. A model's name comes from the client and may not reach beyond its segment."""
    path = provider.path.replace("{call}", provider.paths.get(call.kind, PATHS[call.kind]))
    return path.replace("{model}", quote(model, safe="")) if "{model}" in path else path


def decoder(call: Call, _body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply. Raises Failure for a page meant for a browser."""
    names = target.provider.reply
    return decoder_of(
        call,
        target,
        content_type,
        events=lambda: Streamed(ServerSentEvents(), Message(tuple(CHUNK[name] for name in names))),
        read=lambda data: _parse(data, "the answer", tuple(WHOLE[name] for name in names)),
    )


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says. A page meant for a browser says nothing but its status."""
    if headers.get("content-type", "").startswith("text/html") or body.lstrip()[:1] == b"<":
        failure = read_failure(status, headers, f"HTTP status {status} with an HTML page", now)
        failure.kind = "invalid_response" if failure.kind == "server_error" else failure.kind
        return failure
    return read_failure(status, headers, _read_or_text(body), now)


def _read_or_text(body: bytes) -> Any:
    try:
        return read_json(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _parse(data: bytes, what: str, mends: Mends = ()) -> Json:
    parsed = parse(data, what)
    # Google's compatible API puts its error object into a list.
    first = parsed[0] if isinstance(parsed, list) and parsed else parsed
    if not isinstance(first, dict) or (first is not parsed and not first.get("error")):
        raise Failure("invalid_response", f"{what} is not a JSON object")
    for mend in mends:
        mend(first)
    if first.get("error"):
        raise read_failure(None, {}, first, 0.0)
    return first


class Message:
    """A Reader: each event is a chunk or an error."""

    __slots__ = ("_mends", "done")

    def __init__(self, mends: Mends = ()) -> None:
        self._mends = mends
        self.done = False

    def take(self, name: str, data: bytes) -> Iterator[Json]:
        if name == "error":
            raise read_failure(None, {}, _read_or_text(data), 0.0)
        yield _parse(data, "an event of the stream", self._mends)

    def end(self) -> Iterator[Json]:
        yield from ()
