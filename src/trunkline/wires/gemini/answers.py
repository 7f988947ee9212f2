"""What unary and stream share: finish reasons, counts and log probabilities in OpenAI's words.

https://ai.google.dev/api/generate-content
"""

from typing import Any

from trunkline.errors import Failure
from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires import tell
from trunkline.wires.fields import as_list, as_object, as_objects, as_text

LENGTH = frozenset({"MAX_TOKENS", "CONTINUATION"})
FILTERED = frozenset({
    "SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "RECITATION", "LANGUAGE", "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR", "ESCALATION", "PUP_LIMITED_DISABLED",
})  # fmt: skip
# The model lost its thread: there is no answer, and one more try may well give it.
FAILED = frozenset({
    "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
    "MISSING_THOUGHT_SIGNATURE",
})  # fmt: skip
# An end that is none where nothing was said before it.
OTHER = frozenset({"NO_IMAGE", "IMAGE_OTHER", "OTHER"})

# What OpenAI has a field for; text is the rest.
MODALITIES = {"AUDIO": "audio_tokens", "IMAGE": "image_tokens", "VIDEO": "video_tokens"}

# Google's tiers by OpenAI's names.
TIERS = {"standard": "default", "flex": "flex", "priority": "priority"}


def finish_reason(reason: str, message: Any, *, called: bool, said: bool) -> str:
    """OpenAI's word for it; a reason nobody knows is a stop. Raises Failure with Google's own `message`."""
    if reason in LENGTH:
        return "length"
    if reason in FILTERED:
        return "content_filter"
    if reason in FAILED or (reason in OTHER and not (said or called)):
        words = as_text(message) or f"the model ended its answer with {reason}"
        raise Failure("invalid_response", words, code=reason)
    return "tool_calls" if called else "stop"


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
    told = tell.usage(prompt, completion)
    return {
        **told,
        "total_tokens": count(said.get("totalTokenCount")) or told["total_tokens"],
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
    for one in as_objects(details):
        name = MODALITIES.get(str(one.get("modality")))
        if name:
            counts[name] = counts.get(name, 0) + count(one.get("tokenCount"))
    return counts


def logprobs(said: Any) -> Json | None:
    """Without bytes, which Gemini does not tell."""
    chosen = _tokens(said, "chosenCandidates")
    if not chosen:
        return None
    tops = as_list(said.get("topCandidates"))
    return {
        "content": [
            {**token, "top_logprobs": _tokens(tops[i], "candidates") if i < len(tops) else []}
            for i, token in enumerate(chosen)
        ],
        "refusal": None,
    }


def _tokens(said: Any, name: str) -> list[Json]:
    return [
        {"token": one["token"], "logprob": one["logProbability"], "bytes": None}
        for one in as_objects(as_object(said).get(name))
        if isinstance(one.get("token"), str) and isinstance(one.get("logProbability"), int | float)
    ]
