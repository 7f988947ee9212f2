"""OpenAI's own wire, and that of every server that copies it.

The hub is this format, so a request passes with the row's renames and drops, and an answer with its shape mended.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from trunkline.decoders import ServerSentEvent, ServerSentEvents, Whole
from trunkline.errors import Failure
from trunkline.hub.completion import conform_completion, replay
from trunkline.hub.embeddings import conform_embeddings
from trunkline.hub.text import read_json
from trunkline.types import PING, Call, Decoder, Encoded, Json, Provider, Target
from trunkline.wires.dialect import CHUNK, REQUEST, WHOLE, Mend
from trunkline.wires.failures import read_failure
from trunkline.wires.folded import Folded
from trunkline.wires.narrow import narrow

Mends = tuple[Mend, ...]

PATHS = {"chat": "/chat/completions", "embeddings": "/embeddings"}


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as this provider takes it; `body` is not changed.

    Raises ApiError(unsupported_parameter) for a parameter whose loss would change the meaning.
    """
    provider = target.provider
    sent, lost = narrow(body, target)
    sent["model"] = provider.deployments.get(target.model, target.model)
    if provider.stream_options is None:
        sent.pop("stream_options", None)
    elif call.stream and "stream_options" not in provider.drop:
        # Always asked for, shown only to a client that asked: a stream without usage cannot be accounted for.
        sent["stream_options"] = {**provider.stream_options, **body.get("stream_options", {}), "include_usage": True}
    if call.kind == "embeddings" and "encoding_format" in sent and not provider.base64_embeddings:
        sent["encoding_format"] = "float"
    for name in provider.request:
        how = REQUEST[name](sent)
        lost += [how] if how else []
    return Encoded(_path(call, provider, sent["model"]), orjson.dumps(sent), dropped=tuple(sorted(lost)))


def _path(call: Call, provider: Provider, model: str) -> str:
    """Below the base URL. A model's name comes from the client and may not reach beyond its segment."""
    path = provider.path.replace("{call}", PATHS[call.kind])
    return path.replace("{model}", quote(model, safe="")) if "{model}" in path else path


def decoder(call: Call, target: Target, content_type: str) -> Decoder:
    """By what the reply is, not by what was asked: some servers answer a stream request with one JSON body."""
    content_type = content_type.lower()
    if content_type.startswith("text/html"):
        raise Failure("invalid_response", "the answer is an HTML page, not JSON: is this the API's base URL?")
    names = target.provider.reply
    if call.kind == "chat" and (content_type.startswith("text/event-stream") or (call.stream and not content_type)):
        mends = tuple(CHUNK[name] for name in names)
        return Events(mends) if call.stream else Folded(call, target, Events(mends))
    return Body(call, target, tuple(WHOLE[name] for name in names))


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
    try:
        parsed = read_json(data)
    except ValueError:
        raise Failure("invalid_response", f"{what} is not valid JSON") from None
    # Google's compatible API puts its error object into a list.
    first = parsed[0] if isinstance(parsed, list) and parsed else parsed
    if not isinstance(first, dict) or (first is not parsed and not first.get("error")):
        raise Failure("invalid_response", f"{what} is not a JSON object")
    for mend in mends:
        mend(first)
    if first.get("error"):
        raise read_failure(None, {}, first, 0.0)
    return first


class Events:
    """A stream: each event is a chunk, an error, or a sign of life."""

    __slots__ = ("_events", "_mends", "done")

    def __init__(self, mends: Mends = ()) -> None:
        self._mends = mends
        self._events = ServerSentEvents()
        self.done = False

    def feed(self, data: bytes) -> Iterator[Json]:
        return self._chunks(self._events.feed(data))

    def close(self) -> Iterator[Json]:
        return self._chunks(self._events.close())

    def _chunks(self, events: Iterator[ServerSentEvent]) -> Iterator[Json]:
        for event, data in events:
            if self.done:
                return  # nothing after [DONE] counts (faults row 47)
            if data is None:
                yield PING
            elif data.strip() == b"[DONE]":
                self.done = True
            elif event == "error":
                raise read_failure(None, {}, _read_or_text(data), 0.0)
            else:
                yield _parse(data, "an event of the stream", self._mends)


class Body:
    """One JSON answer, told as chunks where a stream was asked for."""

    __slots__ = ("_call", "_mends", "_target", "_whole", "done")

    def __init__(self, call: Call, target: Target, mends: Mends) -> None:
        self._mends = mends
        self._call = call
        self._target = target
        self._whole = Whole()
        self.done = False

    def feed(self, data: bytes) -> Iterator[Json]:
        self._whole.feed(data)
        yield from ()

    def close(self) -> Iterator[Json]:
        call, model = self._call, self._target.model
        body = _parse(self._whole.body(), "the answer", self._mends)
        if call.kind == "embeddings":
            yield conform_embeddings(body, call.body.get("encoding_format"), model)
            return
        completion = conform_completion(body, call.id, call.created, model)
        if call.stream:
            yield from replay(completion)
            yield {"usage": completion.get("usage")}
        else:
            yield completion
