"""The steps of a body: when each piece of it comes, and what happens in between."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from trunkline.transport.demo.frames import Frames
from trunkline.transport.demo.models import Behaviour
from trunkline.transport.demo.problems import problem


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds in which nothing comes."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Stall:
    """Nothing more comes, and the connection stays."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks."""


Step = bytes | Wait | Stall | Cut

# What a stream does at its fault.
FAULTS: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {
        "cut": (Cut(),),
        "stall": (Stall(),),
        "error": (b"data: " + problem(500) + b"\n\n",),
        "garbage": (b'data: {"choices": [{"index": 0, "del\n\n',),
    }
)

# What an answer in one piece does after half of it; the rest of its garbage is that it ends there.
FAULTS_OF_WHOLES: Mapping[str | None, tuple[Step, ...]] = MappingProxyType(
    {"cut": (Cut(),), "stall": (Stall(),), "garbage": ()}
)


def streamed(frames: Frames, behaviour: Behaviour) -> Iterator[Step]:
    """After garbage the stream goes on, so that a reader who skips it shows; after the other faults it is over."""
    body = chain(frames.opening, _paced(frames.rounds, behaviour))
    if behaviour.fault is None:
        return chain(body, frames.ending)
    if behaviour.fault == "no-finish":
        return body
    kept = _first(body, len(frames.opening) + behaviour.after if behaviour.after else 0)
    rest = chain(body, frames.ending) if behaviour.fault == "garbage" else ()
    return chain(kept, FAULTS[behaviour.fault], rest)


def whole(body: bytes, pieces: int, behaviour: Behaviour) -> Iterator[Step]:
    """In one piece, or in about so many where it drips. A fault comes in the middle, whatever its count."""
    size = math.ceil(len(body) / max(pieces, 1)) if behaviour.drips else len(body)
    after = FAULTS_OF_WHOLES.get(behaviour.fault)
    end = len(body) if after is None else len(body) // 2
    parts = ((body[start : min(start + size, end)],) for start in range(0, end, size))
    return chain(_paced(parts, behaviour), after or ())


def _paced(rounds: Iterable[tuple[bytes, ...]], behaviour: Behaviour) -> Iterator[Step]:
    for number, pieces in enumerate(rounds):
        yield Wait(behaviour.pace if number else behaviour.slow)
        yield from pieces


def _first(steps: Iterator[Step], pieces: int) -> Iterator[Step]:
    """Up to and with so many pieces of the body, or all there are."""
    while pieces:
        step = next(steps, None)
        if step is None:
            return
        yield step
        pieces -= isinstance(step, bytes)
