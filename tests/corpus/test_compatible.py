"""Every recorded chat and embeddings exchange with an OpenAI-compatible provider, through its row."""

import re
from collections.abc import Iterator

from tests.corpus.agreement import differences, own
from tests.corpus.checks import Checks, Refusals
from tests.corpus.recordings import Json, Recording
from tests.corpus.stage import PATHS
from tests.corpus.suite import Suite, as_recorded, case_model, outcome_by_status, usage_as_told

FILES = (
    "azure", "cerebras", "deepseek", "groq", "huggingface", "mistral", "ollama", "openrouter", "together", "vllm",
    "xai", "other",
)  # fmt: skip
BUILT_IN = (
    "cerebras", "deepseek", "groq", "huggingface", "llamacpp", "mistral", "openrouter", "perplexity", "together",
    "vllm", "xai",
)  # fmt: skip
# A row of `kind: openai`, for services that have none of their own, and Ollama's second interface.
BARE = "bare"
# `azure` with an api_version: the classic path, with the deployment in it.
DATED = "azure-dated"
VERSION = "2024-12-01-preview"

# Row -> the places where the request that arrives may differ from the recorded one, as `providers.yaml` documents.
USAGE_ASKED = r"\$\.stream_options"
FLOATS = r"\$\.encoding_format"
CHANGES = {
    "deepseek": [r"\$\.(n|parallel_tool_calls|user|user_id)"],
    "mistral": [r"\$\.messages\[\d+\]\.(tool_call_id|tool_calls\[\d+\]\.id)"],
    "together": [r"\$\.(max_completion_tokens|max_tokens)"],
}


def row(recording: Recording) -> str:
    """By the provider; `other.jsonl` by the service behind each exchange."""
    raw = recording.raw
    if "/deployments/" in raw["path"]:
        return DATED
    if raw["provider"] == "azure":
        return "azure"
    name = raw.get("service") if raw["provider"] == "other" else raw["provider"]
    return name if name in BUILT_IN else BARE


def counted(recording: Recording) -> Json:
    """xAI counts reasoning apart from the rest of the completion."""
    usage = usage_as_told(recording)
    parts = [usage.get(name, 0) for name in ("prompt", "completion", "reasoning")]
    if row(recording) == "xai" and sum(parts) == usage.get("total"):
        usage["completion"] += usage.get("reasoning", 0)
    return usage


def outcome(recording: Recording) -> tuple[int, str | None]:
    """By the type where it says more than the status."""
    kind = own(recording.answer, "type")
    if kind == "invalid_model":  # Mistral, with 400
        return 404, "model_not_found"
    if kind == "exceed_context_size_error":  # llama.cpp
        return 400, "context_length_exceeded"
    return outcome_by_status(recording)


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    yield from _misplaced(recording, entry)
    yield from _undocumented(recording, asked, entry["body"])


def _undocumented(recording: Recording, asked: Json, body: Json) -> Iterator[str]:
    """Changes beyond the row's own; a null is absence, and the model is the provider's own name for it."""
    sent = {name: value for name, value in asked.items() if value is not None}
    allowed = "|".join([USAGE_ASKED, FLOATS, *CHANGES.get(row(recording), ())])
    for found in differences({**sent, "model": case_model(recording)}, body):
        if not re.match(f"({allowed})(:|\\.)", found):
            yield found


def _misplaced(recording: Recording, entry: Json) -> Iterator[str]:
    """Another path than the provider's own, or no key in the header it reads."""
    dated = row(recording) == DATED
    path = PATHS[recording.call].removeprefix("/v1")
    whole = f"/openai/deployments/{case_model(recording)}{path}" if dated else path
    if not entry["path"].endswith(whole) or entry["query"] != (f"api-version={VERSION}" if dated else ""):
        yield f"sent to {entry['path']}?{entry['query']}"
    header = "api-key" if row(recording) in ("azure", DATED) else "authorization"
    if header not in entry["headers"]:
        yield f"without {header}"


SUITE = Suite(
    files=FILES,
    apis={
        "chat": "chat",
        "embeddings": "embeddings",
        "openai-compat.chat": "chat",
        "openai-compat.embeddings": "embeddings",
    },
    count=1015,
    rows={
        **{name: {"kind": name, "base_url": "{url}/v1"} for name in BUILT_IN},
        "groq": {"kind": "groq", "base_url": "{url}/openai/v1"},
        "perplexity": {"kind": "perplexity", "base_url": "{url}"},
        "azure": {"kind": "azure", "base_url": "{url}"},
        DATED: {"kind": "azure", "base_url": "{url}", "api_version": VERSION},
        BARE: {"kind": "openai", "base_url": "{url}/v1"},
    },
    row=row,
    ask=as_recorded,
    counted=counted,
    outcome=outcome,
    arrived=arrived,
    refused={
        "mistral-3d0b20d915ab": ("unsupported_parameter", "logprobs"),
        "mistral-a12d0148d748": ("unsupported_parameter", "logprobs"),
        "mistral-a236740ba50d": ("unsupported_parameter", "logprobs"),
        "mistral-d02ff083aa72": ("unsupported_parameter", "logprobs"),
        "other-44f9bea2ec00": ("invalid_request", "temperature"),
        "other-cc9fa70ad55b": ("invalid_request", "temperature"),
        "other-db2fdba44268": ("invalid_request", "temperature"),
    },
    exceptions={
        "azure-12d4d697915d": "a blocked prompt as an error inside a 200: for us a finish reason (contract section 6)",
    },
)


class TestCompatible(Checks, Refusals):
    pass
