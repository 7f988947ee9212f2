"""What the properties of every wire are tried on."""

from tests.wires.samples import Samples, requests, vectors
from tests.wires.support import Bench

BENCH = Bench("huggingface", "org/model", paths={"embeddings": "/models/org/model/pipeline/feature-extraction"})

SAMPLES = Samples(
    answers={form: vectors(BENCH, [[0.5, 1]], asked={"encoding_format": form}) for form in ("float", "base64")},
    requests=requests(
        BENCH, {"embeddings": {"input": ["a"], "normalize": True, "user": "u", "x": 1}}, "org/model", kind="embeddings"
    ),
    pieces=[b"[[[0.5]]]", b"[]", b'{"error": "m"}'],
    errors=[{"error": "Model is loading", "estimated_time": 20.0}, {"error": ["a", "b"]}],
)
