"""What the properties that hold for every wire are tried on. Each wire's folder says it, as `SAMPLES`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import orjson

from tests.wires.support import JSON, Bench, call
from trunkline.ports import Decoder
from trunkline.types import Json, Kind

Write = Callable[..., bytes]
FREE: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}
UNHEARD: Json = {"type": "unheard", "of": [{"x": 1}]}


class Answer(NamedTuple):
    """A reply: who reads it, its events or its one body, how they are put into bytes, and an event nobody knows."""

    decoder: Callable[[], Decoder]
    told: Sequence[Any]
    write: Write
    unheard: Any = None


class Asked(NamedTuple):
    """A request, and who gets it."""

    bench: Bench
    body: Json
    model: str
    kind: Kind = "chat"


@dataclass(frozen=True)
class Samples:
    """`pieces` are what else may stand in a reply; `errors` bodies of error replies."""

    answers: Mapping[str, Answer]
    requests: Mapping[str, Asked]
    pieces: Sequence[bytes] = ()
    errors: Sequence[Json] = ()


def whole(*bodies: Any) -> bytes:
    return b"".join(map(orjson.dumps, bodies))


def answers(
    bench: Bench,
    events: tuple[str, Write, Sequence[Any]],
    body: Json,
    *,
    asked: Json = FREE,
    model: str | None = None,
    unheard: Any = UNHEARD,
) -> dict[str, Answer]:
    """A stream (content type, framing, events) and a whole answer, each as it is and as the other."""
    content_type, write, story = events

    def decoder(stream: bool, content_type: str) -> Callable[[], Decoder]:
        return partial(bench.decoder, call(stream=stream, body=asked), content_type, model)

    return {
        "events": Answer(decoder(True, content_type), story, write, unheard),
        "events folded": Answer(decoder(False, content_type), story, write, unheard),
        "JSON": Answer(decoder(False, JSON), [body], whole),
        "JSON as events": Answer(decoder(True, JSON), [body], whole),
    }


def vectors(bench: Bench, body: Any, *, asked: Json, model: str | None = None) -> Answer:
    """Embeddings."""
    return Answer(partial(bench.decoder, call("embeddings", body=asked), JSON, model), [body], whole)


def requests(bench: Bench, bodies: Mapping[str, Json], *models: str, kind: Kind = "chat") -> dict[str, Asked]:
    """Each body, to each model."""
    return {f"{name} ({model})": Asked(bench, body, model, kind) for name, body in bodies.items() for model in models}


def named(name: str, samples: Mapping[str, Answer]) -> dict[str, Answer]:
    return {f"{name}, {answer}": told for answer, told in samples.items()}
