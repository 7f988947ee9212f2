"""The event stream as chunks: https://ai.google.dev/api/generate-content#generatecontentresponse

It is a row of whole responses, each with what is new; their counts are cumulative, the last one holds.
"""

from collections.abc import Iterator

from trunkline.errors import Failure
from trunkline.hub.completion import fold
from trunkline.types import Json
from trunkline.wires.fields import as_object, as_objects, as_text
from trunkline.wires.gemini.answers import tier, usage
from trunkline.wires.gemini.candidate import Candidate
from trunkline.wires.gemini.failures import error_inside
from trunkline.wires.replies import parse

# Early responses may hold nothing but the kind of traffic.
COUNTED = frozenset({"promptTokenCount", "totalTokenCount"})


class Message:
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
        identity, model = as_text(said.get("responseId")), as_text(said.get("modelVersion"))
        frame = {**({"id": f"chatcmpl-{identity}"} if identity else {}), **({"model": model} if model else {})}
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
        candidates, feedback = as_objects(said.get("candidates")), as_object(said.get("promptFeedback"))
        if not candidates and feedback.get("blockReason"):
            yield from self._candidate(0, said).blocked(feedback)
        for place, candidate in enumerate(candidates):
            index = candidate.get("index")
            known = self._candidate(index if isinstance(index, int) else place, said)
            yield from known.take(candidate)

    def _candidate(self, index: int, said: Json) -> Candidate:
        if index not in self._candidates:
            seed = as_text(said.get("responseId")) or self._call_id
            self._candidates[index] = Candidate(index, seed, self._custom)
        return self._candidates[index]


def completion(data: bytes, call_id: str, custom: frozenset[str]) -> Json:
    """A whole answer is a stream of one response."""
    reader = Message(call_id, custom)
    chunks = [*reader.take("", data), *reader.end()]
    return fold(chunks, next((chunk["usage"] for chunk in reversed(chunks) if "usage" in chunk), None))
