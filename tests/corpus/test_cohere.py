"""Every recorded exchange with Cohere's API v2, through the running server."""

import json
from collections.abc import Iterator

from tests.corpus.agreement import differences
from tests.corpus.checks import Checks, FoldedStreams, none_of
from tests.corpus.cohere_asking import counterpart, meaning
from tests.corpus.recordings import Json, Recording, facts
from tests.corpus.suite import Suite
from tests.kit.answer import Answer
from tests.wires.support import PROVIDER, call
from trunkline.types import Target
from trunkline.wires.cohere import encode

BILLED = {"input": "prompt", "output": "completion"}


def read(raw: Json) -> Json | None:
    """A tool plan is reasoning; a generation that ended by failing is an error, whatever came before."""
    said = facts(raw)
    if "embeddings" in said or raw["status"] >= 400:
        return said
    told = {**said, "reasoning": said["reasoning"] + (said.get("tool_plan") or "")}
    return {**told, "error": {"message": _complaint(raw)}} if said["finish_native"] == "ERROR" else told


def _complaint(raw: Json) -> str:
    *_, end = (line for line in raw["response_stream"].splitlines() if line.startswith("data: {"))
    return str(json.loads(end.removeprefix("data: "))["delta"]["error"])


def further(recording: Recording, _body: Json, answer: Answer) -> Iterator[str]:
    """Citations and what is billed, as they came."""
    if recording.call == "embeddings" or recording.kind == "error":
        return
    yield from differences(_cited(recording), _told(answer), "citations")
    if not answer.streamed:
        billed = {f"{name}_tokens": recording.said["usage"][f"billed_{told}"] for name, told in BILLED.items()}
        yield from differences(billed, answer.json["usage"]["billed_units"], "billed_units")


def _cited(recording: Recording) -> list[Json]:
    if recording.kind == "unary":
        return list(recording.answer["message"].get("citations") or ())
    return [e["delta"]["message"]["citations"] for e in recording.chunks if e["type"] == "citation-start"]


def _told(answer: Answer) -> list[Json]:
    if not answer.streamed:
        return list(answer.json["choices"][0]["message"].get("citations", ()))
    deltas = [choice["delta"] for chunk in answer.chunks for choice in chunk["choices"]]
    return [citation for delta in deltas for citation in delta.get("citations", ())]


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    """At the right place, and it means what was recorded: messages, plans, tools, results, documents, images."""
    path = "/v2/embed" if recording.call == "embeddings" else "/v2/chat"
    if entry["path"] != path or not entry["headers"].get("authorization", "").startswith("present"):
        yield f"sent to {entry['path']} with {entry['headers']}"
    yield from differences(meaning(recording.request), meaning(entry["body"]))


SUITE = Suite(
    files=("cohere",),
    apis={"v2.chat": "chat", "v2.embed": "embeddings"},
    count=93,
    rows={"cohere": {"kind": "cohere", "base_url": "{url}"}},
    ask=counterpart,
    read=read,
    further=further,
    arrived=arrived,
)


class TestCohere(Checks, FoldedStreams):
    def test_the_rules_of_each_model_let_pass_what_it_took(self, corpus: list[Recording]) -> None:
        """By the names of the models that took them."""
        wrong = {}
        for each in corpus:
            body = counterpart(each)
            target = Target(provider=PROVIDER, model=each.request["model"])
            encoded = encode(call(each.call, stream=each.kind == "stream", body=body), body, target)
            found = [*differences(meaning(each.request), meaning(json.loads(encoded.content))), *encoded.dropped]
            if found:
                wrong[each.id] = [f"{target.model}: {line}" for line in found]
        none_of(wrong)
