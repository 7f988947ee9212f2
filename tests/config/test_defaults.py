"""The file that is written and served where there is none."""

import pytest

from tests.config.reading import loaded, targets
from trunkline.config import default_text
from trunkline.config.defaults import ollama_address
from trunkline.types import Config

KEY = {"OPENAI_API_KEY": "sk-hunter2"}


def served(environ: dict[str, str], models: tuple[str, ...] = ()) -> Config:
    found = loaded(default_text(environ, models), environ)
    assert found.problems == ()
    assert found.config
    return found.config


@pytest.mark.parametrize(
    ("environ", "models", "order"),
    [
        ({}, (), ["demo/echo"]),
        (KEY, (), ["openai/gpt-4o-mini", "demo/echo"]),
        ({"OPENAI_API_KEY": ""}, (), ["demo/echo"]),
        ({}, ("llama3.2:1b", "qwen3"), ["ollama/llama3.2:1b", "demo/echo"]),
        (KEY, ("hf.co/some/model",), ["openai/gpt-4o-mini", "ollama/hf.co/some/model", "demo/echo"]),
        ({}, ("nomic-embed-text", "qwen3"), ["ollama/qwen3", "demo/echo"]),
        ({}, ("nomic-embed-text",), ["demo/echo"]),
        ({}, ("a: b", "x\ny", "#", ""), ["demo/echo"]),
    ],
)
def test_the_route_auto_takes_what_is_there(environ: dict[str, str], models: tuple[str, ...], order: list[str]) -> None:
    config = served(environ, models)
    assert [target.id for target in targets(config.routes["auto"].group)] == order
    assert set(config.providers) == {target.partition("/")[0] for target in order}


def test_it_is_open_to_this_machine_only() -> None:
    config = served(KEY)
    assert (config.server.auth, config.server.host) == ("none", "127.0.0.1")
    assert config.default_route == "auto"
    assert config.expose == {"routes", "models"}


def test_it_holds_no_secret() -> None:
    assert "hunter2" not in default_text(KEY)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", "http://127.0.0.1:11434"),
        ("http://gpu:11434", "http://gpu:11434"),
        ("http://gpu:11434/v1/", "http://gpu:11434"),
        ("gpu:11434", None),
    ],
)
def test_where_an_ollama_is_asked(given: str, address: str | None) -> None:
    assert ollama_address({"OLLAMA_BASE_URL": given}) == address
