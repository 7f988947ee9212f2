"""The configuration files of the repository."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.config.reading import loaded
from trunkline.config import schema

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "proxy.yaml", *sorted((ROOT / "examples").glob("*.yaml"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_file_is_well_with_a_key(path: Path) -> None:
    found = loaded(path.read_text(), {"OPENAI_API_KEY": "sk-1"})
    assert found.problems == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_file_serves_without_a_key(path: Path) -> None:
    found = loaded(path.read_text())
    assert found.config
    assert found.config.providers["openai"].off == "OPENAI_API_KEY is unset"
    assert {problem.severity for problem in found.problems} == {"warning"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_file_names_its_schema(path: Path) -> None:
    _, _, named = path.read_text().splitlines()[0].partition("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve() == ROOT / "proxy.schema.json"


def keys(part: Any) -> set[str]:
    """Every key that the schema knows, at any depth."""
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    own = set(part.get("properties", {})) if isinstance(part, dict) else set()
    return own.union(*(keys(value) for value in below))


def test_the_example_shows_every_key() -> None:
    text = (ROOT / "examples/first.yaml").read_text()
    assert [name for name in sorted(keys(schema())) if not re.search(rf"\b{name}: ?", text)] == []


def test_nothing_but_the_proxy_itself_answers_make_run() -> None:
    config = loaded((ROOT / "proxy.yaml").read_text()).config
    assert config
    assert (config.server.host, config.server.port, config.server.auth) == ("127.0.0.1", 4000, "none")
    assert config.redis_url is None
    assert [name for name, provider in config.providers.items() if not provider.off] == ["demo"]
