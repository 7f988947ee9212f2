"""What every wire must keep on its part of the corpus. A test module has a `SUITE` and a class that inherits these."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from openai import OpenAI, OpenAIError

from tests.corpus.agreement import counts, disagreements, meant, own
from tests.corpus.recordings import FOLDER, Json, Recording, told_whole
from tests.corpus.stage import Stage
from tests.corpus.suite import Suite
from tests.kit.answer import Answer
from tests.kit.expect import is_error


@dataclass(slots=True)
class Table:
    """(row, endpoint, kind, how the provider wrote it) -> how many agreed, of how many."""

    passed: Counter[tuple[str, ...]] = field(default_factory=Counter)
    total: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def count(self, suite: Suite, recording: Recording, chunking: str, agreed: bool) -> None:
        row = (suite.row_of(recording), recording.call, recording.kind, chunking)
        self.total[row] += 1
        self.passed[row] += agreed

    def __str__(self) -> str:
        rows = [(*row, f"{self.passed[row]}/{self.total[row]}") for row in sorted(self.total)]
        lines = [("row", "endpoint", "kind", "chunking", "agree"), *rows]
        return "\n".join(
            f"{row:<16}{call:<12}{kind:<8}{chunking:<18}{agree}" for row, call, kind, chunking, agree in lines
        )


@dataclass(frozen=True, slots=True)
class Played:
    """Exchanges and what came of them; `arrived` is what the provider says it was asked."""

    suite: Suite
    chunking: str
    recordings: list[Recording]
    asked: list[Json]
    answers: list[Answer]
    arrived: list[Json]


def play(suite: Suite, stage: Stage, chunking: str, recordings: list[Recording]) -> Played:
    replay = stage.replays[chunking]
    before = len(replay.requests())
    asked = [suite.asked(each, chunking) for each in recordings]
    answers = stage.ask((each.call, body) for each, body in zip(recordings, asked, strict=True))
    return Played(suite, chunking, recordings, asked, answers, replay.requests()[before:])


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no {FOLDER.parent.name}/{FOLDER.name} beside the checkout")
class Checks:
    """The fixtures are those of `conftest.py`."""

    def test_exceptions_stay_few(self, suite: Suite, corpus: list[Recording]) -> None:
        assert len(corpus) == suite.count
        assert {*suite.exceptions, *suite.refused} <= {each.id for each in corpus}
        assert len(suite.exceptions) <= len(corpus) // 100

    def test_answers_agree(self, played: Played, table: Table) -> None:
        agree(played, table, played.chunking)

    @pytest.mark.soak
    def test_answers_agree_byte_by_byte(
        self, suite: Suite, staged: Stage, corpus: list[Recording], table: Table
    ) -> None:
        """All that `played` leaves out."""
        rest = [each for index, each in enumerate(corpus) if index % 10]
        agree(play(suite, staged, "byte", rest), table, "byte, the rest")

    def test_requests_arrive_as_they_should(self, played: Played) -> None:
        """Once, but for errors that may pass, and as the suite wants them. What a wire polls with is a GET."""
        by_id = {each.id: (each, body) for each, body in zip(played.recordings, played.asked, strict=True)}
        posted = [entry for entry in played.arrived if entry["method"] == "POST"]
        assert {entry["case"] for entry in posted} == by_id.keys()
        often = Counter(entry["case"] for entry in posted)
        wrong = {
            case: [f"sent {times} times"] for case, times in often.items() if times > 1 and not _passes(by_id[case][0])
        }
        for entry in posted:
            if found := list(played.suite.arrived(*by_id[entry["case"]], entry)):
                wrong[entry["case"]] = found
        none_of(wrong)

    def test_the_sdk_accumulates_every_stream(
        self, suite: Suite, staged: Stage, corpus: list[Recording], table: Table
    ) -> None:
        """`.stream()` makes of our chunks an answer that says what the provider said, usage and all."""
        wrong = {}
        with OpenAI(base_url=f"{staged.server.url}/v1", api_key="unused", max_retries=0) as client:
            for each in corpus:
                if each.kind == "stream" and not each.said.get("error"):
                    found = list(misheard(suite, each, client))
                    table.count(suite, each, "event, the SDK", not found)
                    if found:
                        wrong[each.id] = found
        none_of(wrong, suite.exceptions)


class FoldedStreams:
    """For wires that answer a plain request from a stream, too, as they ask for long answers so that no connection
    idles."""

    def test_every_stream_is_one_answer_where_that_was_asked_for(
        self, suite: Suite, staged: Stage, corpus: list[Recording]
    ) -> None:
        streams = [each for each in corpus if each.kind == "stream"]
        asked = [{**suite.asked(each, "random"), "stream": False} for each in streams]
        wrong = {}
        for each, body, answer in zip(streams, asked, staged.ask(("chat", body) for body in asked), strict=True):
            if found := list(disagreements(suite, each, body, answer)):
                wrong[each.id] = found
        none_of(wrong, suite.exceptions)


class Refusals:
    """For suites with requests that we refuse ourselves, as the provider did."""

    def test_what_the_provider_refused_we_refuse_first(
        self, suite: Suite, staged: Stage, corpus: list[Recording]
    ) -> None:
        refused = [each for each in corpus if each.id in suite.refused]
        assert refused
        for each in refused:
            answer = staged.post(each.call, {**each.request, "model": suite.target(each, "whole")})
            code, param = suite.refused[each.id]
            assert is_error(answer, 400, code, "invalid_request_error")["param"] == param, each.id
            assert each.kind == "error"
            assert own(each.answer, "param") in (param, None), each.id


def agree(played: Played, table: Table, label: str) -> None:
    wrong = {}
    for each, body, answer in zip(played.recordings, played.asked, played.answers, strict=True):
        found = list(disagreements(played.suite, each, body, answer))
        table.count(played.suite, each, label, not found)
        if bool(found) != (each.id in played.suite.exceptions):
            wrong[each.id] = found or ["agrees, and is listed as an exception"]
    none_of(wrong)


def misheard(suite: Suite, recording: Recording, client: OpenAI) -> Iterator[str]:
    try:
        body = {**suite.asked(recording, "event"), "stream_options": {"include_usage": True}}
        facts = told_whole(accumulated(client, body))
    except OpenAIError as error:
        yield repr(error)
    else:
        yield from meant(suite, recording, facts)
        yield from counts(suite.counted(recording), facts)


def accumulated(client: OpenAI, body: Json) -> Json:
    """What matters goes as `extra_body`: the helper would refuse tools and formats that it cannot parse into."""
    rest: dict[str, Any] = {k: v for k, v in body.items() if k not in ("model", "messages", "stream")}
    with client.chat.completions.stream(model=body["model"], messages=body["messages"], extra_body=rest) as stream:
        return stream.until_done().current_completion_snapshot.to_dict()


def none_of(wrong: Mapping[str, list[str]], exceptions: Mapping[str, str] | None = None) -> None:
    """Fails with every case and what is wrong with it, less those that are known to differ."""
    kept = {case: found for case, found in wrong.items() if case not in (exceptions or {})}
    if kept:
        lines = [f"{case}: {each}" for case, found in kept.items() for each in found]
        pytest.fail("\n".join([f"{len(kept)} differ:", *lines]), pytrace=False)


def _passes(recording: Recording) -> bool:
    """An error that may be gone with the next attempt."""
    return bool(recording.raw["status"] >= 500 or recording.raw["status"] in (408, 409, 429))
