"""Every recorded chat and embeddings exchange with an OpenAI-compatible provider, through its row."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.corpus.agreement import differences
from tests.corpus.compatible_agreement import accumulated, disagreements
from tests.corpus.compatible_rows import DATED, REFUSED, Case, cases
from tests.corpus.compatible_stage import VERSION, asked, post, stage
from tests.corpus.recordings import FOLDER, Json
from tests.corpus.stage import AT_ONCE, CHUNKINGS, PATHS, Stage
from tests.corpus.test_openai import none_of
from tests.kit.answer import Answer

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no {FOLDER.parent.name}/{FOLDER.name} beside the checkout"
)

# Case -> why what we say differs from what was recorded; at most one in a hundred.
EXCEPTIONS = {
    "azure-12d4d697915d": "a blocked prompt as an error inside a 200: for us a finish reason (contract section 6)",
}

# Row -> the places where the request that arrives may differ from the recorded one, as `providers.yaml` documents.
USAGE_ASKED = r"\$\.stream_options"
FLOATS = r"\$\.encoding_format"
CHANGES = {
    "deepseek": [r"\$\.(n|parallel_tool_calls|user|user_id)"],
    "mistral": [r"\$\.messages\[\d+\]\.(tool_call_id|tool_calls\[\d+\]\.id)"],
    "ollama": [r"\$\.tool_choice"],
    "together": [r"\$\.(max_completion_tokens|max_tokens)"],
}


@dataclass(slots=True)
class Table:
    """(row, how the provider wrote it) -> how many agreed, of how many."""

    passed: Counter[tuple[str, str]] = field(default_factory=Counter)
    total: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, case: Case, chunking: str, agreed: bool) -> None:
        self.total[case.row, chunking] += 1
        self.passed[case.row, chunking] += agreed

    def __str__(self) -> str:
        rows = [(*row, f"{self.passed[row]}/{self.total[row]}") for row in sorted(self.total)]
        head = ("row", "chunking", "agree")
        return "\n".join(f"{row:<14}{chunking:<18}{agree}" for row, chunking, agree in (head, *rows))


@pytest.fixture(scope="module")
def corpus() -> list[Case]:
    return cases()


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    """Shown with -s, and added to the file that TRUNKLINE_CORPUS_REPORT names; whole where one process runs all."""
    table = Table()
    yield table
    print(f"\n{table}")  # noqa: T201  # it is for who runs this with -s
    if report := os.environ.get("TRUNKLINE_CORPUS_REPORT"):
        with Path(report).open("a") as file:
            file.write(f"{table}\n")


@pytest.fixture(scope="module")
def staged(corpus: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("compatible"), corpus) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Played:
    """Exchanges and what came of them; `arrived` is what the provider says it was asked."""

    chunking: str
    cases: list[Case]
    answers: list[Answer]
    arrived: list[Json]


def play(staged: Stage, chunking: str, rows: list[Case]) -> Played:
    provider = staged.providers[chunking]
    before = len(provider.requests())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda case: post(staged.server.port, case.recording.api, asked(case, chunking)), rows))
    return Played(chunking, rows, answers, provider.requests()[before:])


@pytest.fixture(scope="module", params=CHUNKINGS)
def played(request: pytest.FixtureRequest, staged: Stage, corpus: list[Case]) -> Played:
    """Byte by byte each tenth: the others are for the soak."""
    return play(staged, request.param, corpus[::10] if request.param == "byte" else corpus)


def agree(played: Played, table: Table, label: str) -> None:
    wrong = {}
    for case, answer in zip(played.cases, played.answers, strict=True):
        found = list(disagreements(case, answer))
        table.count(case, label, not found)
        if bool(found) != (case.recording.id in EXCEPTIONS):
            wrong[case.recording.id] = found or ["agrees, and is listed as an exception"]
    none_of(wrong)


def test_exceptions_stay_few(corpus: list[Case]) -> None:
    known = {case.recording.id for case in corpus}
    assert len(corpus) == 1015
    assert {*EXCEPTIONS, *REFUSED} <= known
    assert len(EXCEPTIONS) <= len(corpus) // 100


def test_answers_agree(played: Played, table: Table) -> None:
    agree(played, table, played.chunking)


@pytest.mark.soak
def test_answers_agree_byte_by_byte(staged: Stage, corpus: list[Case], table: Table) -> None:
    agree(play(staged, "byte", corpus), table, "byte, all")


@pytest.mark.parametrize(("name", "param"), REFUSED.items())
def test_what_the_provider_refused_we_refuse_first(staged: Stage, corpus: list[Case], name: str, param: str) -> None:
    (case,) = (case for case in corpus if case.recording.id == name)
    answer = post(
        staged.server.port, case.recording.api, {**case.recording.request, "model": asked(case, "whole")["model"]}
    )
    assert (answer.status, answer.error["param"], case.recording.kind) == (400, param, "error")


def test_the_sdk_accumulates_every_stream(staged: Stage, corpus: list[Case], table: Table) -> None:
    streams = [case for case in corpus if case.recording.kind == "stream" and case.recording.api == "chat"]
    wrong = {}
    for case, answer in zip(streams, play(staged, "event", streams).answers, strict=True):
        found = list(accumulated(case, answer))
        table.count(case, "event, the SDK", not found)
        if found:
            wrong[case.recording.id] = found
    none_of(wrong)


def test_requests_arrive_as_they_were_sent(played: Played) -> None:
    """As the client wrote them but for the documented changes; an error may have been asked twice."""
    by_id = {case.recording.id: case for case in played.cases}
    assert {entry["case"] for entry in played.arrived} == {case.recording.id for case in played.cases}
    wrong = {}
    for entry in played.arrived:
        case = by_id[entry["case"]]
        found = [*misplaced(case, entry), *undocumented(case, asked(case, played.chunking), entry["body"])]
        if found:
            wrong[entry["case"]] = found
    none_of(wrong)


def undocumented(case: Case, body: Json, arrived: Json) -> Iterator[str]:
    """Changes beyond the row's own; a null is absence, and the model is the provider's own name for it."""
    sent = {name: value for name, value in body.items() if value is not None}
    allowed = "|".join([USAGE_ASKED, FLOATS, *CHANGES.get(case.row, ())])
    for found in differences({**sent, "model": f"case-{case.recording.id}"}, arrived):
        if not re.match(f"({allowed})(:|\\.)", found):
            yield found


def misplaced(case: Case, entry: Json) -> Iterator[str]:
    """Another path than the provider's own, or no key in the header it reads."""
    path = PATHS[case.recording.api].removeprefix("/v1")
    whole = f"/openai/deployments/case-{case.recording.id}{path}" if case.row == DATED else path
    query = f"api-version={VERSION}" if case.row == DATED else ""
    if not entry["path"].endswith(whole) or entry["query"] != query:
        yield f"sent to {entry['path']}?{entry['query']}"
    header = "api-key" if case.row in ("azure", DATED) else "authorization"
    if header not in entry["headers"]:
        yield f"without {header}"
