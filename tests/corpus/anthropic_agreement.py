"""Whether the proxy says what Claude said, as facts.py reads both: each disagreement as one line for the reader."""

import json
from collections.abc import Iterator

from tests.corpus.recordings import Json, Recording, read
from tests.kit.answer import Answer

# The status Anthropic answered with -> status and code of ours (contract section 6, "Outcome").
OUTCOME = {
    400: (400, "invalid_request"),
    401: (502, "upstream_auth"),
    404: (404, "model_not_found"),
}


def disagreements(recording: Recording, answer: Answer) -> Iterator[str]:
    if recording.kind == "error":
        yield from _error(recording, answer)
    elif answer.status != 200:
        yield f"status {answer.status}: {answer.body[:500]!r}"
    else:
        yield from _facts(recording, told(recording, answer), streamed=answer.streamed)
        if answer.streamed:
            yield from _stream(recording, answer)


def told(recording: Recording, answer: Answer) -> Json:
    text = answer.body.decode()
    body = {"response_stream": text} if answer.streamed else {"response_body": json.loads(text)}
    kind = "sse" if answer.streamed else "json"
    kept = {name: value for name, value in recording.raw.items() if not name.startswith("response_")}
    return read({**kept, "api": "chat", "status": answer.status, "response_kind": kind, **body})


def _facts(recording: Recording, said: Json, *, streamed: bool) -> Iterator[str]:
    for name in ("text", "reasoning", "tool_calls", "error"):
        if said[name] != recording.said[name]:
            yield f"{name}: recorded {recording.said[name]!r}, told {said[name]!r}"
    if said["finish_native"] != recording.said["finish_openai"]:
        yield f"finish: recorded {recording.said['finish_openai']!r}, told {said['finish_native']!r}"
    counted = counts(recording)
    found = {name: said["usage"].get(name, 0) for name in counted}
    if found != counted and not streamed:  # nobody asked those for usage; their tail tells it
        yield f"usage: recorded {counted}, told {found}"


def counts(recording: Recording) -> dict[str, int]:
    """Anthropic counts what was read from and written to its cache apart from the rest of the prompt."""
    said = recording.said["usage"]
    prompt = said.get("prompt", 0) + said.get("cached", 0) + said.get("cache_written", 0)
    if recording.api != "messages":
        prompt = said["prompt"]
    completion = said.get("completion", 0)
    return {"prompt": prompt, "completion": completion, "total": prompt + completion, "cached": said.get("cached", 0)}


def _stream(recording: Recording, answer: Answer) -> Iterator[str]:
    if not answer.clean or answer.kinds[-2:] != ["tail", "done"]:
        yield f"the stream ends with {answer.kinds[-4:]}"
    if len({(chunk["id"], chunk["model"], chunk["created"]) for chunk in answer.chunks}) != 1:
        yield "id, model or time change on the way"
    counted = counts(recording)
    tail = (answer.tail["input_tokens"], answer.tail["output_tokens"])
    if tail != (counted["prompt"], counted["completion"]):
        yield f"the tail comment counts {tail}, recorded {counted}"


def _error(recording: Recording, answer: Answer) -> Iterator[str]:
    words = recording.answer["error"]["message"]
    wanted = (*OUTCOME[recording.raw["status"]], "false")
    found = (answer.status, answer.error["code"], answer.headers.get("x-should-retry"))
    if found != wanted:
        yield f"status, code and x-should-retry are {found}, not {wanted}"
    if not answer.error["message"].endswith(words):
        yield f"the message {answer.error['message']!r} does not end with {words!r}"
