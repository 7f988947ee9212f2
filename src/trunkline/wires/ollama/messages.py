"""The conversation: OpenAI's messages as Ollama's, whose content is one string with images beside it.

https://docs.ollama.com/api/chat
"""

from typing import Any, NamedTuple

from trunkline.types import Json
from trunkline.wires.fields import as_object, as_text, each
from trunkline.wires.loss import Losses, invalid, unsupported
from trunkline.wires.ollama.reasoning import thinking
from trunkline.wires.parts import data_in, image_in, is_web, text_in
from trunkline.wires.tools import read_call
from trunkline.wires.turns import unknown

# Templates know no `developer`.
ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant", "tool": "tool"}


class Content(NamedTuple):
    """Text, and pictures or sound as base64."""

    text: str
    images: list[str]


def converse(messages: list[Json], losses: Losses) -> list[Json]:
    """Raises ApiError for content that Ollama cannot take."""
    names: dict[str, str] = {}
    told = []
    for message, where in each(messages, "messages"):
        role = ROLES.get(message["role"])
        if role is None:
            raise unknown(message["role"], where)
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
    written = [_call(call, at) for call, at in each(message.get("tool_calls"), f"{where}.tool_calls")]
    names |= {call["id"]: call["function"]["name"] for call in written if "id" in call}
    thought = thinking(message, losses)
    return ({"thinking": thought} if thought else {}) | ({"tool_calls": written} if written else {})


def _call(call: Any, where: str) -> Json:
    name, arguments = read_call(call, where)
    identity = as_object(call).get("id")
    return {
        **({"id": identity} if isinstance(identity, str) else {}),
        "function": {"name": name, "arguments": arguments},
    }


def _result(message: Json, names: dict[str, str]) -> Json:
    """Templates name the tool, newer ones the call."""
    identity = message.get("tool_call_id")
    name = names.get(identity) if isinstance(identity, str) else None
    name = name or message.get("name")
    named = {"tool_name": name} if isinstance(name, str) else {}
    return {**named, **({"tool_call_id": identity} if isinstance(identity, str) else {})}


def _content(content: Any, where: str, losses: Losses) -> Content:
    if not isinstance(content, list):
        return Content(as_text(content), [])
    texts: list[str] = []
    images: list[str] = []
    for part, at in each(content, where):
        kind = part.get("type")
        if kind in ("text", "refusal"):
            texts.append(text_in(part, at))
        elif kind == "image_url":
            images.append(_image(part, at, losses))
        elif kind == "input_audio":
            images.append(_audio(part, at))
        else:
            raise unsupported(at, f"Ollama cannot read a part of type {str(kind)[:40]!r} (`{at}`).")
    return Content("\n".join(texts), images)


def _image(part: Json, where: str, losses: Losses) -> str:
    url = image_in(part, where, losses)
    if is_web(url):
        raise unsupported(where, f"Ollama takes no images by URL (`{where}`): send the image itself, as a data URL.")
    return data_in(url, where).data


def _audio(part: Json, where: str) -> str:
    """Sound goes where images go, as Ollama's own `/v1` does it."""
    data = as_object(part.get("input_audio")).get("data")
    if not isinstance(data, str):
        raise invalid(where, "`input_audio.data` must be base64")
    return data
