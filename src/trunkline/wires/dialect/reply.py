"""Replies: deviations on the way back. Each function mends a body or a chunk in place, before the hub checks it."""

from array import array
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import as_object, as_objects, as_text

Mend = Callable[[Json], None]

# What OpenAI says of a choice; hosts add text, seeds beyond 64 bits and token ids, which break typed clients.
OF_A_CHOICE = frozenset({"index", "message", "delta", "finish_reason", "logprobs", "content_filter_results"})


def usage_from_x_groq(said: Json) -> None:
    """Usage of a stream under `x_groq`, where it comes without being asked for."""
    usage = as_object(said.get("x_groq")).get("usage")
    if usage and not said.get("usage"):
        said["usage"] = usage


def error_from_x_groq(said: Json) -> None:
    """An error of a running stream under `x_groq`."""
    error = as_object(said.get("x_groq")).get("error")
    if error and not said.get("error"):
        said["error"] = error


def completion_excludes_reasoning(said: Json) -> None:
    """Reasoning tokens that count in the total alone: completion = total - prompt."""
    usage = as_object(said.get("usage"))
    reasoning = as_object(usage.get("completion_tokens_details")).get("reasoning_tokens")
    parts = [usage.get("prompt_tokens"), usage.get("completion_tokens"), reasoning]
    counts = [count for count in parts if isinstance(count, int)]
    if len(counts) == len(parts) and sum(counts) == usage.get("total_tokens"):
        usage["completion_tokens"] += reasoning


def prompt_excludes_cached(said: Json) -> None:
    """Cached tokens that are no part of the prompt's: told by there being more of them."""
    usage = as_object(said.get("usage"))
    cached = as_object(usage.get("prompt_tokens_details")).get("cached_tokens")
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if isinstance(cached, int) and isinstance(prompt, int) and cached > prompt:
        usage["prompt_tokens"] = prompt + cached
        usage["total_tokens"] = prompt + cached + (completion if isinstance(completion, int) else 0)


def cached_tokens_aside(said: Json) -> None:
    """Cached tokens beside `prompt_tokens`, under one of the names they have there."""
    usage = as_object(said.get("usage"))
    names = ("cached_tokens", "prompt_cache_hit_tokens", "num_cached_tokens")
    cached = next((usage[name] for name in names if isinstance(usage.get(name), int)), None)
    if cached is not None and not isinstance(usage.get("prompt_tokens_details"), dict):
        usage["prompt_tokens_details"] = {"cached_tokens": cached}


def content_as_list(said: Json) -> None:
    """Content in parts: text is joined, thinking becomes `reasoning_content`."""
    for words in _words(said):
        content = words.get("content")
        if not isinstance(content, list):
            continue
        parts = as_objects(content)
        words["content"] = "".join(_text(part.get("text")) for part in parts if part.get("type") == "text")
        thought = "".join(_text(part.get("thinking")) for part in parts if part.get("type") == "thinking")
        if thought:
            words["reasoning_content"] = thought


def eos_is_stop(said: Json) -> None:
    """The end by a stop token, under the names that inference engines have for it."""
    _rename_finish(said, {"eos": "stop", "eos_token": "stop", "stop_sequence": "stop", "end_of_text": "stop"})


def model_length_is_length(said: Json) -> None:
    """The model's own limit is a limit like the request's."""
    _rename_finish(said, {"model_length": "length"})


def starved_is_overloaded(said: Json) -> None:
    """A finish reason that says that the provider ran out of machines."""
    if any(choice.get("finish_reason") == "insufficient_system_resource" for choice in _choices(said)):
        said["error"] = {"message": "insufficient_system_resource", "code": "overloaded"}


def plain_choices(said: Json) -> None:
    """Choices with nothing of the host's own, and log probabilities only where they have OpenAI's form."""
    for choice in _choices(said):
        for key in choice.keys() - OF_A_CHOICE:
            del choice[key]
        if not isinstance(choice.get("logprobs"), dict):
            choice.pop("logprobs", None)


