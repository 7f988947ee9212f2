"""Every recorded chat and embeddings exchange with OpenAI, through the running server."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from openai import OpenAI

from tests.corpus.agreement import differences, disagreements, heard
from tests.corpus.recordings import FOLDER, Json, Recording, recordings
from tests.corpus.stage import CHUNKINGS, REFUSED, Stage, arriving, provider_of, stage
from tests.kit.answer import Answer
from tests.kit.expect import is_error

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no {FOLDER.parent.name}/{FOLDER.name} beside the checkout"
)

# Case -> why what we say differs from what was recorded; at most one in a hundred.
EXCEPTIONS = {
    "openai-eef126cd2f67": "it was recorded without a finish reason, which we fill in (contract section 6)",
}


@dataclass(slots=True)
class Table:
    """(api, kind, how the provider wrote it) -> how many agreed, of how many."""

    passed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    total: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def count(self, recording: Recording, chunking: str, agreed: bool) -> None:
        row = (recording.api, recording.kind, chunking)
        self.total[row] += 1
        self.passed[row] += agreed

    def __str__(self) -> str:
        rows = [(*row, f"{self.passed[row]}/{self.total[row]}") for row in sorted(self.total)]
        head = ("api", "kind", "chunking", "agree")
        return "\n".join(f"{api:<12}{kind:<8}{chunking:<18}{agree}" for api, kind, chunking, agree in (head, *rows))


@pytest.fixture(scope="module")
def corpus() -> list[Recording]:
    return recordings()


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    """Shown with -s, and written to the file that TRUNKLINE_CORPUS_REPORT names; whole where one process runs all
    (`-n 0`)."""
    table = Table()
    yield table
    print(f"\n{table}")  # noqa: T201  # it is for who runs this with -s
    if report := os.environ.get("TRUNKLINE_CORPUS_REPORT"):
        Path(report).write_text(f"{table}\n")


@pytest.fixture(scope="module")
def staged(corpus: list[Recording], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("corpus"), corpus) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Played:
    """Exchanges and what came of them; `arrived` is what the provider says it was asked."""

    chunking: str
    rows: list[Recording]
    answers: list[Answer]
    arrived: list[Json]


@pytest.fixture(scope="module", params=CHUNKINGS)
def played(request: pytest.FixtureRequest, staged: Stage, corpus: list[Recording]) -> Played:
    answers = staged.play(request.param, corpus)
    return Played(request.param, corpus, answers, staged.providers[request.param].requests())


def test_exceptions_stay_few(corpus: list[Recording]) -> None:
    assert len(corpus) == 380
    assert set(EXCEPTIONS) <= {row.id for row in corpus}
    assert len(EXCEPTIONS) <= len(corpus) // 100


def test_answers_agree(played: Played, table: Table) -> None:
    wrong = {}
    for row, answer in zip(played.rows, played.answers, strict=True):
        found = list(disagreements(row, answer))
        table.count(row, played.chunking, not found)
        if bool(found) != (row.id in EXCEPTIONS):
            wrong[row.id] = found or ["agrees, and is listed as an exception"]
    none_of(wrong)


def test_requests_arrive_as_they_were_sent(played: Played) -> None:
    """One request each, as the client wrote it, but for what `arriving` names."""
    wanted = {row.id: arriving(row, played.chunking) for row in played.rows}
    assert Counter(entry["case"] for entry in played.arrived) == Counter(wanted.keys())
    assert all(entry["path_equal"] for entry in played.arrived)
    found = ((entry["case"], list(differences(wanted[entry["case"]], entry["body"]))) for entry in played.arrived)
    none_of({case: wrong for case, wrong in found if wrong})


def test_the_sdk_accumulates_every_stream(staged: Stage, corpus: list[Recording], table: Table) -> None:
    """`.stream()` makes of our chunks what it makes of the recorded ones."""
    wrong = {}
    streams = [row for row in corpus if row.kind == "stream"]
    with OpenAI(base_url=f"{staged.server.url}/v1", api_key="unused", max_retries=0) as client:
        for row in streams:
            found = list(differences(heard(row.chunks), accumulated(client, row)))
            table.count(row, "event, the SDK", not found)
            if found:
                wrong[row.id] = found
    none_of(wrong)


def accumulated(client: OpenAI, row: Recording) -> Json:
    """Tools and formats go as `extra_body`: the helper would refuse those that it cannot parse into."""
    rest = {k: v for k, v in row.request.items() if k not in ("model", "messages", "stream")}
    model = f"{provider_of(row, 'event')}/case-{row.id}"
    with client.chat.completions.stream(model=model, messages=row.request["messages"], extra_body=rest) as stream:
        return stream.until_done().current_completion_snapshot.to_dict()


@pytest.mark.parametrize(("case", "param"), REFUSED.items())
def test_what_openai_refused_we_refuse_first(staged: Stage, corpus: list[Recording], case: str, param: str) -> None:
    (row,) = (row for row in corpus if row.id == case)
    answer = staged.post(row, {**row.request, "model": f"{provider_of(row, 'whole')}/case-{row.id}"})
    assert is_error(answer, 400, "invalid_request", "invalid_request_error")["param"] == param
    assert row.answer["error"]["param"] in (param, None)


def none_of(wrong: Mapping[str, list[str]]) -> None:
    """Fails with every case and what is wrong with it."""
    if wrong:
        lines = [f"{case}: {each}" for case, found in wrong.items() for each in found]
        pytest.fail("\n".join([f"{len(wrong)} differ:", *lines]), pytrace=False)
