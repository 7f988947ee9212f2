"""The server between a client and Anthropic's part of the corpus, in every chunking."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.corpus.anthropic_asking import counterpart
from tests.corpus.recordings import FOLDER, Json, Recording
from tests.corpus.stage import AT_ONCE, CHUNKINGS, Provider, Stage
from tests.kit.answer import Answer
from tests.kit.client import Client, chat_body
from tests.kit.server import Server

CORPUS = FOLDER / "anthropic.jsonl"


def provider_of(recording: Recording, chunking: str) -> str:
    """An error may put a provider to rest, so each has one of its own; Anthropic's own OpenAI endpoint is another
    kind."""
    if recording.kind == "error":
        return f"{chunking}-{recording.id}"
    return chunking if recording.api == "messages" else f"{chunking}-chat"


def asked(recording: Recording, chunking: str) -> Json:
    """The OpenAI request that means the recorded one, asked of the recorded answer; a plain one where none does."""
    model = f"{provider_of(recording, chunking)}/case-{recording.id}"
    told = recording.request if recording.api != "messages" else counterpart(recording.request)
    stream = {"stream": True} if recording.kind == "stream" or recording.request.get("stream") else {}
    return {**(told or chat_body(model)), "model": model, **stream}


def post(stage: Stage, body: Json) -> Answer:
    with Client(stage.server.port, timeout=60) as client:
        client.request("POST", "/v1/chat/completions", json.dumps(body).encode())
        return client.read()


def play(stage: Stage, chunking: str, rows: list[Recording]) -> list[Answer]:
    """Asks for each, some at once; the answers in the order of the rows."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda row: post(stage, asked(row, chunking)), rows))


@contextmanager
def stage(directory: Path, rows: Iterable[Recording]) -> Iterator[Stage]:
    """Starts everything, and stops it."""
    with ExitStack() as running:
        providers = {name: running.enter_context(_replay(directory, name)) for name in CHUNKINGS}
        names = {(provider_of(row, chunking), row.api, chunking) for row in rows for chunking in CHUNKINGS}
        config = ["server: {auth: none}", "expose: [models]", "providers:"]
        config += [_provider(name, api, providers[chunking].port) for name, api, chunking in sorted(names)]
        yield Stage(running.enter_context(Server("\n".join(config) + "\n", directory)), providers)


def _provider(name: str, api: str, port: int) -> str:
    kind, end = ("anthropic", "") if api == "messages" else ("openai", "/v1")
    return f'  {name}: {{kind: {kind}, base_url: "http://127.0.0.1:{port}{end}", api_key: "${{KEY:-not-a-key}}"}}'


@contextmanager
def _replay(directory: Path, name: str) -> Iterator[Provider]:
    log = directory / f"{name}.jsonl"
    arguments = ["--corpus", str(CORPUS), "--port", "0", "--log", str(log), "--options", f"chunk={CHUNKINGS[name]}"]
    command = [sys.executable, str(FOLDER / "replay.py"), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Provider(int(process.stdout.readline().rpartition(":")[2]), log)
        finally:
            process.kill()
