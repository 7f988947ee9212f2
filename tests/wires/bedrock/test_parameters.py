"""Parameters: (asked for, the request beside its messages, what was lost), and where it is sent."""

from dataclasses import replace
from typing import Any

import pytest

from tests.wires.bedrock.support import (
    BUDGET,
    CLAUDE,
    FRAMES,
    GPT_OSS,
    LLAMA,
    MINE,
    NEWEST,
    NOVA,
    NOVA_2,
    TITAN,
    F,
    asked,
    refused,
    write,
)
from tests.wires.support import PROVIDER, call
from trunkline.types import Json, Target
from trunkline.wires import bedrock

EXTRA = "additionalModelRequestFields"


def base(**config: Any) -> Json:
    return {"inferenceConfig": config}


def extra(**fields: Any) -> Json:
    return {EXTRA: fields}


ROWS: dict[str, tuple[str, Json, Json, tuple[str, ...]]] = {
    "nothing": (CLAUDE, {}, {}, ()),
    "a limit": (CLAUDE, {"max_tokens": 5}, base(maxTokens=5), ()),
    "the newer limit": (NOVA, {"max_completion_tokens": 5}, base(maxTokens=5), ()),
    "a limit above Claude's": (CLAUDE, {"max_tokens": 10**6}, base(maxTokens=128_000), ("max_tokens=clamped",)),
    "a limit above Nova's": (NOVA, {"max_tokens": 10**6}, base(maxTokens=10_000), ("max_tokens=clamped",)),
    "a limit where none is known": (MINE, {"max_tokens": 10**6}, base(maxTokens=10**6), ()),
    "sampling": (NOVA, {"temperature": 0.5, "top_p": 0.9, "top_k": 5},
                 {**base(temperature=0.5, topP=0.9), **extra(inferenceConfig={"topK": 5})}, ()),
    "the default of others": (NOVA, {"temperature": 1, "top_p": 1}, base(temperature=1, topP=1), ()),
    "Claude's default": (CLAUDE, {"temperature": 1, "top_p": 1}, {}, ()),
    "a high temperature": (NOVA, {"temperature": 1.5}, base(temperature=1), ("temperature=clamped",)),
    "a high temperature for Claude": (CLAUDE, {"temperature": 1.5}, base(temperature=1), ("temperature=clamped",)),
    "one of both": (CLAUDE, {"temperature": 0.5, "top_p": 0.9}, base(temperature=0.5), ("top_p",)),
    "no sampling": (NEWEST, {"temperature": 0.5, "top_p": 0.9, "top_k": 5}, {}, ("temperature", "top_k", "top_p")),
    "no sampling, its default": ("us.openai.gpt-6-sol", {"temperature": 1}, {}, ()),
    "no top_p": ("xai.grok-4.7", {"temperature": 0.5, "top_p": 0.9}, base(temperature=0.5), ("top_p",)),
    "Claude's top_k": (CLAUDE, {"top_k": 5}, extra(top_k=5), ()),
    "Cohere's top_k": ("cohere.command-r-v1:0", {"top_k": 5}, extra(k=5), ()),
    "no top_k": (LLAMA, {"top_k": 1}, {}, ("top_k",)),
    "stop": (NOVA, {"stop": "\n"}, base(stopSequences=["\n"]), ()),
    "stops": (LLAMA, {"stop": ["a", "b"]}, base(stopSequences=["a", "b"]), ()),
    "blank stops of Claude": (CLAUDE, {"stop": ["a", "\n"]}, base(stopSequences=["a"]), ("stop=trimmed",)),
    "Claude's own stops": (CLAUDE, {"stop_sequences": ["a"]}, base(stopSequences=["a"]), ()),
    "no stops": (GPT_OSS, {"stop": "a"}, {}, ("stop",)),
    "an empty stop": (NOVA, {"stop": ""}, {}, ()),
    "a tier": (CLAUDE, {"service_tier": "flex"}, {"serviceTier": {"type": "flex"}}, ()),
    "any tier": (CLAUDE, {"service_tier": "auto"}, {}, ()),
    "a tier of OpenAI's": (CLAUDE, {"service_tier": "scale"}, {}, ("service_tier",)),
    "metadata": (CLAUDE, {"metadata": {"a": "b"}}, {"requestMetadata": {"a": "b"}}, ()),
    "metadata in part": (
        CLAUDE, {"metadata": {"a": "b", "c": "*", "d": 1}}, {"requestMetadata": {"a": "b"}}, ("metadata=trimmed",)),
    "metadata that does not fit": (CLAUDE, {"metadata": {"a": "*"}}, {}, ("metadata",)),
    "a user": (CLAUDE, {"user": "u", "metadata": {"a": "b"}}, {"requestMetadata": {"a": "b", "user": "u"}}, ()),
    "a user twice": (CLAUDE, {"user": "u", "metadata": {"user": "v"}}, {"requestMetadata": {"user": "v"}}, ()),
    "a user that does not fit": (CLAUDE, {"user": "é"}, {}, ("user",)),
    "without a counterpart": (
        CLAUDE,
        {"seed": 1, "frequency_penalty": 1, "prediction": {}, "verbosity": "low", "store": True,
         "prompt_cache_key": "k", "safety_identifier": "s", "x": 1},
        {},
        ("frequency_penalty", "prediction", "prompt_cache_key", "safety_identifier", "seed", "store", "verbosity", "x"),
    ),
    "what asks for nothing": (
        CLAUDE, {"n": 1, "logprobs": False, "modalities": ["text"], "tools": [], "presence_penalty": 0}, {}, ()),
    "Converse's own": (
        NOVA,
        {"guardrailConfig": {"guardrailIdentifier": "g"}, "performanceConfig": {"latency": "optimized"},
         "promptVariables": {"a": {"text": "b"}}, "additionalModelResponseFieldPaths": ["/a"]},
        {"guardrailConfig": {"guardrailIdentifier": "g"}, "performanceConfig": {"latency": "optimized"},
         "promptVariables": {"a": {"text": "b"}}, "additionalModelResponseFieldPaths": ["/a"]},
        (),
    ),
    "Converse's own over OpenAI's": (
        NOVA,
        {"max_tokens": 5, "temperature": 0.5, "inferenceConfig": {"maxTokens": 7}, "top_k": 5, "service_tier": "flex",
         EXTRA: {"inferenceConfig": {"x": 1}, "y": 2}, "serviceTier": {"type": "reserved"}},
        {**base(maxTokens=7, temperature=0.5), **extra(inferenceConfig={"topK": 5, "x": 1}, y=2),
         "serviceTier": {"type": "reserved"}},
        (),
    ),
    "Claude's own": (
        CLAUDE, {"anthropic_beta": ["x"], "output_config": {"effort": "low"}},
        extra(anthropic_beta=["x"], output_config={"effort": "low"}), ()),
    "Claude's own elsewhere": (
        NOVA, {"anthropic_beta": ["x"], "thinking": {"type": "enabled"}}, {}, ("anthropic_beta", "thinking")),
}  # fmt: skip


