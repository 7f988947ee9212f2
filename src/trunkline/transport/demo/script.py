"""From a request to all that will happen, as data: no clock, no waiting."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import urlsplit

from trunkline.ports import Outbound
from trunkline.transport.demo import frames, steps
from trunkline.transport.demo.answer import answers
from trunkline.transport.demo.embeddings import embed
from trunkline.transport.demo.models import Behaviour, behaviour_of
from trunkline.transport.demo.problems import Rejected, no_such_model, problem
from trunkline.transport.demo.request import chat, digest, read
from trunkline.transport.demo.steps import Step
from trunkline.types import Json

JSON = MappingProxyType({"content-type": "application/json"})
EVENTS = MappingProxyType({"content-type": "text/event-stream; charset=utf-8"})
PAGE = MappingProxyType({"content-type": "text/html; charset=utf-8"})

REQUESTS_PER_MINUTE = 10_000
TOKENS_PER_MINUTE = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A reply as it will be played.

    body      can be read once
    late      seconds before the headers
    broken    why there will be no headers
    model     whose reply it is
    failures  so many calls of the model fail before the first one is played
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    body: Iterable[Step] = ()
    late: float = 0.0
    broken: str | None = None
    model: str = ""
    failures: int = 0


# Replies that have nothing to do with the request.
INSTEAD: Mapping[str, Script] = MappingProxyType(
    {
        "refused": Script(broken="no connection: refused"),
        "reset": Script(broken="the connection was closed before an answer came"),
        "html": Script(headers=PAGE, body=(b"<!DOCTYPE html><title>Welcome</title><h1>It works!</h1>\n",)),
        "empty": Script(),
        "ok-error": Script(body=(problem(500),)),
    }
)


def script(request: Outbound) -> Script:
    """What the demo upstream does with a request."""
    try:
        body = read(request.content)
        behaviour = behaviour_of(body["model"])
        if behaviour is None:
            raise no_such_model(body["model"])
        reply = _reply(urlsplit(request.url).path, body, behaviour)
    except Rejected as rejected:
        return Script(status=rejected.status, body=(rejected.body,))
    headers = {**reply.headers, "x-request-id": f"req_{digest(body)[:32]}"}
    if reply.status == 200:
        headers |= _rate_limits(len(request.content) // 4)
    return replace(reply, headers=headers, late=behaviour.late, model=body["model"], failures=behaviour.failures)


def failure(status: int, retry_after: str | None = None) -> Script:
    """An error reply."""
    headers = JSON if retry_after is None else {**JSON, "retry-after": retry_after}
    return Script(status=status, headers=headers, body=(problem(status),))


def _reply(path: str, body: Json, behaviour: Behaviour) -> Script:
    endpoint = ENDPOINTS.get(path.removeprefix("/v1"))
    if endpoint is None:
        raise Rejected(f"Unknown request URL: POST {path}.", status=404, code="unknown_url")
    if behaviour.instead is not None:
        return INSTEAD[behaviour.instead]
    if behaviour.status is not None:
        return failure(behaviour.status, behaviour.retry_after)
    return endpoint(body, behaviour)


def _chat(body: Json, behaviour: Behaviour) -> Script:
    if not behaviour.chats:
        raise Rejected("This is not a chat model; use v1/embeddings.", param="model", status=404)
    request = chat(body)
    said = answers(request, behaviour)
    if request.stream:
        return Script(headers=EVENTS, body=steps.streamed(frames.stream(request, said), behaviour))
    whole = frames.whole(request, said, finished=behaviour.fault != "no-finish")
    return _whole(whole, sum(len(answer.deltas) for answer in said), behaviour)


def _embeddings(body: Json, behaviour: Behaviour) -> Script:
    answer = embed(body)
    return _whole(answer, answer.count(b'"index"'), behaviour)


def _whole(answer: bytes, pieces: int, behaviour: Behaviour) -> Script:
    """An error in mid-answer is one before it where the answer comes in one go."""
    if behaviour.fault == "error":
        return failure(500)
    return Script(body=steps.whole(answer, pieces, behaviour))


def _rate_limits(used: int) -> dict[str, str]:
    """As if nobody else was calling."""
    return {
        "x-ratelimit-limit-requests": str(REQUESTS_PER_MINUTE),
        "x-ratelimit-remaining-requests": str(REQUESTS_PER_MINUTE - 1),
        "x-ratelimit-reset-requests": f"{60_000 // REQUESTS_PER_MINUTE}ms",
        "x-ratelimit-limit-tokens": str(TOKENS_PER_MINUTE),
        "x-ratelimit-remaining-tokens": str(max(0, TOKENS_PER_MINUTE - used)),
        "x-ratelimit-reset-tokens": f"{60_000 * used // TOKENS_PER_MINUTE}ms",
    }


ENDPOINTS: Mapping[str, Callable[[Json, Behaviour], Script]] = MappingProxyType(
    {"/chat/completions": _chat, "/embeddings": _embeddings}
)
