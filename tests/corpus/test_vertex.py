"""Every recorded exchange with Vertex, its own models and Anthropic's, through the running server."""

from collections.abc import Iterator

from tests.corpus import anthropic_asking, gemini_asking
from tests.corpus.agreement import differences
from tests.corpus.checks import Checks, FoldedStreams
from tests.corpus.recordings import Json, Recording, facts
from tests.corpus.suite import Suite, outcome_by_status, usage_as_told

PLACE = "/v1/projects/project-id/locations/us-east5/publishers"


def of_anthropic(recording: Recording) -> bool:
    return recording.api.endswith("awPredict")


def model(recording: Recording) -> str:
    """With the name of the model that answered: its rules count."""
    return f"{recording.raw['model']}-case-{recording.id}"


def ask(recording: Recording) -> Json | None:
    if recording.call == "embeddings":
        return embeddings(recording.request)
    if of_anthropic(recording):
        native = {name: value for name, value in recording.request.items() if name != "anthropic_version"}
        return anthropic_asking.counterpart(native)
    native = {name: value for name, value in recording.request.items() if name != "labels"}
    body = gemini_asking.counterpart(native, stream=recording.kind == "stream")
    return body and {**body, **only(recording.request, "labels")}


def embeddings(recorded: Json) -> Json:
    """Whatever beside the text is said of each of them is said of all."""
    instances = recorded["instances"]
    return {"input": [one["content"] for one in instances], **{k: v for k, v in instances[0].items() if k != "content"}}


def read(raw: Json) -> Json:
    """Vectors of one's own kind."""
    rows = raw["response_body"].get("predictions") if raw["api"] == "vertex.predict" else None
    if rows is None:
        return facts(raw)
    return {"embeddings": {"count": len(rows), "dims": len(rows[0]["embeddings"]["values"])}}


def counted(recording: Recording) -> Json:
    """Gemini counts thoughts apart from the rest of the completion, Claude what was cached apart from the prompt."""
    usage = usage_as_told(recording)
    if of_anthropic(recording):
        prompt = usage.get("prompt", 0) + usage.get("cached", 0) + recording.said["usage"].get("cache_written", 0)
        return {**usage, "prompt": prompt, "total": prompt + usage.get("completion", 0)}
    return usage and {**usage, "completion": usage.get("completion", 0) + usage.get("reasoning", 0)}


def place(recording: Recording, *, streams: bool) -> str:
    publisher = "anthropic" if of_anthropic(recording) else "google"
    if recording.call == "embeddings":
        how = "predict"
    elif of_anthropic(recording):
        how = "streamRawPredict" if streams else "rawPredict"
    else:
        how = "streamGenerateContent" if streams else "generateContent"
    return f"{PLACE}/{publisher}/models/{model(recording)}:{how}"


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    """At the right place with the token; and wherever OpenAI's request can say the same, it means what was recorded."""
    streams = bool(asked.get("stream"))
    query = "alt=sse" if streams and not of_anthropic(recording) else ""
    headers = entry["headers"]
    if (entry["path"], entry["query"]) != (place(recording, streams=streams), query):
        yield f"sent to {entry['path']}?{entry['query']}"
    if not headers.get("authorization", "").startswith("present") or "anthropic-version" in headers:
        yield f"the key is not where it belongs: {headers}"
    yield from differences(said(recording, recording.request), said(recording, entry["body"]))


def said(recording: Recording, native: Json) -> Json:
    """What a request says, in whosever words."""
    if recording.call == "embeddings":
        return native
    if of_anthropic(recording):
        return {**anthropic_asking.meaning(native), **only(native, "anthropic_version", "stream", "model")}
    ids = gemini_asking.has_ids(recording.request)
    return {**gemini_asking.meaning(native, ids=ids), **only(native, "labels")}


def only(body: Json, *names: str) -> Json:
    return {name: body[name] for name in names if name in body}


SUITE = Suite(
    files=("vertex",),
    apis={
        "vertex.generateContent": "chat",
        "vertex.streamGenerateContent": "chat",
        "vertex.rawPredict": "chat",
        "vertex.streamRawPredict": "chat",
        "vertex.predict": "embeddings",
    },
    count=114,
    rows={
        "vertex": {"kind": "vertex", "base_url": "{url}", "project": "project-id", "location": "us-east5"},
    },
    model=model,
    ask=ask,
    read=read,
    counted=counted,
    outcome=outcome_by_status,
    arrived=arrived,
)


class TestVertex(Checks, FoldedStreams):
    def test_openai_can_ask_for_most_of_it(self, corpus: list[Recording]) -> None:
        assert all(ask(each) for each in corpus)
