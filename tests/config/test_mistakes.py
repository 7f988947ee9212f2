"""Every kind of mistake, at its line and column, all at once and without a secret."""

import pytest

from tests.config.reading import loaded, told
from tests.config.rows import ENVIRONMENT, Row, rows

BOMB = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
CHAIN = "a: &a [1]\n" + "".join(f"b: &a{'a' * n} [*{'a' * n}]\n" for n in range(1, 50))

# What cannot stand in a text file, or is too long to be read there.
UNSAFE = {
    "control character": ("a: \x07", ["1:4: error: cannot be read: control characters are not allowed"]),
    "lone surrogate": ("a: \ud800", ["1:1: error: is not valid Unicode: surrogates not allowed"]),
    "too deep": ("x: " + "[" * 10_000, ["1:42: error: nested more than 40 levels deep"]),
    "alias bomb": (BOMB, ["5:17: error: more than 50,000 values once its aliases are followed"]),
    "too deep through aliases": (CHAIN, ["38:45: error: nested more than 40 levels deep"]),
    "control characters in a name": (
        'server: {auth: none}\nproviders: {demo: {}}\nroutes: {"a\\n\\e[31m": {targets: [demo/echo]}}\n',
        ["3:10: error: routes.a��[31m: a name is made of letters, digits, dots, dashes and underscores"],
    ),
}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_mistakes(row: Row) -> None:
    assert told(row.text, ENVIRONMENT) == row.told


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_text(name: str) -> None:
    text, expected = UNSAFE[name]
    assert told(text) == expected


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_a_config_exists_exactly_where_there_is_no_error(row: Row) -> None:
    found = loaded(row.text, ENVIRONMENT)
    assert (found.config is None) == any(problem.severity == "error" for problem in found.problems)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_no_secret_is_told(row: Row) -> None:
    assert "hunter2" not in repr(loaded(row.text, ENVIRONMENT))


def test_a_problem_is_rendered_as_one_line_that_editors_find() -> None:
    (problem,) = loaded("server: {auth: none}\nproviders: {demo: {}}\nroute: {}\n").problems
    assert problem.render("x.yaml") == 'x.yaml:3:1: error: route: unknown key "route" (did you mean "routes"?)'


def test_a_problem_in_a_shared_value_is_told_once_for_each_use() -> None:
    text = "server: {auth: none}\nproviders: {demo: {}}\nroutes:\n  a: {targets: [demo/echo], retries: &r {tries: 1}}\n"
    lines = told(text + "  b: {targets: [demo/echo], retries: *r}\n")
    assert [line.split(" (")[0] for line in lines] == [
        '4:42: error: routes.a.retries.tries: unknown key "tries"',
        '4:42: error: routes.b.retries.tries: unknown key "tries"',
    ]
