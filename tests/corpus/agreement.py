"""Whether the proxy says what the provider said: pure, each disagreement as one line for the reader."""

import re
from collections.abc import Iterator
from typing import Any

from tests.corpus.recordings import Json, Recording, told
from tests.corpus.schema import breaks
from tests.corpus.suite import Suite
from tests.kit.answer import Answer

ABSENT = "(absent)"
REDACTED = "[key]"


def disagreements(suite: Suite, recording: Recording, body: Json, answer: Answer) -> Iterator[str]:
    """`body`: what was asked."""
    if recording.kind == "error":
        yield from _error(suite, recording, answer)
        yield from suite.further(recording, body, answer)
    elif recording.said.get("error"):
        yield from _error_inside(recording, answer)
    elif answer.status != 200 or answer.streamed != bool(body.get("stream")):
        yield f"status {answer.status}, streamed {answer.streamed}: {answer.body[:500]!r}"
    else:
        if recording.call == "embeddings":
            yield from differences(recording.said["embeddings"], told(answer, "embeddings")["embeddings"])
        else:
            yield from _chat(suite, recording, body, answer)
        yield from suite.further(recording, body, answer)


def _chat(suite: Suite, recording: Recording, body: Json, answer: Answer) -> Iterator[str]:
    facts, usage = told(answer, "chat"), suite.counted(recording)
    yield from meant(suite, recording, facts)
    yield from breaks(recording, answer)
    if not answer.streamed:
        yield from counts(usage, facts)
        return
    shown = int(bool((body.get("stream_options") or {}).get("include_usage") and usage))
    yield from _well_formed(answer, shown)
    if shown:
        yield from counts(usage, facts)
    if answer.kinds.count("tail") == 1:
        tail = {"prompt": answer.tail["input_tokens"], "completion": answer.tail["output_tokens"]}
        yield from differences({name: usage.get(name) for name in tail}, tail, "tail")


def meant(suite: Suite, recording: Recording, facts: Json) -> Iterator[str]:
    """`facts`: of our answer."""
    said = recording.said
    for name in ("text", "reasoning"):
        yield from differences(said[name], facts[name], name)
    yield from _calls(said["tool_calls"], facts["tool_calls"])
    yield from differences(_finish(suite, said), facts["finish_native"], "finish")


def _calls(said: list[Json], found: list[Json]) -> Iterator[str]:
    """Names, arguments and order. Where the provider gives no id, it is one of ours."""
    ids = [call["id"] for call in found]
    known = [{**call, "id": call["id"] or "".join(ids[n : n + 1])} for n, call in enumerate(said)]
    yield from differences(known, found, "tool_calls")
    if not all(ids):
        yield f"a call without an id: {found}"


def _finish(suite: Suite, said: Json) -> str:
    """OpenAI's legacy reason is one of OpenAI's, too."""
    native = said["finish_native"]
    known: str | None = "function_call" if native == "function_call" else suite.finish.get(native)
    return known or said["finish_openai"] or ("tool_calls" if said["tool_calls"] else "stop")


def counts(usage: Json, facts: Json) -> Iterator[str]:
    """Of what the provider counted; a count of 0 may be absent."""
    yield from differences(usage, {name: facts["usage"].get(name, 0) for name in usage}, "usage")


def _well_formed(answer: Answer, shown: int) -> Iterator[str]:
    """`shown`: how often usage has a chunk of its own."""
    end = [*["usage"] * shown, "tail", "done"]
    if not answer.clean or answer.kinds[-len(end) :] != end or answer.kinds.count("usage") != shown:
        yield f"the stream ends with {answer.kinds[-4:]}, not with {end}"
    identities = {(each["id"], each["model"], each["created"]) for each in [*answer.chunks, *answer.only("usage")]}
    if len(identities) != 1:
        yield f"id, model or time change on the way: {identities}"
    for index in {choice["index"] for chunk in answer.chunks for choice in chunk["choices"]}:
        if list(_roles(answer.chunks, index)) != ["assistant"]:
            yield f"the role of choice {index} is not told once, at first"


def _roles(chunks: list[Json], index: int) -> Iterator[str | None]:
    """The role of a choice's first delta, and every other one."""
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"] if choice["index"] == index]
    yield deltas[0].get("role")
    yield from (delta["role"] for delta in deltas[1:] if "role" in delta)


def _error(suite: Suite, recording: Recording, answer: Answer) -> Iterator[str]:
    body = recording.answer
    status, code = suite.outcome(recording)
    error = answer.error
    wanted = (status, code or str(own(body, "code") or "invalid_request"))
    found = (answer.status, error["code"])
    if found != wanted:
        yield f"status and code are {found}, not {wanted}, for {recording.raw['status']} {body}"
    final = error["code"] == "upstream_auth" or (400 <= answer.status < 500 and answer.status not in (408, 409, 429))
    if final and answer.headers.get("x-should-retry") != "false":
        yield "x-should-retry is not false"
    if not ends_with(error["message"], words(body)):
        yield f"the message {error['message']!r} does not end with {words(body)!r}"


def _error_inside(recording: Recording, answer: Answer) -> Iterator[str]:
    """An error in an answer that began well: one of ours, with the same words where there are any."""
    failed = answer.kinds[-2:] == ["tail", "error"] if answer.streamed else answer.status >= 400
    if not failed:
        yield f"recorded {recording.said['error']}, told {answer.status} {answer.body[-500:]!r}"
    elif not ends_with(answer.error["message"], words(recording.said)):
        yield f"the message {answer.error['message']!r} does not end with {words(recording.said)!r}"


def words(body: Json) -> str:
    """What the provider said, in the shapes of the corpus."""
    error = body.get("error") or body
    return error if isinstance(error, str) else str(error.get("message") or error.get("detail") or "")


def own(body: Json, name: str) -> Any:
    """A member of the provider's error object."""
    error = body.get("error") or body
    return error.get(name) if isinstance(error, dict) else None


def ends_with(message: str, words: str) -> bool:
    """The provider's words, if any, less what a message may not repeat."""
    if not words:
        return True
    words = re.sub(r"<[^<>]*>", "", words)
    start = message.find(words[:12])
    pattern = r"\S+".join(re.escape(part) for part in message[start:].split(REDACTED))
    return start >= 0 and re.fullmatch(pattern, words) is not None


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
