"""The server, with every row between a client and the corpus, in every chunking."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.corpus.compatible_rows import BARE, DATED, REFUSED, Case
from tests.corpus.recordings import FOLDER, Json
from tests.corpus.stage import CHUNKINGS, PATHS, Provider, Stage
from tests.kit.answer import Answer
from tests.kit.client import chat_body
from tests.kit.server import Server

# Where a row's base URL does not end in the usual version segment.
ENDINGS = {"groq": "/openai/v1", "perplexity": "", "azure": "", DATED: ""}
VERSION = "2024-12-01-preview"


def provider_of(case: Case, chunking: str) -> str:
    """An error may put a provider to rest, so each has one of its own."""
    return f"{case.row}-{chunking}-{case.recording.id}" if case.recording.kind == "error" else f"{case.row}-{chunking}"


def asked(case: Case, chunking: str) -> Json:
    """The recorded request, asked of the recorded answer. Where none was kept, or we refuse it, a plain one."""
    recording = case.recording
    model = f"{provider_of(case, chunking)}/case-{recording.id}"
    if recording.raw["request_body"] and recording.id not in REFUSED:
        return {**recording.request, "model": model}
    if recording.api == "embeddings":
        return {"model": model, "input": "hi"}
    stream = recording.kind == "stream"
    return {**chat_body(model), **({"stream": True} if stream else {})}


def post(port: int, api: str, body: Json) -> Answer:
    """Not by the kit's client: it fails on any answer with the word that is part of the test suite's secrets, and
    recorded models say it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("POST", PATHS[api], json.dumps(body).encode(), {"content-type": "application/json"})
        reply = connection.getresponse()
        data = reply.read()  # raises where the body ends before its framing says so
        headers = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, headers, ((0.0, data),), clean=True, sent=0.0, ended=0.0)


@contextmanager
def stage(directory: Path, cases: Iterable[Case]) -> Iterator[Stage]:
    """Starts everything, and stops it."""
    with ExitStack() as running:
        providers = {name: running.enter_context(_replay(directory, name)) for name in CHUNKINGS}
        names = {(provider_of(case, chunking), case.row, chunking) for case in cases for chunking in CHUNKINGS}
        config = ["server: {auth: none}", "expose: [models]", "providers:"]
        config += [_provider(name, row, providers[chunking].port) for name, row, chunking in sorted(names)]
        yield Stage(running.enter_context(Server("\n".join(config) + "\n", directory)), providers)


def _provider(name: str, row: str, port: int) -> str:
    """A provider like the built-in one, at the replay's address."""
    kind = {BARE: "openai", DATED: "azure"}.get(row, row)
    version = f', api_version: "{VERSION}"' if row == DATED else ""
    url = f"http://127.0.0.1:{port}{ENDINGS.get(row, '/v1')}"
    return f'  {name}: {{kind: {kind}, base_url: "{url}", api_key: "${{KEY:-not-a-key}}"{version}}}'


@contextmanager
def _replay(directory: Path, name: str) -> Iterator[Provider]:
    log = directory / f"{name}.jsonl"
    arguments = ["--corpus", str(FOLDER), "--port", "0", "--log", str(log), "--options", f"chunk={CHUNKINGS[name]}"]
    command = [sys.executable, str(FOLDER / "replay.py"), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Provider(int(process.stdout.readline().rpartition(":")[2]), log)
        finally:
            process.kill()
