"""What Converse takes of each model, as data.

Sources: the pages on supported features, structured outputs, tool choice and prompt caching of
https://docs.aws.amazon.com/bedrock/latest/userguide, and what the service itself answered to those who asked. A name
nobody knows, such as the ARN of a profile of one's own, is taken for a model that takes everything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trunkline.types import nothing
from trunkline.wires.anthropic.rules import NEWEST
from trunkline.wires.anthropic.rules import Rules as ClaudeRules
from trunkline.wires.anthropic.rules import rules_of as claude_rules_of
from trunkline.wires.tables import by_model

Path = tuple[str, ...]

EXTRA = "additionalModelRequestFields"
EVERYWHERE = frozenset({"system", "messages", "tools"})
BOTH = frozenset({"any", "tool"})
BASE = frozenset({"temperature", "top_p"})
ALL = BASE | {"top_k"}

# OpenAI's levels of effort -> the model's; "" needs no word, as reasoning is off by default.
LEVELS = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "xhigh", "max": "max"}
THREE = {**LEVELS, "xhigh": "high", "max": "high"}
TWO = {**THREE, "medium": "high"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a model takes.

    claude         Claude's own rules; None for the others
    system         system prompts
    tools          tools; `streams_tools`: in a stream
    forced         how a tool call can be demanded: `any` of them, or one `tool`
    parallel       that only one tool be called at a time
    status         tool results that say whether they are an error
    json_results   results that are objects must come as such, not as text
    schema         answers held to a schema, and strict tools
    sampling       of temperature, top_p and top_k
    top_k, effort  where in the request they stand; () where the model has none
    efforts        OpenAI's levels of effort -> the model's
    with_effort    what stands beside the effort; `alone`: the effort with which no limit and no sampling may stand
    stop           stop sequences
    max_tokens     the most it writes: a higher limit is a 400; None where nobody knows
    caches         where a cache point may stand; `hour`: one that lives an hour
    hears          audio
    """

    claude: ClaudeRules | None = None
    system: bool = True
    tools: bool = True
    streams_tools: bool = True
    forced: frozenset[str] = frozenset()
    parallel: bool = False
    status: bool = False
    json_results: bool = False
    schema: bool = False
    sampling: frozenset[str] = BASE
    top_k: Path = ()
    effort: Path = ()
    efforts: Mapping[str, str] = field(default_factory=nothing)
    with_effort: Mapping[str, str] = field(default_factory=nothing)
    alone: str = ""
    stop: bool = True
    max_tokens: int | None = None
    caches: frozenset[str] = frozenset()
    hour: bool = False
    hears: bool = False


_CLAUDE = Rules(
    claude=NEWEST, forced=BOTH, status=True, top_k=(EXTRA, "top_k"), caches=EVERYWHERE, hour=True, parallel=True
)
_BEFORE_4_5 = replace(_CLAUDE, hour=False, parallel=False)

# Structured outputs are not on Bedrock for every Claude that has them elsewhere:
# https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-structured-outputs.html
CLAUDES: tuple[tuple[str, Rules], ...] = (
    (r"claude-(v\d|instant)", replace(_BEFORE_4_5, tools=False, caches=frozenset())),
    (r"claude-3-(?!7|5-haiku)", replace(_BEFORE_4_5, caches=frozenset())),
    (r"claude-(3-|(opus|sonnet)-4-(1-|20))", _BEFORE_4_5),
    (r"claude-(haiku|sonnet|opus)-4-[56]", replace(_CLAUDE, schema=True)),
)

_NOVA = Rules(
    forced=BOTH,
    status=True,
    sampling=ALL,
    top_k=(EXTRA, "inferenceConfig", "topK"),
    caches=frozenset({"system", "messages"}),
)
_TEXT = Rules(system=False, tools=False)
_LLAMA = Rules(streams_tools=False)
_MISTRAL = Rules(json_results=True, sampling=ALL, top_k=(EXTRA, "top_k"))
_OPEN = Rules(schema=True, stop=False)

