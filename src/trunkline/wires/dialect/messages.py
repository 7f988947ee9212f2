"""Messages of a request: deviations below `messages`. None of them changes the client's own."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from trunkline.types import Json

REASONING = ("reasoning_content", "reasoning", "reasoning_details")
SHORT_ID = re.compile(r"[a-zA-Z0-9]{9}")
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def developer_as_system(body: Json) -> str | None:
    """The role `developer` under the name it had before."""
    return _each(body, lambda m: {**m, "role": "system"} if m.get("role") == "developer" else m)


def reasoning_renamed(body: Json) -> str | None:
    """Reasoning of former turns goes back as `reasoning`."""

    def renamed(message: Json) -> Json:
        if "reasoning_content" not in message:
            return message
        kept = {key: value for key, value in message.items() if key != "reasoning_content"}
        return {"reasoning": message["reasoning_content"], **kept}

    return _each(body, renamed)


def reasoning_left_out(body: Json) -> str | None:
    """Reasoning of former turns stays here: it helps no next turn, and closed schemas refuse it."""

    def without(message: Json) -> Json:
        if not any(key in message for key in REASONING):
            return message
        return {key: value for key, value in message.items() if key not in REASONING}

    return _each(body, without)


def files_as_documents(body: Json) -> str | None:
    """A file's data as the `document_url` of a data URL."""

    def document(part: Json) -> Json:
        file = part.get("file") if part.get("type") == "file" else None
        data = file.get("file_data") if isinstance(file, dict) else None
        return {"type": "document_url", "document_url": data} if data else part

    return _each_part(body, document)


def audio_as_text(body: Json) -> str | None:
    """`input_audio` as its base64 text alone, without OpenAI's object around it."""

    def bare(part: Json) -> Json:
        audio = part.get("input_audio") if part.get("type") == "input_audio" else None
        return {**part, "input_audio": audio.get("data")} if isinstance(audio, dict) else part

    return _each_part(body, bare)


def short_tool_ids(body: Json) -> str | None:
    """Tool call ids of nine letters and digits; others are hashed to that, the same for a call and its result."""

    def short(message: Json) -> Json:
        if "tool_call_id" in message:
            return {**message, "tool_call_id": _short(message["tool_call_id"])}
        calls = message.get("tool_calls")
        if not isinstance(calls, list) or not all(isinstance(call, dict) for call in calls):
            return message  # for the provider to refuse
        return {**message, "tool_calls": [{**call, "id": _short(call.get("id"))} for call in calls]}

    return _each(body, short)


def _short(given: Any) -> Any:
    if not isinstance(given, str) or SHORT_ID.fullmatch(given):
        return given
    number = int.from_bytes(hashlib.sha256(given.encode()).digest()[:8], "big")
    return "".join(BASE62[number // 62**place % 62] for place in range(9))


def _each(body: Json, change: Callable[[Json], Json]) -> str | None:
    if "messages" in body:
        body["messages"] = [change(message) for message in body["messages"]]
    return None


def _each_part(body: Json, change: Callable[[Json], Json]) -> str | None:
    def changed(message: Json) -> Json:
        content = message.get("content")
        return {**message, "content": [change(part) for part in content]} if isinstance(content, list) else message

    return _each(body, changed)
