"""Every recorded exchange with Claude, through the running server."""

import json
from collections.abc import Iterator

from tests.corpus.agreement import differences
from tests.corpus.anthropic_asking import counterpart, meaning
from tests.corpus.checks import Checks, FoldedStreams, none_of
from tests.corpus.recordings import Json, Recording
from tests.corpus.suite import Suite
from tests.wires.support import PROVIDER, call
from trunkline.types import Target
from trunkline.wires.anthropic import encode


def row(recording: Recording) -> str:
    """Anthropic's own OpenAI endpoint is another kind."""
    return "anthropic" if recording.api == "messages" else "anthropic-chat"


def ask(recording: Recording) -> Json | None:
    return counterpart(recording.request) if recording.api == "messages" else recording.request


def counted(recording: Recording) -> Json:
    """Anthropic counts what was read from and written to its cache apart from the rest of the prompt."""
    said = recording.said["usage"]
    cached = said.get("cached", 0)
    aside = cached + said.get("cache_written", 0) if recording.api == "messages" else 0
    prompt, completion = said.get("prompt", 0) + aside, said.get("completion", 0)
    return {"prompt": prompt, "completion": completion, "total": prompt + completion, "cached": cached}


def outcome(recording: Recording) -> tuple[int, str]:
    """Its errors have types, no codes."""
    return {400: (400, "invalid_request"), 401: (502, "upstream_auth"), 404: (404, "model_not_found")}[
        recording.raw["status"]
    ]


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    """At the right place; and wherever OpenAI's request can say the same, it means what was recorded: system, turns,
    tools, results, images, PDFs, thinking."""
    if recording.api != "messages":
        return
    headers = entry["headers"]
    if entry["path"] != "/v1/messages" or headers.get("anthropic-version") != "2023-06-01":
        yield f"sent to {entry['path']} with {headers}"
    if not headers.get("x-api-key", "").startswith("present") or "authorization" in headers:
        yield f"the key is not where it belongs: {headers}"
    if counterpart(recording.request):
        yield from differences(meaning(recording.request, "user"), meaning(entry["body"]))


SUITE = Suite(
    files=("anthropic",),
    apis={"messages": "chat", "openai-compat.chat": "chat"},
    count=409,
    rows={
        "anthropic": {"kind": "anthropic", "base_url": "{url}"},
        "anthropic-chat": {"kind": "openai", "base_url": "{url}/v1"},
    },
    row=row,
    ask=ask,
    counted=counted,
    outcome=outcome,
    arrived=arrived,
)


class TestAnthropic(Checks, FoldedStreams):
    def test_openai_can_ask_for_most_of_it(self, corpus: list[Recording]) -> None:
        assert sum(each.api == "messages" and counterpart(each.request) is not None for each in corpus) > 300

    def test_the_rules_of_each_model_let_pass_what_it_took(self, corpus: list[Recording]) -> None:
        """The same by the names of the models that took them."""
        wrong = {}
        for each in corpus:
            native = counterpart(each.request) if each.api == "messages" and each.kind != "error" else None
            if native:
                target = Target(provider=PROVIDER, model=each.request["model"])
                encoded = encode(call(stream=each.kind == "stream", body=native), native, target)
                found = [*differences(meaning(each.request), meaning(json.loads(encoded.content))), *encoded.dropped]
                if found:
                    wrong[each.id] = [f"{target.model}: {line}" for line in found]
        none_of(wrong)
