"""Parameters: (body, what of the request it comes to, what is lost), and those that are refused."""

import orjson
import pytest

from tests.wires.cohere.support import OLD, PLAIN, THINKS, refused, write
from tests.wires.support import HI, call, target
from trunkline.types import Json, Kind
from trunkline.wires import cohere

Row = tuple[str, Json, Json, tuple[str, ...]]

F: Json = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
SCHEMA: Json = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
DOCUMENT: Json = {"id": "1", "data": {"text": "t"}}


def json_schema(schema: Json) -> Json:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "strict": True, "schema": schema}}}


def bare(schema: Json) -> Json:
    return {"response_format": {"type": "json_object", "json_schema": schema}}


def thinking(**said: int) -> Json:
    return {"thinking": {"type": "enabled", **said}}


# Name -> model, body, what the request holds beside model, messages and stream; what is lost.
ROWS: dict[str, Row] = {
    "nothing": (PLAIN, {}, {}, ()),
    "limit": (PLAIN, {"max_tokens": 5}, {"max_tokens": 5}, ()),
    "limit by its newer name": (PLAIN, {"max_completion_tokens": 5}, {"max_tokens": 5}, ()),
    "all that the model writes": (OLD, {"max_tokens": 4_096}, {"max_tokens": 4_096}, ()),
    "limit above the model's": (OLD, {"max_tokens": 4_097}, {"max_tokens": 4_096}, ("max_tokens=clamped",)),
    "newer limit above the model's": (
        PLAIN,
        {"max_completion_tokens": 9_000},
        {"max_tokens": 8_192},
        ("max_completion_tokens=clamped",),
    ),
    "limit of a model nobody knows": ("mine-ft", {"max_tokens": 99_999}, {"max_tokens": 99_999}, ()),
    "temperature": (PLAIN, {"temperature": 0.5}, {"temperature": 0.5}, ()),
    "temperature 0": (PLAIN, {"temperature": 0}, {"temperature": 0}, ()),
    "temperature above 1": (PLAIN, {"temperature": 1.5}, {"temperature": 1}, ("temperature=clamped",)),
    "top_p": (PLAIN, {"top_p": 0.5}, {"p": 0.5}, ()),
    "top_p 1": (PLAIN, {"top_p": 1}, {"p": 0.99}, ("top_p=clamped",)),
    "top_p 0": (PLAIN, {"top_p": 0}, {"p": 0.01}, ("top_p=clamped",)),
    "their own p": (PLAIN, {"top_p": 0.5, "p": 0.6}, {"p": 0.6}, ()),
    "top_k": (PLAIN, {"top_k": 40}, {"k": 40}, ()),
    "top_k above all": (PLAIN, {"top_k": 501}, {"k": 500}, ("top_k=clamped",)),
    "their own k": (PLAIN, {"k": 3}, {"k": 3}, ()),
    "penalties": (
        PLAIN,
        {"frequency_penalty": 0.5, "presence_penalty": 0.2},
        {"frequency_penalty": 0.5, "presence_penalty": 0.2},
        (),
    ),
    "penalties of 0": (PLAIN, {"frequency_penalty": 0, "presence_penalty": 0}, {}, ()),
    "penalties beyond": (
        PLAIN,
        {"frequency_penalty": -1, "presence_penalty": 2},
        {"frequency_penalty": 0, "presence_penalty": 1},
        ("frequency_penalty=clamped", "presence_penalty=clamped"),
    ),
    "seed": (PLAIN, {"seed": 7}, {"seed": 7}, ()),
    "seed 0": (PLAIN, {"seed": 0}, {"seed": 0}, ()),
    "negative seed": (PLAIN, {"seed": -1}, {"seed": 2**64 - 1}, ()),
    "stop": (PLAIN, {"stop": "a"}, {"stop_sequences": ["a"]}, ()),
    "stops": (PLAIN, {"stop": ["a", "\n"], "stop_sequences": ["c"]}, {"stop_sequences": ["a", "\n", "c"]}, ()),
    "empty stop": (PLAIN, {"stop": ["", "a"]}, {"stop_sequences": ["a"]}, ("stop=trimmed",)),
    "more stops than it takes": (
        PLAIN,
        {"stop_sequences": list("abcdef")},
        {"stop_sequences": list("abcde")},
        ("stop=trimmed",),
    ),
    "logprobs": (PLAIN, {"logprobs": True}, {"logprobs": True}, ()),
    "no logprobs": (PLAIN, {"logprobs": False, "top_logprobs": 0}, {}, ()),
    "what streams tell anyway": (PLAIN, {"stream_options": {"include_usage": True}}, {}, ()),
    "text": (PLAIN, {"response_format": {"type": "text"}}, {}, ()),
    "JSON": (PLAIN, {"response_format": {"type": "json_object"}}, {"response_format": {"type": "json_object"}}, ()),
    "a schema": (PLAIN, json_schema(SCHEMA), bare(SCHEMA), ()),
    "a schema as they have it": (PLAIN, bare(SCHEMA), bare(SCHEMA), ()),
    "a schema as they had it": (
        PLAIN,
        {"response_format": {"type": "json_object", "schema": SCHEMA}},
        bare(SCHEMA),
        (),
    ),
    "a schema of anything": (PLAIN, json_schema({}), {"response_format": {"type": "json_object"}}, ()),
    "a schema that does not say object": (
        PLAIN,
        json_schema({"properties": {"a": {}}, "required": ["a"]}),
        bare({"type": "object", "properties": {"a": {}}, "required": ["a"]}),
        (),
    ),
    "a schema with bounds": (
        PLAIN,
        json_schema({**SCHEMA, "properties": {"a": {"type": "string", "maxLength": 3}}}),
        bare({**SCHEMA, "properties": {"a": {"type": "string", "description": "{maxLength: 3}"}}}),
        ("response_format=simplified",),
    ),
    "effort": (THINKS, {"reasoning_effort": "low"}, thinking(token_budget=2_048), ()),
    "effort in the middle": (THINKS, {"reasoning_effort": "medium"}, thinking(token_budget=8_192), ()),
    "high effort": (THINKS, {"reasoning_effort": "high"}, thinking(), ()),
    "highest effort": (THINKS, {"reasoning_effort": "xhigh"}, thinking(), ()),
    "no effort": (THINKS, {"reasoning_effort": "none"}, {"thinking": {"type": "disabled"}}, ()),
    "effort within a limit": (
        THINKS,
        {"reasoning_effort": "medium", "max_tokens": 4_000},
        {"max_tokens": 4_000, **thinking(token_budget=3_000)},
        (),
    ),
    "effort within a low limit": (
        THINKS,
        {"reasoning_effort": "minimal", "max_tokens": 100},
        {"max_tokens": 100, **thinking(token_budget=50)},
        (),
    ),
    "effort within the least limit": (
        THINKS,
        {"reasoning_effort": "low", "max_tokens": 1},
        {"max_tokens": 1, **thinking(token_budget=1)},
        (),
    ),
    "effort of a model nobody knows": ("mine-ft", {"reasoning_effort": "high"}, thinking(), ()),
    "effort that nobody knows": (THINKS, {"reasoning_effort": "utmost"}, {}, ("reasoning_effort",)),
    "effort where nobody thinks": (PLAIN, {"reasoning_effort": "high"}, {}, ("reasoning_effort",)),
    "no effort where nobody thinks": (PLAIN, {"reasoning_effort": "none"}, {}, ()),
    "their own thinking": (
        THINKS,
        {"reasoning_effort": "high", "thinking": {"type": "enabled", "token_budget": 9}},
        thinking(token_budget=9),
        (),
    ),
    "their own": (
        PLAIN,
        {
            "documents": [DOCUMENT, "d"],
            "citation_options": {"mode": "FAST"},
            "safety_mode": "STRICT",
            "priority": 3,
        },
        {
            "documents": [DOCUMENT, "d"],
            "citation_options": {"mode": "FAST"},
            "safety_mode": "STRICT",
            "priority": 3,
        },
        (),
    ),
    "no counterpart": (
        PLAIN,
        {"user": "u", "metadata": {"a": "b"}, "store": True, "service_tier": "flex", "verbosity": "low", "x": 1},
        {},
        ("metadata", "service_tier", "store", "user", "verbosity", "x"),
    ),
    "what asks for nothing": (
        PLAIN,
        {"n": 1, "logit_bias": {}, "modalities": ["text"], "store": False, "tools": [], "parallel_tool_calls": True},
        {},
        (),
    ),
}