# Part of a model's id -> rules; the first that matches counts.
OTHERS: tuple[tuple[str, Rules], ...] = (
    (r"amazon\.nova-2", replace(
        _NOVA, effort=(EXTRA, "reasoningConfig", "maxReasoningEffort"), efforts={"none": "", **THREE},
        with_effort={"type": "enabled"}, alone="high", hears=True,
    )),
    (r"amazon\.nova", replace(_NOVA, max_tokens=10_000)),
    (r"amazon\.titan-text-express", replace(_TEXT, max_tokens=8_192)),
    (r"amazon\.titan-text-lite", replace(_TEXT, max_tokens=4_096)),
    (r"amazon\.titan-text-premier", replace(_TEXT, max_tokens=3_072)),
    (r"amazon\.titan", _TEXT),
    (r"ai21\.j2", _TEXT),
    (r"ai21\.jamba-instruct", Rules(tools=False)),
    (r"cohere\.command-r", Rules(streams_tools=False, sampling=ALL, top_k=(EXTRA, "k"))),
    (r"cohere\.command", replace(_TEXT, sampling=ALL, top_k=(EXTRA, "k"))),
    (r"meta\.llama(2|3-\d+b|3-2-[13]b)", Rules(tools=False)),
    (r"meta\.llama", _LLAMA),
    (r"mistral\.(mistral-7b|mixtral)", replace(_TEXT, sampling=ALL, top_k=(EXTRA, "top_k"))),
    (r"mistral\.mistral-large-24", replace(_MISTRAL, forced=frozenset({"any"}))),
    (r"mistral\.voxtral", replace(_MISTRAL, schema=True, hears=True)),
    (r"mistral\.(magistral-small|ministral-3|mistral-large-3)", replace(_MISTRAL, schema=True)),
    (r"mistral\.", _MISTRAL),
    (r"deepseek\.r1", Rules(tools=False)),
    (r"deepseek\.|google\.gemma-3-(12|27)b|nvidia\.nemotron-nano", _OPEN),
    (r"openai\.gpt-oss", replace(_OPEN, effort=(EXTRA, "reasoning_effort"), efforts=THREE)),
    (r"openai\.", Rules(
        sampling=frozenset(), stop=False, effort=(EXTRA, "reasoning", "effort"), efforts={**LEVELS, "none": "none"},
    )),
    (r"qwen\.qwen3", replace(_OPEN, effort=(EXTRA, "reasoning_config"), efforts=TWO)),
    (r"minimax\.minimax-m2|moonshot(ai)?\.kimi-k2-thinking", Rules(schema=True)),
    (r"google\.gemma|zai\.glm|nvidia\.", Rules(stop=False)),
    (r"xai\.grok", Rules(sampling=frozenset({"temperature"}))),
    (r"(ai21|moonshot(ai)?|minimax|writer)\.", Rules()),
)  # fmt: skip

PERMISSIVE = Rules(
    forced=BOTH, status=True, schema=True, sampling=ALL, top_k=(EXTRA, "top_k"), effort=("outputConfig", "effort"),
    efforts=LEVELS, caches=EVERYWHERE, hour=True, hears=True,
)  # fmt: skip


def rules_of(model: str) -> Rules:
    """By id, profile or ARN: `us.anthropic.claude-opus-4-6-v1:0`, `amazon.nova-lite-v1:0`,
    `arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-8b-instruct-v1:0`."""
    name = model.lower()
    if "claude" not in name:
        return by_model(OTHERS, name, PERMISSIVE)
    row = by_model(CLAUDES, name, _CLAUDE)
    own = claude_rules_of(re.sub(r"claude-v(\d)", r"claude-\1", name))
    return replace(row, claude=replace(own, structured=row.schema), forced=BOTH if own.forced else frozenset())
