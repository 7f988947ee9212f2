"""What a prediction is asked with: rows of (asked, model, input, what was lost)."""

from typing import Any, NamedTuple

import orjson
import pytest

from tests.wires.replicate.support import (
    CLAUDE,
    DEEPSEEK,
    GEMINI,
    LLAMA,
    OPENAI,
    REASONING,
    UNKNOWN,
    encoded,
    refused,
    target,
    write,
)
from tests.wires.support import HI, call
from trunkline.errors import ApiError
from trunkline.types import Json, Timeouts
from trunkline.wires import replicate

SYSTEM: Json = {"role": "system", "content": "Be brief."}
SAID: Json = {"role": "assistant", "content": "Hello!"}
MORE: Json = {"role": "user", "content": "Who are you?"}
URL, PNG = "https://x/y.png", "data:image/png;base64,iVBORw0KGgo="
HEX = "ac732df83cea7fff18b8472768c88ad041fa750ff7682a21affe81863cbe77e4"


def image(url: Any = URL, **rest: Any) -> Json:
    return {"type": "image_url", "image_url": {"url": url, **rest}}


def user(*parts: Json) -> Json:
    return {"role": "user", "content": list(parts)}


ADDRESSES: dict[str, tuple[str, Json]] = {
    "meta/meta-llama-3-8b-instruct": ("/v1/models/meta/meta-llama-3-8b-instruct/predictions", {}),
    HEX: ("/v1/predictions", {"version": HEX}),
    f"me/mine:{HEX}": ("/v1/predictions", {"version": f"me/mine:{HEX}"}),
    "mine": ("/v1/predictions", {"version": "mine"}),
    "a/b/c": ("/v1/predictions", {"version": "a/b/c"}),
    "a?/b x#y": ("/v1/predictions", {"version": "a?/b x#y"}),
    "a?/b#y": ("/v1/models/a%3F/b%23y/predictions", {}),
    "../b": ("/v1/predictions", {"version": "../b"}),
    "a/..": ("/v1/predictions", {"version": "a/.."}),
    "..a/b": ("/v1/models/..a/b/predictions", {}),
}


@pytest.mark.parametrize(("model", "wanted"), ADDRESSES.items(), ids=ADDRESSES)
def test_where_it_is_made(model: str, wanted: tuple[str, Json]) -> None:
    made = encoded({}, model)
    path, rest = wanted
    assert (made.path, orjson.loads(made.content)) == (path, {**rest, "input": {"prompt": "hi"}})


def test_how_long_it_may_take() -> None:
    """A first reply is waited for as long as Replicate does at most; and whoever makes one bounds what it may cost."""
    assert encoded({}).headers == {"accept": "application/json", "cancel-after": "600s", "prefer": "wait=60"}
    hasty = encoded({}, timeouts=Timeouts(answer=20.0, total=30.5))
    assert hasty.headers == {"accept": "application/json", "cancel-after": "31s", "prefer": "wait=19"}
    brief = encoded({}, timeouts=Timeouts(total=1.0))
    assert brief.headers == {"accept": "application/json", "cancel-after": "5s", "prefer": "wait=1"}
    assert encoded({}, stream=True).headers == {"accept": "application/json", "cancel-after": "1800s"}


class Row(NamedTuple):
    model: str
    messages: list[Json]
    input: Json
    dropped: tuple[str, ...] = ()


LLAMA_PROMPT = (
    "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\nHello!<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\nWho are you?<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n"
)
TOLD = "User: hi\n\nAssistant: Hello!\n\nUser: Who are you?\n\nAssistant:"
TRANSCRIPT = ("messages=transcript",)

