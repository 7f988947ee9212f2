"""The lines of a stream as chunks: https://docs.ollama.com/api/streaming"""

from collections.abc import Iterator

from trunkline.types import Json
from trunkline.wires import tell
from trunkline.wires.ollama.answers import FINISH, checked, logprobs, said, usage


class Message:
    """A Reader. `custom`: names of the tools whose calls are free text."""

    __slots__ = ("_call_id", "_called", "_custom", "done")

    def __init__(self, call_id: str, custom: frozenset[str]) -> None:
        self._call_id = call_id
        self._custom = custom
        self._called = 0
        self.done = False

    def take(self, _name: str, data: bytes) -> Iterator[Json]:
        line = checked(data, "a line of the stream")
        delta = said(line, self._call_id, self._custom, self._called)
        self._called += len(delta.get("tool_calls", []))
        self.done = line.get("done") is True
        finish = tell.finish_reason(line.get("done_reason"), FINISH, called=self._called > 0) if self.done else None
        yield {"model": line.get("model"), **tell.choice(delta, finish, logprobs=logprobs(line)), "usage": usage(line)}

    def end(self) -> Iterator[Json]:
        yield from ()
