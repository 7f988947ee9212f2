"""The recorded exchanges, and what an answer says as the corpus reads it."""

import json
import runpy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

Json = dict[str, Any]
Kind = Literal["unary", "stream", "error"]

FOLDER = Path(__file__).parents[3] / "shared" / "corpus"


@dataclass(frozen=True, slots=True)
class Recording:
    """One exchange with the provider. `said` is what facts.py reads from its answer."""

    raw: Json
    said: Json

    @property
    def id(self) -> str:
        return cast("str", self.raw["id"])

    @property
    def api(self) -> str:
        """`chat` or `embeddings`."""
        return cast("str", self.raw["api"])

    @property
    def kind(self) -> Kind:
        if self.raw["status"] >= 400:
            return "error"
        return "stream" if "response_stream" in self.raw else "unary"

    @property
    def request(self) -> Json:
        return cast("Json", self.raw["request_body"])

    @property
    def asks_usage(self) -> bool:
        return bool((self.request.get("stream_options") or {}).get("include_usage"))

    @property
    def answer(self) -> Json:
        """The body of an answer that is no stream."""
        return cast("Json", self.raw["response_body"])

    @property
    def chunks(self) -> list[Json]:
        events = _corpus("facts")["sse"](self.raw["response_stream"])
        return [data for _, data in events if isinstance(data, dict)]


def recordings() -> list[Recording]:
    """Every chat and embeddings exchange with OpenAI."""
    with (FOLDER / "openai.jsonl").open(encoding="utf-8", errors="surrogatepass") as lines:
        raw = [json.loads(line) for line in lines]
    return [Recording(case, read(case)) for case in raw if case["api"] in ("chat", "embeddings")]


def read(case: Json) -> Json:
    """The facts of an answer, written as the corpus writes its cases."""
    facts: Json | None = _corpus("facts")["facts"](case)
    assert facts is not None, f"facts.py cannot read {case}"
    return facts


@cache
def _corpus(script: str) -> Json:
    """A script of the corpus, run by path so that nothing is written beside it."""
    return runpy.run_path(str(FOLDER / f"{script}.py"))


@cache
def definitions() -> Json:
    """OpenAI's own schemas, under `$defs`."""
    return cast("Json", json.loads((FOLDER / "openai-schema.json").read_text()))
