"""Why an answer ended: rows of (Google's reason, after text, after a call, ours), and what is no answer at all."""

import pytest

from tests.wires.gemini.support import failed, function_call, said, streamed, whole
from trunkline.types import Json

ENDS: dict[str, tuple[str, bool, bool, str]] = {
    # reason, after text, after a call -> ours
    "stop": ("STOP", True, False, "stop"),
    "stop after a call": ("STOP", False, True, "tool_calls"),
    "limit": ("MAX_TOKENS", True, False, "length"),
    "limit after a call": ("MAX_TOKENS", False, True, "length"),
    "limit before a word": ("MAX_TOKENS", False, False, "length"),
    "to be continued": ("CONTINUATION", True, False, "length"),
    **{
        reason.lower(): (reason, False, False, "content_filter")
        for reason in (
            "SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "RECITATION", "LANGUAGE", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR", "ESCALATION", "PUP_LIMITED_DISABLED",
        )
    },
    "filtered after a call": ("SAFETY", False, True, "content_filter"),
    "no picture after text": ("NO_IMAGE", True, False, "stop"),
    "other after text": ("OTHER", True, False, "stop"),
    "other after a call": ("OTHER", False, True, "tool_calls"),
    "a reason nobody knows": ("TIRED", True, False, "stop"),
    "one nobody knows after a call": ("TIRED", False, True, "tool_calls"),
}  # fmt: skip


@pytest.mark.parametrize(("reason", "text", "called", "wanted"), ENDS.values(), ids=ENDS)
def test_ends(reason: str, text: bool, called: bool, wanted: str) -> None:
    parts = [*([{"text": "a"}] if text else []), *([function_call()] if called else [])]
    answer = said(*parts, finish=reason)
    assert whole(answer)["choices"][0]["finish_reason"] == wanted
    assert streamed(answer)[-1]["choices"][0]["finish_reason"] == wanted


FAILED: dict[str, tuple[Json, tuple[str, str, str | None]]] = {
    **{
        reason.lower(): (said({"text": "a"}, finish=reason, finishMessage="m"), ("invalid_response", "m", reason))
        for reason in (
            "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
            "MISSING_THOUGHT_SIGNATURE",
        )
    },
    "without words of its own": (
        said(finish="OTHER"), ("invalid_response", "the model ended its answer with OTHER", "OTHER")),
    "no picture": (said(finish="NO_IMAGE", finishMessage=1),
                   ("invalid_response", "the model ended its answer with NO_IMAGE", "NO_IMAGE")),
    "an error inside": ({"error": {"code": 503, "message": "m", "status": "UNAVAILABLE"}},
                        ("overloaded", "m", "UNAVAILABLE")),
    "no candidates": ({"usageMetadata": {}}, ("invalid_response", "the answer has no choices", None)),
    "a call without a name": (said({"functionCall": {}}),
                              ("invalid_response", "a call of the answer has no name", None)),
    "text that is none": (said({"text": 1}), ("invalid_response", "`text` of the answer is not a string", None)),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "wanted"), FAILED.values(), ids=FAILED)
def test_what_is_no_answer(answer: Json, wanted: tuple[str, str, str | None]) -> None:
    assert failed(answer) == wanted


def test_a_missing_reason_is_filled_in() -> None:
    assert whole(said({"text": "a"}, finish=None))["choices"][0]["finish_reason"] == "stop"
    assert whole(said(function_call(), finish=None))["choices"][0]["finish_reason"] == "tool_calls"
