"""References in a scalar's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.config.reading import read_file
from trunkline.config.substitute import SubstitutionError, substitute

ENVIRON = {"A": "one", "EMPTY": "", "DOLLAR": "${A} $$"}

GOOD: dict[str, str] = {
    "": "",
    "plain": "plain",
    "${A}": "one",
    "x${A}y${A}z": "xoneyonez",
    "${A:-two}": "one",
    "${B:-two}": "two",
    "${EMPTY:-two}": "two",
    "${B:-}": "",
    "${B:-a:-b:?c}": "a:-b:?c",
    "${B:-two words}": "two words",
    "${A:?said}": "one",
    "${EMPTY}": "",
    "$$": "$",
    "$${A}": "${A}",
    "$$$${A}": "$${A}",
    "$$${A}": "$one",
    "$A": "$A",
    "pa$word$": "pa$word$",
    "a } b { c": "a } b { c",
    "${DOLLAR}": "${A} $$",
    "${file:/run/secrets/key}": "from-a-file",
    "k=${file:/run/secrets/key};": "k=from-a-file;",
}

FORMS = "${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:PATH}"

BAD = {
    "${A": f"a ${{…}} is not closed or holds a brace; it is {FORMS}; $$ is a plain $",
    "${": f"a ${{…}} is not closed or holds a brace; it is {FORMS}; $$ is a plain $",
    "${B:-${A}}": f"a ${{…}} is not closed or holds a brace; it is {FORMS}; $$ is a plain $",
    "${}": f'"${{}}" is none of {FORMS}; $$ is a plain $',
    "${1A}": f'"${{1A}}" is none of {FORMS}; $$ is a plain $',
    "${A B}": f'"${{A B}}" is none of {FORMS}; $$ is a plain $',
    "${A-x}": f'"${{A-x}}" is none of {FORMS}; $$ is a plain $',
    "${A:+x}": f'"${{A:+x}}" is none of {FORMS}; $$ is a plain $',
    "${file:}": f'"${{file:}}" is none of {FORMS}; $$ is a plain $',
    "${B:?set it in .env}": "B is unset: set it in .env",
    "${EMPTY:?}": "EMPTY is unset",
    "${file:/nowhere}": "cannot read /nowhere: No such file or directory",
    "${file:/run/secrets/latin}": "cannot read /run/secrets/latin: it is not UTF-8 text",
}


@pytest.mark.parametrize("raw", GOOD)
def test_what_a_reference_becomes(raw: str) -> None:
    assert substitute(raw, ENVIRON, read_file).value == GOOD[raw]


@pytest.mark.parametrize("raw", BAD)
def test_what_cannot_be_followed(raw: str) -> None:
    with pytest.raises(SubstitutionError) as error:
        substitute(raw, ENVIRON, read_file)
    assert str(error.value) == BAD[raw]


def test_names_and_unset_variables_are_told() -> None:
    text = substitute("${A} ${B} ${C:-x} ${file:/run/secrets/key}", ENVIRON, read_file)
    assert (text.names, text.unset) == (("A", "B", "C", "file:/run/secrets/key"), ("B",))


def test_a_value_is_no_part_of_a_repr() -> None:
    assert "one" not in repr(substitute("${A}", ENVIRON, read_file))


@given(st.text())
def test_dollars_can_be_written(text: str) -> None:
    assert substitute(text.replace("$", "$$"), {}, read_file).value == text
