"""What `modelparams` says of a model's parameters against what our tables do with them: every disagreement has its
reason here, and the reason is that we are right."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import modelparams

from tests.wires.dialect_support import encoded
from trunkline.config.rows import rows
from trunkline.errors import ApiError
from trunkline.types import Json

EFFORT = "reasoning_effort"
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
PROBES: tuple[tuple[str, Any], ...] = (
    ("temperature", 0.5),
    ("top_p", 0.5),
    ("frequency_penalty", 0.5),
    ("presence_penalty", 0.5),
    ("seed", 7),
    ("stop", "x"),
    *((EFFORT, effort) for effort in EFFORTS),
)
# By the name that a provider has for it.
NAMES = {"random_seed": "seed"}


class Disagreement(NamedTuple):
    """`side`: we let it through and the oracle knows nothing of it, or we lose it although the oracle has it."""

    provider: str
    model: str
    parameter: str
    value: Any
    side: str


def disagreements() -> Iterator[Disagreement]:
    for entry in modelparams.CATALOG:
        if entry.provider in rows().providers and entry.api_surface == "openai-chat-completions":
            for parameter, value in PROBES:
                ours, theirs = _sent(entry, parameter, value), _accepted(entry, parameter, value)
                if ours != theirs:
                    side = "lets through" if ours else "loses"
                    yield Disagreement(entry.provider, entry.model, parameter, value, side)


def _sent(entry: Any, parameter: str, value: Any) -> bool:
    """Whether the value arrives as it is."""
    body: Json = {"messages": [{"role": "user", "content": "hi"}], parameter: value}
    try:
        _, sent, _ = encoded(entry.provider, body, model=entry.model)
    except ApiError:
        return False
    return any(sent.get(name) in (value, [value]) for name in (parameter, *NAMES))


def _accepted(entry: Any, parameter: str, value: Any) -> bool:
    known = next((p for p in entry.params if NAMES.get(p.path, p.path) == parameter), None)
    return known is not None and (not known.values or value in known.values)


class Known(NamedTuple):
    """A disagreement with `modelparams`: regular expressions of `provider/model` and of `parameter=value`, and why we
    are right."""

    models: str
    parameters: str
    side: str
    why: str


ANY_EFFORT = "reasoning_effort=.*"
KNOWN = (
    Known("openai/(chatgpt-|gpt-[34]|gpt-5-chat|gpt-oss)", "(frequency|presence)_penalty|stop", "lets through",
          "OpenAI's own reference has them for all that do not reason; the oracle lists three or four fields"),
    Known("openai/", "seed", "lets through", "in OpenAI's reference for all models"),
    Known("openai/gpt-5-chat", "temperature|top_p", "lets through", "a plain chat model in spite of its name"),
    Known("openai/gpt-5\\.[124]", "temperature|top_p", "lets through", "taken while it does not reason"),
    Known("openai/gpt-4$", ANY_EFFORT, "loses", "the oracle has this model's row from one that reasons"),
    Known("openai/(gpt-6|gpt-oss)", f"temperature|top_p|{ANY_EFFORT}", "loses|lets through",
          "the oracle has one row for all of these: that of an open model"),
    Known("openai/gpt-5\\.6", "reasoning_effort=max", "lets through", "https://github.com/anomalyco/opencode/issues/36141"),
    Known("openai/gpt-5\\.2-pro", ANY_EFFORT, "lets through", "medium, high and xhigh, as of every later pro"),
    Known("openai/o(1|3|4-mini)", "reasoning_effort=(xhigh|minimal)", "loses",
          "recorded: \"Supported values are: 'low', 'medium', and 'high'.\""),
    Known("xai/grok-4\\.[67]", "stop", "loses", "https://docs.x.ai/docs/guides/reasoning"),
    Known("groq/gpt-oss", "reasoning_effort=(low|medium|high)", "lets through", "https://console.groq.com/docs/reasoning"),
    Known("groq/(gpt-oss|allam)", "reasoning_effort=none", "loses", "https://console.groq.com/docs/reasoning"),
    Known("groq/allam", "seed|stop", "lets through", "in Groq's schema for all models"),
    Known("deepseek/deepseek-chat", "(frequency|presence)_penalty|reasoning_effort=.*", "lets through",
          "retired: the name is served by a model that has them"),
    Known("deepseek/", "reasoning_effort=(low|medium)|stop", "lets through",
          "in DeepSeek's schema; low and medium count as high"),
    Known("deepseek/deepseek-(reasoner|v4)", "temperature|top_p", "loses", "ignored while it thinks"),
    Known("fireworks/", "reasoning_effort=(none|low|medium|high)|seed|stop", "lets through",
          "in the SDK's types for all models"),
    Known("fireworks/glm-5", "reasoning_effort=max", "lets through", "https://docs.fireworks.ai/guides/reasoning"),
    Known("cerebras/zai-glm", "(frequency|presence)_penalty", "loses", "400 on most models; `allow:` opens it"),
    Known("mistral/", "reasoning_effort=(none|high)", "lets through", "Mistral's reference has them; the oracle none"),
    Known("mistral/", "stop", "lets through", "in Mistral's schema for all models"),
    Known("nvidia/", "(frequency|presence)_penalty|seed|stop|temperature|top_p", "lets through",
          "NVIDIA's common schema; guards and classifiers are no chat models"),
    Known("nvidia/nemotron-3", ANY_EFFORT, "loses", "the hosted schema is closed; `allow:` opens it"),
    Known("perplexity/", "(frequency|presence)_penalty|stop", "lets through", "in the SDK's types for all models"),
)  # fmt: skip


def _reasons(found: Disagreement) -> Iterator[Known]:
    for known in KNOWN:
        if (
            re.match(known.models, f"{found.provider}/{found.model}")
            and re.fullmatch(
                known.parameters, found.parameter if found.parameter != EFFORT else f"{EFFORT}={found.value}"
            )
            and re.fullmatch(known.side, found.side)
        ):
            yield known


def test_the_tables_agree_with_modelparams_but_for_known_reasons() -> None:
    found = list(disagreements())
    assert not [each for each in found if not any(_reasons(each))]
    assert {known for each in found for known in _reasons(each)} == set(KNOWN), "a reason without a disagreement"
