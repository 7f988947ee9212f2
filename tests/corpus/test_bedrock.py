"""Every recorded exchange with Bedrock by Converse, and its embeddings, through the running server."""

from collections.abc import Iterator
from urllib.parse import quote, unquote

from tests.corpus.agreement import differences
from tests.corpus.bedrock_asking import counterpart, meaning
from tests.corpus.checks import Checks, FoldedStreams
from tests.corpus.recordings import Json, Recording, facts
from tests.corpus.suite import Suite


def read(raw: Json) -> Json | None:
    """facts.py leaves out the text that has citations. Of InvokeModel only embeddings are asked for."""
    if raw["api"] == "invoke" and "embeddings" not in raw["features"]:
        return None
    said = facts(raw)
    if "output" in (raw.get("response_body") or {}):
        said["text"] = "".join(_text(block) for block in raw["response_body"]["output"]["message"]["content"])
    return said


def _text(block: Json) -> str:
    cited = block.get("citationsContent", {}).get("content", [])
    return "".join(piece.get("text", "") for piece in [block, *cited])


def model(recording: Recording) -> str:
    """By its own name, as its rules go by it; but Claude 3 takes no schema, whatever was recorded."""
    case = f"case-{recording.id}"
    if recording.request.get("outputConfig") or recording.kind == "error":
        return case
    return f"{unquote(recording.raw['model'])}.{case}"


def ask(recording: Recording) -> Json | None:
    request = recording.request
    if recording.call == "embeddings":
        texts = {"input": request.get("texts") or request["inputText"]}
        return texts | {name: request[name] for name in ("dimensions", "normalize", "input_type") if name in request}
    return counterpart(request) if request.get("messages") else None


def counted(recording: Recording) -> Json:
    """Bedrock counts what was read from and written to the cache apart from the rest of the prompt."""
    said = recording.said["usage"]
    cached = said.get("cached", 0)
    prompt, completion = said.get("prompt", 0) + cached + said.get("cache_written", 0), said.get("completion", 0)
    return {"prompt": prompt, "completion": completion, "total": prompt + completion, "cached": cached}


def outcome(recording: Recording) -> tuple[int, str]:
    """A model that is not there is told as a validation."""
    return {400: (404, "model_not_found"), 403: (502, "upstream_auth"), 404: (404, "model_not_found")}[
        recording.raw["status"]
    ]


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    """At the right place, and with the meaning of what was recorded."""
    if entry["path"] != f"/model/{quote(model(recording), safe='')}/{recording.api}":
        yield f"sent to {entry['path']}"
    accept = "application/vnd.amazon.eventstream" if asked.get("stream") else "application/json"
    if entry["headers"].get("accept") != accept or not entry["headers"].get("authorization", "").startswith("present"):
        yield f"sent with {entry['headers']}"
    if recording.call == "embeddings":
        yield from differences(recording.request, entry["body"])
    elif recording.request.get("messages"):
        yield from differences(meaning(recording.request), meaning(entry["body"]))


SUITE = Suite(
    files=("bedrock",),
    apis={"converse": "chat", "converse-stream": "chat", "invoke": "embeddings"},
    count=129,
    rows={"bedrock": {"kind": "bedrock", "base_url": "{url}", "region": "us-east-1"}},
    model=model,
    ask=ask,
    read=read,
    counted=counted,
    outcome=outcome,
    arrived=arrived,
)


class TestBedrock(Checks, FoldedStreams):
    def test_openai_can_ask_for_most_of_it(self, corpus: list[Recording]) -> None:
        assert sum(bool(each.request.get("messages")) for each in corpus) > 115
