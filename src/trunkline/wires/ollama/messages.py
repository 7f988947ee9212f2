"""The conversation: OpenAI's messages as Ollama's, whose content is one string with images beside it.

https://docs.ollama.com/api/chat
"""

import re
from typing import Any, NamedTuple
from urllib.parse import unquote

import orjson

from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.ollama.reasoning import thinking

# Templates know no `developer`.
ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant", "tool": "tool"}
DATA_URL = re.compile(r"data:([^,]*),(.*)", re.S)


class Content(NamedTuple):
    """Text, and pictures or sound as base64."""

    text: str
    images: list[str]


def converse(messages: list[Json], losses: Losses) -> list[Json]:
    """Raises ApiError for content that Ollama cannot take."""
    names: dict[str, str] = {}
    told = []
    for index, message in enumerate(messages):
        where = f"messages[{index}]"
        role = ROLES.get(message["role"])
        if role is None:
            why = f"Ollama knows no messages of role {message['role'][:40]!r}; use user, assistant or tool."
            raise unsupported(f"{where}.role", why)
        content = _content(message.get("content"), f"{where}.content", losses)
        images = {"images": content.images} if content.images else {}
        written: Json = {"role": role, "content": content.text, **images}
        if role == "assistant":
            written |= _assistant(message, where, names, losses)
        elif role == "tool":
            written |= _result(message, names)
        elif message.get("name"):
            losses.add("messages", "trimmed")
        told.append(written)
    return told


def _assistant(message: Json, where: str, names: dict[str, str], losses: Losses) -> Json:
    """Thinking and tool calls; `names` learns which tool each call was of."""
    calls = message.get("tool_calls")
    written = [
        _call(call, f"{where}.tool_calls[{i}]") for i, call in enumerate(calls if isinstance(calls, list) else ())
    ]
    names |= {call["id"]: call["function"]["name"] for call in written if "id" in call}
    thought = thinking(message, losses)
    return ({"thinking": thought} if thought else {}) | ({"tool_calls": written} if written else {})


def _call(call: Any, where: str) -> Json:
    call = call if isinstance(call, dict) else {}
    if isinstance(call.get("custom"), dict):
        custom = call["custom"]
        name, arguments = custom.get("name"), {"input": custom.get("input", "")}
    else:
        function = call["function"] if isinstance(call.get("function"), dict) else {}
        name, arguments = function.get("name"), _arguments(function.get("arguments"), where)
    if not isinstance(name, str):
        raise invalid(where, "a tool call needs a `function` with a `name`")
    identity = {"id": call["id"]} if isinstance(call.get("id"), str) else {}
    return {**identity, "function": {"name": name, "arguments": arguments}}


def _arguments(said: Any, where: str) -> Json:
    """As the object that Ollama wants; blank ones are an empty object."""
    if isinstance(said, str):
        try:
            said = orjson.loads(said) if said.strip() else {}
        except orjson.JSONDecodeError:
            raise invalid(f"{where}.function.arguments", "is not valid JSON") from None
    said = {} if said is None else said
    if not isinstance(said, dict):
        raise invalid(f"{where}.function.arguments", "must be a JSON object")
    return said


def _result(message: Json, names: dict[str, str]) -> Json:
    """Templates name the tool, newer ones the call."""
    identity = message.get("tool_call_id")
    name = names.get(identity) if isinstance(identity, str) else None
    name = name or message.get("name")
    named = {"tool_name": name} if isinstance(name, str) else {}
    return {**named, **({"tool_call_id": identity} if isinstance(identity, str) else {})}


def _content(content: Any, where: str, losses: Losses) -> Content:
    if not isinstance(content, list):
        return Content(content if isinstance(content, str) else "", [])
    texts: list[str] = []
    images: list[str] = []
    for index, part in enumerate(content):
        at, kind = f"{where}[{index}]", part.get("type")
        if kind in ("text", "refusal"):
            texts.append(_text(part.get("text", part.get("refusal", "")), at))
        elif kind == "image_url":
            images.append(_image(part.get("image_url"), at, losses))
        elif kind == "input_audio":
            images.append(_audio(part.get("input_audio"), at))
        else:
            raise unsupported(at, f"Ollama cannot read a part of type {str(kind)[:40]!r} (`{at}`).")
    return Content("\n".join(texts), images)


def _text(text: Any, where: str) -> str:
    if not isinstance(text, str):
        raise invalid(where, "`text` must be a string")
    return text


def _image(given: Any, where: str, losses: Losses) -> str:
    image: Json = given if isinstance(given, dict) else {"url": given}
    url = image.get("url")
    if not isinstance(url, str):
        raise invalid(where, "`image_url.url` must be a URL")
    if image.get("detail", "auto") != "auto":
        losses.add("messages", "trimmed")
    if url[:8].lower().startswith(("http://", "https://")):
        raise unsupported(where, f"Ollama takes no images by URL (`{where}`): send the image itself, as a data URL.")
    match = DATA_URL.match(url)
    if match is None or not match[1].lower().endswith(";base64"):
        raise invalid(where, "must be a data URL in base64")
    return "".join(unquote(match[2]).split())


def _audio(given: Any, where: str) -> str:
    """Sound goes where images go, as Ollama's own `/v1` does it."""
    data = given.get("data") if isinstance(given, dict) else None
    if not isinstance(data, str):
        raise invalid(where, "`input_audio.data` must be base64")
    return data


def invalid(where: str, complaint: str) -> ApiError:
    return ApiError("invalid_request", f"`{where}`: {complaint}.", param=where, should_retry=False)
