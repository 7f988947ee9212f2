"""Embeddings of more texts than a provider takes at once: asked for one batch after the other, told as one answer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from trunkline.hub.embeddings import conform_embeddings
from trunkline.ports import Decoder, Encoded, Follow
from trunkline.types import Call, Json, Target
from trunkline.wires.loss import unsupported
from trunkline.wires.replies import Body


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


def batched(
    call: Call,
    target: Target,
    rest: Sequence[Encoded],
    read: Callable[[bytes], Embedded],
    told: Sequence[Embedded] = (),
) -> Decoder:
    """Of the first batch's reply, and of the others.

    rest   the requests still to be sent
    read   a reply's body as Embedded; raises Failure
    """

    def close(data: bytes) -> tuple[Iterable[Json], Follow | None]:
        whole = (*told, read(data))
        if rest:
            return (), Follow(rest[0], lambda _content_type: batched(call, target, rest[1:], read, whole))
        return [conform_embeddings(_joined(whole), call.body, target.model)], None

    return Body(close)


def _joined(told: Sequence[Embedded]) -> Json:
    vectors = [vector for batch in told for vector in batch.vectors]
    counts = [batch.tokens for batch in told]
    tokens = None if None in counts else sum(count or 0 for count in counts)
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    return {"data": data, **({} if tokens is None else {"usage": {"prompt_tokens": tokens, "total_tokens": tokens}})}
