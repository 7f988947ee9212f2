"""Every recorded exchange with Claude, through the running server."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from openai import OpenAI

from tests.corpus.agreement import differences
from tests.corpus.anthropic_agreement import counts, disagreements
from tests.corpus.anthropic_asking import counterpart, meaning
from tests.corpus.anthropic_stage import CORPUS, asked, play, post, provider_of, stage
from tests.corpus.recordings import FOLDER, Json, Recording, read
from tests.corpus.stage import CHUNKINGS, Stage
from tests.kit.answer import Answer
from tests.wires.support import PROVIDER, call
from trunkline.types import Target
from trunkline.wires.anthropic import encode

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no {FOLDER.parent.name}/{FOLDER.name} beside the checkout"
)

# Case -> why what we say differs from what was recorded; at most one in a hundred.
EXCEPTIONS: dict[str, str] = {}


@pytest.fixture(scope="module")
def corpus() -> list[Recording]:
    """All but the lists of models."""
    with CORPUS.open(encoding="utf-8", errors="surrogatepass") as lines:
        raw = [json.loads(line) for line in lines]
    return [Recording(case, read(case)) for case in raw if case["api"] != "models"]


@pytest.fixture(scope="module")
def staged(corpus: list[Recording], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("anthropic"), corpus) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Played:
    """Exchanges and what came of them; `arrived` is what the provider says it was asked, by case."""

    chunking: str
    rows: list[Recording]
    answers: list[Answer]
    arrived: Mapping[str, Json]


@pytest.fixture(scope="module", params=CHUNKINGS)
def played(request: pytest.FixtureRequest, staged: Stage, corpus: list[Recording]) -> Played:
    answers = play(staged, request.param, corpus)
    arrived = {entry["case"]: entry for entry in staged.providers[request.param].requests()}
    return Played(request.param, corpus, answers, arrived)


def test_exceptions_stay_few(corpus: list[Recording]) -> None:
    assert len(corpus) == 409
    assert set(EXCEPTIONS) <= {row.id for row in corpus}
    assert len(EXCEPTIONS) <= len(corpus) // 100


def test_answers_agree(played: Played) -> None:
    wrong = {}
    for row, answer in zip(played.rows, played.answers, strict=True):
        found = list(disagreements(row, answer))
        if bool(found) != (row.id in EXCEPTIONS):
            wrong[row.id] = found or ["agrees, and is listed as an exception"]
    none_of(wrong)


def test_requests_mean_what_was_recorded(played: Played) -> None:
    """Wherever OpenAI's request can say the same: system, turns, tools, results, images, PDFs, thinking."""
    wrong, compared = {}, Counter[str]()
    for row in played.rows:
        if row.api == "messages" and counterpart(row.request):
            compared.update(["all", *row.raw["features"]])
            found = list(differences(meaning(row.request, "user"), meaning(played.arrived[row.id]["body"])))
            if found:
                wrong[row.id] = found
    none_of(wrong)
    assert compared["all"] > 300


def test_the_rules_of_each_model_let_pass_what_it_took(corpus: list[Recording]) -> None:
    """The same by the names of the models that took them."""
    wrong = {}
    for row in corpus:
        native = counterpart(row.request) if row.api == "messages" and row.kind != "error" else None
        if native:
            target = Target(provider=PROVIDER, model=row.request["model"])
            encoded = encode(call(stream=row.kind == "stream", body=native), native, target)
            found = [*differences(meaning(row.request), meaning(json.loads(encoded.content))), *encoded.dropped]
            if found:
                wrong[row.id] = [f"{target.model}: {each}" for each in found]
    none_of(wrong)


def test_requests_arrive_where_they_belong(played: Played) -> None:
    for row in played.rows:
        entry = played.arrived[row.id]
        if row.api == "messages":
            assert entry["path"] == "/v1/messages"
            assert entry["headers"]["anthropic-version"] == "2023-06-01"
            assert entry["headers"]["x-api-key"].startswith("present")
            assert "authorization" not in entry["headers"]


def test_every_stream_is_one_answer_where_that_was_asked_for(staged: Stage, corpus: list[Recording]) -> None:
    """As long ones are asked for, so that no connection idles."""
    wrong = {}
    for row in corpus:
        if row.kind == "stream":
            found = list(disagreements(row, post(staged, {**asked(row, "random"), "stream": False})))
            if found:
                wrong[row.id] = found
    none_of(wrong)


def test_the_sdk_accumulates_every_stream(staged: Stage, corpus: list[Recording]) -> None:
    """`.stream()` makes of our chunks an answer that says what Claude said."""
    wrong = {}
    streams = [row for row in corpus if row.kind == "stream"]
    with OpenAI(base_url=f"{staged.server.url}/v1", api_key="unused", max_retries=0) as client:
        for row in streams:
            said = accumulated(client, row)
            kept = {name: value for name, value in row.raw.items() if not name.startswith("response_")}
            facts = read({**kept, "api": "chat", "response_kind": "json", "response_body": said})
            told = {name: facts[name] for name in ("text", "reasoning", "tool_calls", "finish_native")}
            wanted = {name: row.said[name] for name in ("text", "reasoning", "tool_calls")}
            found = list(differences({**wanted, "finish_native": row.said["finish_openai"]}, told))
            usage = {name: facts["usage"].get(name, 0) for name in counts(row)}
            found += differences(counts(row), usage)
            if found:
                wrong[row.id] = found
    none_of(wrong)


def accumulated(client: OpenAI, row: Recording) -> Json:
    """What matters goes as `extra_body`: the helper would refuse tools that it cannot parse into."""
    rest = {k: v for k, v in asked(row, "event").items() if k not in ("model", "messages", "stream")}
    rest["stream_options"] = {"include_usage": True}
    body = asked(row, "event")
    model = f"{provider_of(row, 'event')}/case-{row.id}"
    with client.chat.completions.stream(model=model, messages=body["messages"], extra_body=rest) as stream:
        return stream.until_done().current_completion_snapshot.to_dict()


def none_of(wrong: Mapping[str, list[str]]) -> None:
    """Fails with every case and what is wrong with it."""
    if wrong:
        lines = [f"{case}: {each}" for case, found in wrong.items() for each in found]
        pytest.fail("\n".join([f"{len(wrong)} differ:", *lines]), pytrace=False)
