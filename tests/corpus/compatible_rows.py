"""The recorded exchanges of OpenAI-compatible providers, each with the row that serves it."""

import json
from dataclasses import dataclass

from tests.corpus.recordings import FOLDER, Json, Recording, read

# Corpus file -> the built-in row; `other.jsonl` by the service behind each exchange.
ROWS = {
    "azure": "azure",
    "cerebras": "cerebras",
    "deepseek": "deepseek",
    "groq": "groq",
    "huggingface": "huggingface",
    "mistral": "mistral",
    "ollama": "ollama",
    "openrouter": "openrouter",
    "together": "together",
    "vllm": "vllm",
    "xai": "xai",
}
SERVICES = {"llamacpp": "llamacpp", "perplexity": "perplexity"}
APIS = {"openai-compat.chat": "chat", "openai-compat.embeddings": "embeddings"}
# A row of `kind: openai`, for services that have none of their own.
BARE = "bare"
# `azure` with an api_version: the classic path, with the deployment in it.
DATED = "azure-dated"

# What we refuse ourselves, as the provider did: case -> the parameter. Its answer is asked for with another body.
REFUSED = {
    "mistral-3d0b20d915ab": "logprobs",
    "mistral-a12d0148d748": "logprobs",
    "mistral-a236740ba50d": "logprobs",
    "mistral-d02ff083aa72": "logprobs",
    "other-44f9bea2ec00": "temperature",
    "other-cc9fa70ad55b": "temperature",
    "other-db2fdba44268": "temperature",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One exchange, and the name of the row that it is sent through."""

    row: str
    recording: Recording


def cases() -> list[Case]:
    """Every exchange whose API is chat or embeddings in OpenAI's form."""
    found = [case for name in [*ROWS, "other"] for case in _cases(name)]
    return [case for case in found if case.recording.api in ("chat", "embeddings")]


def _cases(name: str) -> list[Case]:
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8", errors="surrogatepass") as lines:
        raw: list[Json] = [json.loads(line) for line in lines]
    kept = [{**one, "api": APIS.get(one["api"], one["api"])} for one in raw]
    return [Case(_row(name, one), Recording(one, read(one))) for one in kept if one["api"] in ("chat", "embeddings")]


def _row(name: str, raw: Json) -> str:
    if "/deployments/" in raw["path"]:
        return DATED
    return ROWS.get(name) or SERVICES.get(raw.get("service", ""), BARE)
