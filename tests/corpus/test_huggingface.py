"""The recorded feature extraction of Hugging Face, as embeddings."""

from collections.abc import Iterator

from tests.corpus.checks import Checks
from tests.corpus.recordings import Json, Recording
from tests.corpus.suite import Suite


def read(raw: Json) -> Json:
    """facts.py does not know the format: a bare vector where a single text was asked for."""
    vectors = raw["response_body"] if isinstance(raw["response_body"][0], list) else [raw["response_body"]]
    return {"embeddings": {"count": len(vectors), "dims": len(vectors[0])}, "usage": {}}


def asked(recording: Recording) -> Json:
    return {"input": recording.request["inputs"]}


def arrived(recording: Recording, _asked: Json, entry: Json) -> Iterator[str]:
    if entry["body"] != recording.request:
        yield f"asked {entry['body']}, recorded {recording.request}"
    if not entry["path"].startswith("/hf-inference/models/") or not entry["path"].endswith("/feature-extraction"):
        yield f"sent to {entry['path']}"


SUITE = Suite(
    files=("huggingface",),
    apis={"feature-extraction": "embeddings"},
    count=1,
    rows={"huggingface": {"kind": "huggingface", "base_url": "{url}/v1"}},
    ask=asked,
    read=read,
    arrived=arrived,
)


class TestHuggingface(Checks):
    pass
