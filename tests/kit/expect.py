"""What every error answer and every broken stream must look like, whatever the fault."""

from collections.abc import Sequence
from typing import Any

from tests.kit.answer import Answer

MEMBERS = {"message", "type", "param", "code", "request_id"}
HEADERS = {
    "x-request-id", "x-trunkline-route", "x-trunkline-provider", "x-trunkline-model", "x-trunkline-attempts",
    "x-trunkline-fallback", "x-trunkline-cache", "server-timing",
}  # fmt: skip
TAIL = {
    "request_id", "attempts", "first_token_ms", "duration_ms", "overhead_ms", "input_tokens", "output_tokens",
    "cost_usd",
}  # fmt: skip


def is_error(answer: Answer, status: int, code: str, kind: str | None = None) -> dict[str, Any]:
    """An OpenAI error object with our members, of this status, code and type; gives the object."""
    assert (answer.status, answer.error["code"]) == (status, code), answer.body
    assert answer.headers["content-type"] == "application/json"
    error = answer.error
    assert set(error) == MEMBERS, error
    assert error["request_id"] == answer.headers["x-request-id"]
    assert error["message"]
    assert "<html" not in error["message"]
    assert kind is None or error["type"] == kind, error
    return error


def is_good(answer: Answer, text: str, attempts: Sequence[str], tried: Sequence[str]) -> None:
    """A complete answer of this text; `attempts` as the lane tells them, `tried` as they should be."""
    assert answer.status == 200, answer.body
    assert (answer.text, answer.finish) == (text, "stop")
    assert list(attempts) == list(tried)
    assert answer.headers.keys() >= HEADERS
    if answer.streamed:
        assert answer.clean
        assert set(answer.tail) == TAIL
        assert answer.kinds[-2:] == ["tail", "done"]


def is_broken(answer: Answer, text: str, code: str, kind: str = "upstream_error") -> dict[str, Any]:
    """A stream that failed after this much text: one error event after the tail comment, no [DONE], no finish
    reason, and a body that ends in good order, for a reset would hide the message; gives the error object."""
    assert (answer.status, answer.text) == (200, text)
    assert answer.kinds[-2:] == ["tail", "error"], answer.kinds
    assert "done" not in answer.kinds
    assert answer.finish is None
    assert answer.clean
    assert answer.headers.keys() >= HEADERS
    assert set(answer.tail) == TAIL
    error = answer.error
    assert set(error) == MEMBERS, error
    assert (error["code"], error["type"], error["param"]) == (code, kind, None)
    assert error["request_id"] == answer.headers["x-request-id"] == answer.tail["request_id"]
    assert error["message"]
    return error
