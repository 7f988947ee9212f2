"""Every recorded exchange in Ollama's own format, through the running server."""

from collections.abc import Iterator

from tests.corpus.agreement import differences
from tests.corpus.checks import Checks
from tests.corpus.ollama_asking import counterpart, meaning
from tests.corpus.recordings import Json, Recording
from tests.corpus.suite import Suite, usage_as_told

PATHS = {"chat": "/api/chat", "embeddings": "/api/embed"}


def ask(recording: Recording) -> Json | None:
    if recording.call == "embeddings":
        return {"input": recording.request["input"], "options": recording.request["options"]}
    return counterpart(recording.request)


def counted(recording: Recording) -> Json:
    usage = usage_as_told(recording)
    return usage and {**usage, "total": usage.get("prompt", 0) + usage.get("completion", 0)}


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    """At the right place, and it means what was recorded: system, turns, thinking, calls, results, schema, options."""
    if entry["path"] != PATHS[recording.call] or "authorization" in entry["headers"]:
        yield f"sent to {entry['path']} with {entry['headers']}"
    if recording.call == "embeddings":
        yield from differences({**recording.request, "model": asked["model"].partition("/")[2]}, entry["body"])
    elif counterpart(recording.request):
        yield from differences(meaning(recording.request), meaning(entry["body"]))
        yield from _unlike_results(recording.request["messages"], entry["body"]["messages"])


def _unlike_results(recorded: list[Json], told: list[Json]) -> Iterator[str]:
    """Where a result was recorded with the name of its tool, it has that name; with the call's id beside."""
    for was, now in zip(recorded, told, strict=True):
        if was.get("tool_name", now.get("tool_name")) != now.get("tool_name") or (
            now["role"] == "tool" and not now.get("tool_call_id")
        ):
            yield f"the result {was} went as {now}"


SUITE = Suite(
    files=("ollama",),
    apis={"native.chat": "chat", "native.embed": "embeddings"},
    count=31,
    rows={"ollama": {"kind": "ollama", "base_url": "{url}", "api_key": None}},
    ask=ask,
    counted=counted,
    arrived=arrived,
)


class TestOllama(Checks):
    def test_openai_can_ask_for_all_of_it(self, corpus: list[Recording]) -> None:
        assert [each.id for each in corpus if each.call == "chat" and counterpart(each.request) is None] == []
