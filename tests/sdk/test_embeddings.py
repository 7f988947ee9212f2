"""Embeddings in the encoding the caller asked for, whatever the provider sends."""

import math
import struct
from array import array
from base64 import b64decode, b64encode
from typing import Any

import pytest

from tests.kit.lanes import Lane
from tests.kit.replies import json_reply
from tests.sdk.talk import Talk

ASK: dict[str, Any] = {"model": "vectors", "input": "hello"}
VECTOR = [0.5, -0.25, 1.0]
PACKED = b64encode(struct.pack("<3f", *VECTOR)).decode()


def test_default(talk: Talk) -> None:
    """The SDK asks for base64 and decodes it."""
    answer = talk.embed(**ASK)
    (row,) = answer.data
    assert (answer.object, answer.model, row.object, row.index) == ("list", "embed", "embedding", 0)
    assert len(row.embedding) == 64
    assert math.isclose(math.hypot(*row.embedding), 1, rel_tol=1e-5)
    assert answer.usage.prompt_tokens == answer.usage.total_tokens > 0


def test_float_and_base64_are_the_same_numbers(talk: Talk) -> None:
    default = talk.embed(**ASK).data[0].embedding
    floats = talk.embed(**ASK, encoding_format="float").data[0].embedding
    text: Any = talk.embed(**ASK, encoding_format="base64").data[0].embedding
    assert isinstance(text, str)
    assert array("f", floats) == array("f", default) == array("f", b64decode(text))


def test_dimensions(talk: Talk) -> None:
    assert len(talk.embed(**ASK, dimensions=8).data[0].embedding) == 8


@pytest.mark.parametrize(
    ("given", "count"),
    [(["a", "b", "a"], 3), ([1, 2, 3], 1), ([[1, 2], [3]], 2)],
    ids=["strings", "tokens", "token arrays"],
)
def test_inputs(talk: Talk, given: Any, count: int) -> None:
    rows = talk.embed(model="vectors", input=given).data
    assert [row.index for row in rows] == list(range(count))
    assert len({tuple(row.embedding) for row in rows}) == min(count, 2)


@pytest.mark.parametrize("sent", [VECTOR, PACKED], ids=["sends floats", "sends base64"])
@pytest.mark.parametrize("asked", ["float", "base64", None])
def test_whatever_the_provider_sends(lane_talk: Talk, lane: Lane, sent: Any, asked: str | None) -> None:
    row = {"object": "embedding", "index": 0, "embedding": sent}
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    lane.a.play(json_reply(200, {"object": "list", "model": "m", "data": [row], "usage": usage}))
    body = {"model": f"a-{lane.number}", "input": "hello", **({"encoding_format": asked} if asked else {})}
    assert lane_talk.embed(**body).data[0].embedding == (PACKED if asked == "base64" else VECTOR)
    (request,) = lane.a.requests
    assert request.path == "/v1/embeddings"
    assert request.json == {"model": "m", "input": "hello", "encoding_format": "float"}


def test_kept(talk: Talk) -> None:
    """The cache holds what the caller asked for, each encoding for itself."""
    ask = {"model": "vectors", "input": f"kept for {type(talk).__name__}"}
    results = [talk.raw_embed(**ask) for _ in range(2)]
    results += [talk.raw_embed(**ask, encoding_format="float") for _ in range(2)]
    assert [headers["x-trunkline-cache"] for headers, _ in results] == ["miss", "hit", "miss", "hit"]
    assert len({array("f", answer.data[0].embedding).tobytes() for _, answer in results}) == 1
