"""What the properties of every wire are tried on."""

from functools import partial

from tests.wires.gemini.support import LEVEL, function_call, said
from tests.wires.gemini.test_grounding import grounded, segment
from tests.wires.gemini.test_types import FEATURES
from tests.wires.samples import Samples, answers, requests, vectors
from tests.wires.support import SSE, Bench, sse
from trunkline.types import Json

BENCH = Bench("gemini", "gemini-2.5-flash", stream=False)

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
SAMPLES = Samples(
    answers={
        **answers(BENCH, (SSE, partial(sse, end=b"\r\n"), STORY), WHOLE),
        "vectors": vectors(
            BENCH, {"embeddings": [{"values": [0.5]}]}, asked={"input": "a"}, model="gemini-embedding-001"
        ),
    },
    requests=requests(BENCH, FEATURES, LEVEL),
    pieces=[
        sse({"promptFeedback": {"blockReason": "SAFETY"}}),
        sse({"error": {"code": 503, "message": "m"}}),
        sse(said(finish="MALFORMED_FUNCTION_CALL")),
    ],
    errors=[ERROR],
)
