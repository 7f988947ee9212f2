"""Embeddings of more texts than a provider takes at once: asked for one batch after the other, told as one answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from trunkline.decoders import Whole
from trunkline.hub.embeddings import conform_embeddings
from trunkline.ports import Encoded, Follow
from trunkline.types import Call, Json, Target
from trunkline.wires.loss import unsupported


def texts_of(asks: Json, model: str) -> list[str]:
    """What is to be embedded. Raises ApiError for token ids: they mean something to the model alone that they were made
    for."""
    given = asks["input"]
    texts = [given] if isinstance(given, str) else given
    if all(isinstance(text, str) for text in texts):
        return list(texts)
    raise unsupported("input", f"`input` must be a string or an array of strings for {model}: it takes no token ids.")


def in_batches(texts: Sequence[str], most: int) -> Iterator[list[str]]:
    """At most so many at once."""
    return (list(texts[start : start + most]) for start in range(0, len(texts), most))


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors in the order of their texts, and the tokens of those texts; None where the provider does not count."""

    vectors: Sequence[Any]
    tokens: int | None = None


class Batches:
    """A Decoder of the first batch's reply, and of the others through `follow`.

    rest   the requests still to be sent
    read   a reply's body as Embedded; raises Failure
    """

    __slots__ = ("_call", "_read", "_rest", "_target", "_told", "_whole", "done", "follow")

    def __init__(
        self,
        call: Call,
        target: Target,
        rest: Sequence[Encoded],
        read: Callable[[bytes], Embedded],
        told: Sequence[Embedded] = (),
    ) -> None:
        self._call = call
        self._target = target
        self._rest = rest
        self._read = read
        self._told = told
        self._whole = Whole()
        self.done = False
        self.follow: Follow | None = None

    def feed(self, data: bytes) -> Iterator[Json]:
        self._whole.feed(data)
        yield from ()

    def close(self) -> Iterator[Json]:
        told = (*self._told, self._read(self._whole.body()))
        if self._rest:
            following = partial(Batches, self._call, self._target, self._rest[1:], self._read, told)
            self.follow = Follow(self._rest[0], lambda _content_type: following())
        else:
            yield conform_embeddings(_joined(told), self._call.body, self._target.model)


def _joined(told: Sequence[Embedded]) -> Json:
    vectors = [vector for batch in told for vector in batch.vectors]
    counts = [batch.tokens for batch in told]
    tokens = None if None in counts else sum(count or 0 for count in counts)
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    return {"data": data, **({} if tokens is None else {"usage": {"prompt_tokens": tokens, "total_tokens": tokens}})}