@pytest.mark.parametrize(("model", "body", "wanted", "lost"), ROWS.values(), ids=ROWS)
def test_parameters(model: str, body: Json, wanted: Json, lost: tuple[str, ...]) -> None:
    assert (asked(body, model), write(body, model).dropped) == (wanted, lost)


REFUSED: dict[str, Json] = {
    "n": {"n": 2},
    "logprobs": {"logprobs": True},
    "logit_bias": {"logit_bias": {"1": 1}},
    "audio": {"audio": {"voice": "a", "format": "wav"}},
    "modalities": {"modalities": ["text", "audio"], "audio": {}},
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_would_change_the_meaning(body: Json) -> None:
    assert (refused(body) or ("", ""))[0] == "unsupported_parameter"


HIGH = {"maxReasoningEffort": "high", "type": "enabled"}
EFFORTS: dict[str, tuple[str, Json, Json, tuple[str, ...]]] = {
    "Claude": (CLAUDE, {"reasoning_effort": "high"}, {
        **extra(thinking={"type": "adaptive", "display": "summarized"}), "outputConfig": {"effort": "high"}}, ()),
    "Claude by budget": (BUDGET, {"reasoning_effort": "low"}, {
        **base(maxTokens=64_000), **extra(thinking={"type": "enabled", "budget_tokens": 1_024})}, ()),
    "Claude by budget, with a limit": (BUDGET, {"reasoning_effort": "low", "max_tokens": 500, "temperature": 0.5}, {
        **base(maxTokens=1_524), **extra(thinking={"type": "enabled", "budget_tokens": 1_024})},
        ("max_tokens=raised", "temperature")),
    "Claude's own": (CLAUDE, {"thinking": {"type": "adaptive"}}, extra(thinking={"type": "adaptive"}), ()),
    "no reasoning": (CLAUDE, {"reasoning_effort": "none"}, extra(thinking={"type": "disabled"}), ()),
    "the least of the newest": (NEWEST, {"reasoning_effort": "none"}, {"outputConfig": {"effort": "low"}},
                                ("reasoning_effort=low",)),
    "Nova": (NOVA_2, {"reasoning_effort": "low", "temperature": 0.5, "max_tokens": 5},
             {**base(temperature=0.5, maxTokens=5),
              **extra(reasoningConfig={"maxReasoningEffort": "low", "type": "enabled"})}, ()),
    "Nova at its most": (
        NOVA_2, {"reasoning_effort": "high", "temperature": 0.5, "top_p": 0.5, "top_k": 1, "max_tokens": 5},
        extra(reasoningConfig=HIGH), ("max_tokens", "temperature", "top_k", "top_p")),
    "Nova, higher": (NOVA_2, {"reasoning_effort": "max"}, extra(reasoningConfig=HIGH), ("reasoning_effort=high",)),
    "Nova without": (NOVA_2, {"reasoning_effort": "none"}, {}, ()),
    "the older Nova": (NOVA, {"reasoning_effort": "low"}, {}, ("reasoning_effort",)),
    "the older Nova without": (NOVA, {"reasoning_effort": "none"}, {}, ()),
    "gpt-oss": (GPT_OSS, {"reasoning_effort": "minimal"}, extra(reasoning_effort="low"), ("reasoning_effort=low",)),
    "gpt-oss without": (GPT_OSS, {"reasoning_effort": "none"}, {}, ("reasoning_effort",)),
    "GPT": ("openai.gpt-6-sol", {"reasoning_effort": "none"}, extra(reasoning={"effort": "none"}), ()),
    "Qwen": ("qwen.qwen3-32b-v1:0", {"reasoning_effort": "medium"}, extra(reasoning_config="high"),
             ("reasoning_effort=high",)),
    "a model nobody knows": (MINE, {"reasoning_effort": "xhigh"}, {"outputConfig": {"effort": "xhigh"}}, ()),
    "a level nobody knows": (MINE, {"reasoning_effort": "x"}, {}, ("reasoning_effort",)),
}  # fmt: skip


@pytest.mark.parametrize(("model", "body", "wanted", "lost"), EFFORTS.values(), ids=EFFORTS)
def test_efforts(model: str, body: Json, wanted: Json, lost: tuple[str, ...]) -> None:
    assert (asked(body, model), write(body, model).dropped) == (wanted, lost)


CALL = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
RESULT = {"role": "tool", "tool_call_id": "1", "content": "r"}
THOUGHT = {"type": "reasoning.text", "text": "hm", "signature": "s", "format": "anthropic-claude-v1"}
HI = {"role": "user", "content": "hi"}
THINKING: dict[str, tuple[list[Json], Json, bool]] = {
    "a question": ([HI], {}, True),
    "a result whose call was thought about": (
        [HI, {"role": "assistant", "tool_calls": [CALL], "reasoning_details": [THOUGHT]}, RESULT], {}, True),
    "a result whose call was not": ([HI, {"role": "assistant", "tool_calls": [CALL]}, RESULT], {}, False),
    "a result, cached": ([HI, {"role": "assistant", "tool_calls": [CALL]},
                          {**RESULT, "cache_control": {"type": "ephemeral"}}], {}, False),
    "a result and a question": ([HI, {"role": "assistant", "tool_calls": [CALL]}, RESULT, HI], {}, True),
    "words put into its mouth": ([HI, {"role": "assistant", "content": "a"}], {}, False),
    "a tool that must be called": ([HI], {"tool_choice": "required"}, False),
}  # fmt: skip


@pytest.mark.parametrize(("messages", "more", "thinks"), THINKING.values(), ids=THINKING)
def test_when_claude_may_think_by_budget(messages: list[Json], more: Json, thinks: bool) -> None:
    body = {"messages": messages, "tools": [F], "reasoning_effort": "low", **more}
    assert ("thinking" in asked(body, BUDGET).get(EXTRA, {})) == thinks
    assert ("reasoning_effort" in write(body, BUDGET).dropped) != thinks


MODELS: dict[str, str] = {
    "amazon.nova-lite-v1:0": "amazon.nova-lite-v1%3A0",
    "arn:aws:bedrock:us-east-1:0:imported-model/x": "arn%3Aaws%3Abedrock%3Aus-east-1%3A0%3Aimported-model%2Fx",
    "../x?y#z": "..%2Fx%3Fy%23z",
}  # fmt: skip


@pytest.mark.parametrize(("model", "segment"), MODELS.items(), ids=MODELS)
def test_where_it_is_sent(model: str, segment: str) -> None:
    stream, whole = write({}, model), write({}, model, stream=False)
    assert (stream.path, stream.headers) == (f"/model/{segment}/converse-stream", {"accept": FRAMES})
    assert (whole.path, whole.headers) == (f"/model/{segment}/converse", {"accept": "application/json"})
    assert stream.request == whole.request


def test_the_name_that_the_account_has_for_a_model() -> None:
    """Goes into the URL; what the model takes goes by the name that the file has."""
    provider = replace(PROVIDER, deployments={CLAUDE: "arn:x/y"})
    body: Json = {"messages": [HI], "top_k": 5}
    encoded = bedrock.encode(call(body=body), body, Target(provider=provider, model=CLAUDE))
    assert encoded.path == "/model/arn%3Ax%2Fy/converse"
    assert b"additionalModelRequestFields" in encoded.content


def test_models_that_cannot_do_both_at_once() -> None:
    """Call tools and stream: their answer comes whole."""
    assert write({"tools": [F]}, LLAMA).path.endswith("/converse")
    assert write({}, LLAMA).path.endswith("/converse-stream")
    assert write({"tools": [F]}, CLAUDE).path.endswith("/converse-stream")


def test_a_guardrail_of_streams() -> None:
    """Its setting for them is not known elsewhere."""
    body = {"guardrailConfig": {"guardrailIdentifier": "g", "streamProcessingMode": "async"}}
    told = {stream: write(body, stream=stream).request["guardrailConfig"] for stream in (True, False)}
    assert told == {True: body["guardrailConfig"], False: {"guardrailIdentifier": "g"}}


def test_a_system_for_a_model_that_has_none() -> None:
    body = {"response_format": {"type": "json_object"}, "messages": [HI]}
    request = write(body, TITAN).request
    assert "system" not in request
    assert len(request["messages"]) == 1