@pytest.mark.parametrize(("model", "body", "wanted", "lost"), ROWS.values(), ids=ROWS)
def test_parameters(model: str, body: Json, wanted: Json, lost: tuple[str, ...]) -> None:
    request, dropped, *_ = write(body, model)
    assert request == {"model": model, "messages": [HI], "stream": True, **wanted}
    assert dropped == lost


def test_one_body_is_asked_for_without_a_flag() -> None:
    assert "stream" not in write({}, stream=False).request


def test_what_the_row_narrows() -> None:
    """A provider of the file's own may be told to leave parameters out, of chats and of embeddings."""
    narrow = target(drop=frozenset({"seed", "user"}))
    for kind, body in KINDS.items():
        encoded = cohere.encode(call(kind, body=body), body, narrow)
        assert len(encoded.dropped) == 1
        assert encoded.dropped[0] in body
        assert encoded.dropped[0] not in orjson.loads(encoded.content)


KINDS: dict[Kind, Json] = {"chat": {"messages": [HI], "seed": 1}, "embeddings": {"input": "a", "user": "u"}}

# What Cohere refuses beside tools and documents is said in words.
BESIDE: dict[str, tuple[Json, str]] = {
    "tools": ({"tools": [F]}, "instruction"),
    "documents": ({"documents": [DOCUMENT]}, "instruction"),
}


