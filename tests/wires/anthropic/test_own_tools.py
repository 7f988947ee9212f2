"""What Anthropic's own tools did comes back to it in its place, through any client that echoes the message."""

from typing import Any

import orjson
import pytest
from openai.types.chat import ChatCompletionMessage

from tests.wires.anthropic.support import (
    MESSAGE_STOP,
    TEXT,
    delta,
    message_delta,
    message_start,
    read,
    refused,
    start,
    stop,
    turns,
    write,
)
from tests.wires.support import HI, JSON, SSE, call, sse
from trunkline.types import Json

SEARCH: Json = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "q"}}
FOUND: Json = {
    "type": "web_search_tool_result",
    "tool_use_id": "srvtoolu_1",
    "content": [{"type": "web_search_result", "url": "https://e.com", "title": "t", "encrypted_content": "x"}],
}
THOUGHT: Json = {"type": "thinking", "thinking": "hm", "signature": "s"}
CALL: Json = {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"a": 1}}
SAID: list[Json] = [
    {"type": "text", "text": "Let me look."},
    SEARCH,
    FOUND,
    THOUGHT,
    {"type": "text", "text": "It says: "},
    {**SEARCH, "id": "srvtoolu_2"},
    {**FOUND, "tool_use_id": "srvtoolu_2"},
    {"type": "text", "text": "all of it."},
]
CONVERSATIONS = {
    "a search": SAID,
    "a search first": SAID[1:],
    "a search last": SAID[:-1],
    "with a call": [*SAID, CALL],
    "between calls": [CALL, SEARCH, FOUND, {**CALL, "id": "toolu_2"}],
    "a block nobody knows": [SAID[0], {"type": "brand_new", "x": {"y": [1]}}],
}


def pieces(index: int, block: Json) -> list[Json]:
    """A block as a stream tells it."""
    if block["type"] == "text":
        return [start(index, TEXT), delta(index, type="text_delta", text=block["text"]), stop(index)]
    if block["type"] == "thinking":
        opening = {"type": "thinking", "thinking": "", "signature": ""}
        thinking = delta(index, type="thinking_delta", thinking=block["thinking"])
        return [start(index, opening), thinking, delta(index, type="signature_delta", signature="s"), stop(index)]
    if "input" not in block:
        return [start(index, block), stop(index)]
    arguments = orjson.dumps(block["input"]).decode()
    return [
        start(index, {**block, "input": {}}),
        *(delta(index, type="input_json_delta", partial_json=half) for half in (arguments[:3], arguments[3:])),
        stop(index),
    ]


def streamed(said: list[Json]) -> Any:
    events = [piece for index, block in enumerate(said) for piece in pieces(index, block)]
    body = sse(message_start(), *events, message_delta("end_turn"), MESSAGE_STOP)
    return read(call(), SSE, [body]).events[0]["choices"][0]["message"]


def whole(said: list[Json]) -> Any:
    answer = {"id": "msg_1", "model": "claude-x", "content": said, "stop_reason": "end_turn", "usage": {}}
    return read(call(), JSON, [orjson.dumps(answer)]).events[0]["choices"][0]["message"]


@pytest.mark.parametrize("told", [streamed, whole])
@pytest.mark.parametrize("said", CONVERSATIONS.values(), ids=CONVERSATIONS)
def test_it_comes_back_in_its_place(said: list[Json], told: Any) -> None:
    """Through the SDK's own type, as `messages.append(answer.choices[0].message)` does it."""
    message = told(said)
    echoed = ChatCompletionMessage.model_validate(message).model_dump(exclude_none=True)
    results = [{"role": "tool", "tool_call_id": each["id"], "content": "1"} for each in message.get("tool_calls") or ()]
    assert turns(HI, echoed, *results)[1] == {"role": "assistant", "content": said}


@pytest.mark.parametrize("entry", [{}, {"block": 1}, {"block": {}}, {"block": {"type": 1}}])
def test_what_is_no_block_stays_behind(entry: Json) -> None:
    details = [{"type": "message.block", "format": "anthropic-claude-v1", **entry}]
    assert turns(HI, {"role": "assistant", "content": "a", "reasoning_details": details})[1]["content"] == [
        {"type": "text", "text": "a"}
    ]


def test_blocks_of_others_stay_behind() -> None:
    details = [{"type": "message.block", "format": "x", "block": SEARCH}]
    assert len(turns(HI, {"role": "assistant", "content": "a", "reasoning_details": details})[1]["content"]) == 1


def test_a_paused_turn_goes_on() -> None:
    """Claude goes on with its own last turn where its own tools have not ended, though no one may put words there."""
    paused = whole(SAID[:2])
    assert turns(HI, paused) == [{"role": "user", "content": [{"type": "text", "text": "hi"}]},
                                 {"role": "assistant", "content": SAID[:2]}]  # fmt: skip
    assert refused({"messages": [HI, paused]}) is None
    assert refused({"messages": [HI, {"role": "assistant", "content": "words"}]}) is not None


CLEAR: Json = {"edits": [{"type": "clear_tool_uses_20250919"}]}


def test_native_parameters_that_are_headers() -> None:
    written = write({"messages": [HI], "user_profile_id": "uprof_1", "workspace_id": "wrkspc_1"})
    told = {"anthropic-user-profile-id": "uprof_1", "anthropic-workspace-id": "wrkspc_1"}
    assert written.headers == {"anthropic-version": "2023-06-01", **told}
    assert (written.dropped, written.request.keys() & {"user_profile_id", "workspace_id"}) == ((), set())


@pytest.mark.parametrize("value", ["a\r\nx-other: 1", "", 1, "é", "a b"])
def test_no_header_can_be_made_of_it(value: Any) -> None:
    assert refused({"messages": [HI], "workspace_id": value}) == ("invalid_request", "workspace_id")


def test_context_management_comes_with_its_beta() -> None:
    written = write({"messages": [HI], "context_management": CLEAR})
    assert written.request["context_management"] == CLEAR
    assert written.headers["anthropic-beta"] == "context-management-2025-06-27"
