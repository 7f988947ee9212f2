"""The JSON Schema and the reader come from one description: they take and refuse the same documents."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.config.reading import FILE, read_file
from tests.config.rows import ENVIRONMENT, Row, rows
from trunkline.cli.schema import schema_text
from trunkline.config import schema
from trunkline.config.description import File
from trunkline.config.reader import Reader, Spot
from trunkline.config.record import Record
from trunkline.config.scalars import core
from trunkline.config.source import Items, Node, SourceError, Table, compose

ROOT = Path(__file__).parents[2]
VALIDATOR = Draft202012Validator(schema())

# Their mistake is in what a reference holds, which a schema cannot know.
IN_A_REFERENCE = {
    *("client key unset", "references", "key with a line break", "key file missing", "key with a message"),
    *("key file of no kind", "key file that is not there"),
}


def plain(node: Node) -> Any:
    """The document as an editor sees it: YAML 1.2, nothing substituted."""
    if isinstance(node, Table):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return core(node.text) if node.plain else node.text


def refused(node: Node) -> list[str]:
    """Errors of reading alone, before the parts of the file are compared with each other."""
    reader = Reader(ENVIRONMENT, read_file, FILE)
    Record(File).read(Spot(node), reader)
    return [problem.render(FILE) for problem in reader.problems if problem.severity == "error"]


def readable(row: Row) -> bool:
    try:
        compose(row.text)
    except SourceError:
        return False
    return row.name not in IN_A_REFERENCE


@pytest.mark.parametrize("row", [row for row in rows() if readable(row)], ids=lambda row: row.name)
def test_schema_and_reader_agree_on_every_row(row: Row) -> None:
    node = compose(row.text)
    assert VALIDATOR.is_valid(plain(node)) == (not refused(node))


EXAMPLE = plain(compose((ROOT / "examples/first.yaml").read_text()))
# For the same reason without a reference.
ODD = [None, True, 5, -1, 1.5, "", "x", "no", "10s", "5", "a/b", [], ["x"], [5], {}, {"x": 1}, {"model": "a/b"}]


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document below its root."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [inner for step, part in below for inner in [(*path, step), *paths(part, (*path, step))]]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@given(st.sampled_from(paths(EXAMPLE)), st.sampled_from(ODD))
def test_schema_and_reader_agree_on_every_change_of_the_example(path: tuple[Any, ...], new: Any) -> None:
    document = replaced(EXAMPLE, path, new)
    node = compose(orjson.dumps(document).decode())
    assert VALIDATOR.is_valid(document) == (not refused(node)), refused(node)


@given(st.sampled_from([path for path in paths(EXAMPLE) if isinstance(path[-1], str)]))
def test_schema_and_reader_agree_on_every_missing_key(path: tuple[Any, ...]) -> None:
    holder: Any = EXAMPLE
    for step in path[:-1]:
        holder = holder[step]
    document = replaced(EXAMPLE, path[:-1], {name: value for name, value in holder.items() if name != path[-1]})
    node = compose(orjson.dumps(document).decode())
    assert VALIDATOR.is_valid(document) == (not refused(node)), refused(node)


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_every_key_says_what_it_is_for() -> None:
    def undescribed(part: Any, path: str = "") -> list[str]:
        if isinstance(part, list):
            return [inner for item in part for inner in undescribed(item, path)]
        if not isinstance(part, dict):
            return []
        named = [f"{path}.{name}" for name, key in part.get("properties", {}).items() if not key.get("description")]
        return named + [inner for step, value in part.items() for inner in undescribed(value, f"{path}.{step}")]

    assert undescribed(schema()) == []


def test_defaults_are_shown_as_the_file_writes_them() -> None:
    (server, _) = schema()["properties"]["server"]["anyOf"]
    shown = {name: key["default"] for name, key in server["properties"].items() if "default" in key}
    assert shown == {
        "host": "127.0.0.1",
        "port": 4000,
        "workers": 1,
        "auth": "keys",
        "log": "info",
        "max_body": "32MiB",
        "max_in_flight": 1000,
        "drain": "2m",
    }


def test_the_shipped_schema_is_the_printed_one() -> None:
    assert (ROOT / "proxy.schema.json").read_text() == schema_text(), "run `trunkline schema > proxy.schema.json`"


def test_check_jsonschema_takes_the_files_of_the_repository() -> None:
    files = [ROOT / "proxy.yaml", *sorted((ROOT / "examples").glob("*.yaml"))]
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", "proxy.schema.json", *map(str, files)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
