"""Whether the proxy says what a compatible provider said, by facts.py: pure, each disagreement as one line."""

import json
import re
from collections.abc import Iterator

from tests.corpus.agreement import differences, heard
from tests.corpus.compatible_rows import Case
from tests.corpus.recordings import Json, read
from tests.kit.answer import Answer

SAID = ("text", "reasoning", "tool_calls")
# The provider's status -> ours and the code (contract section 6, "Outcome").
OUTCOME: dict[int, tuple[int, str | None]] = {
    400: (400, None),
    401: (502, "upstream_auth"),
    403: (502, "upstream_auth"),
    404: (404, "model_not_found"),
    429: (429, "rate_limit_exceeded"),
    500: (502, "upstream_error"),
    501: (502, "upstream_error"),
}
# Mistral says 400 of a model that it does not have.
NO_MODEL = {"invalid_model"}


def disagreements(case: Case, answer: Answer) -> Iterator[str]:
    recording = case.recording
    if recording.kind == "error":
        yield from _error(case, answer)
    elif answer.status != 200:
        yield f"status {answer.status}: {answer.body[:500]!r}"
    elif recording.api == "embeddings":
        yield from differences(recording.said["embeddings"], _told(case, answer)["embeddings"])
    else:
        yield from _chat(case, answer)


def _told(case: Case, answer: Answer) -> Json:
    """What facts.py reads from our answer, itself one in OpenAI's format."""
    text = answer.body.decode()
    body = {"response_stream": text} if answer.streamed else {"response_body": json.loads(text)}
    kind = "sse" if answer.streamed else "json"
    return read({**case.recording.raw, "status": answer.status, "response_kind": kind, **body})


def _chat(case: Case, answer: Answer) -> Iterator[str]:
    said, told = case.recording.said, _told(case, answer)
    for name in SAID:
        yield from differences(said[name], told[name], name)
    finish = said["finish_openai"] or ("tool_calls" if said["tool_calls"] else "stop")
    if told["finish_native"] != finish:
        yield f"finish: recorded {said['finish_native']!r}, told {told['finish_native']!r}"
    usage = counted(case)
    if answer.streamed:
        told_tail = (answer.tail["input_tokens"], answer.tail["output_tokens"])
        if told_tail != (usage.get("prompt"), usage.get("completion")):
            yield f"the tail comment counts {told_tail}, recorded {usage}"
        shown = int(bool(case.recording.raw["request_body"] and case.recording.asks_usage and usage))
        if not answer.clean or answer.kinds.count("usage") != shown or answer.kinds[-1] != "done":
            yield f"the stream ends with {answer.kinds[-4:]}"
    else:
        yield from differences(usage, {k: v for k, v in told["usage"].items() if k in usage}, "usage")


def accumulated(case: Case, answer: Answer) -> Iterator[str]:
    """What the official SDK's `.stream()` makes of our chunks, against the recorded facts."""
    said, (choice, *_) = case.recording.said, heard(answer.chunks)["choices"]
    yield from differences(said["text"], choice["message"].get("content") or "", "content")
    calls = [call["function"]["name"] for call in choice["message"].get("tool_calls") or ()]
    yield from differences([call["name"] for call in said["tool_calls"]], calls, "tool_calls")


def counted(case: Case) -> Json:
    """The recorded usage as OpenAI counts: reasoning is part of the completion."""
    usage: Json = dict(case.recording.said["usage"])
    parts = [usage.get(name, 0) for name in ("prompt", "completion", "reasoning")]
    if case.row == "xai" and sum(parts) == usage.get("total"):
        usage["completion"] += usage.get("reasoning", 0)
    return usage


def _error(case: Case, answer: Answer) -> Iterator[str]:
    raw = case.recording.raw
    status, code = OUTCOME[404 if raw["response_body"].get("type") in NO_MODEL else raw["status"]]
    error = answer.error
    if answer.status != status or (code is not None and error["code"] != code):
        yield f"recorded {raw['status']} {raw['response_body']}, told {answer.status} {error}"
    if _plain(_words(raw["response_body"]))[:60] not in _plain(error["message"]):
        yield f"the message {error['message']!r} has not the words of {raw['response_body']}"


def _words(body: Json) -> str:
    """What the provider said, in the shapes of the corpus."""
    error = body.get("error", body)
    return error if isinstance(error, str) else str(error.get("message") or error.get("detail"))


def _plain(text: str) -> str:
    """Without what a message may not repeat: markup, and what looks like a key."""
    return re.sub(r"<[^<>]*>|\S*\*{4}\S*|\[key\]", "", text)
