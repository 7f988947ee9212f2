"""The one recorded prediction that came to something, through the running server; and what others were asked with."""

import json
from collections.abc import Iterator

from tests.corpus.agreement import differences
from tests.corpus.checks import Checks, none_of
from tests.corpus.recordings import Json, Recording, facts, load
from tests.corpus.suite import Suite
from tests.wires.support import PROVIDER, call
from trunkline.types import Target
from trunkline.wires.replicate import encode

SUCCEEDED = "succeeded"


def read(raw: Json) -> Json | None:
    """The states on the way to it say nothing yet."""
    ended = isinstance(raw["response_body"], dict) and raw["response_body"].get("status") == SUCCEEDED
    return facts(raw) if ended else None


def model(recording: Recording) -> str:
    version: str = recording.answer["version"]
    return version


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    """As a prediction of that very version, to be waited for."""
    if entry["path"] != "/v1/predictions" or entry["headers"].get("prefer") != "wait=60":
        yield f"sent to {entry['path']} with {entry['headers']}"
    yield from differences({"version": recording.answer["version"], "input": {"prompt": "hi"}}, entry["body"])


SUITE = Suite(
    files=("replicate",),
    apis={"predictions": "chat"},
    count=1,
    rows={"replicate": {"kind": "replicate", "base_url": "{url}/case/{case}"}},
    model=model,
    read=read,
    arrived=arrived,
)


class TestReplicate(Checks):
    def test_predictions_are_made_as_they_were_recorded(self) -> None:
        """At the same place with the same body, but for the `stream` that Replicate does without by now."""
        made = [each for each in load(SUITE.files, SUITE.apis, lambda _: {}) if each.raw["method"] == "POST"]
        wrong = {}
        for each in made:
            recorded = {name: value for name, value in each.request.items() if name != "stream"}
            name = recorded.get("version") or each.raw["path"].removeprefix("/v1/models/").removesuffix("/predictions")
            body: Json = {"messages": [{"role": "user", "content": recorded["input"]["prompt"]}]}
            encoded = encode(call(body=body), body, Target(provider=PROVIDER, model=name))
            if (encoded.path, json.loads(encoded.content)) != (each.raw["path"], recorded):
                wrong[each.id] = [f"{encoded.path}: {encoded.content!r}"]
        none_of(wrong)
        assert len(made) == 3
