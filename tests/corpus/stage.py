"""The server between a client and the corpus as its provider, in every chunking."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.corpus.recordings import FOLDER, Call, Json
from tests.kit.answer import Answer
from tests.kit.server import Server

# How the replaying provider writes its answers: name -> the option of replay.py.
CHUNKINGS = {"whole": "all", "event": "event", "random": "random:7", "byte": "1byte"}
PATHS: Mapping[Call, str] = {"chat": "/v1/chat/completions", "embeddings": "/v1/embeddings"}
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Replay:
    """A process that plays the corpus; `log` is where it writes the requests it got, a line each."""

    port: int
    log: Path

    def requests(self) -> list[Json]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@dataclass(frozen=True, slots=True)
class Stage:
    """`replays`: one for each chunking."""

    server: Server
    replays: Mapping[str, Replay]

    def post(self, call: Call, body: Json) -> Answer:
        """Not by the kit's client: it fails on any answer with the word that is part of the test suite's secrets, and
        recorded models say it."""
        with closing(HTTPConnection("127.0.0.1", self.server.port, timeout=60)) as connection:
            connection.request("POST", PATHS[call], json.dumps(body), {"content-type": "application/json"})
            reply = connection.getresponse()
            data = reply.read()  # raises where the body ends before its framing says so
            headers = {name.lower(): value for name, value in reply.getheaders()}
            assert len(headers) == len(reply.getheaders()), f"a header twice: {reply.getheaders()}"
            return Answer(reply.status, headers, ((0.0, data),), clean=True, sent=0.0, ended=0.0)

    def ask(self, requests: Iterable[tuple[Call, Json]]) -> list[Answer]:
        """Some at once; the answers in the order of the requests."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda request: self.post(*request), requests))


@contextmanager
def stage(
    directory: Path,
    files: Iterable[str],
    providers: Callable[[str, str], Mapping[str, Json]],
    environ: Mapping[str, str] | None = None,
    models: Callable[[str], Mapping[str, Mapping[str, str]]] = lambda _: {},
) -> Iterator[Stage]:
    """Starts everything, and stops it. `providers`: chunking, address of its replay -> name -> YAML; `models`: chunking
    -> model -> YAML."""
    with ExitStack() as running:
        replays = {name: running.enter_context(_replay(directory, files, name)) for name in CHUNKINGS}
        config = ["server: {auth: none}", "expose: [models]", "providers:"]
        for chunking, replay in replays.items():
            entries = providers(chunking, f"http://127.0.0.1:{replay.port}")
            config += [f"  {name}: {json.dumps(entry)}" for name, entry in entries.items()]
        config += ["models:"]
        for chunking in replays:
            config += [f"  {json.dumps(name)}: {json.dumps(said)}" for name, said in models(chunking).items()]
        server = Server("\n".join(config) + "\n", directory, environ=environ)
        yield Stage(running.enter_context(server), replays)


@contextmanager
def _replay(directory: Path, files: Iterable[str], name: str) -> Iterator[Replay]:
    log = directory / f"{name}.jsonl"
    corpora = [argument for file in files for argument in ("--corpus", str(FOLDER / f"{file}.jsonl"))]
    options = ["--port", "0", "--log", str(log), "--options", f"chunk={CHUNKINGS[name]}"]
    command = [sys.executable, str(FOLDER / "replay.py"), *corpora, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Replay(int(process.stdout.readline().rpartition(":")[2]), log)
        finally:
            process.kill()
