"""What the properties of every wire are tried on."""

from functools import partial
from typing import Any

from tests.wires.replicate.support import BENCH, first, prediction, sse
from tests.wires.replicate.test_replies import METRICS, listening
from tests.wires.replicate.test_requests import CONVERSATIONS, PARAMETERS
from tests.wires.samples import Answer, Asked, Samples, whole
from tests.wires.support import call

STATES = {
    "succeeded": prediction("succeeded", ["né", "🙂"], metrics=METRICS),
    "starting": prediction(streams=True),
    "failed": prediction("failed", error="x"),
    "processing": prediction("processing", ["a"], urls=None),
}
OUTPUT = [["output", "né🙂"], ["logs", "x"], ["output", " "], ["done", "{}"]]


def written(*events: Any) -> bytes:
    """Whatever of these is the name and the data of an event."""
    return b"".join(sse(*map(str, one)) for one in events if isinstance(one, list) and len(one) == 2)


SAMPLES = Samples(
    answers={
        **{state: Answer(partial(first, call()), [said], whole) for state, said in STATES.items()},
        **{
            f"{state}, streamed": Answer(partial(first, call(stream=True)), [said], whole)
            for state, said in STATES.items()
        },
        "output": Answer(listening, OUTPUT, written, ["unheard", "x"]),
    },
    requests={
        **{name: Asked(BENCH, {"messages": row.messages}, row.model) for name, row in CONVERSATIONS.items()},
        **{name: Asked(BENCH, asked, model) for name, (model, asked, _, _) in PARAMETERS.items()},
    },
    pieces=[sse("error", "{}"), b"event: output\n", b"data: x\n"],
)