def legacy_logprobs(said: Json) -> None:
    """Parallel lists of tokens and log probabilities, as the chat API tells them."""
    for choice in _choices(said):
        old = as_object(choice.get("logprobs"))
        tokens, values = old.get("tokens"), old.get("token_logprobs")
        if isinstance(tokens, list) and isinstance(values, list):
            choice["logprobs"] = {
                "content": [
                    {"token": token, "logprob": value, "bytes": list(str(token).encode()), "top_logprobs": []}
                    for token, value in zip(tokens, values, strict=False)
                ]
            }


def no_padding(said: Json) -> None:
    """Random text in every chunk, against listeners on the provider's side of us."""
    said.pop("p", None)


def delta_alone(said: Json) -> None:
    """A chunk that says the whole message so far again."""
    for choice in _choices(said):
        choice.pop("message", None)


def message_alone(said: Json) -> None:
    """A whole answer with an empty delta beside each message."""
    for choice in _choices(said):
        choice.pop("delta", None)


def block_in_a_chunk(said: Json) -> None:
    """A prompt that was blocked, told as an error inside a 200: an answer without words."""
    if _is_block(said):
        said["choices"] = [{"index": 0, "delta": {}, "finish_reason": "content_filter"}]
        del said["error"]


def block_in_a_whole(said: Json) -> None:
    """The same in a whole answer; and an answer that was cut before its first word has no message at all."""
    if _is_block(said):
        said["choices"] = [{"index": 0, "finish_reason": "content_filter"}]
        del said["error"]
    for choice in _choices(said):
        if choice.get("finish_reason") == "content_filter" and not isinstance(choice.get("message"), dict):
            choice["message"] = {"role": "assistant", "content": None}


def _is_block(said: Json) -> bool:
    return as_object(said.get("error")).get("code") == "content_filter"


def int8_vectors(said: Json) -> None:
    """Embeddings as base64 of signed bytes: their direction, which is what counts, is that of the same numbers."""
    for row in as_objects(said.get("data")):
        if isinstance(row.get("embedding"), str):
            row["embedding"] = _signed_bytes(row["embedding"])


def _signed_bytes(text: str) -> list[float]:
    try:
        return [float(number) for number in array("b", b64decode(text, validate=True))]
    except ValueError:
        return []  # no vector, as the hub will say


def _rename_finish(said: Json, names: Mapping[str, str]) -> None:
    for choice in _choices(said):
        finish = choice.get("finish_reason")
        if isinstance(finish, str):
            choice["finish_reason"] = names.get(finish, finish)


def _choices(said: Json) -> list[Json]:
    return as_objects(said.get("choices"))


def _words(said: Json) -> Iterator[Json]:
    """The message or delta of each choice."""
    for choice in _choices(said):
        for name in ("message", "delta"):
            if isinstance(choice.get(name), dict):
                yield choice[name]


def _text(value: Any) -> str:
    """Text, or the text of its parts."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in as_objects(value))
    return as_text(value)


_BOTH: Mapping[str, Mend] = {
    mend.__name__: mend
    for mend in (
        usage_from_x_groq,
        error_from_x_groq,
        completion_excludes_reasoning,
        prompt_excludes_cached,
        cached_tokens_aside,
        content_as_list,
        eos_is_stop,
        model_length_is_length,
        starved_is_overloaded,
        plain_choices,
        legacy_logprobs,
        no_padding,
        int8_vectors,
    )
}
# By name, for whole answers and for the chunks of a stream.
WHOLE: Mapping[str, Mend] = {**_BOTH, "message_and_delta": message_alone, "block_as_error": block_in_a_whole}
CHUNK: Mapping[str, Mend] = {**_BOTH, "message_and_delta": delta_alone, "block_as_error": block_in_a_chunk}
