"""Why an answer ended: https://ai.google.dev/api/generate-content#FinishReason"""

from typing import Any

from trunkline.errors import Failure

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


def finish_reason(reason: str, message: Any, *, called: bool, said: bool) -> str:
    """OpenAI's word for it; a reason nobody knows is a stop. Raises Failure with Google's own `message`."""
    if reason in LENGTH:
        return "length"
    if reason in FILTERED:
        return "content_filter"
    if reason in FAILED or (reason in OTHER and not (said or called)):
        words = message if isinstance(message, str) and message else f"the model ended its answer with {reason}"
        raise Failure("invalid_response", words, code=reason)
    return "tool_calls" if called else "stop"
