"""What a model takes of a request, where it differs from its provider's other models."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.wires.dialect_support import HERE, encoded, target
from trunkline.config.rows import rows
from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.dialect import REQUEST

USER: Json = {"role": "user", "content": "hi"}
TOOLS: Json = {"tools": [{"type": "function", "function": {"name": "f"}}]}
EFFORT = "reasoning_effort"
SAMPLING: Json = {"temperature": 0.5, "top_p": 0.5}
FOUNDRY = "base_url: 'https://n.services.ai.azure.com'"
AZURE = "base_url: 'https://n.openai.azure.com'"


def effort(value: str) -> Json:
    return {EFFORT: value}


@dataclass(frozen=True, slots=True)
class Row:
    """`said` beside one message to `provider/model`; `sent` beside model and messages."""

    to: str
    said: Json
    sent: Json = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    more: str = ""


def same(to: str, said: Json, more: str = "") -> Row:
    return Row(to, said, said, more=more)


def lost(to: str, said: Json, more: str = "") -> Row:
    return Row(to, said, {}, tuple(sorted(said)), more)


def nearest(to: str, said: str, sent: str) -> Row:
    return Row(to, effort(said), effort(sent), (f"{EFFORT}={sent}",))


PARSED = {"reasoning_format": "parsed"}
BOTH = {"frequency_penalty": 0.5, "presence_penalty": 0.5}
OLD = f"{AZURE}, api_version: 2024-06-01"
STREAM: Json = {"stream": True}

TAKEN: dict[str, Row] = {
    "a model that does not reason": same("openai/gpt-4.1", {**SAMPLING, **BOTH, "stop": "x", "logprobs": True}),
    "nor can be asked to": lost("openai/gpt-4o-mini", effort("low")),
    "a chat model by a reasoning name": same("openai/gpt-5-chat-latest", SAMPLING),
    "a reasoning model": lost("openai/gpt-5-mini", {**SAMPLING, **BOTH, "stop": "x"}),
    "an older one": lost("openai/o4-mini", {**SAMPLING, "stop": ["x"]}),
    "a newer one": lost("openai/gpt-6-sol", SAMPLING),
    "a dated one": lost("openai/o3-2025-04-16", SAMPLING),
    "one made of it": lost("openai/ft:o4-mini-2025-04-16:us::id", SAMPLING),
    "neutral values are nothing lost": Row("openai/o3", {"temperature": 1, "top_p": 1, "stop": []}),
    "one that reasons when asked": same("openai/gpt-5.1", SAMPLING),
    "asked not to": same("openai/gpt-5.2", {**SAMPLING, "logprobs": True, **effort("none")}),
    "asked to": Row("openai/gpt-5.4", {**SAMPLING, **effort("low")}, effort("low"), ("temperature", "top_p")),
    "its kin that always does": lost("openai/gpt-5.2-codex", SAMPLING),
    "the user knows better": same("openai/gpt-5", SAMPLING, more=f"{HERE}, allow: [temperature, top_p]"),
    "the user knows worse": lost("openai/gpt-4.1", {"temperature": 0.5}, more=f"{HERE}, drop: [temperature]"),
    "o none": nearest("openai/o3", "none", "low"),
    "o max": nearest("openai/o3", "max", "high"),
    "o1 in parallel": lost("openai/o1", {"parallel_tool_calls": False}),
    "gpt-5 none": nearest("openai/gpt-5", "none", "minimal"),
    "gpt-5 minimal": same("openai/gpt-5", effort("minimal")),
    "gpt-5-pro low": nearest("openai/gpt-5-pro", "low", "high"),
    "gpt-5.1 xhigh": nearest("openai/gpt-5.1", "xhigh", "high"),
    "gpt-5.1-codex-max xhigh": same("openai/gpt-5.1-codex-max", effort("xhigh")),
    "gpt-5.2 minimal": nearest("openai/gpt-5.2", "minimal", "low"),
    "gpt-5.3-codex none": nearest("openai/gpt-5.3-codex", "none", "low"),
    "gpt-5.5-pro none": nearest("openai/gpt-5.5-pro", "none", "medium"),
    "gpt-5.6 max": same("openai/gpt-5.6-sol", effort("max")),
    "an effort that nobody knows yet": same("openai/gpt-5.6-sol", effort("ultra")),
    "azure reasons": Row("azure/gpt-5", {"max_tokens": 5, **SAMPLING}, {"max_completion_tokens": 5},
                         ("temperature", "top_p"), AZURE),
    "azure does not": same("azure/gpt-4.1", {"max_tokens": 5, **SAMPLING}, AZURE),
    "azure by the name of a deployment": lost("azure/prod-gpt-5", SAMPLING, f"{AZURE}, deployments: {{prod-gpt-5: x}}"),
    "azure before usage in streams": Row("azure/gpt-4", {**STREAM, "max_completion_tokens": 5},
                                         {**STREAM, "max_tokens": 5}, more=OLD),
    "azure since": Row("azure/gpt-4", STREAM, {**STREAM, "stream_options": {"include_usage": True}},
                       more=f"{AZURE}, api_version: 2024-10-21"),
    "xai stops": same("xai/grok-4.20-0309-non-reasoning", {"stop": "x"}),
    "xai reasons": lost("xai/grok-4.6", {"stop": "x"}),
    "xai without effort": lost("xai/grok-4.20-0309-reasoning", effort("low")),
    "xai older": lost("xai/grok-4-0709", effort("low")),
    "xai code": lost("xai/grok-code-fast-1", effort("low")),
    "xai agents": same("xai/grok-4.20-multi-agent-0309", effort("high")),
    "xai none": same("xai/grok-4.3", effort("none")),
    "xai never none": nearest("xai/grok-4.5", "none", "low"),
    "xai xhigh": same("xai/grok-4.7", effort("xhigh")),
    "groq gpt-oss": Row("groq/openai/gpt-oss-20b", effort("low"), {**effort("low"), **PARSED}),
    "groq gpt-oss none": Row("groq/gpt-oss-20b", effort("none"), {**effort("low"), **PARSED}, (f"{EFFORT}=low",)),
    "groq qwen": Row("groq/qwen/qwen3-32b", effort("high"), {**effort("default"), **PARSED}, (f"{EFFORT}=default",)),
    "groq as said": same("groq/qwen/qwen3-32b", {"reasoning_format": "hidden"}),
    "groq said otherwise": same("groq/openai/gpt-oss-20b", {"include_reasoning": False}),
    "groq llama": lost("groq/meta-llama/llama-4-scout-17b-16e-instruct", effort("low")),
    "deepseek thinks": lost("deepseek/deepseek-flash", {**SAMPLING, **BOTH}),
    "deepseek does not": Row("deepseek/deepseek-flash", {**SAMPLING, **effort("none")},
                             {**SAMPLING, "thinking": {"type": "disabled"}}),
    "deepseek by its own switch": same(
        "deepseek/deepseek-v4-pro", {**SAMPLING, **TOOLS, "tool_choice": "required", "thinking": {"type": "disabled"}}
    ),
    "together off": Row("together/Qwen/Qwen3.5-9B", effort("none"), {"reasoning": {"enabled": False}}),
    "together most": nearest("together/openai/gpt-oss-120b", "xhigh", "high"),
    "cerebras none": nearest("cerebras/gpt-oss-120b", "none", "low"),
    "cerebras off": same("cerebras/zai-glm-4.7", effort("none")),
    "fireworks max": nearest("fireworks/accounts/fireworks/models/kimi-k3", "max", "high"),
    "fireworks kimi": nearest("fireworks/accounts/fireworks/models/kimi-k2p6", "none", "low"),
    "fireworks glm": nearest("fireworks/accounts/fireworks/models/glm-5p3", "low", "high"),
    "fireworks glm most": same("fireworks/accounts/fireworks/models/glm-5p3", effort("max")),
    "sambanova none": nearest("sambanova/gpt-oss-120b", "none", "low"),
    "perplexity": lost("perplexity/sonar-pro", effort("high")),
    "perplexity deep": same("perplexity/sonar-deep-research", effort("high")),
    "mistral small": nearest("mistral/mistral-small-latest", "low", "none"),
    "mistral before effort": lost("mistral/mistral-small-2506", effort("high")),
    "mistral always": lost("mistral/magistral-medium-latest", effort("high")),
    "huggingface at cerebras": lost("huggingface/zai-org/GLM-4.7:cerebras", BOTH),
    "huggingface anywhere": same("huggingface/zai-org/GLM-4.7", BOTH),
    "foundry reasons": Row("azure_ai/gpt-5-mini", {"max_completion_tokens": 5, "temperature": 0.5},
                           {"max_completion_tokens": 5}, ("temperature",), FOUNDRY),
    "foundry does not": Row("azure_ai/Llama-3.3", {"max_completion_tokens": 5}, {"max_tokens": 5}, more=FOUNDRY),
    "foundry mistral": lost("azure_ai/mistral-large-2411", BOTH, FOUNDRY),
}  # fmt: skip

FORCED: list[Any] = ["required", {"type": "function", "function": {"name": "f"}}]

REFUSED: list[tuple[str, Json, str]] = [
    ("openai/o3", {"logprobs": True}, "logprobs"),
    ("openai/gpt-5", {"logit_bias": {"1": 1}}, "logit_bias"),
    ("openai/gpt-5.2", {"logprobs": True, **effort("high")}, "logprobs"),
    ("xai/grok-build-0.1", {"logprobs": True}, "logprobs"),
    ("huggingface/openai/gpt-oss-20b:groq", {"n": 2}, "n"),
    *(("deepseek/deepseek-v4-flash", {**TOOLS, "tool_choice": forced}, "tool_choice") for forced in FORCED),
]


def sent_to(to: str, said: Json, more: str = HERE) -> tuple[str, Json, tuple[str, ...]]:
    provider, _, model = to.partition("/")
    path, sent, dropped = encoded(provider, {"messages": [USER], **said}, more=more, model=model)
    return path, {key: value for key, value in sent.items() if key not in ("model", "messages")}, dropped


@pytest.mark.parametrize("row", TAKEN.values(), ids=TAKEN)
def test_what_a_model_is_sent(row: Row) -> None:
    _, sent, dropped = sent_to(row.to, row.said, row.more or HERE)
    assert (sent, dropped) == (row.sent, row.dropped)


@pytest.mark.parametrize(("to", "said", "param"), REFUSED)
def test_what_would_change_the_meaning_is_refused(to: str, said: Json, param: str) -> None:
    with pytest.raises(ApiError) as error:
        sent_to(to, said)
    assert (error.value.code, error.value.param, error.value.should_retry) == ("unsupported_parameter", param, False)


CALL: Json = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
CALLED: Json = {"role": "assistant", "content": None, "tool_calls": [CALL]}
DONE: Json = {"role": "tool", "tool_call_id": "c", "content": "1"}


@pytest.mark.parametrize(
    ("turn", "said", "sent", "dropped"),
    [
        ({**CALLED, "reasoning_content": "hm"}, effort("high"), effort("high"), ()),
        (CALLED, effort("high"), {"thinking": {"type": "disabled"}}, (f"{EFFORT}=none",)),
        (CALLED, {}, {"thinking": {"type": "disabled"}}, (f"{EFFORT}=none",)),
        (CALLED, effort("none"), {"thinking": {"type": "disabled"}}, ()),
        ({"role": "assistant", "content": "a"}, effort("low"), effort("low"), ()),
    ],
)
def test_reasoning_that_a_client_lost(turn: Json, said: Json, sent: Json, dropped: tuple[str, ...]) -> None:
    """DeepSeek: "The `reasoning_content` in the thinking mode must be passed back to the API." """
    body = {"messages": [USER, turn, DONE], **said}
    _, got, lost = encoded("deepseek", body, model="deepseek-flash")
    assert (got, lost) == ({"model": "deepseek-flash", "messages": body["messages"], **sent}, dropped)


def test_a_provider_without_rules_looks_nothing_up() -> None:
    takes = target("vllm").provider.takes
    assert takes.by("anything", "high") is takes.by("else", None) is takes.own


def test_a_look_up_is_remembered() -> None:
    takes = target("openai", model="gpt-5").provider.takes
    assert takes.by("gpt-5", None) is takes.by("gpt-5", None)


def test_what_clients_name_is_not_remembered_for_ever() -> None:
    takes = target("groq").provider.takes
    for number in range(5000):
        takes.by(f"model-{number}", None)
    assert len(takes._found) < 5000


def test_every_rule_is_sound() -> None:
    for name, row in rows().providers.items():
        assert row.models_of is None or rows().providers[row.models_of].models, name
        for rule in row.models:
            re.compile(rule.match)
            assert set(rule.request) <= REQUEST.keys(), name
