"""What a reply comes to, in OpenAI's shapes: chunks, completions and what stands in them."""

from collections.abc import Mapping
from typing import Any

from trunkline.types import Json


def choice(delta: Json, finish: str | None = None, **beside: Any) -> Json:
    """A chunk of the only choice; `beside` its delta what is not nothing."""
    said = {name: value for name, value in beside.items() if value}
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish, **said}]}


def call(index: int, piece: Json) -> Json:
    """A chunk of a tool call."""
    return choice({"tool_calls": [{"index": index, **piece}]})


def argued(index: int, piece: str) -> Json:
    """A chunk of a tool call's arguments."""
    return call(index, {"function": {"arguments": piece}})


def image(index: int, url: str) -> Json:
    """The delta of a picture, as OpenRouter tells them."""
    return {"images": [{"index": index, "type": "image_url", "image_url": {"url": url}}]}


def message(text: str, **optional: Any) -> Json:
    """A whole one; of `optional` what is not nothing."""
    said = {name: value for name, value in optional.items() if value}
    return {"role": "assistant", "content": text or None, "refusal": None, **said}


def completion(said: Json, finish: str | None, counts: Json | None, logprobs: Any = None) -> Json:
    """A completion of one choice, without its frame."""
    told = {"index": 0, "message": said, "logprobs": logprobs, "finish_reason": finish}
    return {"choices": [told], **({"usage": counts} if counts else {})}


def usage(prompt: int, completion: int) -> Json:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def finish_reason(given: Any, known: Mapping[str, str], *, called: bool) -> str:
    """By the provider's own `known` reasons: one nobody knows is a stop, one with calls is for their sake."""
    finish = known.get(given, "stop") if isinstance(given, str) else "stop"
    return "tool_calls" if called and finish == "stop" else finish


def url_citation(start: int, end: int, title: Any, url: str) -> Json:
    """An annotation of the text from character `start` to `end`."""
    place = {"start_index": start, "end_index": end}
    cited = {**place, "title": title if isinstance(title, str) else "", "url": url}
    return {"type": "url_citation", "url_citation": cited}


def made_id(seed: str, number: int) -> str:
    """Of a tool call that came without one; the same wherever it is told."""
    return f"call_{seed[-12:]}_{number}"
