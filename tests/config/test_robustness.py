"""Whatever the text: an answer, never an exception, and never quickly grown beyond bounds."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.config.reading import FILE, loaded, read_file
from trunkline.config import load

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "examples/first.yaml").read_text()
WORDS = ["server", "providers", "routes", "keys", "expose", "openai", "demo", "demo/echo", "targets", "cache", "a.b[0]"]
SYNTAX = [
    *":-{}[],'\"#|>?\n\t",
    ": ",
    "- ",
    "\n  ",
    "\n    ",
    "&a ",
    "*a",
    "!x ",
    "<<",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
]
VALUES = ["${A}", "${", "$$", "${file:/x}", "${A:?m}", "null", "1e999", "9" * 5000, "0x" + "f" * 5000, "1s"]
STRANGE = ["\ufeff", "\x85", "\u2028", "\0", "\ud800", "\U0001f600"]
PIECES = WORDS + SYNTAX + VALUES + STRANGE


@given(st.text())
def test_any_text(text: str) -> None:
    found = loaded(text)
    assert found.problems
    assert all(problem.line >= 1 and problem.column >= 1 for problem in found.problems)
    assert all("\n" not in problem.render(FILE) for problem in found.problems)


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_pieces_of_yaml(pieces: list[str]) -> None:
    loaded("".join(pieces), {"A": "x"})


@given(st.integers(0, len(EXAMPLE)), st.integers(0, 80), st.sampled_from(["", *PIECES]))
def test_any_damage_to_a_file(start: int, length: int, piece: str) -> None:
    found = loaded(EXAMPLE[:start] + piece + EXAMPLE[start + length :])
    assert found.config or found.problems


@given(st.text(), st.text())
def test_any_environment(key: str, other: str) -> None:
    text = "server: {auth: none}\nproviders:\n  openai: {headers: {x-a: '${B}'}}\n"
    load(text, {"OPENAI_API_KEY": key, "B": other}, path=FILE, read_file=read_file)


def test_a_file_of_a_megabyte_is_read_in_time() -> None:
    routes = "".join(f"  r{n}: {{targets: [demo/echo], params: {{temperature: 0.5}}}}\n" for n in range(4000))
    found = loaded("server: {auth: none}\nproviders: {demo: {}}\nroutes:\n" + routes)
    assert found.config
    assert len(found.config.routes) == 4000
