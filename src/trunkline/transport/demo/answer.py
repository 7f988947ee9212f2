"""What a chat model says: each choice as the deltas of its stream, of which a whole answer is the sum."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from typing import Literal

import orjson

from trunkline.transport.demo.models import Behaviour
from trunkline.transport.demo.problems import Rejected
from trunkline.transport.demo.request import Chat, text_of
from trunkline.transport.demo.schema import Unfit, fill
from trunkline.transport.demo.tools import RESULT_ROLES, ToolCall, calls
from trunkline.types import Json

MOST_TOKENS = 16_384  # as of many a real model; an echo is as long as the client's message

LOREM = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore "
    "magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo "
    "consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla "
    "pariatur. Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est "
    "laborum.\n\n"
)
PARAGRAPHS = 3  # of LOREM where the client sets no limit
MOST_PARAGRAPHS = 1 + MOST_TOKENS // len(LOREM.split())  # more than any limit

_TOKEN = re.compile(r"\s{0,8}\S{1,12}|\s{1,8}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice. Each delta is one token, the opening of a tool call too."""

    deltas: tuple[Json, ...]
    finish: Literal["stop", "length", "tool_calls"]

    @property
    def reasoning_tokens(self) -> int:
        return sum("reasoning_content" in delta for delta in self.deltas)


def tokens(text: str) -> Iterator[str]:
    """Pieces of words with the space before them; together they are `text`."""
    return (match[0] for match in _TOKEN.finditer(text))


def answers(chat: Chat, behaviour: Behaviour) -> tuple[Answer, ...]:
    """One per choice; they differ in the ids of their tool calls. Raises Rejected."""
    words = next((text_of(message) for message in reversed(chat.messages) if message["role"] == "user"), "")
    planned = calls(chat, words)
    thoughts = tuple(_thoughts(words)) if behaviour.thinks else ()
    if planned:
        return tuple(
            _limited(chat, chain(thoughts, _tool_deltas(chat, planned, choice)), "tool_calls")
            for choice in range(chat.choices)
        )
    said = ({"content": token} for token in tokens(_content(chat, behaviour, words)))
    return (_limited(chat, chain(thoughts, said), "stop"),) * chat.choices


def _limited(chat: Chat, deltas: Iterator[Json], finish: Literal["stop", "tool_calls"]) -> Answer:
    limit = min(chat.limit or MOST_TOKENS, MOST_TOKENS)
    kept = tuple(islice(deltas, limit))
    return Answer(kept, finish if next(deltas, None) is None else "length")


def _thoughts(words: str) -> Iterator[Json]:
    thought = f"The user wrote {words[:80]!r}. There is nothing to add, so the answer follows from that."
    return ({"reasoning_content": token} for token in tokens(thought))


def _content(chat: Chat, behaviour: Behaviour, words: str) -> str:
    said = _reply(chat, behaviour, words)
    form = chat.response_format.get("type")
    if form == "json_object":
        said = orjson.dumps({"answer": said}).decode()
    elif form == "json_schema":
        said = _filled(chat, said)
    return _until(said, chat.stop)


def _reply(chat: Chat, behaviour: Behaviour, words: str) -> str:
    results = list(takewhile(lambda message: message["role"] in RESULT_ROLES, reversed(chat.messages)))
    if results:
        return "The tool said: " + "; ".join(text_of(message) for message in reversed(results))
    if behaviour.voice == "lorem":
        return (LOREM * (PARAGRAPHS if chat.limit is None else MOST_PARAGRAPHS)).strip()
    return words or "(no text to repeat)"


def _filled(chat: Chat, said: str) -> str:
    wanted = chat.response_format["json_schema"]
    try:
        return fill(wanted.get("schema", {}), said)
    except Unfit as error:
        raise Rejected(
            f"Invalid schema for response_format '{wanted.get('name')}': {error}", param="response_format"
        ) from None


def _until(text: str, stop: tuple[str, ...]) -> str:
    places = [place for place in (text.find(each) for each in stop) if place >= 0]
    return text[: min(places)] if places else text


def _tool_deltas(chat: Chat, planned: tuple[ToolCall, ...], choice: int) -> Iterator[Json]:
    for index, call in enumerate(planned):
        field = "arguments" if call.kind == "function" else "input"
        opening = {
            "index": index,
            "id": "call_" + hashlib.sha256(f"{chat.digest} {choice} {index}".encode()).hexdigest()[:24],
            "type": call.kind,
            call.kind: {"name": call.name, field: ""},
        }
        yield {"tool_calls": [opening]}
        for token in tokens(call.said):
            yield {"tool_calls": [{"index": index, call.kind: {field: token}}]}
