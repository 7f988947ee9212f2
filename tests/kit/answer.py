"""One answer of the server as a client reads it, unary or streamed."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast

Json = dict[str, Any]
FrameKind = Literal["chunk", "usage", "error", "done", "ping", "tail", "comment"]

TAIL = ": trunkline "


@dataclass(frozen=True, slots=True)
class Frame:
    """One event or comment of a stream; `at` is when its last byte had come."""

    kind: FrameKind
    text: str
    at: float

    @property
    def json(self) -> Json:
        return cast("Json", json.loads(self.text))


@dataclass(frozen=True)
class Answer:
    """`pieces` are the body as it arrived, with times; `clean` says that the body ended as its framing promised."""

    status: int
    headers: dict[str, str]
    pieces: tuple[tuple[float, bytes], ...]
    clean: bool
    sent: float
    ended: float

    @property
    def body(self) -> bytes:
        return b"".join(data for _, data in self.pieces)

    @property
    def json(self) -> Json:
        return cast("Json", json.loads(self.body))

    @property
    def elapsed(self) -> float:
        """Seconds from the request's last byte to the answer's."""
        return self.ended - self.sent

    @property
    def streamed(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/event-stream")

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """Every event and comment. Fails on what a chat stream must never hold: CR, `event:`, `id:`, loose lines."""
        assert self.streamed, (self.status, self.headers, self.body)
        frames, rest = [], b""
        for at, data in self.pieces:
            *whole, rest = (rest + data).split(b"\n\n")
            frames += [_frame(text.decode(), at) for text in whole]
        assert rest == b"", f"bytes after the last blank line: {rest!r}"
        return tuple(frames)

    @property
    def kinds(self) -> list[FrameKind]:
        return [frame.kind for frame in self.frames]

    def only(self, kind: FrameKind) -> list[Json]:
        return [frame.json for frame in self.frames if frame.kind == kind]

    @property
    def chunks(self) -> list[Json]:
        return self.only("chunk")

    @property
    def text(self) -> str:
        if not self.streamed:
            return cast("str", self.json["choices"][0]["message"]["content"])
        return "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in self.chunks)

    @property
    def finish(self) -> str | None:
        if not self.streamed:
            return cast("str", self.json["choices"][0]["finish_reason"])
        reasons = [chunk["choices"][0]["finish_reason"] for chunk in self.chunks]
        return next((reason for reason in reasons if reason), None)

    @property
    def error(self) -> Json:
        """The error object, of the whole answer or of the stream's last event."""
        if self.streamed:
            (only,) = self.only("error")
            return cast("Json", only["error"])
        return cast("Json", self.json["error"])

    @property
    def tail(self) -> Json:
        (tail,) = self.only("tail")
        return tail

    @property
    def attempts(self) -> list[str]:
        """`x-trunkline-attempts`, split."""
        told = self.headers.get("x-trunkline-attempts", "")
        return told.split(", ") if told else []


def _frame(text: str, at: float) -> Frame:
    assert "\r" not in text, f"CR in {text!r}"
    assert "\n" not in text, f"more than one line in {text!r}"
    if text.startswith(TAIL):
        return Frame("tail", text.removeprefix(TAIL), at)
    if text.startswith(":"):
        return Frame("ping" if text == ": ping" else "comment", text, at)
    assert text.startswith("data: "), f"neither data nor a comment: {text!r}"
    data = text.removeprefix("data: ")
    if data == "[DONE]":
        return Frame("done", data, at)
    body = json.loads(data)
    if "error" in body:
        return Frame("error", data, at)
    return Frame("chunk" if body["choices"] else "usage", data, at)
