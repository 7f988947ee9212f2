"""What the properties of every wire are tried on."""

from tests.wires.gemini.support import BENCH, LEVEL, function_call, said, sse
from tests.wires.gemini.test_grounding import grounded, segment
from tests.wires.gemini.test_types import FEATURES
from tests.wires.samples import Samples, answers, requests, vectors
from tests.wires.support import SSE
from trunkline.types import Json

IMAGE: Json = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}, "thoughtSignature": "s"}
CHOSEN: Json = {
    "chosenCandidates": [{"token": "a", "logProbability": -1}],
    "topCandidates": [{"candidates": [{"token": "a", "logProbability": -1}]}],
}
COUNTS: Json = {
    "promptTokenCount": 3,
    "thoughtsTokenCount": 1,
    "totalTokenCount": 9,
    "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 1}],
}
STORY: list[Json] = [
    said({"text": "hm", "thought": True, "thoughtSignature": "s"}, finish=None),
    {**said({"text": "né🙂"}, finish=None, logprobsResult=CHOSEN), "usageMetadata": {"trafficType": "x"}},
    said(function_call("f", "1", "s", a=1), function_call("free", None, None, input="x"), IMAGE, finish=None),
    said({"executableCode": {"code": "1"}}, finish=None),
    said({"functionCall": {"name": "g", "willContinue": True}}, finish=None),
    said({"functionCall": {"partialArgs": [{"jsonPath": "$.a[0].b", "stringValue": "x"}]}}, finish=None),
    {
        **said({"text": "", "thoughtSignature": "t"}, groundingMetadata=grounded(segment("né", 0, 3))),
        "usageMetadata": COUNTS,
    },
]
WHOLE: Json = {
    **said(*(part for event in STORY for part in event["candidates"][0]["content"]["parts"]), finishMessage="m",
           logprobsResult=CHOSEN, groundingMetadata=grounded(segment("né", 0, 3)), safetyRatings=[{}]),
    "usageMetadata": COUNTS,
    "promptFeedback": {"blockReason": "SAFETY"},
}  # fmt: skip

ERROR: Json = {
    "error": {
        "code": 429,
        "message": "m",
        "status": "RESOURCE_EXHAUSTED",
        "details": [
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"},
            {"@type": "x.ErrorInfo", "reason": "API_KEY_INVALID"},
            {"violations": [{"quotaId": "a"}], "fieldViolations": [{"field": "f"}]},
        ],
    }
}
VECTORS: Json = {"embeddings": [{"values": [0.5]}]}
EMBED: Json = {"input": ["a"], "dimensions": 8, "taskType": "T", "title": "t", "user": "u", "x": 1}
SAMPLES = Samples(
    answers={
        **answers(BENCH, (SSE, sse, STORY), WHOLE),
        "vectors": vectors(BENCH, VECTORS, asked={"input": "a"}, model="gemini-embedding-001"),
    },
    requests={
        **requests(BENCH, FEATURES, LEVEL),
        **requests(BENCH, {"embeddings": EMBED}, "gemini-embedding-001", kind="embeddings"),
    },
    pieces=[
        sse({"promptFeedback": {"blockReason": "SAFETY"}}),
        sse({"error": {"code": 503, "message": "m"}}),
        sse(said(finish="MALFORMED_FUNCTION_CALL")),
    ],
    errors=[ERROR],
)
