"""Every recorded chat and embeddings exchange with OpenAI, through the running server."""

from collections.abc import Iterable, Iterator

from openai import OpenAI
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletionChunk

from tests.corpus.agreement import differences
from tests.corpus.checks import Checks, Refusals, accumulated, none_of
from tests.corpus.openai_answers import further
from tests.corpus.recordings import Json, Recording
from tests.corpus.stage import Stage
from tests.corpus.suite import Suite, as_recorded, case_model


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    """As the client wrote it: but for the provider's own model name, usage asked of every stream, vectors as floats
    of a server that is not known to encode them; a null is absence."""
    body = {name: value for name, value in asked.items() if value is not None} | {"model": case_model(recording)}
    if body.get("stream"):
        body["stream_options"] = {**body.get("stream_options", {}), "include_usage": True}
    if "encoding_format" in body:
        body["encoding_format"] = "float"
    yield from differences(body, entry["body"])
    if not entry["path_equal"]:
        yield f"sent to {entry['path']}"


SUITE = Suite(
    files=("openai",),
    apis={"chat": "chat", "embeddings": "embeddings"},
    count=380,
    rows={"openai": {"kind": "openai", "base_url": "{url}/v1"}},
    ask=as_recorded,
    finish={"stop": "stop"},  # OpenAI says so of a call that was forced, too
    further=further,
    arrived=arrived,
    refused={
        "openai-5fbd11bad8b4": ("invalid_request", "temperature"),
        "openai-9b82776caac0": ("invalid_request", "max_tokens"),
        "openai-d285c8c6ebad": ("invalid_request", "messages"),
        "openai-a978b4437772": ("invalid_request", "dimensions"),
    },
    exceptions={
        "openai-eef126cd2f67": "it was recorded without a finish reason, which we fill in (contract section 6)",
    },
)


class TestOpenAI(Checks, Refusals):
    def test_the_sdk_hears_of_us_what_it_heard_of_openai(
        self, suite: Suite, staged: Stage, corpus: list[Recording]
    ) -> None:
        """`.stream()` makes of our chunks what it makes of the recorded ones."""
        wrong = {}
        with OpenAI(base_url=f"{staged.server.url}/v1", api_key="unused", max_retries=0) as client:
            for each in corpus:
                if each.kind == "stream":
                    told = accumulated(client, suite.asked(each, "event"))
                    if found := list(differences(heard(each.chunks), told)):
                        wrong[each.id] = found
        none_of(wrong)


def heard(chunks: Iterable[Json]) -> Json:
    """What the official SDK makes of these chunks. Their padding against side channels is not passed on."""
    state: ChatCompletionStreamState[None] = ChatCompletionStreamState()
    for chunk in chunks:
        kept = {name: value for name, value in chunk.items() if name != "obfuscation"}
        state.handle_chunk(ChatCompletionChunk.construct(**kept))
    return state.current_completion_snapshot.to_dict()
