"""Every recorded exchange by the Responses API, as OpenAI, Azure, OpenRouter and xAI have it, asked for as a chat."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.corpus.agreement import differences
from tests.corpus.checks import Checks, FoldedStreams
from tests.corpus.recordings import Json, Recording, facts
from tests.corpus.responses_asking import counterpart, meaning
from tests.corpus.suite import Suite, outcome_by_status
from tests.kit.answer import Answer

REASONING = ("response.reasoning_summary_text.delta", "response.reasoning_text.delta")
ENDS = ("response.completed", "response.incomplete")


def read(raw: Json) -> Json:
    """As facts.py reads other formats. Of a stream the deltas count, and calls as they ended."""
    if raw["status"] >= 400:
        return facts(raw)
    if "response_body" in raw:
        return _facts(raw["response_body"], raw["response_body"]["output"], None)
    events = Recording(raw, {}, "chat").chunks
    [ended] = [event["response"] for event in events if event["type"] in ENDS]
    items = [event["item"] for event in events if event["type"] == "response.output_item.done"]
    return _facts(ended, items, events)


def _facts(response: Json, items: list[Json], events: list[Json] | None) -> Json:
    calls = [item for item in items if item["type"] == "function_call"]
    cut = response["status"] == "incomplete"
    usage = response["usage"]
    return {
        "text": _text(items, "output_text", "text")
        if events is None
        else _joined(events, "response.output_text.delta"),
        "refusal": _text(items, "refusal", "refusal"),
        "reasoning": _thoughts(items) if events is None else _joined(events, *REASONING),
        "tool_calls": [
            {"id": call["call_id"], "name": call["name"], "arguments": _arguments(call["arguments"])} for call in calls
        ],
        "finish_native": response["status"],
        "finish_openai": "length" if cut else "tool_calls" if calls else "stop",
        "usage": {
            "prompt": usage["input_tokens"],
            "completion": usage["output_tokens"],
            "total": usage["total_tokens"],
            "cached": (usage.get("input_tokens_details") or {}).get("cached_tokens", 0),
            "reasoning": (usage.get("output_tokens_details") or {}).get("reasoning_tokens", 0),
        },
        "error": None,
    }


def _arguments(text: str) -> Any:
    said = {"id": "", "type": "function", "function": {"name": "", "arguments": text}}
    raw = {"id": "", "api": "chat", "status": 200, "features": [], "response_kind": "json"}
    body = {"choices": [{"message": {"tool_calls": [said]}}]}
    return facts({**raw, "response_body": body})["tool_calls"][0]["arguments"]


def _joined(events: list[Json], *kinds: str) -> str:
    return "".join(event["delta"] for event in events if event["type"] in kinds)


def _parts(items: list[Json]) -> Iterator[Json]:
    for item in items:
        if item["type"] == "message":
            yield from item["content"]


def _text(items: list[Json], kind: str, name: str) -> str:
    return "".join(part[name] for part in _parts(items) if part["type"] == kind)


def _thoughts(items: list[Json]) -> str:
    return "".join(
        part["text"]
        for item in items
        if item["type"] == "reasoning"
        for name in ("summary", "content")
        for part in item.get(name) or []
    )


def outcome(recording: Recording) -> tuple[int, str | None]:
    """A model that does not exist is a 400 at OpenAI, a wrong key one at xAI."""
    text = str(recording.answer)
    if "model_not_found" in text:
        return 404, "model_not_found"
    if "Incorrect API key" in text:
        return 502, "upstream_auth"
    if isinstance(recording.answer["error"], str):
        return 400, recording.answer["code"]
    return outcome_by_status(recording)


def arrived(recording: Recording, asked: Json, entry: Json) -> Iterator[str]:
    """At the right place, keeping nothing; and wherever a chat request can say the same, meaning what was recorded."""
    body = entry["body"]
    if not entry["path"].endswith("/v1/responses") or entry["headers"].get("accept") is None:
        yield f"sent to {entry['path']} with {entry['headers']}"
    if body.get("store") is not False or body.get("stream", False) != asked.get("stream", False):
        yield f"sent with store {body.get('store')} and stream {body.get('stream')}"
    if counterpart(recording.request):
        yield from differences(meaning(recording.request), meaning(body))


def further(recording: Recording, _asked: Json, answer: Answer) -> Iterable[str]:
    """Refusals, citations, reasoning to be taken back, the tier: all that facts.py does not look at."""
    if recording.kind == "error":
        return
    message, tier = _told(answer)
    ended = recording.answer if recording.kind == "unary" else _ended(recording)
    items = ended["output"] if recording.kind == "unary" else _done(recording)
    yield from differences(recording.said["refusal"] or None, message.get("refusal"), "refusal")
    notes = [note for part in _parts(items) for note in part.get("annotations") or []]
    told = [note[note["type"]]["url"] for note in message.get("annotations") or []]
    yield from differences([note["url"] for note in notes], told, "annotations")
    secrets = [item["encrypted_content"] for item in items if item.get("encrypted_content")]
    details = message.get("reasoning_details") or []
    yield from differences(secrets, [entry["data"] for entry in details if "data" in entry], "reasoning_details")
    if ended.get("service_tier") != "provisioned":  # OpenRouter's word for a tier, which no client of OpenAI's knows
        yield from differences(ended.get("service_tier"), tier, "service_tier")


def _ended(recording: Recording) -> Json:
    [response] = [event["response"] for event in recording.chunks if event["type"] in ENDS]
    return dict(response)


def _done(recording: Recording) -> list[Json]:
    return [event["item"] for event in recording.chunks if event["type"] == "response.output_item.done"]


def _told(answer: Answer) -> tuple[Json, str | None]:
    if not answer.streamed:
        return answer.json["choices"][0]["message"], answer.json.get("service_tier")
    message: Json = {}
    for chunk in answer.chunks:
        for choice in chunk["choices"]:
            for name, value in choice["delta"].items():
                message[name] = message[name] + value if isinstance(message.get(name), str) else value
    return message, answer.chunks[-1].get("service_tier")


SUITE = Suite(
    files=("openai", "azure", "openrouter", "xai"),
    apis={"responses": "chat"},
    count=273,
    rows={
        "openai": {"kind": "openai", "base_url": "{url}/v1"},
        "azure": {"kind": "azure", "base_url": "{url}/openai/v1"},
        "openrouter": {"kind": "openrouter", "base_url": "{url}/api/v1"},
        "xai": {"kind": "xai", "base_url": "{url}/v1"},
    },
    row=lambda recording: recording.raw["provider"],
    ask=lambda recording: counterpart(recording.request),
    read=read,
    outcome=outcome,
    further=further,
    arrived=arrived,
    says={"api": "responses"},
)


class TestResponses(Checks, FoldedStreams):
    def test_a_chat_can_ask_for_most_of_it(self, corpus: list[Recording]) -> None:
        assert sum(counterpart(each.request) is not None for each in corpus) > 240
