"""What a prediction comes to: its state when asked for, its output as it is written.

https://replicate.com/docs/topics/predictions/lifecycle, .../streaming
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from trunkline.decoders import Event, ServerSentEvents
from trunkline.errors import Failure
from trunkline.hub.completion import conform_completion
from trunkline.ports import PING, Decoder, Follow
from trunkline.types import Call, Json, Target
from trunkline.wires import tell
from trunkline.wires.replicate.answers import finish_reason, identity, is_text, usage, written
from trunkline.wires.replicate.course import Course
from trunkline.wires.replicate.failures import error_of_stream, failure_of
from trunkline.wires.replicate.request import token_limit
from trunkline.wires.replicate.rules import family_of
from trunkline.wires.replies import Body, parse_object

SUCCEEDED = "succeeded"


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`, and those to what follows. Raises Failure for a page
    meant for a browser."""
    if content_type.lower().startswith("text/html"):
        raise Failure("invalid_response", "the answer is an HTML page, not JSON: is this the API's base URL?")
    return state(Course(call=call, target=target, limit=token_limit(body, family_of(target.model))))


def state(course: Course) -> Decoder:
    """Of a prediction's state: its answer, where it is at its end, else what is to be asked next."""
    return Body(partial(_told, course), final=True)


def _told(course: Course, data: bytes) -> tuple[list[Json], Follow | None]:
    prediction = parse_object(data, "the prediction")
    failure = failure_of(prediction)
    if failure is not None:
        raise failure
    if prediction.get("status") == SUCCEEDED:
        return _end(course, prediction), None
    output = None if course.polls else course.stream(prediction, partial(Output, prediction), state)
    if output is not None:
        return [], output
    later, more = _more(course, prediction)
    return more, later.poll(prediction, state)


def _end(course: Course, prediction: Json) -> list[Json]:
    counts = usage(prediction)
    finish = finish_reason(counts, course.limit)
    if course.call.stream:
        _, more = _more(course, prediction)
        return [*more, {**identity(prediction), **tell.choice({}, finish), "usage": counts}]
    message = {"content": written(prediction.get("output")), "refusal": None}
    told = {**identity(prediction), **tell.completion(message, finish, counts)}
    return [conform_completion(told, course.call.id, course.call.created, course.target.model)]


def _more(course: Course, prediction: Json) -> tuple[Course, list[Json]]:
    """The output that did not go out yet: text only ever grows, and what is told as JSON comes whole."""
    output = prediction.get("output")
    ended = prediction.get("status") == SUCCEEDED
    if not course.call.stream or course.told is None or not (ended or is_text(output)):
        return course, []
    piece = written(output)[course.told :]
    if not piece:
        return course, []
    chunk = {**identity(prediction), **tell.choice({"content": piece})}
    return replace(course, told=course.told + len(piece)), [chunk]


class Output:
    """A Decoder of a prediction's output as it is written. How it ended, only its state tells."""

    __slots__ = ("_course", "_framing", "_prediction", "done", "follow")

    def __init__(self, prediction: Json, course: Course) -> None:
        self._prediction = prediction
        self._course = course
        self._framing = ServerSentEvents(text=True)
        self.done = False
        self.follow: Follow | None = None

    def feed(self, data: bytes) -> Iterator[Json]:
        return self._take(self._framing.feed(data))

    def close(self) -> Iterator[Json]:
        yield from self._take(self._framing.close())
        if self.follow is None:
            self.follow = self._course.poll(self._prediction, state)

    def _take(self, events: Iterator[Event]) -> Iterator[Json]:
        for name, data in events:
            if name == "output" and data is not None:
                piece = data.decode("utf-8", "replace")
                self._course = replace(self._course, told=(self._course.told or 0) + len(piece))
                yield {**identity(self._prediction), **tell.choice({"content": piece})}
            elif name == "error":
                raise error_of_stream(data or b"")
            elif name == "done":
                self.follow = replace(self._course, told=None).poll(self._prediction, state, at_once=True)
                return
            else:
                yield PING  # a comment, or what the model logs
