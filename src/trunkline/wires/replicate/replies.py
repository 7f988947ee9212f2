"""What a prediction comes to: its state when asked for, its output as it is written.

https://replicate.com/docs/topics/predictions/lifecycle, .../streaming
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from trunkline.decoders import Event, ServerSentEvents, Whole
from trunkline.errors import Failure
from trunkline.hub.completion import conform_completion
from trunkline.hub.usage import count
from trunkline.ports import PING, Decoder, Follow
from trunkline.types import Call, Json, Target
from trunkline.wires.replicate.course import Course
from trunkline.wires.replicate.failures import error_of_stream, failure_of
from trunkline.wires.replicate.request import token_limit
from trunkline.wires.replicate.rules import family_of
from trunkline.wires.replies import parse_object

SUCCEEDED = "succeeded"


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`, and those to what follows. Raises Failure for a page
    meant for a browser."""
    if content_type.lower().startswith("text/html"):
        raise Failure("invalid_response", "the answer is an HTML page, not JSON: is this the API's base URL?")
    return State(Course(call=call, target=target, limit=token_limit(body, family_of(target.model))))


class State:
    """A Decoder of a prediction's state: its answer, where it is at its end, else what is to be asked next."""

    __slots__ = ("_course", "_whole", "done", "follow")

    def __init__(self, course: Course) -> None:
        self._course = course
        self._whole = Whole()
        self.done = False
        self.follow: Follow | None = None

    def feed(self, data: bytes) -> Iterator[Json]:
        self._whole.feed(data)
        yield from ()

    def close(self) -> Iterator[Json]:
        prediction = parse_object(self._whole.body(), "the prediction")
        failure = failure_of(prediction)
        if failure is not None:
            raise failure
        if prediction.get("status") == SUCCEEDED:
            yield from self._end(prediction)
            self.done = True
            return
        first = not self._course.polls
        self.follow = self._course.stream(prediction, partial(Output, prediction), State) if first else None
        if self.follow is None:
            self._course, more = self._more(prediction)
            yield from more
            self.follow = self._course.poll(prediction, State)

    def _end(self, prediction: Json) -> Iterator[Json]:
        course = self._course
        usage = usage_of(prediction)
        finish = finish_reason(usage, course.limit)
        if course.call.stream:
            _, more = self._more(prediction)
            yield from more
            yield {**identity(prediction), **_choice({}, finish), "usage": usage}
            return
        message = {"content": text_of(prediction.get("output")), "refusal": None}
        told = {**identity(prediction), "choices": [{"message": message, "logprobs": None, "finish_reason": finish}]}
        counted = {"usage": usage} if usage else {}
        yield conform_completion(told | counted, course.call.id, course.call.created, course.target.model)

    def _more(self, prediction: Json) -> tuple[Course, list[Json]]:
        """The output that did not go out yet: text only ever grows, and what is told as JSON comes whole."""
        course = self._course
        output = prediction.get("output")
        ended = prediction.get("status") == SUCCEEDED
        if not course.call.stream or course.told is None or not (ended or _is_text(output)):
            return course, []
        piece = text_of(output)[course.told :]
        if not piece:
            return course, []
        return replace(course, told=course.told + len(piece)), [{**identity(prediction), **_choice({"content": piece})}]


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
            self.follow = self._course.poll(self._prediction, State)

    def _take(self, events: Iterator[Event]) -> Iterator[Json]:
        for name, data in events:
            if name == "output" and data is not None:
                piece = data.decode("utf-8", "replace")
                self._course = replace(self._course, told=(self._course.told or 0) + len(piece))
                yield {**identity(self._prediction), **_choice({"content": piece})}
            elif name == "error":
                raise error_of_stream(data or b"")
            elif name == "done":
                self.follow = replace(self._course, told=None).poll(self._prediction, State, at_once=True)
                return
            else:
                yield PING  # a comment, or what the model logs


def identity(prediction: Json) -> Json:
    return {"id": prediction.get("id"), "model": prediction.get("model")}


def text_of(output: Any) -> str:
    """Pieces of text join as they are; what is no text is told as JSON."""
    if not _is_text(output):
        return "" if output is None else orjson.dumps(output).decode()
    return output if isinstance(output, str) else "".join(output)


def _is_text(output: Any) -> bool:
    return isinstance(output, str) or (isinstance(output, list) and all(isinstance(piece, str) for piece in output))


def usage_of(prediction: Json) -> Json | None:
    """What it counted; models that are paid by the second count nothing."""
    metrics = prediction.get("metrics")
    if not isinstance(metrics, dict) or not {"input_token_count", "output_token_count"} & metrics.keys():
        return None
    prompt, completion = count(metrics.get("input_token_count")), count(metrics.get("output_token_count"))
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def finish_reason(usage: Json | None, limit: int | None) -> str:
    """Nobody says that an answer was cut off; one that used all it was allowed was."""
    return "length" if usage and limit is not None and usage["completion_tokens"] >= limit else "stop"


def _choice(delta: Json, finish: str | None = None) -> Json:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
