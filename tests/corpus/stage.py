"""The server between a client and the corpus as its provider, in every chunking."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.recordings import FOLDER, Json, Recording
from tests.kit.answer import Answer
from tests.kit.client import Client, chat_body
from tests.kit.server import Server

# How the replaying provider writes its answers: name -> the option of replay.py.
CHUNKINGS = {"whole": "all", "event": "event", "random": "random:7", "byte": "1byte"}
PATHS = {"chat": "/v1/chat/completions", "embeddings": "/v1/embeddings"}
AT_ONCE = 8

# What we refuse ourselves, as OpenAI did: case -> the parameter we name. Its answer is asked for with another body.
REFUSED = {
    "openai-5fbd11bad8b4": "temperature",
    "openai-9b82776caac0": "max_tokens",
    "openai-d285c8c6ebad": "messages",
    "openai-a978b4437772": "dimensions",
}


@dataclass(frozen=True, slots=True)
class Provider:
    """A process that plays the corpus; `log` is where it writes the requests it got, a line each."""

    port: int
    log: Path

    def requests(self) -> list[Json]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@dataclass(frozen=True, slots=True)
class Stage:
    server: Server
    providers: dict[str, Provider]

    def post(self, recording: Recording, body: Json) -> Answer:
        with Client(self.server.port, timeout=60) as client:
            client.request("POST", PATHS[recording.api], json.dumps(body).encode())
            return client.read()

    def play(self, chunking: str, rows: list[Recording]) -> list[Answer]:
        """Asks for each, some at once; the answers in the order of the rows."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda row: self.post(row, sent(row, chunking)), rows))


def provider_of(recording: Recording, chunking: str) -> str:
    """An error may put a provider to rest, so each has one of its own."""
    return f"{chunking}-{recording.id}" if recording.kind == "error" else chunking


def sent(recording: Recording, chunking: str) -> Json:
    """The recorded request, asked of the recorded answer."""
    model = f"{provider_of(recording, chunking)}/case-{recording.id}"
    if recording.id in REFUSED:
        return chat_body(model) if recording.api == "chat" else {"model": model, "input": "hi"}
    return {**recording.request, "model": model}


def arriving(recording: Recording, chunking: str) -> Json:
    """The same as it must reach the provider: its own model name, usage asked of every stream, vectors as floats of
    a server that is not known to encode them; a null is absence."""
    body = {name: value for name, value in sent(recording, chunking).items() if value is not None}
    body["model"] = f"case-{recording.id}"
    if body.get("stream"):
        body["stream_options"] = {**body.get("stream_options", {}), "include_usage": True}
    if "encoding_format" in body:
        body["encoding_format"] = "float"
    return body


@contextmanager
def stage(directory: Path, rows: Iterable[Recording]) -> Iterator[Stage]:
    """Starts everything, and stops it."""
    with ExitStack() as running:
        providers = {name: running.enter_context(_replay(directory, name)) for name in CHUNKINGS}
        names = {(provider_of(row, chunking), chunking) for row in rows for chunking in CHUNKINGS}
        config = ["server: {auth: none}", "expose: [models]", "providers:"]
        config += [_provider(name, providers[chunking].port) for name, chunking in sorted(names)]
        server = running.enter_context(Server("\n".join(config) + "\n", directory))
        yield Stage(server, providers)


def _provider(name: str, port: int) -> str:
    return f'  {name}: {{kind: openai, base_url: "http://127.0.0.1:{port}/v1"}}'


@contextmanager
def _replay(directory: Path, name: str) -> Iterator[Provider]:
    log = directory / f"{name}.jsonl"
    arguments = ["--corpus", str(FOLDER / "openai.jsonl"), "--port", "0", "--log", str(log)]
    arguments += ["--options", f"chunk={CHUNKINGS[name]}"]
    with subprocess.Popen(
        [sys.executable, str(FOLDER / "replay.py"), *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline().rpartition(":")[2])
            yield Provider(port, log)
        finally:
            process.kill()
