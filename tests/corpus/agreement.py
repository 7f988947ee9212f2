"""Whether the proxy says what the provider said: pure, each disagreement as one line for the reader."""

import copy
import json
import re
from array import array
from base64 import b64decode
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletionChunk

from tests.corpus.recordings import Json, Recording, definitions, read
from tests.kit.answer import Answer

# The provider's status -> ours (contract section 6, "Outcome"); a 400 keeps its code.
OUTCOME = {400: (400, None), 401: (502, "upstream_auth"), 403: (502, "upstream_auth"), 404: (404, "model_not_found")}
REDACTED = "[key]"
ABSENT = "(absent)"


def disagreements(recording: Recording, answer: Answer) -> Iterator[str]:
    if recording.kind == "error":
        yield from _error(recording, answer)
    elif answer.status != 200:
        yield f"status {answer.status}: {answer.body[:500]!r}"
    elif recording.api == "embeddings":
        yield from _facts(recording, answer)
        yield from _vectors(recording, answer)
    else:
        yield from _facts(recording, answer)
        yield from _stream(recording, answer) if recording.kind == "stream" else _whole(recording, answer)
        yield from _schema(recording, answer)


def _facts(recording: Recording, answer: Answer) -> Iterator[str]:
    """What facts.py reads from our answer, itself one in OpenAI's format, is what it reads from the recording."""
    text = answer.body.decode()
    body = {"response_stream": text} if answer.streamed else {"response_body": json.loads(text)}
    kind = "sse" if answer.streamed else "json"
    told = read({**recording.raw, "status": answer.status, "response_kind": kind, **body})
    for name, said in recording.said.items():
        if told.get(name) != said:
            yield f"{name}: recorded {said!r}, told {told.get(name)!r}"


def _whole(recording: Recording, answer: Answer) -> Iterator[str]:
    """OpenAI's own answers pass as they are, with the fields that facts.py does not read."""
    said = copy.deepcopy(recording.answer)
    for choice in said["choices"]:
        choice["message"].setdefault("content", None)
        if choice["message"].get("tool_calls") == []:
            del choice["message"]["tool_calls"]
    yield from differences(said, answer.json)


def _stream(recording: Recording, answer: Answer) -> Iterator[str]:
    chunks, usage = answer.chunks, answer.only("usage")
    said = recording.said["usage"]
    shown = 1 if recording.asks_usage and said else 0
    end = [*["usage"] * shown, "tail", "done"]
    if not answer.clean or answer.kinds[-len(end) :] != end or answer.kinds.count("usage") != shown:
        yield f"the stream ends with {answer.kinds[-4:]}, not with {end}"
    identity = ("id", "object", "created", "model", "system_fingerprint", "service_tier")
    first = {name: recording.chunks[0].get(name, ABSENT) for name in identity}
    for each in (*chunks, *usage):
        yield from differences(first, {name: each.get(name, ABSENT) for name in identity})
    if any(each.get("usage", "absent") != (None if recording.asks_usage else "absent") for each in chunks):
        yield "usage must be null on chunks where it was asked for, and absent where not"
    if any(list(_roles(chunks, index)) != ["assistant"] for index in _indices(chunks)):
        yield "a role is not told once, at first"
    tail = (answer.tail["input_tokens"], answer.tail["output_tokens"])
    if tail != (said.get("prompt"), said.get("completion")):
        yield f"the tail comment counts {tail}, recorded {said}"


def _indices(chunks: list[Json]) -> set[int]:
    return {choice["index"] for chunk in chunks for choice in chunk["choices"]}


def _roles(chunks: list[Json], index: int) -> Iterator[str | None]:
    """The role of a choice's first delta, and every other one."""
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"] if choice["index"] == index]
    yield deltas[0].get("role")
    yield from (delta["role"] for delta in deltas[1:] if "role" in delta)


def heard(chunks: Iterable[Json]) -> Json:
    """What the official SDK makes of these chunks. Their padding against side channels is not passed on."""
    state: ChatCompletionStreamState[None] = ChatCompletionStreamState()
    for chunk in chunks:
        kept = {name: value for name, value in chunk.items() if name != "obfuscation"}
        state.handle_chunk(ChatCompletionChunk.construct(**kept))
    return state.current_completion_snapshot.to_dict()


def differences(recorded: Any, told: Any, place: str = "$") -> Iterator[str]:
    """Where two JSON values differ. A time of 0 stands for one that was taken out of the recording."""
    if isinstance(recorded, dict) and isinstance(told, dict):
        for name in sorted(recorded.keys() | told.keys()):
            yield from differences(recorded.get(name, ABSENT), told.get(name, ABSENT), f"{place}.{name}")
    elif isinstance(recorded, list) and isinstance(told, list) and len(recorded) == len(told):
        for index, (one, other) in enumerate(zip(recorded, told, strict=True)):
            yield from differences(one, other, f"{place}[{index}]")
    elif (type(recorded), recorded) != (type(told), told) and not (place == "$.created" and recorded == 0):
        yield f"{place}: recorded {recorded!r}, told {told!r}"


def _vectors(recording: Recording, answer: Answer) -> Iterator[str]:
    """The same numbers, in the encoding that was asked for."""
    wanted = recording.request.get("encoding_format", "float")
    told = [row["embedding"] for row in answer.json["data"]]
    if any(isinstance(vector, str) != (wanted == "base64") for vector in told):
        yield f"the vectors are not in {wanted}"
    if [_floats(vector) for vector in told] != [_floats(row["embedding"]) for row in recording.answer["data"]]:
        yield "the vectors differ"


def _floats(vector: str | list[float]) -> "array[float]":
    return array("f", b64decode(vector)) if isinstance(vector, str) else array("f", vector)


def _error(recording: Recording, answer: Answer) -> Iterator[str]:
    said = recording.answer["error"]
    status, code = OUTCOME[recording.raw["status"]]
    wanted = (status, code or said["code"] or "invalid_request", said["param"], "false")
    error = answer.error
    told = (answer.status, error["code"], error["param"], answer.headers.get("x-should-retry"))
    if told != wanted:
        yield f"status, code, param and x-should-retry are {told}, not {wanted}"
    if not _ends_with(error["message"], said["message"]):
        yield f"the message {error['message']!r} does not end with {said['message']!r}"


def _ends_with(message: str, words: str) -> bool:
    """The provider's words, less markup and what looks like a credential."""
    words = re.sub(r"<[^<>]*>", "", words)
    start = message.find(words[:12])
    pattern = r"\S+".join(re.escape(part) for part in message[start:].split(REDACTED))
    return start >= 0 and re.fullmatch(pattern, words) is not None


def _schema(recording: Recording, answer: Answer) -> Iterator[str]:
    """No part of OpenAI's schema is broken that its own recorded answer keeps."""
    if recording.kind == "stream":
        name, said = "CreateChatCompletionStreamResponse", recording.chunks
        told = [*answer.chunks, *answer.only("usage")]
    else:
        name, said, told = "CreateChatCompletionResponse", [recording.answer], [answer.json]
    broken = _broken(name, told) - _broken(name, said)
    if broken:
        yield f"breaks {name}: {sorted(broken)}"


def _broken(schema: str, bodies: list[Json]) -> set[str]:
    return {rule for body in bodies for rule in _rules_broken(schema, json.dumps(body))}


@cache
def _rules_broken(schema: str, text: str) -> frozenset[str]:
    """Place and rule of each mistake. The same chunks come again with every chunking."""
    errors = _validator(schema).iter_errors(json.loads(text))
    return frozenset(f"{error.json_path} {error.validator}" for error in errors)


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": definitions()["$defs"]})
