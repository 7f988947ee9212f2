"""OpenAI's own schemas, and which of their rules an answer breaks."""

import json
from collections.abc import Iterator
from functools import cache

from jsonschema import Draft202012Validator

from tests.corpus.recordings import Json, Recording, definitions
from tests.kit.answer import Answer


def breaks(recording: Recording, answer: Answer) -> Iterator[str]:
    """No part of OpenAI's schema is broken, but those that a recorded answer in OpenAI's format breaks itself."""
    if answer.streamed:
        name, told = "CreateChatCompletionStreamResponse", [*answer.chunks, *answer.only("usage")]
    else:
        name, told = "CreateChatCompletionResponse", [_filled(answer.json)]
    broken = _broken(name, told)
    if broken and recording.api in ("chat", "openai-compat.chat"):
        broken -= _broken(name, recording.chunks if recording.kind == "stream" else [recording.answer])
    if broken:
        yield f"breaks {name}: {sorted(broken)}"


def _filled(completion: Json) -> Json:
    """With the nulls that the schema wants and that OpenAI's own answers often lack."""
    choices = [
        {"logprobs": None, **choice, "message": {"refusal": None, **choice["message"]}}
        for choice in completion["choices"]
    ]
    return {**completion, "choices": choices}


def _broken(schema: str, bodies: list[Json]) -> set[str]:
    return {rule for body in bodies for rule in _rules_broken(schema, json.dumps(body))}


@cache
def _rules_broken(schema: str, text: str) -> frozenset[str]:
    """Place and rule of each mistake. The same chunks come again with every chunking."""
    errors = _validator(schema).iter_errors(json.loads(text))
    return frozenset(f"{error.json_path} {error.validator}" for error in errors)


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": definitions()["$defs"]})
