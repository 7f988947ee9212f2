"""What the two places that serve Gemini take by its own names: data, so that one writer serves both; and names.

https://ai.google.dev/api/generate-content, https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference;
the differences are those that Google's own SDK makes between its two modes.
"""

from dataclasses import dataclass, replace
from urllib.parse import quote

# Native objects that join what is written from OpenAI's words.
JOINED = frozenset({"generationConfig", "toolConfig"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Native names that a client may use at the top level of its body, in camelCase or snake_case.

    native        fields of the request itself, as they are
    config        fields of `generationConfig` that OpenAI has no word for
    tools         Google's own tools, also taken as entries of `tools`
    server_side   functions beside Google's tools need `toolConfig.includeServerSideToolInvocations`
    schemes       how the URI of a file may begin
    files         what stands before the `files/...` of an uploaded file; empty where there are none
    """

    native: frozenset[str]
    config: frozenset[str]
    tools: frozenset[str]
    server_side: bool
    schemes: tuple[str, ...]
    files: str

    def knows(self, field: str) -> bool:
        return field in self.native or field in self.config or field in self.tools or field in JOINED


GEMINI = Dialect(
    native=frozenset({"safetySettings", "cachedContent", "labels", "serviceTier", "continuationToken"}),
    config=frozenset({
        "topK", "thinkingConfig", "mediaResolution", "speechConfig", "imageConfig", "responseModalities",
        "responseMimeType", "responseSchema", "responseJsonSchema", "stopSequences", "candidateCount",
        "maxOutputTokens", "responseLogprobs", "enableEnhancedCivicAnswers", "audioTranscriptionConfig",
    }),
    tools=frozenset({
        "googleSearch", "googleSearchRetrieval", "googleMaps", "urlContext", "codeExecution", "computerUse",
        "fileSearch", "mcpServers",
    }),
    server_side=True,
    schemes=("https://", "http://"),
    files="https://generativelanguage.googleapis.com/v1beta/",
)  # fmt: skip

VERTEX = replace(
    GEMINI,
    native=GEMINI.native | {"modelArmorConfig", "generationOutputConfig"},
    config=(GEMINI.config - {"enableEnhancedCivicAnswers"}) | {"audioTimestamp", "routingConfig", "modelConfig"},
    tools=(GEMINI.tools - {"fileSearch"}) | {"retrieval", "enterpriseWebSearch", "parallelAiSearch", "exaAiSearch"},
    server_side=False,
    schemes=("https://", "http://", "gs://"),
    files="",
)


def camel(name: str) -> str:
    """`cached_content` as `cachedContent`: the service itself takes both."""
    first, *others = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def resource(model: str) -> str:
    """`models/gemini-2.5-flash`, with or without the prefix in the name; tuned models have one of their own."""
    kind, _, name = model.partition("/")
    return f"{kind}/{name}" if kind in ("models", "tunedModels") else f"models/{model}"


def path(resource: str) -> str:
    """A model's name comes from the client and may not reach beyond its segment."""
    kind, _, name = resource.partition("/")
    return f"/v1beta/{kind}/{quote(name, safe='')}"
