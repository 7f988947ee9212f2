"""All that the checks want to know of one wire: which exchanges, how to ask for them, what may differ."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tests.corpus.recordings import Call, Json, Recording, facts, load
from tests.kit.answer import Answer

COUNTED = ("prompt", "completion", "total", "cached", "reasoning")
# The provider's status -> ours and the code (contract section 6, "Outcome"); None: the provider's own code.
OUTCOMES: Mapping[int, tuple[int, str | None]] = {
    400: (400, None),
    401: (502, "upstream_auth"),
    403: (502, "upstream_auth"),
    404: (404, "model_not_found"),
    429: (429, "rate_limit_exceeded"),
    500: (502, "upstream_error"),
    501: (502, "upstream_error"),
}


def case_model(recording: Recording) -> str:
    """The name by which replay.py finds the answer, in the body or in the path."""
    return f"case-{recording.id}"


def plain(recording: Recording) -> Json:
    """What says nothing in particular, yet fits the answer."""
    if recording.call == "chat":
        return {"messages": [{"role": "user", "content": "hi"}]}
    return {"input": ["hi"] * ((recording.said.get("embeddings") or {}).get("count") or 1)}


def plainly(_: Recording) -> Json | None:
    return None


def as_recorded(recording: Recording) -> Json | None:
    """The recorded request, where it is one in OpenAI's format."""
    return recording.request or None


def usage_as_told(recording: Recording) -> Json:
    said = recording.said["usage"]
    return {name: said[name] for name in COUNTED if said.get(name) is not None}


def outcome_by_status(recording: Recording) -> tuple[int, str | None]:
    return OUTCOMES[recording.raw["status"]]


def nothing_more(*_: object) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """One wire's part of the corpus.

    files, apis   corpus files; the corpus's name of an API -> our endpoint
    count         how many exchanges that makes, so that none is lost unseen
    rows          name -> a provider as the file writes it, `{url}` standing for the replay's address, a null for a key
                  to leave out. Where `{case}` stands in it, each exchange has a provider of its own
    row           which of them an exchange is sent through
    model         the provider's name for the model, with `case-<id>` in it where nothing else selects the case
    ask           the request to send, less model and stream flag; None: a plain one
    read          as facts.py reads an answer, for formats that it does not know; None: leave the exchange out
    counted       the recorded usage as OpenAI counts: prompt, completion, total, cached, reasoning; what is not there
                  is not compared
    finish        the provider's finish reason -> ours, where facts.py does not know it
    outcome       of an error: our status and code; None: the provider's own code, or `invalid_request`
    further       what else is wrong with an answer, given the exchange and what was asked
    arrived       what is wrong with a request, given the exchange, what was asked, and replay.py's log entry
    refused       case -> code and parameter of our own 400, where we refuse what the provider did; its answer is asked
                  for by a plain request
    exceptions    case -> why what we say differs from what was recorded; at most one in a hundred
    environ       variables of the server
    says          what the file says of each model under `models:`
    """

    files: tuple[str, ...]
    apis: Mapping[str, Call]
    count: int
    rows: Mapping[str, Json]
    row: Callable[[Recording], str] | None = None
    model: Callable[[Recording], str] = case_model
    ask: Callable[[Recording], Json | None] = plainly
    read: Callable[[Json], Json | None] = facts
    counted: Callable[[Recording], Json] = usage_as_told
    finish: Mapping[str | None, str] = field(default_factory=dict)
    outcome: Callable[[Recording], tuple[int, str | None]] = outcome_by_status
    further: Callable[[Recording, Json, Answer], Iterable[str]] = nothing_more
    arrived: Callable[[Recording, Json, Json], Iterable[str]] = nothing_more
    refused: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    exceptions: Mapping[str, str] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)

    def recordings(self) -> list[Recording]:
        return load(self.files, self.apis, self.read)

    def asked(self, recording: Recording, chunking: str) -> Json:
        """The request that gets this answer, written so."""
        body = None if recording.id in self.refused else self.ask(recording)
        target = {"model": self.target(recording, chunking)}
        return {**(body or plain(recording)), **target, **({"stream": True} if recording.streams else {})}

    def target(self, recording: Recording, chunking: str) -> str:
        return f"{self._provider(recording, chunking)}/{self.model(recording)}"

    def row_of(self, recording: Recording) -> str:
        return self.row(recording) if self.row else next(iter(self.rows))

    def providers(self, recordings: Iterable[Recording], chunking: str, url: str) -> dict[str, Json]:
        """Name -> YAML of all that these exchanges are sent through, with a replay at this address."""
        return {self._provider(each, chunking): self._filled(each, url) for each in recordings}

    def models(self, recordings: Iterable[Recording], chunking: str) -> dict[str, Mapping[str, str]]:
        """Model -> YAML of what the file says of it."""
        return {self.target(each, chunking): self.says for each in recordings if self.says}

    def _provider(self, recording: Recording, chunking: str) -> str:
        """An error may put a provider to rest, so each has one of its own."""
        row = self.row_of(recording)
        alone = recording.kind == "error" or recording.said.get("error") or "{case}" in json.dumps(self.rows[row])
        return f"{row}-{chunking}-{recording.id}" if alone else f"{row}-{chunking}"

    def _filled(self, recording: Recording, url: str) -> Json:
        text = json.dumps(self.rows[self.row_of(recording)])
        filled: Json = json.loads(text.replace("{url}", url).replace("{case}", recording.id))
        return {name: v for name, v in {"api_key": "${KEY:-not-a-key}", **filled}.items() if v is not None}
