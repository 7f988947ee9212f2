"""The recorded exchanges, and what an answer says as the corpus reads it."""

import json
import runpy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from tests.kit.answer import Answer

Json = dict[str, Any]
Call = Literal["chat", "embeddings"]
Kind = Literal["unary", "stream", "error"]

FOLDER = Path(__file__).parents[3] / "shared" / "corpus"


@dataclass(frozen=True, slots=True)
class Recording:
    """One exchange with the provider.

    raw   as the corpus has it
    said  what facts.py, or the suite's own reader, reads from its answer
    call  which of our endpoints it is played through
    """

    raw: Json
    said: Json
    call: Call

    @property
    def id(self) -> str:
        return cast("str", self.raw["id"])

    @property
    def api(self) -> str:
        """The corpus's name of the provider's endpoint: `chat`, `messages`, `gemini.generateContent`..."""
        return cast("str", self.raw["api"])

    @property
    def kind(self) -> Kind:
        if self.raw["status"] >= 400:
            return "error"
        return "stream" if "response_stream" in self.raw else "unary"

    @property
    def streams(self) -> bool:
        """Whether a stream was asked for, in the body or by the endpoint."""
        return self.kind == "stream" or bool(self.request.get("stream")) or "stream" in self.api.lower()

    @property
    def request(self) -> Json:
        """Empty where none was kept."""
        return self.raw["request_body"] or {}

    @property
    def answer(self) -> Json:
        """The body of an answer that is no stream."""
        return cast("Json", self.raw["response_body"])

    @property
    def chunks(self) -> list[Json]:
        """The events of an SSE answer that are JSON objects."""
        events = _corpus("facts")["sse"](self.raw["response_stream"])
        return [data for _, data in events if isinstance(data, dict)]


def load(files: Iterable[str], apis: Mapping[str, Call], read: Callable[[Json], Json | None]) -> list[Recording]:
    """The exchanges of these corpus files and APIs, without those of which `read` says None."""
    found = ((raw, apis[raw["api"]]) for name in files for raw in _lines(name) if raw["api"] in apis)
    return [Recording(raw, said, call) for raw, call in found if (said := read(raw)) is not None]


def _lines(name: str) -> Iterator[Json]:
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8", errors="surrogatepass") as lines:
        yield from map(json.loads, lines)


def facts(raw: Json) -> Json:
    """What facts.py reads from an exchange. Fails where it does not know the format."""
    found: Json | None = _corpus("facts")["facts"](raw)
    assert found is not None, f"facts.py cannot read {raw}"
    return found


def told(answer: Answer, call: Call) -> Json:
    """The same of an answer of ours, which is one in OpenAI's format."""
    text = answer.body.decode()
    if answer.streamed:
        return _told(call, answer.status, response_kind="sse", response_stream=text)
    return told_whole(json.loads(text), call, answer.status)


def told_whole(body: Json, call: Call = "chat", status: int = 200) -> Json:
    return _told(call, status, response_kind="json", response_body=body)


def _told(call: Call, status: int, **response: Any) -> Json:
    features = ["embeddings"] if call == "embeddings" else []
    return facts({"id": "ours", "api": call, "status": status, "features": features, **response})


@cache
def _corpus(script: str) -> Json:
    """A script of the corpus, run by path so that nothing is written beside it."""
    return runpy.run_path(str(FOLDER / f"{script}.py"))


@cache
def definitions() -> Json:
    """OpenAI's own schemas, under `$defs`."""
    return cast("Json", json.loads((FOLDER / "openai-schema.json").read_text()))
