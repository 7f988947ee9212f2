"""Parameters: rows of (asked, what goes out beside the messages, what was lost)."""

from typing import Any, NamedTuple

import pytest

from tests.wires.ollama.support import LEVELS, NEVER, SWITCH, UNKNOWN, refused, write
from tests.wires.support import HI
from trunkline.types import Json

SCHEMA: Json = {"type": "object", "properties": {"a": {"type": "integer"}}}
F: Json = {"type": "function", "function": {"name": "f", "description": "d", "parameters": SCHEMA}}
STRICT: Json = {"type": "function", "function": {**F["function"], "strict": True}}
G: Json = {"type": "function", "function": {"name": "g", "parameters": {"type": "object", "properties": {}}}}
FREE: Json = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


def schema(**json_schema: Any) -> Json:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "n", **json_schema}}}


class Row(NamedTuple):
    asked: Json
    sent: Json
    dropped: tuple[str, ...] = ()


ROWS: dict[str, Row] = {
    "nothing": Row({}, {}),
    "options by OpenAI's names": Row(
        {"temperature": 0, "top_p": 0.5, "seed": 7, "presence_penalty": 1, "frequency_penalty": -1},
        {"options": {"temperature": 0, "top_p": 0.5, "seed": 7, "presence_penalty": 1, "frequency_penalty": -1}},
    ),
    "a limit": Row({"max_tokens": 5}, {"options": {"num_predict": 5}}),
    "a limit by its new name": Row({"max_completion_tokens": 5}, {"options": {"num_predict": 5}}),
    "stop": Row({"stop": "a"}, {"options": {"stop": ["a"]}}),
    "several stops": Row({"stop": ["a", "b"]}, {"options": {"stop": ["a", "b"]}}),
    "options by Ollama's names": Row(
        {"top_k": 5, "min_p": 0.1, "num_ctx": 8192, "repeat_penalty": 1.1, "num_gpu": 1},
        {"options": {"top_k": 5, "min_p": 0.1, "num_ctx": 8192, "repeat_penalty": 1.1, "num_gpu": 1}},
    ),
    "options as Ollama has them count over ours": Row(
        {"temperature": 0.5, "options": {"temperature": 1, "mirostat": 2}},
        {"options": {"temperature": 1, "mirostat": 2}},
    ),
    "on top": Row(
        {"keep_alive": "10m", "truncate": False, "shift": False},
        {"keep_alive": "10m", "truncate": False, "shift": False},
    ),
    "JSON": Row({"response_format": {"type": "json_object"}}, {"format": "json"}),
    "a schema goes bare": Row(schema(schema=SCHEMA, strict=True), {"format": SCHEMA}),
    "a schema that is none": Row(schema(), {"format": "json"}),
    "text": Row({"response_format": {"type": "text"}}, {}),
    "their own format": Row({"format": SCHEMA, "response_format": {"type": "json_object"}}, {"format": SCHEMA}),
    "log probabilities": Row({"logprobs": True, "top_logprobs": 3}, {"logprobs": True, "top_logprobs": 3}),
    "no log probabilities": Row({"logprobs": False}, {}),
    "tools": Row({"tools": [F], "tool_choice": "auto", "parallel_tool_calls": True}, {"tools": [F]}),
    "a tool without parameters": Row({"tools": [{"type": "function", "function": {"name": "g"}}]}, {"tools": [G]}),
    "strict": Row({"tools": [STRICT]}, {"tools": [F]}, ("tools=not_strict",)),
    "one call at a time": Row({"tools": [F], "parallel_tool_calls": False}, {"tools": [F]}, ("parallel_tool_calls",)),
    "one call of none": Row({"parallel_tool_calls": False}, {}),
    "no tool may be called": Row({"tools": [F], "tool_choice": "none"}, {}),
    "some may be": Row(
        {"tools": [F, G], "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [G]}}},
        {"tools": [G]},
    ),
    "a tool of free text": Row(
        {"tools": [{"type": "custom", "custom": {"name": "h", "description": "d", "format": {"type": "text"}}}]},
        {"tools": [{"type": "function", "function": {"name": "h", "description": "d", "parameters": FREE}}]},
    ),
    "what asks for nothing": Row({"n": 1, "logit_bias": {}, "modalities": ["text"], "store": False}, {}),
    "what there is no word for": Row(
        {"user": "u", "metadata": {"a": "b"}, "service_tier": "flex", "prediction": {}, "zzz": 1},
        {},
        ("metadata", "prediction", "service_tier", "user", "zzz"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_is_sent(row: Row) -> None:
    written = write(row.asked)
    assert written.request == {"model": UNKNOWN, "messages": [HI], "stream": True, **row.sent}
    assert written.dropped == row.dropped


def test_it_is_told_not_to_stream() -> None:
    """It does so unless it is told."""
    assert write({}, stream=False).request["stream"] is False


REFUSED: dict[str, tuple[Json, str, str]] = {
    "several answers": ({"n": 2}, "unsupported_parameter", "n"),
    "bias": ({"logit_bias": {"1": 1}}, "unsupported_parameter", "logit_bias"),
    "spoken answers": ({"modalities": ["text", "audio"]}, "unsupported_parameter", "modalities"),
    "a voice": ({"audio": {"voice": "x"}}, "unsupported_parameter", "audio"),
    "some tool": ({"tools": [F], "tool_choice": "required"}, "unsupported_parameter", "tool_choice"),
    "one tool": (
        {"tools": [F], "tool_choice": {"type": "function", "function": {"name": "f"}}},
        "unsupported_parameter",
        "tool_choice",
    ),
    "one of some": (
        {"tools": [F], "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [F]}}},
        "unsupported_parameter",
        "tool_choice",
    ),
    "a grammar": (
        {"tools": [{"type": "custom", "custom": {"name": "h", "format": {"type": "grammar"}}}]},
        "unsupported_parameter",
        "tools[0]",
    ),
    "a tool of somebody else": ({"tools": [{"type": "web_search"}]}, "invalid_request", "tools[0]"),
    "a format nobody has": ({"response_format": {"type": "xml"}}, "unsupported_parameter", "response_format"),
}


@pytest.mark.parametrize(("asked", "code", "param"), REFUSED.values(), ids=REFUSED)
def test_what_would_change_the_meaning(asked: Json, code: str, param: str) -> None:
    assert refused(asked) == (code, param)


# (model, effort) -> `think`, and what it was approximated by; `...`: left out.
THINK: dict[tuple[str, str], tuple[Any, tuple[str, ...]]] = {
    (LEVELS, "none"): ("low", ("reasoning_effort=low",)),
    (LEVELS, "minimal"): ("low", ("reasoning_effort=low",)),
    (LEVELS, "medium"): ("medium", ()),
    (LEVELS, "high"): ("high", ()),
    (LEVELS, "xhigh"): ("high", ("reasoning_effort=high",)),
    (LEVELS, "max"): ("high", ("reasoning_effort=high",)),
    (SWITCH, "none"): (False, ()),
    (SWITCH, "low"): (True, ("reasoning_effort=on",)),
    (SWITCH, "high"): (True, ("reasoning_effort=on",)),
    (NEVER, "none"): (False, ()),
    (NEVER, "high"): (..., ("reasoning_effort",)),
    (UNKNOWN, "none"): (False, ()),
    (UNKNOWN, "minimal"): ("low", ("reasoning_effort=low",)),
    (UNKNOWN, "high"): ("high", ()),
    (UNKNOWN, "xhigh"): ("max", ("reasoning_effort=max",)),
    (UNKNOWN, "utmost"): (..., ("reasoning_effort",)),
}


@pytest.mark.parametrize(("asked", "wanted"), THINK.items(), ids=[" ".join(asked) for asked in THINK])
def test_how_much_it_thinks(asked: tuple[str, str], wanted: tuple[Any, tuple[str, ...]]) -> None:
    model, effort = asked
    written = write({"reasoning_effort": effort}, model)
    assert (written.request.get("think", ...), written.dropped) == wanted


@pytest.mark.parametrize("think", [True, False, "low"])
def test_their_own_think(think: Any) -> None:
    assert write({"think": think, "reasoning_effort": "high"}, NEVER).request["think"] == think


EMBED: dict[str, Row] = {
    "a text": Row({"input": "a"}, {"input": "a"}),
    "texts": Row({"input": ["a", "b"], "dimensions": 8}, {"input": ["a", "b"], "dimensions": 8}),
    "theirs": Row(
        {"input": "a", "truncate": False, "keep_alive": 0, "num_ctx": 512, "options": {"num_thread": 2}},
        {"input": "a", "truncate": False, "keep_alive": 0, "options": {"num_ctx": 512, "num_thread": 2}},
    ),
    "base64 is ours to make": Row({"input": "a", "encoding_format": "base64"}, {"input": "a"}),
    "a user": Row({"input": "a", "user": "u"}, {"input": "a"}, ("user",)),
}


@pytest.mark.parametrize("row", EMBED.values(), ids=EMBED)
def test_embeddings(row: Row) -> None:
    written = write(row.asked, "nomic-embed-text", kind="embeddings")
    assert (written.request, written.dropped) == ({"model": "nomic-embed-text", **row.sent}, row.dropped)


@pytest.mark.parametrize("given", [[1, 2], [[1, 2]]])
def test_token_ids_are_for_one_model_only(given: Any) -> None:
    assert refused({"input": given}, kind="embeddings") == ("unsupported_parameter", "input")
