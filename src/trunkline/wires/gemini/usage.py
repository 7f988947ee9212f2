"""Counts in OpenAI's words: https://ai.google.dev/api/generate-content#UsageMetadata"""

from typing import Any

from trunkline.hub.usage import count
from trunkline.types import Json

# What OpenAI has a field for; text is the rest.
MODALITIES = {"AUDIO": "audio_tokens", "IMAGE": "image_tokens", "VIDEO": "video_tokens"}

# Google's tiers by OpenAI's names.
TIERS = {"standard": "default", "flex": "flex", "priority": "priority"}


def tier(said: Json) -> Json:
    """`service_tier` by which the request was served."""
    name = TIERS.get(str(said.get("serviceTier")))
    return {"service_tier": name} if name else {}


def usage(said: Json) -> Json:
    """`candidatesTokenCount` has no thoughts in it, `promptTokenCount` has the cached tokens; a count of 0 is left
    out."""
    prompt = count(said.get("promptTokenCount")) + count(said.get("toolUsePromptTokenCount"))
    thoughts = count(said.get("thoughtsTokenCount"))
    completion = count(said.get("candidatesTokenCount")) + thoughts
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": count(said.get("totalTokenCount")) or prompt + completion,
        "prompt_tokens_details": {
            "cached_tokens": count(said.get("cachedContentTokenCount")),
            **_by_modality(said.get("promptTokensDetails")),
        },
        "completion_tokens_details": {
            "reasoning_tokens": thoughts,
            **_by_modality(said.get("candidatesTokensDetails")),
        },
    }


def _by_modality(details: Any) -> Json:
    counts: Json = {}
    for one in details if isinstance(details, list) else ():
        name = MODALITIES.get(str(one.get("modality"))) if isinstance(one, dict) else None
        if name:
            counts[name] = counts.get(name, 0) + count(one.get("tokenCount"))
    return counts
