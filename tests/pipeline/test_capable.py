"""What a model is known to lack: dropped and named, or refused so that another target serves."""

from copy import deepcopy

import pytest

from tests.pipeline import build
from tests.pipeline.build import route
from tests.pipeline.world import outcome, to, unary, world_of
from tests.wires.dialect_support import target
from trunkline.catalog import Catalog, Entry
from trunkline.errors import ApiError
from trunkline.pipeline.capable import WORDS, capable
from trunkline.types import Json

USER: Json = {"role": "user", "content": "hi"}
IMAGE: Json = {"type": "image_url", "image_url": {"url": "https://e.com/a.png"}}
SPEECH: Json = {"type": "input_audio", "input_audio": {"data": "QQ==", "format": "wav"}}
TEXT_FILE: Json = {"type": "file", "file": {"file_data": "data:text/plain;base64,QQ=="}}
PDF: Json = {"type": "file", "file": {"file_data": "data:application/pdf;base64,QQ=="}}
PDF_BY_NAME: Json = {"type": "file", "file": {"file_data": "QQ==", "filename": "A.PDF"}}
SCHEMA: Json = {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}}
TOOL: Json = {"type": "function", "function": {"name": "f"}}


def lacking(*lacks: str) -> Entry:
    return Entry(provider="up", model="m", lacks=frozenset(lacks))


def parts(*given: Json) -> Json:
    return {"messages": [USER, {"role": "user", "content": [{"type": "text", "text": "see"}, *given]}]}


PLAIN: Json = {"messages": [USER]}
NEEDS: dict[str, tuple[Json, str, str]] = {
    "tools": ({**PLAIN, "tools": [TOOL]}, "tools", "tools"),
    "functions": ({**PLAIN, "functions": [{"name": "f"}]}, "tools", "functions"),
    "an image": (parts(IMAGE), "vision", "messages[1].content[1]"),
    "an image that a tool gave": (
        {"messages": [USER, {"role": "tool", "tool_call_id": "a", "content": [IMAGE]}]},
        "vision",
        "messages[1].content[0]",
    ),
    "a PDF": (parts(PDF), "pdf", "messages[1].content[1]"),
    "a PDF by its name": (parts(TEXT_FILE, PDF_BY_NAME), "pdf", "messages[1].content[2]"),
    "speech": (parts(SPEECH), "audio", "messages[1].content[1]"),
    "a schema": ({**PLAIN, "response_format": SCHEMA}, "json_schema", "response_format"),
}


@pytest.mark.parametrize("name", NEEDS)
def test_what_it_cannot_do_is_refused(name: str) -> None:
    body, capability, where = NEEDS[name]
    with pytest.raises(ApiError) as error:
        capable(body, lacking(capability), target("vllm"))
    assert (error.value.code, error.value.status, error.value.param) == ("unsupported_parameter", 400, where)
    assert str(error.value) == f"up/m cannot {WORDS[capability]} (`{where}`); ask for another model."
    assert error.value.should_retry is False


@pytest.mark.parametrize("name", NEEDS)
def test_what_nobody_told_is_not_held_against_it(name: str) -> None:
    body, capability, _ = NEEDS[name]
    others = lacking(*WORDS.keys() - {capability})
    for entry in (None, Entry(provider="up", model="m"), others):
        assert capable(body, entry, target("vllm")) == (body, ())


@pytest.mark.parametrize(
    "body",
    [
        PLAIN,
        {**PLAIN, "tools": []},
        {**PLAIN, "tools": [{"type": "web_search"}]},
        {**PLAIN, "functions": 5},
        {**PLAIN, "response_format": {"type": "json_object"}},
        {"input": "a"},
        {"messages": [{"role": "assistant", "content": None, "tool_calls": []}, {"role": "user"}]},
        parts(TEXT_FILE, {"type": "file", "file": {"file_id": "file-1"}}, {"type": "file"}, {"type": ["image_url"]}),
    ],
)
def test_what_asks_for_nothing_passes(body: Json) -> None:
    assert capable(body, lacking(*WORDS, "reasoning"), target("vllm")) == (body, ())


def test_another_target_serves_what_the_first_cannot() -> None:
    blind = Entry(provider="a", model="1", lacks=frozenset({"vision"}))
    in_world = world_of(Catalog.of([blind]), a=[], b=[unary("seen")])
    where = route("r", build.target("a/1"), build.target("b/1"))
    assert outcome(in_world, to(where, body=parts(IMAGE))) == "seen"
    assert len(in_world.script.sent) == 1
    assert outcome(in_world, to(route("r", build.target("a/1")), body=parts(IMAGE))) == "400 unsupported_parameter"


def test_what_it_has_no_use_for_is_told() -> None:
    dull = Entry(provider="a", model="1", lacks=frozenset({"reasoning"}))
    in_world = world_of(Catalog.of([dull]), a=[unary("plain")])
    body = {**PLAIN, "reasoning_effort": "high"}
    assert outcome(in_world, to(route("r", build.target("a/1")), body=body)) == "plain"
    assert in_world.exchange.dropped == ("reasoning_effort",)
    strict = route("r", build.target("a/1", unsupported="reject"))
    assert outcome(in_world, to(strict, body=body)) == "400 unsupported_parameter"


def test_effort_is_dropped_and_named() -> None:
    body = {**PLAIN, "reasoning_effort": "high"}
    before = deepcopy(body)
    assert capable(body, lacking("reasoning"), target("vllm")) == (PLAIN, ("reasoning_effort",))
    assert body == before


def test_no_effort_is_nothing_lost() -> None:
    assert capable({**PLAIN, "reasoning_effort": "none"}, lacking("reasoning"), target("vllm")) == (PLAIN, ())


LISTED = Entry(provider="up", model="m", parameters=frozenset({"temperature", "tools", "reasoning"}))
SAID: Json = {**PLAIN, "temperature": 0.5, "reasoning_effort": "low", "tools": [TOOL], "x": 1}


def test_what_is_not_among_all_that_it_takes_is_dropped_and_named() -> None:
    """OpenRouter would leave it out without a word."""
    said = {**SAID, "top_p": 1, "stop": ["x"], "seed": 7, "frequency_penalty": 0, "logit_bias": {}, "logprobs": False}
    kept, dropped = capable(said, LISTED, target("openrouter"))
    assert kept == {**SAID, "logit_bias": {}, "logprobs": False}
    assert dropped == ("stop", "seed")


@pytest.mark.parametrize(
    ("said", "param"),
    [
        ({"logprobs": True}, "logprobs"),
        ({"logit_bias": {"1": 1}}, "logit_bias"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice"),
    ],
)
def test_what_is_not_among_them_and_would_change_the_meaning_is_refused(said: Json, param: str) -> None:
    with pytest.raises(ApiError) as error:
        capable({**SAID, **said}, LISTED, target("openrouter"))
    assert (error.value.code, error.value.param) == ("unsupported_parameter", param)


def test_what_the_provider_emulates_is_not_lacking() -> None:
    body = {**PLAIN, "response_format": SCHEMA}
    assert capable(body, lacking("json_schema"), target("deepseek")) == (body, ())
