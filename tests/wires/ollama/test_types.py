"""Whatever is asked for, what goes out is a request by the types of Ollama's own SDK: no unknown key anywhere."""

import pytest
from ollama._types import ChatRequest, EmbedRequest, Message, Options
from pydantic import ValidationError

from tests.wires.features import CALL, COMMON, PNG, F
from tests.wires.ollama.support import LEVELS, NEVER, SWITCH, UNKNOWN, write
from tests.wires.strict import More, strict
from tests.wires.support import HI
from trunkline.types import Json

# The server has them, the SDK's types not yet: https://github.com/ollama/ollama/blob/main/api/types.go
# What a schema may say is JSON Schema's to define, not the SDK's.
MORE: More = {
    "ChatRequest": {"truncate", "shift"},
    "Message": {"tool_call_id"},
    "ToolCall": {"id"},
    "Options": {"min_p"},
    "Parameters": None,
}
CHAT, EMBED, MESSAGE, OPTIONS = (strict(kind, MORE) for kind in (ChatRequest, EmbedRequest, Message, Options))


def check(request: Json) -> None:
    """Raises ValidationError, or AssertionError for an unknown key. Messages and options are looked at for themselves:
    beside their types the SDK takes any object."""
    (CHAT if "messages" in request else EMBED)(request)
    for message in request.get("messages", ()):
        # The SDK takes pictures in its own wrapping, and sends the bare base64 that we send.
        images = {"images": [{"value": one} for one in message["images"]]} if "images" in message else {}
        MESSAGE({**message, **images})
    OPTIONS(request.get("options", {}))


FEATURES: dict[str, Json] = {
    **COMMON,
    "text": {
        "messages": [HI],
        "max_tokens": 5,
        "temperature": 0.5,
        "stop": ["a"],
        "user": "u",
        "seed": 1,
        "top_p": 0.5,
    },
    "images": {
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "a"},
                    {"type": "image_url", "image_url": {"url": PNG, "detail": "low"}},
                    {"type": "input_audio", "input_audio": {"data": "QQ==", "format": "wav"}},
                ],
            }
        ]
    },
    "tools": {
        "messages": [
            HI,
            {
                "role": "assistant",
                "content": "x",
                "reasoning_content": "hm",
                "tool_calls": [CALL, {"id": "2", "type": "custom", "custom": {"name": "g", "input": "i"}}],
            },
            {"role": "tool", "tool_call_id": "a.1", "content": [{"type": "text", "text": "r"}]},
            {"role": "tool", "tool_call_id": "2", "content": "r"},
            HI,
        ],
        "tools": [F, {"type": "custom", "custom": {"name": "g", "description": "d"}}],
        "parallel_tool_calls": False,
    },
    "log probabilities": {"messages": [HI], "logprobs": True, "top_logprobs": 2},
    "their own": {
        "messages": [HI],
        "keep_alive": -1,
        "truncate": False,
        "shift": True,
        "think": "low",
        "format": "json",
        "options": {"num_ctx": 1},
        "min_p": 0.1,
        "top_k": 1,
    },
}


@pytest.mark.parametrize("model", [LEVELS, SWITCH, NEVER, UNKNOWN])
@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_every_feature(body: Json, model: str) -> None:
    check(write(body, model).request)
    check(write(body, model, stream=False).request)


def test_embeddings() -> None:
    asked = {"input": ["a"], "dimensions": 8, "truncate": True, "keep_alive": "5m", "num_ctx": 1, "user": "u"}
    check(write(asked, kind="embeddings").request)


WRONG: dict[str, Json] = {
    "a key nobody knows": {"x": 1},
    "a message's key": {"messages": [{"role": "user", "content": "a", "x": 1}]},
    "content in parts": {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]},
    "arguments as text": {"messages": [{"role": "assistant", "tool_calls": [{"function": CALL["function"]}]}]},
    "a tool's key": {"tools": [{"type": "function", "function": {"name": "f", "strict": True}}]},
    "an option": {"options": {"x": 1}},
    "an option's type": {"options": {"num_ctx": "x"}},
    "one stop": {"options": {"stop": 1}},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_itself_sees(wrong: Json) -> None:
    with pytest.raises((ValidationError, AssertionError)):
        check({**write({}).request, **wrong})
