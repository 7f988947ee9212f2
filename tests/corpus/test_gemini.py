"""Every recorded exchange with Gemini, through the running server."""

from collections.abc import Iterator

from tests.corpus.agreement import differences
from tests.corpus.checks import Checks, none_of
from tests.corpus.gemini_asking import counterpart, has_ids, meaning, parts_meant, texts, texts_meant
from tests.corpus.recordings import Json, Recording, facts
from tests.corpus.suite import Suite, outcome_by_status, usage_as_told
from tests.wires.gemini.support import contents, folded, message, write

CALLS = {"chat": ("generateContent", "streamGenerateContent"), "embeddings": ("batchEmbedContents",) * 2}


def model(recording: Recording) -> str:
    """With the name of the model that answered: its rules count."""
    return f"{recording.raw['model']}-case-{recording.id}"


def ask(recording: Recording) -> Json | None:
    if recording.call == "embeddings":
        return texts(recording.request)
    return counterpart(recording.request, stream=recording.kind == "stream")


def read(raw: Json) -> Json | None:
    """A model that lost its thread gave no answer, and says so where its answer would have ended."""
    said = facts(raw)
    if said.get("finish_native") == "MALFORMED_FUNCTION_CALL":
        return {**said, "error": {"message": raw["response_body"]["candidates"][0]["finishMessage"]}}
    return said


def counted(recording: Recording) -> Json:
    """Gemini counts thoughts apart from the rest of the completion, and what its tools read apart from the prompt."""
    usage = usage_as_told(recording)
    prompt = usage.get("prompt", 0) + recording.said["usage"].get("tool_use_prompt", 0)
    return usage and {**usage, "prompt": prompt, "completion": usage.get("completion", 0) + usage.get("reasoning", 0)}


def outcome(recording: Recording) -> tuple[int, str | None]:
    """A wrong key is a 400."""
    if "API_KEY_INVALID" in str(recording.answer):
        return 502, "upstream_auth"
    return outcome_by_status(recording)


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    """At the right place with the key; and wherever OpenAI's request can say the same, it means what was recorded."""
    streams = bool(asked.get("stream"))
    place = f"/v1beta/models/{model(recording)}:{CALLS[recording.call][streams]}"
    query = "alt=sse" if streams and recording.call == "chat" else ""
    headers = entry["headers"]
    if (entry["path"], entry["query"]) != (place, query) or "authorization" in headers:
        yield f"sent to {entry['path']}?{entry['query']} with {headers}"
    if not headers.get("x-goog-api-key", "").startswith("present"):
        yield f"the key is not where it belongs: {headers}"
    if recording.call == "embeddings":
        yield from differences(texts_meant(recording.request), texts_meant(entry["body"]))
    elif ask(recording):
        ids = has_ids(recording.request)
        yield from differences(meaning(recording.request, ids=ids), meaning(entry["body"], ids=ids))


SUITE = Suite(
    files=("gemini",),
    apis={
        "gemini.generateContent": "chat",
        "gemini.streamGenerateContent": "chat",
        "gemini.batchEmbedContents": "embeddings",
        "gemini.embedContent": "embeddings",
    },
    count=378,
    rows={"gemini": {"kind": "gemini", "base_url": "{url}"}},
    model=model,
    ask=ask,
    read=read,
    counted=counted,
    outcome=outcome,
    arrived=arrived,
)


def answered(recording: Recording) -> tuple[list[Json], Json]:
    """Google's candidates, and the message that we make of them."""
    responses = recording.chunks if recording.kind == "stream" else [recording.answer]
    candidates = [response["candidates"][0] for response in responses]
    return candidates, (folded if recording.kind == "stream" else message)(*responses)


def chats(corpus: list[Recording]) -> Iterator[Recording]:
    return (each for each in corpus if each.call == "chat" and each.kind != "error" and not each.said.get("error"))


class TestGemini(Checks):
    def test_openai_can_ask_for_all_of_it(self, corpus: list[Recording]) -> None:
        """And nothing is lost on the way."""
        wrong = {}
        for each in corpus:
            body = ask(each)
            if body is None:
                wrong[each.id] = ["cannot be asked"]
            elif lost := write(body, each.raw["model"], stream=each.kind == "stream", kind=each.call).dropped:
                wrong[each.id] = list(lost)
        none_of(wrong)

    def test_every_answer_comes_back_as_it_was(self, corpus: list[Recording]) -> None:
        """As the next request's history: text, calls, signatures, code, each part where it stood."""
        wrong = {}
        for each in chats(corpus):
            candidates, told = answered(each)
            back = contents(told)
            found = list(differences(parts_meant(candidates), parts_meant([{"content": one} for one in back])))
            if found:
                wrong[each.id] = found
        none_of(wrong)

    def test_citations_cover_the_words_they_are_for(self, corpus: list[Recording]) -> None:
        seen = 0
        for each in chats(corpus):
            candidates, told = answered(each)
            supports = candidates[-1].get("groundingMetadata", {}).get("groundingSupports", ())
            words = [support["segment"]["text"] for support in supports for _ in support["groundingChunkIndices"]]
            notes = [note["url_citation"] for note in told.get("annotations", ())]
            assert [told["content"][note["start_index"] : note["end_index"]] for note in notes] == words, each.id
            seen += len(words)
        assert seen > 20
