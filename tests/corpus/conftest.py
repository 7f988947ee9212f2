"""Fixtures of the checks, for the `SUITE` of the test module."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.corpus.checks import Played, Table, play
from tests.corpus.recordings import Recording
from tests.corpus.stage import CHUNKINGS, Stage, stage
from tests.corpus.suite import Suite


@pytest.fixture(scope="module")
def suite(request: pytest.FixtureRequest) -> Suite:
    found: Suite = request.module.SUITE
    return found


@pytest.fixture(scope="module")
def corpus(suite: Suite) -> list[Recording]:
    return suite.recordings()


@pytest.fixture(scope="module")
def staged(suite: Suite, corpus: list[Recording], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    providers = partial(suite.providers, corpus)
    models = partial(suite.models, corpus)
    with stage(tmp_path_factory.mktemp("corpus"), suite.files, providers, suite.environ, models) as running:
        yield running


@pytest.fixture(scope="module", params=CHUNKINGS)
def played(request: pytest.FixtureRequest, suite: Suite, staged: Stage, corpus: list[Recording]) -> Played:
    """Byte by byte each tenth: the others are for the soak."""
    return play(suite, staged, request.param, corpus[::10] if request.param == "byte" else corpus)


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    """Shown with -s, and added to the file that TRUNKLINE_CORPUS_REPORT names; whole where one process runs all
    (`-n 0`)."""
    table = Table()
    yield table
    print(f"\n{table}")  # noqa: T201  # it is for who runs this with -s
    if report := os.environ.get("TRUNKLINE_CORPUS_REPORT"):
        with Path(report).open("a") as file:
            file.write(f"{table}\n")
