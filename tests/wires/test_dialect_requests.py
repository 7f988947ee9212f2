"""What each built-in row sends, and what it names as lost."""

from dataclasses import dataclass, field

import pytest

from tests.wires.dialect_support import HERE, encoded
from trunkline.types import Json

USER: Json = {"role": "user", "content": "hi"}
CALL: Json = {"id": "call_abc", "type": "function", "function": {"name": "f", "arguments": "{}"}}
TOOL: Json = {"type": "function", "function": {"name": "f"}}
PART: Json = {"type": "text", "text": "a"}
THOUGHT: Json = {"role": "assistant", "content": "4", "reasoning_content": "2 and 2"}
SCHEMA: Json = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
USAGE = {"stream_options": {"include_usage": True}}


@dataclass(frozen=True, slots=True)
class Row:
    """`said` beside one message; `sent` beside model and that message, the messages where they change."""

    said: Json
    sent: Json
    dropped: tuple[str, ...] = ()
    more: str = ""
    messages: list[Json] = field(default_factory=lambda: [USER])


def same(said: Json) -> Row:
    return Row(said, said)


STREAM = {"stream": True}
EFFORT = "reasoning_effort"

SENT: dict[str, Row] = {
    "groq own tiers": Row({"service_tier": "priority"}, {"service_tier": "auto"}, ("service_tier=auto",)),
    "groq flex": same({"service_tier": "flex"}),
    "groq neutral": Row({"n": 1, "logprobs": False, "logit_bias": {}, "top_logprobs": 0}, {}),
    "groq store": Row({"store": True, "metadata": {"a": "b"}, "user": "u"}, {"user": "u"}, ("metadata", "store")),
    "groq reasoning of a turn": Row({}, {"messages": [{"role": "assistant", "content": "4"}]}, messages=[THOUGHT]),
    "groq stray tool_calls": Row(
        {}, {"messages": [USER]}, ("messages=trimmed",), messages=[{**USER, "tool_calls": [CALL]}]
    ),
    "groq asks usage": Row(STREAM, {**STREAM, **USAGE}),
    "together one stop": Row({"stop": "x"}, {"stop": ["x"]}),
    "together stops": same({"stop": ["x", "y"]}),
    "together logprobs": Row({"logprobs": True, "top_logprobs": 3}, {"logprobs": 3}),
    "together logprobs alone": Row({"logprobs": True}, {"logprobs": 1}),
    "together no logprobs": Row({"logprobs": False}, {}),
    "together limit": Row({"max_completion_tokens": 5}, {"max_tokens": 5}),
    "together usage unasked": Row({**STREAM, **USAGE}, STREAM),
    "together lost": Row({"user": "u", "store": True, "top_k": 4}, {"top_k": 4}, ("store", "user")),
    "sambanova all": same({"n": 2, "top_k": 3, "logprobs": True}),
    "xai penalties": Row({"frequency_penalty": 1, "presence_penalty": 0}, {}, ("frequency_penalty",)),
    "xai parallel": Row({"parallel_tool_calls": False}, {"parallel_function_calling": False}),
    "xai effort": Row({EFFORT: "minimal"}, {EFFORT: "low"}, (f"{EFFORT}=low",)),
    "xai top_logprobs": Row(
        {"logprobs": True, "top_logprobs": 20}, {"logprobs": True, "top_logprobs": 8}, ("top_logprobs=clamped",)
    ),
    "deepseek names": Row({"max_completion_tokens": 5, "user": "u"}, {"max_tokens": 5, "user_id": "u"}),
    "deepseek lost": Row({"seed": 1, "parallel_tool_calls": False}, {}, ("parallel_tool_calls", "seed")),
    "deepseek no thinking": Row({EFFORT: "none"}, {"thinking": {"type": "disabled"}}),
    "deepseek thinking as said": Row(
        {EFFORT: "none", "thinking": {"type": "enabled"}}, {"thinking": {"type": "enabled"}}
    ),
    "deepseek more effort": Row({EFFORT: "xhigh"}, {EFFORT: "high"}, (f"{EFFORT}=high",)),
    "deepseek most effort": same({EFFORT: "max"}),
    "deepseek reasoning goes back": Row({}, {"messages": [THOUGHT, USER]}, messages=[THOUGHT, USER]),
    "deepseek json mode": same({"response_format": {"type": "json_object"}}),
    "openrouter own": same({"provider": {"order": ["x"]}, "models": ["a"], "n": 2, "logprobs": True, "user": "u"}),
    "openrouter reasoning goes back": Row(
        {}, {"messages": [{**THOUGHT, "reasoning_details": [{}]}]}, messages=[{**THOUGHT, "reasoning_details": [{}]}]
    ),
    "openrouter details of others": Row(
        {},
        {"messages": [{**THOUGHT, "reasoning_details": [{"type": "reasoning.text"}, {}]}]},
        messages=[
            {
                **THOUGHT,
                "reasoning_details": [{"type": "message.block", "block": {}}, {"type": "reasoning.text"}, {}, 1],
            }
        ],
    ),
    "openrouter no list of details": Row(
        {}, {"messages": [{**THOUGHT, "reasoning_details": "x"}]}, messages=[{**THOUGHT, "reasoning_details": "x"}]
    ),
    "together text in parts": Row(
        {},
        {
            "messages": [
                {"role": "system", "content": "ab"},
                {"role": "user", "content": [PART]},
                {"role": "tool", "tool_call_id": "c", "content": [PART, {"type": "image_url"}]},
            ]
        },
        messages=[
            {"role": "developer", "content": [PART, {"type": "text", "text": "b"}]},
            {"role": "user", "content": [PART]},
            {"role": "tool", "tool_call_id": "c", "content": [PART, {"type": "image_url"}]},
        ],
    ),
    "together an echo": Row(
        {},
        {"messages": [{"role": "assistant", "content": "4"}]},
        messages=[{"role": "assistant", "content": "4", "refusal": None, "annotations": []}],
    ),
    "fireworks effort": Row({EFFORT: "xhigh"}, {EFFORT: "high"}, (f"{EFFORT}=high",)),
    "fireworks usage unasked": Row({**STREAM, **USAGE}, STREAM),
    "cerebras penalties": Row(
        {"frequency_penalty": 0.5, "parallel_tool_calls": True, "store": True}, {}, ("frequency_penalty", "store")
    ),
    "cerebras heat": Row({"temperature": 2}, {"temperature": 1.5}, ("temperature=clamped",)),
    "cerebras reasoning": Row(
        {},
        {"messages": [{"reasoning": "2 and 2", "role": "assistant", "content": "4"}]},
        messages=[{**THOUGHT, "reasoning_details": [{}]}],
    ),
    "cerebras allowed": Row(
        {"presence_penalty": 1}, {"presence_penalty": 1}, more=f"{HERE}, allow: [presence_penalty]"
    ),
    "perplexity own": same({"search_domain_filter": ["x"], "web_search_options": {}}),
    "perplexity usage unasked": Row({**STREAM, **USAGE}, STREAM),
    "nvidia closed": Row(
        {"seed": 1, "prompt_cache_key": "k", "user": "u", "max_completion_tokens": 5},
        {"seed": 1, "max_tokens": 5},
        ("prompt_cache_key", "user"),
    ),
    "nvidia opened": Row({"nvext": {}, "user": "u"}, {"nvext": {}}, ("user",), more=f"{HERE}, allow: [nvext]"),
    "nvidia developer": Row(
        {}, {"messages": [{"role": "system", "content": "s"}]}, messages=[{"role": "developer", "content": "s"}]
    ),
    "vllm no tools": Row({"tools": [], "tool_choice": "auto"}, {}),
    "vllm choice without tools": Row({"tool_choice": "none"}, {}),
    "vllm tools": same({"tools": [TOOL], "tool_choice": "auto"}),
    "vllm guided": Row(
        {"guided_json": {"type": "object"}, "top_k": 3},
        {"structured_outputs": {"json": {"type": "object"}}, "top_k": 3},
    ),
    "vllm reasoning goes back": Row({}, {"messages": [THOUGHT]}, messages=[THOUGHT]),
    "runpod guided": Row({"guided_regex": "a+"}, {"structured_outputs": {"regex": "a+"}}),
    "llamacpp own": same({"grammar": "root ::= x", "cache_prompt": True, "n": 2}),
    "lmstudio json mode": Row(
        {"response_format": {"type": "json_object"}},
        {"response_format": {"type": "json_schema", "json_schema": {"name": "object", "schema": {"type": "object"}}}},
    ),
    "lmstudio schema": same({"response_format": SCHEMA}),
    "huggingface": Row(
        {"stop": "x", "max_completion_tokens": 5, "store": True, "top_logprobs": 9, "logprobs": True},
        {"stop": ["x"], "max_tokens": 5, "top_logprobs": 5, "logprobs": True},
        ("store", "top_logprobs=clamped"),
    ),
    "mistral names": Row({"seed": 1, "max_completion_tokens": 5}, {"random_seed": 1, "max_tokens": 5}),
    "mistral native": same({"random_seed": 1, "safe_prompt": True, "n": 2}),
    "mistral closed": Row({"user": "u", "store": True, "top_k": 3}, {}, ("store", "top_k", "user")),
    "mistral ranges": Row(
        {"temperature": 1.8, "top_p": 0},
        {"temperature": 1.5, "top_p": 0.0001},
        ("temperature=clamped", "top_p=clamped"),
    ),
    "mistral effort": Row({EFFORT: "medium"}, {EFFORT: "high"}, (f"{EFFORT}=high",)),
    "mistral usage unasked": Row({**STREAM, **USAGE}, STREAM),
    "mistral no tools": Row({"tools": [], "parallel_tool_calls": True}, {}),
    "mistral message keys": Row({}, {"messages": [USER]}, ("messages=trimmed",), messages=[{**USER, "name": "n"}]),
    "mistral empty message keys": Row(
        {},
        {"messages": [{"role": "assistant", "content": "4"}]},
        messages=[{"role": "assistant", "content": "4", "refusal": None, "annotations": [], "reasoning": "x"}],
    ),
    "mistral developer": Row(
        {}, {"messages": [{"role": "system", "content": "s"}]}, messages=[{"role": "developer", "content": "s"}]
    ),
    "mistral ids": Row(
        {},
        {
            "messages": [
                {"role": "assistant", "tool_calls": [{**CALL, "id": "ZClYZGnrZ"}, {**CALL, "id": "Abcdef012"}]},
                {"role": "tool", "content": "1", "tool_call_id": "ZClYZGnrZ"},
            ]
        },
        messages=[
            {"role": "assistant", "tool_calls": [CALL, {**CALL, "id": "Abcdef012"}]},
            {"role": "tool", "content": "1", "tool_call_id": "call_abc"},
        ],
    ),
    "mistral parts": Row(
        {},
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "document_url", "document_url": "data:application/pdf;base64,QQ=="},
                        {"type": "input_audio", "input_audio": "QQ=="},
                        {"type": "text", "text": "x"},
                    ],
                }
            ]
        },
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,QQ=="}},
                    {"type": "input_audio", "input_audio": {"data": "QQ==", "format": "wav"}},
                    {"type": "text", "text": "x"},
                ],
            }
        ],
    ),
    "azure as it is": same({"max_tokens": 5, "store": True, "n": 2, "data_sources": []}),
    "azure_ai closed": Row(
        {"max_completion_tokens": 5, "seed": 1, "user": "u"}, {"max_tokens": 5, "seed": 1}, ("user",)
    ),
    "openai reasoning of a turn": Row({}, {"messages": [{"role": "assistant", "content": "4"}]}, messages=[THOUGHT]),
}


@pytest.mark.parametrize(("name", "row"), SENT.items(), ids=SENT)
def test_what_is_sent(name: str, row: Row) -> None:
    provider = name.split()[0]
    body = {"model": "smart", "messages": row.messages, **row.said}
    _, sent, dropped = encoded(provider, body, more=row.more)
    assert (sent, dropped) == ({"model": "m", "messages": row.messages, **row.sent}, row.dropped)
