"""Predictions asked for and read by the wire, as the tests' rows say them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.wires.support import HI, JSON, PROVIDER, Bench, Outcome, Told, Written, encode, follow_through, way
from trunkline.ports import Decoder, Encoded
from trunkline.types import Call, Json, Timeouts
from trunkline.wires import WIRES

BASE = "http://up"
LLAMA, OPENAI, REASONING = "meta/meta-llama-3-70b-instruct", "openai/gpt-4o", "openai/gpt-5-mini"
CLAUDE, GEMINI, DEEPSEEK, UNKNOWN = (
    "anthropic/claude-4-sonnet",
    "google/gemini-2.5-flash",
    "deepseek-ai/deepseek-v3",
    "me/mine",
)

BENCH = Bench("replicate", UNKNOWN, headers=True, provider=replace(PROVIDER, base_url=BASE))
target, refused = BENCH.target, BENCH.refused
WIRE = WIRES["replicate"]


def encoded(body: Json, model: str = UNKNOWN, *, stream: bool = False, timeouts: Timeouts | None = None) -> Encoded:
    return encode(WIRE, target(model, timeouts=timeouts or Timeouts()), body, stream=stream)


def write(body: Json, model: str = UNKNOWN) -> Written:
    """What a request comes to: the model's input."""
    written = BENCH.write(body, model, stream=False)
    return written._replace(request=written.request["input"])


def first(what: Call, model: str = UNKNOWN, content_type: str = JSON) -> Decoder:
    """Who reads the reply to the prediction's making."""
    return WIRE.decoder(what, {"messages": [HI], **what.body}, target(model), content_type)


def read(decoder: Decoder, pieces: list[bytes]) -> Told:
    return follow_through(lambda: decoder, pieces)


def reader(decoder: Callable[[], Decoder]) -> Callable[[list[bytes]], tuple[Outcome, Json | None]]:
    """`read` by a new decoder each time, as a function of the pieces alone."""

    def outcome(pieces: list[bytes]) -> tuple[Outcome, Json | None]:
        told = follow_through(decoder, pieces)
        return told.outcome, way(told.follow)

    return outcome


GET, CANCEL, STREAM = f"{BASE}/v1/predictions/p1", f"{BASE}/v1/predictions/p1/cancel", f"{BASE}/streams/p1"


def prediction(status: str = "starting", output: Any = None, *, streams: bool = False, **rest: Any) -> Json:
    urls = {"get": GET, "cancel": CANCEL, **({"stream": STREAM} if streams else {})}
    made = {"id": "p1", "model": "me/mine", "status": status, "output": output, "error": None, "urls": urls}
    return {**made, **rest}


def sse(name: str, *data: str) -> bytes:
    """An event as Replicate writes it: raw text, each of its lines in a `data:` of its own."""
    lines = [f"event: {name}", "id: 1690212292:0", *(f"data: {line}" for line in data)]
    return "\n".join(lines).encode() + b"\n\n"