@pytest.mark.parametrize(("beside", "how"), BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize(
    ("format_", "told"),
    [
        ({"response_format": {"type": "json_object"}}, "Answer with one valid JSON object and nothing else"),
        (json_schema(SCHEMA), '"required":["a"]'),
    ],
    ids=["JSON", "a schema"],
)
def test_a_format_beside(beside: Json, how: str, format_: Json, told: str) -> None:
    system: Json = {"role": "system", "content": "Be kind."}
    request, dropped, *_ = write({**beside, **format_, "messages": [system, HI]})
    assert "response_format" not in request
    assert request["messages"][1:] == [HI]
    assert request["messages"][0]["content"].startswith("Be kind.\n\nAnswer with one ")
    assert told in request["messages"][0]["content"]
    assert dropped == (f"response_format={how}",)


def test_no_documents_are_nothing_beside() -> None:
    assert write({"documents": [], **json_schema(SCHEMA)}).request["response_format"]["json_schema"] == SCHEMA


REFUSED: dict[str, tuple[Json, str]] = {
    "several answers": ({"n": 2}, "n"),
    "alternatives of tokens": ({"logprobs": True, "top_logprobs": 2}, "top_logprobs"),
    "biases": ({"logit_bias": {"1": 5}}, "logit_bias"),
    "audio": ({"audio": {"voice": "x", "format": "mp3"}}, "audio"),
    "audible answers": ({"modalities": ["text", "audio"]}, "modalities"),
    "a format nobody knows": ({"response_format": {"type": "grammar"}}, "response_format"),
    "a schema of a list": (json_schema({"type": "array", "items": {}}), "response_format"),
}


@pytest.mark.parametrize(("body", "param"), REFUSED.values(), ids=REFUSED)
def test_what_would_change_the_meaning(body: Json, param: str) -> None:
    assert refused(body) == ("unsupported_parameter", param)
