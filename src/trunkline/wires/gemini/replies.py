"""Replies in hub form: https://ai.google.dev/api/generate-content#generatecontentresponse

A stream is a row of whole responses, each with what is new; its counts are cumulative, the last one holds.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from trunkline.decoders import ServerSentEvents
from trunkline.errors import Failure
from trunkline.hub.completion import fold
from trunkline.ports import Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.batches import Batches
from trunkline.wires.gemini.candidate import Candidate
from trunkline.wires.gemini.embeddings import batches, read
from trunkline.wires.gemini.failures import error_inside
from trunkline.wires.gemini.tools import custom_names
from trunkline.wires.gemini.usage import tier, usage
from trunkline.wires.replies import Streamed, decoder_of, parse

# Early responses may hold nothing but the kind of traffic.
COUNTED = frozenset({"promptTokenCount", "totalTokenCount"})


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    if call.kind == "embeddings":
        rest = batches(body, target)[1:]
        return Batches(call, target, rest, partial(read, model=target.model))
    return reply_decoder(call, body, target, content_type)


def reply_decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Of a chat alone: the same wherever Gemini is served."""
    custom = custom_names(body.get("tools"))
    return decoder_of(
        call,
        target,
        content_type,
        streams="text/event-stream",
        events=lambda: Streamed(ServerSentEvents(), Responses(call.id, custom)),
        read=lambda data: _completion(data, call.id, custom),
    )


def _completion(data: bytes, call_id: str, custom: frozenset[str]) -> Json:
    """A whole answer is a stream of one response."""
    reader = Responses(call_id, custom)
    chunks = [*reader.take("", data), *reader.end()]
    return fold(chunks, next((chunk["usage"] for chunk in reversed(chunks) if "usage" in chunk), None))


class Responses:
    """A Reader. `call_id` makes ids where Google gives none; `custom`: names of the tools whose calls are free text."""

    __slots__ = ("_call_id", "_candidates", "_custom", "_untold", "_usage", "done")

    def __init__(self, call_id: str, custom: frozenset[str]) -> None:
        self._call_id = call_id
        self._custom = custom
        self._candidates: dict[int, Candidate] = {}
        self._usage: Json = {}
        self._untold = False
        self.done = False

    def take(self, _name: str, data: bytes) -> Iterator[Json]:
        said = parse(data, "the answer")
        # Without `alt=sse` a stream is one list.
        for response in said if isinstance(said, list) else [said]:
            if not isinstance(response, dict):
                raise Failure("invalid_response", "the answer is not a JSON object")
            if response.get("error"):
                raise error_inside(response)
            yield from self._response(response)

    def end(self) -> Iterator[Json]:
        """What an answer without an end has cost."""
        yield from self._counts()

    def _response(self, said: Json) -> Iterator[Json]:
        frame = {**_text(said, "responseId", "id", "chatcmpl-"), **_text(said, "modelVersion", "model")}
        ended = not said.get("candidates")
        for choice in self._choices(said):
            ended = ended or choice["finish_reason"] is not None
            yield {**frame, "choices": [choice]}
        counted = said.get("usageMetadata")
        if isinstance(counted, dict):
            self._usage |= counted
            self._untold = self._untold or not COUNTED.isdisjoint(counted)
        if ended:
            yield from self._counts()

    def _counts(self) -> Iterator[Json]:
        """Once, unless there is more to tell: they are cumulative."""
        if self._untold:
            self._untold = False
            yield {"choices": [], "usage": usage(self._usage), **tier(self._usage)}

    def _choices(self, said: Json) -> Iterator[Json]:
        listed = said.get("candidates")
        candidates = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        feedback = said.get("promptFeedback")
        if not candidates and isinstance(feedback, dict) and feedback.get("blockReason"):
            yield from self._candidate(0, said).blocked(feedback)
        for place, candidate in enumerate(candidates):
            index = candidate.get("index")
            known = self._candidate(index if isinstance(index, int) else place, said)
            yield from known.take(candidate)

    def _candidate(self, index: int, said: Json) -> Candidate:
        if index not in self._candidates:
            identity: Any = said.get("responseId")
            seed = identity if isinstance(identity, str) and identity else self._call_id
            self._candidates[index] = Candidate(index, seed, self._custom)
        return self._candidates[index]


def _text(said: Json, name: str, ours: str, prefix: str = "") -> Json:
    value = said.get(name)
    return {ours: prefix + value} if isinstance(value, str) and value else {}
