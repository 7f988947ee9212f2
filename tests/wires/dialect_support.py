"""Providers of a built-in row, as `proxy.yaml` makes them."""

from functools import cache
from typing import Any

import orjson

from tests.config.reading import config
from tests.wires.support import JSON, SSE, WIRE, as_client, call
from trunkline.config.rows import rows
from trunkline.types import Json, Kind, Target

HERE = "base_url: 'http://h'"


@cache
def target(row: str, more: str = "", model: str = "m") -> Target:
    """A model of a built-in provider, as `proxy.yaml` would name it; `more` is what the file adds."""
    # The row that shares its name with a kind is had by that name alone.
    name = row if row in rows().kinds else "up"
    text = f"server: {{auth: none}}\nproviders:\n  {name}: {{kind: {row}, api_key: '${{K}}', {more or HERE}}}\n"
    return Target(provider=config(text, {"K": "k"}).providers[name], model=model)


def encoded(
    row: str, body: Json, *, kind: Kind = "chat", more: str = "", model: str = "m"
) -> tuple[str, Json, tuple[str, ...]]:
    what = call(kind, stream=bool(body.get("stream")), body=body)
    result = WIRE.encode(what, body, target(row, more, model))
    return result.path, orjson.loads(result.content), result.dropped


def read(row: str, stream: bool, body: bytes) -> Any:
    what = call(stream=stream)
    decoder = WIRE.decoder(what, what.body, target(row), SSE if stream else JSON)
    events = [*decoder.feed(body), *decoder.close()]
    return as_client(events) if stream else events[0]
