"""What goes to a provider with an SDK of its own is a request by that SDK's types: no unknown key anywhere."""

import pytest
from groq.types.chat import completion_create_params as groq
from pydantic import ValidationError
from together.types import embedding_create_params as together_embeddings
from together.types.chat import completion_create_params as together

from tests.wires.dialect_support import encoded
from tests.wires.strict import strict
from trunkline.types import Json

TYPES = {
    ("groq", "chat"): strict(groq.CompletionCreateParams),
    ("together", "chat"): strict(together.CompletionCreateParams),
    ("together", "embeddings"): strict(together_embeddings.EmbeddingCreateParams),
}
# Taken by the API, as recorded, though its SDK does not know of it.
ELSEWHERE = {"groq": {"stream_options"}, "together": set[str]()}


def check(row: str, kind: str, sent: Json) -> None:
    """Raises ValidationError."""
    told = {key: value for key, value in sent.items() if key not in ELSEWHERE[row]}
    if row == "together":
        told = _as_together_has_it(told)
    TYPES[row, kind](told)


def _as_together_has_it(sent: Json) -> Json:
    """Its SDK wants an `index` in each call of a message, and of the one tool that must be called a whole call: its
    API takes OpenAI's forms."""
    if isinstance(sent.get("tool_choice"), dict):
        sent = {**sent, "tool_choice": {"id": "", "index": 0, **sent["tool_choice"]}}
        sent["tool_choice"]["function"] = {"arguments": "", **sent["tool_choice"]["function"]}
    messages = [
        {**message, "tool_calls": [{"index": 0, **call} for call in message["tool_calls"]]}
        if "tool_calls" in message
        else message
        for message in sent.get("messages", ())
    ]
    return {**sent, "messages": messages} if messages else sent


USER: Json = {"role": "user", "content": "hi"}
TOOL: Json = {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}
CALL: Json = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
TEXT: Json = {"type": "text", "text": "see"}
IMAGE: Json = {"type": "image_url", "image_url": {"url": "data:image/png;base64,QQ=="}}
SCHEMA: Json = {"name": "n", "description": "d", "schema": {"type": "object"}, "strict": True}
THOUGHT: Json = {
    "role": "assistant",
    "content": "4",
    "refusal": None,
    "annotations": [],
    "reasoning_content": "hm",
    "reasoning_details": [{"type": "reasoning.text", "text": "hm"}],
}

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
REQUESTS: dict[str, Json] = {
    "least": {},
    "sampling": {"temperature": 0.5, "top_p": 0.5, "frequency_penalty": 0.1, "presence_penalty": 0.1, "seed": 7},
    "limits": {"max_completion_tokens": 5, "stop": "x"},
    "the older limit": {"max_tokens": 5, "stop": ["x", "y"]},
    "a stream": {"stream": True, "stream_options": {"include_usage": True}},
    "whose it is": {
        "user": "u",
        "safety_identifier": "s",
        "metadata": {"a": "b"},
        "store": True,
        "service_tier": "default",
        "prompt_cache_key": "k",
        "prompt_cache_retention": "24h",
    },
    "neutral": {"n": 1, "logprobs": False, "logit_bias": {}, "modalities": ["text"], "parallel_tool_calls": True},
    "words of OpenAI's own": {"verbosity": "low", "prediction": {"type": "content", "content": "a"}},
    "a search": {"web_search_options": {}},
    "tools": {"tools": [TOOL], "tool_choice": "auto", "parallel_tool_calls": False},
    "a forced tool": {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "f"}}},
    "JSON": {"response_format": {"type": "json_object"}},
    "a schema": {"response_format": {"type": "json_schema", "json_schema": SCHEMA}},
    **{f"effort {effort}": {"reasoning_effort": effort} for effort in EFFORTS},
    "a conversation": {
        "messages": [
            {"role": "developer", "content": [TEXT]},
            {"role": "system", "content": "s"},
            {**USER, "name": "ann"},
            THOUGHT,
            USER,
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "call_1", "content": [TEXT, TEXT]},
        ]
    },
    "an image": {"messages": [{"role": "user", "content": [TEXT, IMAGE]}]},
}  # fmt: skip
OWN: dict[str, dict[str, Json]] = {
    "groq": {
        "reasoning": {"reasoning_format": "hidden"},
        "no reasoning": {"include_reasoning": False},
        "documents": {"documents": [{"source": {"type": "text", "text": "a"}}], "citation_options": "enabled"},
    },
    "together": {
        "logprobs": {"logprobs": True, "top_logprobs": 3, "n": 2, "logit_bias": {"1": 1}, "echo": True},
        "samplers": {"top_k": 3, "min_p": 0.1, "repetition_penalty": 1.1, "safety_model": "m"},
        "template": {"chat_template_kwargs": {"a": 1}, "context_length_exceeded_behavior": "error"},
    },
}
CHATS = [(row, name) for row in OWN for name in (*REQUESTS, *OWN[row])]
MODEL = "openai/gpt-oss-20b"


@pytest.mark.parametrize(("row", "name"), CHATS)
def test_a_chat_is_one_by_the_sdks_types(row: str, name: str) -> None:
    body = {"messages": [USER], **{**REQUESTS, **OWN[row]}[name]}
    _, sent, _ = encoded(row, body, model=MODEL)
    check(row, "chat", sent)


@pytest.mark.parametrize("asked", ["float", "base64", None])
def test_embeddings_are_by_the_sdks_types(asked: str | None) -> None:
    body = {"input": ["a", "b"], "user": "u", **({"encoding_format": asked} if asked else {})}
    _, sent, _ = encoded("together", body, kind="embeddings")
    check("together", "embeddings", sent)


UNKNOWN: dict[str, Json] = {
    "at the top": {"messages": [USER], "x": 1},
    "in a message": {"messages": [{**USER, "x": 1}]},
    "in a part": {"messages": [{"role": "user", "content": [{**TEXT, "x": 1}]}]},
    "in a call": {"messages": [{"role": "assistant", "tool_calls": [{**CALL, "x": 1}]}]},
    "in a tool": {"messages": [USER], "tools": [{**TOOL, "x": 1}]},
}


@pytest.mark.parametrize("row", OWN)
@pytest.mark.parametrize("sent", UNKNOWN.values(), ids=UNKNOWN)
def test_the_types_would_tell(row: str, sent: Json) -> None:
    with pytest.raises((ValidationError, AssertionError)):
        check(row, "chat", {"model": "m", **sent})
