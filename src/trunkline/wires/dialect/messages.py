"""Messages of a request: deviations below `messages`. None of them changes the client's own."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from trunkline.types import Json

REASONING = ("reasoning_content", "reasoning", "reasoning_details", "extra_content")
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
    """Reasoning of former turns stays here: it helps no next turn, and closed schemas refuse it. So do the signatures
    that Google's models put beside it: https://ai.google.dev/gemini-api/docs/thought-signatures#openai"""

    def without(message: Json) -> Json:
        if any(key in message for key in REASONING):
            message = {key: value for key, value in message.items() if key not in REASONING}
        calls = message.get("tool_calls")
        signed = isinstance(calls, list) and any(isinstance(call, dict) and "extra_content" in call for call in calls)
        return {**message, "tool_calls": [_unsigned(call) for call in message["tool_calls"]]} if signed else message

    return _each(body, without)


def _unsigned(call: Any) -> Any:
    return {k: v for k, v in call.items() if k != "extra_content"} if isinstance(call, dict) else call


def thinking_off_where_lost(body: Json) -> str | None:
    """Where a client lost the reasoning of a turn with tool calls, which must come back: without thinking it need
    not."""
    called = [message for message in body.get("messages", ()) if message.get("tool_calls")]
    if all(message.get("reasoning_content") for message in called):
        return None
    body.pop("reasoning_effort", None)
    body["thinking"] = {"type": "disabled"}
    return "reasoning_effort=none"


def details_of_reasoning(body: Json) -> str | None:
    """`reasoning_details` hold here what messages have no word for; a provider that has the list itself knows only
    entries that are reasoning."""

    def known(message: Json) -> Json:
        details = message.get("reasoning_details")
        if not isinstance(details, list):
            return message
        kept = [entry for entry in details if isinstance(entry, dict) and _is_reasoning(entry)]
        return {**message, "reasoning_details": kept}

    return _each(body, known)


def _is_reasoning(entry: Json) -> bool:
    return str(entry.get("type", "reasoning.")).startswith("reasoning.")


def text_joined(body: Json) -> str | None:
    """Text in parts as one string, but for the user's."""

    def joined(message: Json) -> Json:
        parts = message.get("content")
        if message.get("role") == "user" or not isinstance(parts, list):
            return message
        texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"]
        whole = len(texts) == len(parts) and all(isinstance(text, str) for text in texts)
        return {**message, "content": "".join(map(str, texts))} if whole else message

    return _each(body, joined)


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
