"""YAML 1.2 scalars, durations and sizes."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.config.reading import config, targets
from trunkline.config.scalars import core, seconds, show_seconds, show_size, size

CORE: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "NULL": None,
    "nUll": "nUll",
    "true": True,
    "False": False,
    "yes": "yes",
    "no": "no",
    "on": "on",
    "off": "off",
    "y": "y",
    "0": 0,
    "010": 10,
    "-7": -7,
    "+7": 7,
    "0o17": 15,
    "0x1F": 31,
    "-0x1F": "-0x1F",
    "0b1": "0b1",
    "1_000": "1_000",
    "12:30": "12:30",
    "12:30:45": "12:30:45",
    "2027-06-30": "2027-06-30",
    "1e3": 1000.0,
    "1.": 1.0,
    ".5": 0.5,
    "-1.5E-3": -0.0015,
    "1.2.3": "1.2.3",
    "+.inf": math.inf,
    "-.Inf": -math.inf,
    "inf": "inf",
    "nan": "nan",
    "=": "=",
    "<<": "<<",
    "0777777777777777777777777": 777777777777777777777777,
}


@pytest.mark.parametrize("text", CORE)
def test_core(text: str) -> None:
    value = core(text)
    assert (type(value), value) == (type(CORE[text]), CORE[text])


def test_not_a_number() -> None:
    assert math.isnan(core(".nan"))


def test_digits_beyond_what_python_reads() -> None:
    assert core("9" * 5000) == math.inf


@given(st.text())
def test_core_never_raises(text: str) -> None:
    core(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("250ms", 0.25),
        ("30s", 30),
        ("1.5s", 1.5),
        ("5m", 300),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1m500ms", 60.5),
        ("400d", 34_560_000),
        ("30", None),
        ("s", None),
        ("30 s", None),
        ("-1s", None),
        ("1h 30m", None),
        ("1w", None),
        ("", None),
    ],
)
def test_seconds(text: str, value: float | None) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10MiB", 10 * 2**20),
        ("10 MiB", 10 * 2**20),
        ("512KiB", 2**19),
        ("1.5GiB", 3 * 2**29),
        ("1MB", 10**6),
        ("64kB", 64_000),
        ("7B", 7),
        ("7", None),
        ("10mb", None),
        ("MiB", None),
        ("1MiB1KiB", None),
    ],
)
def test_size(text: str, value: float | None) -> None:
    assert size(text) == value


@pytest.mark.parametrize("text", ["250ms", "3s", "2m", "1h", "36h", "400d"])
def test_a_duration_is_shown_as_it_is_read(text: str) -> None:
    value = seconds(text)
    assert value is not None
    assert seconds(show_seconds(value)) == value


@pytest.mark.parametrize("text", ["32MiB", "1GB", "100GiB", "7B"])
def test_a_size_is_shown_as_it_is_written(text: str) -> None:
    assert show_size(size(text) or 0) == text


HEAD = "server:\n  auth: none\n  port: ${PORT:-4000}\nproviders: {demo: {}}\n"

# In the file: unquoted, quoted, in a flow mapping; with and without a reference.
PARAMETERS: dict[str, Any] = {
    "no": "no",
    '"5"': "5",
    "5": 5,
    "0.3": 0.3,
    "1e3": 1000.0,
    "true": True,
    "null": None,
    "12:30": "12:30",
    "${NUMBER}": 0.5,
    '"${NUMBER}"': "0.5",
    "x${NUMBER}": "x0.5",
    "$$NUMBER": "$NUMBER",
    "|-\n          a\n          b": "a\nb",
    "[1, {b: [no, 2]}]": [1, {"b": ["no", 2]}],
}


@pytest.mark.parametrize("text", PARAMETERS)
def test_parameters_are_json(text: str) -> None:
    found = config(
        HEAD + f"routes:\n  a:\n    targets: [demo/echo]\n    params:\n        x: {text}\n", {"NUMBER": "0.5"}
    )
    (target,) = targets(found.routes["a"].group)
    assert target.params["x"] == PARAMETERS[text]


@pytest.mark.parametrize(("environ", "port"), [({}, 4000), ({"PORT": "4100"}, 4100), ({"PORT": ""}, 4000)])
def test_a_type_is_read_after_substitution(environ: dict[str, str], port: int) -> None:
    assert config(HEAD, environ).server.port == port


def test_quotes_around_a_reference_say_nothing_about_a_type_that_is_known() -> None:
    text = 'server: {auth: none, port: "${P}"}\nproviders: {demo: {local: "${L}"}}\n'
    found = config(text, {"P": "4100", "L": "true"})
    assert (found.server.port, found.providers["demo"].local) == (4100, True)