CONVERSATIONS: dict[str, Row] = {
    "a prompt": Row(UNKNOWN, [HI], {"prompt": "hi"}),
    "a system prompt": Row(UNKNOWN, [SYSTEM, HI], {"prompt": "hi", "system_prompt": "Be brief."}),
    "a developer's": Row(
        UNKNOWN, [{**SYSTEM, "role": "developer"}, HI], {"prompt": "hi", "system_prompt": "Be brief."}
    ),
    "two of them": Row(UNKNOWN, [SYSTEM, SYSTEM, HI], {"prompt": "hi", "system_prompt": "Be brief.\n\nBe brief."}),
    "by another name": Row(GEMINI, [SYSTEM, HI], {"prompt": "hi", "system_instruction": "Be brief."}),
    "where there is none": Row(DEEPSEEK, [SYSTEM, HI], {"prompt": "Be brief.\n\nhi"}, TRANSCRIPT),
    "parts": Row(UNKNOWN, [user({"type": "text", "text": "a"}, {"type": "text", "text": "b"})], {"prompt": "a\nb"}),
    "turns as messages": Row(
        OPENAI, [SYSTEM, HI, SAID, MORE], {"messages": [SYSTEM, HI, SAID, MORE]}
    ),
    "turns in Llama's template": Row(
        LLAMA, [SYSTEM, HI, SAID, MORE], {"prompt": LLAMA_PROMPT, "prompt_template": "{prompt}"}
    ),
    "one turn in nobody's": Row(LLAMA, [SYSTEM, HI], {"prompt": "hi", "system_prompt": "Be brief."}),
    "words put into its mouth": Row(
        LLAMA,
        [HI, SAID],
        {
            "prompt": "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\nHello!",
            "prompt_template": "{prompt}",
        },
    ),
    "turns as a transcript": Row(
        CLAUDE, [SYSTEM, HI, SAID, MORE], {"prompt": TOLD, "system_prompt": "Be brief."}, TRANSCRIPT
    ),
    "turns and a system prompt as a transcript": Row(
        DEEPSEEK, [SYSTEM, HI, SAID, MORE], {"prompt": f"Be brief.\n\n{TOLD}"}, TRANSCRIPT
    ),
    "a later system prompt": Row(
        CLAUDE, [HI, SYSTEM, MORE],
        {"prompt": "User: hi\n\nSystem: Be brief.\n\nUser: Who are you?\n\nAssistant:"}, TRANSCRIPT
    ),
    "a transcript that ends with the assistant": Row(
        CLAUDE, [HI, SAID], {"prompt": "User: hi\n\nAssistant: Hello!"}, TRANSCRIPT
    ),
    "images": Row(
        OPENAI, [user({"type": "text", "text": "what?"}, image(), image(PNG))],
        {"prompt": "what?", "image_input": [URL, PNG]},
    ),
    "one image": Row(CLAUDE, [user(image(), {"type": "text", "text": "what?"})], {"prompt": "what?", "image": URL}),
    "images among messages": Row(
        OPENAI, [user(image(detail="low")), SAID, MORE], {"messages": [user(image(detail="low")), SAID, MORE]}
    ),
    "images of a transcript": Row(
        GEMINI, [user({"type": "text", "text": "hi"}, image()), SAID, MORE],
        {"prompt": TOLD, "images": [URL]}, TRANSCRIPT
    ),
    "a name": Row(UNKNOWN, [{**HI, "name": "ann"}], {"prompt": "hi"}, ("messages=trimmed",)),
    "no content": Row(UNKNOWN, [{"role": "user", "content": None}], {"prompt": ""}),
    "only a system prompt": Row(CLAUDE, [SYSTEM], {"system_prompt": "Be brief.", "prompt": "Assistant:"}, TRANSCRIPT),
    "reasoning that comes back": Row(
        OPENAI, [HI, {**SAID, "reasoning_content": "hm"}, MORE], {"messages": [HI, SAID, MORE]}
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", CONVERSATIONS.values(), ids=CONVERSATIONS)
def test_conversations(row: Row) -> None:
    written = write({"messages": row.messages}, row.model)
    assert (written.request, written.dropped) == (row.input, row.dropped)


# (model, asked, input beside the prompt, lost)
PARAMETERS: dict[str, tuple[str, Json, Json, tuple[str, ...]]] = {
    "a limit": (UNKNOWN, {"max_tokens": 5}, {"max_tokens": 5}, ()),
    "a limit by OpenAI's new name": (UNKNOWN, {"max_completion_tokens": 5}, {"max_tokens": 5}, ()),
    "a limit by the model's name": (OPENAI, {"max_tokens": 5}, {"max_completion_tokens": 5}, ()),
    "a limit that would be refused": (CLAUDE, {"max_tokens": 5}, {"max_tokens": 1024}, ("max_tokens=raised",)),
    "sampling": (
        LLAMA,
        {"temperature": 0.5, "top_p": 0.5, "presence_penalty": 1, "frequency_penalty": 1, "seed": 7},
        {"temperature": 0.5, "top_p": 0.5, "presence_penalty": 1, "frequency_penalty": 1, "seed": 7},
        (),
    ),
    "sampling of a model that reasons": (REASONING, {"temperature": 0.5, "seed": 7}, {}, ("seed", "temperature")),
    "reasoning": (REASONING, {"reasoning_effort": "low"}, {"reasoning_effort": "low"}, ()),
    "reasoning elsewhere": (LLAMA, {"reasoning_effort": "low"}, {}, ("reasoning_effort",)),
    "verbosity": (REASONING, {"verbosity": "low"}, {"verbosity": "low"}, ()),
    "stop": (LLAMA, {"stop": "a"}, {"stop_sequences": "a"}, ()),
    "several stops": (LLAMA, {"stop": ["a", "b"]}, {"stop_sequences": "a,b"}, ()),
    "a stop with a comma": (LLAMA, {"stop": ["a,b", "c"]}, {"stop_sequences": "c"}, ("stop=trimmed",)),
    "a stop that cannot be said": (LLAMA, {"stop": ["a,b"]}, {}, ("stop",)),
    "no such thing as a stop": (CLAUDE, {"stop": "a"}, {}, ("stop",)),
    "JSON": (
        LLAMA,
        {"response_format": {"type": "json_object"}},
        {"system_prompt": "Answer with one valid JSON object and nothing else: no prose, no code fence."},
        ("response_format=instruction",),
    ),
    "text": (LLAMA, {"response_format": {"type": "text"}}, {}, ()),
    "what asks for nothing": (LLAMA, {"n": 1, "tools": [], "logit_bias": {}, "modalities": ["text"]}, {}, ()),
    "no tool may be called": (LLAMA, {"tools": [{"type": "function"}], "tool_choice": "none"}, {}, ()),
    "theirs": (LLAMA, {"top_k": 5, "min_tokens": 3}, {"top_k": 5, "min_tokens": 3}, ()),
    "theirs, whole": (LLAMA, {"top_k": 5, "input": {"top_k": 6, "lora": "x"}}, {"top_k": 6, "lora": "x"}, ()),
    "nobody's": (LLAMA, {"user": "u", "metadata": {"a": "b"}, "zzz": 1}, {}, ("metadata", "user", "zzz")),
}


@pytest.mark.parametrize(("model", "asked", "sent", "dropped"), PARAMETERS.values(), ids=PARAMETERS)
def test_parameters(model: str, asked: Json, sent: Json, dropped: tuple[str, ...]) -> None:
    written = write(asked, model)
    assert (written.request, written.dropped) == ({"prompt": "hi", **sent}, dropped)


CALLED: Json = {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{}"}}]}
REFUSED: dict[str, tuple[str, Json, str, str]] = {
    "several answers": (LLAMA, {"n": 2}, "unsupported_parameter", "n"),
    "log probabilities": (LLAMA, {"logprobs": True}, "unsupported_parameter", "logprobs"),
    "bias": (LLAMA, {"logit_bias": {"1": 1}}, "unsupported_parameter", "logit_bias"),
    "spoken answers": (LLAMA, {"modalities": ["audio"]}, "unsupported_parameter", "modalities"),
    "tools": (OPENAI, {"tools": [{"type": "function", "function": {"name": "f"}}]}, "unsupported_parameter", "tools"),
    "tools of old": (OPENAI, {"functions": [{"name": "f"}]}, "unsupported_parameter", "functions"),
    "a schema": (OPENAI, {"response_format": {"type": "json_schema"}}, "unsupported_parameter", "response_format"),
    "calls of before": (OPENAI, {"messages": [HI, CALLED]}, "unsupported_parameter", "messages[1]"),
    "results": (OPENAI, {"messages": [{"role": "tool", "content": "x"}]}, "unsupported_parameter", "messages[0]"),
    "an image for the blind": (LLAMA, {"messages": [user(image())]}, "unsupported_parameter", "messages"),
    "more images than it takes": (
        CLAUDE, {"messages": [user(image(), image())]}, "unsupported_parameter", "messages"
    ),
    "an image that is neither": (
        OPENAI, {"messages": [user(image("cat"))]}, "invalid_request", "messages[0].content[0]"
    ),
    "an image without address": (OPENAI, {"messages": [user(image(1))]}, "invalid_request", "messages[0].content[0]"),
    "sound": (
        OPENAI, {"messages": [user({"type": "input_audio"})]}, "unsupported_parameter", "messages[0].content[0]"
    ),
    "text that is none": (
        OPENAI, {"messages": [user({"type": "text", "text": 1})]}, "invalid_request", "messages[0].content[0]"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("model", "asked", "code", "param"), REFUSED.values(), ids=REFUSED)
def test_what_would_change_the_meaning(model: str, asked: Json, code: str, param: str) -> None:
    assert refused(asked, model) == (code, param)


def test_embeddings_are_each_model_s_own_matter() -> None:
    body: Json = {"input": "a"}
    with pytest.raises(ApiError) as error:
        replicate.encode(call("embeddings", body=body), body, target())
    assert error.value.code == "no_capable_target"


@pytest.mark.parametrize("model", [LLAMA, OPENAI, REASONING, CLAUDE])
def test_every_input_is_json(model: str) -> None:
    """Encoded as it is, whatever the characters."""
    said = "né🙂\u2028\x00"
    assert write({"messages": [{"role": "user", "content": said}]}, model).request["prompt"] == said
