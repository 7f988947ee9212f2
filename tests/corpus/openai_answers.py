"""OpenAI's own answers pass as they are: what else would differ, with the fields that facts.py does not read."""

import copy
from array import array
from base64 import b64decode
from collections.abc import Iterator

from tests.corpus.agreement import ABSENT, differences, own
from tests.corpus.recordings import Json, Recording, told
from tests.kit.answer import Answer

IDENTITY = ("id", "object", "created", "model", "system_fingerprint", "service_tier")


def further(recording: Recording, body: Json, answer: Answer) -> Iterator[str]:
    if recording.kind == "error":
        yield from differences(own(recording.answer, "param"), answer.error["param"], "$.error.param")
        return
    yield from differences(recording.said, told(answer, recording.call), "facts")
    if recording.call == "embeddings":
        yield from _vectors(recording, body, answer)
        return
    yield from _stream(recording, body, answer) if answer.streamed else _whole(recording, answer)


def _whole(recording: Recording, answer: Answer) -> Iterator[str]:
    said = copy.deepcopy(recording.answer)
    for choice in said["choices"]:
        choice["message"].setdefault("content", None)
        if choice["message"].get("tool_calls") == []:
            del choice["message"]["tool_calls"]
    yield from differences(said, answer.json)


def _stream(recording: Recording, body: Json, answer: Answer) -> Iterator[str]:
    first = {name: recording.chunks[0].get(name, ABSENT) for name in IDENTITY}
    for each in (*answer.chunks, *answer.only("usage")):
        yield from differences(first, {name: each.get(name, ABSENT) for name in IDENTITY})
    asks = (body.get("stream_options") or {}).get("include_usage")
    if any(each.get("usage", ABSENT) != (None if asks else ABSENT) for each in answer.chunks):
        yield "usage must be null on chunks where it was asked for, and absent where not"


def _vectors(recording: Recording, body: Json, answer: Answer) -> Iterator[str]:
    """The same numbers, in the encoding that was asked for."""
    wanted = body.get("encoding_format", "float")
    told = [row["embedding"] for row in answer.json["data"]]
    if any(isinstance(vector, str) != (wanted == "base64") for vector in told):
        yield f"the vectors are not in {wanted}"
    if [_floats(vector) for vector in told] != [_floats(row["embedding"]) for row in recording.answer["data"]]:
        yield "the vectors differ"


def _floats(vector: str | list[float]) -> "array[float]":
    return array("f", b64decode(vector)) if isinstance(vector, str) else array("f", vector)
