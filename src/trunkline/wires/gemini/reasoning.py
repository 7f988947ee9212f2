"""Thought signatures as `reasoning_details`, and back: they stand on parts, and must return on the same ones.

https://ai.google.dev/gemini-api/docs/thought-signatures
"""

from typing import NamedTuple

from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires.fields import as_object, as_objects, as_text

FORMAT = "google-gemini-v1"  # OpenRouter's name for it, so that entries from there fit too
FRAME = frozenset({"type", "format", "index", "id", "position"})
# Google's word for a history that it did not write itself: accepted, at a cost in quality.
UNSIGNED = "skip_thought_signature_validator"


class Anchor(NamedTuple):
    """Where something of a former answer stood: after so many characters of text and so many calls.

    part     what goes there as it is; of a signed piece of text, what it has beside its `length` characters
    """

    calls: int
    text: int
    length: int
    part: Json


class Signatures(NamedTuple):
    """What comes back with a message. `calls` and `images` by id and by position; `foreign`: there was reasoning of
    another vendor, which is nothing to Gemini."""

    calls: dict[str, str]
    images: dict[int, str]
    anchors: list[Anchor]
    foreign: bool


def of_call(signature: str, identity: str, index: int) -> Json:
    return {"type": "reasoning.encrypted", "data": signature, "format": FORMAT, "id": identity, "index": index}


def of_image(signature: str, image: int, index: int) -> Json:
    place = {"position": {"image": image}}
    return {"type": "reasoning.encrypted", "data": signature, "format": FORMAT, "index": index, **place}


def of_text(signature: str, length: int, index: int, position: Json) -> Json:
    """The entry of a signed piece of text, which may be empty."""
    place = {"position": {**position, "length": length}}
    return {"type": "reasoning.encrypted", "data": signature, "format": FORMAT, "index": index, **place}


def of_thought(signature: str, text: str, index: int, position: Json) -> Json:
    said = {"text": text, "signature": signature}
    return {"type": "reasoning.text", **said, "format": FORMAT, "index": index, "position": position}


def signatures(message: Json) -> Signatures:
    """Of an assistant message that came back. Thoughts without a signature need not return."""
    found = Signatures({}, {}, _kept(message), False)
    foreign = False
    for entry in as_objects(message.get("reasoning_details")):
        if entry.get("format") == FORMAT:
            _sort(entry, found)
        else:
            foreign = foreign or any(value for name, value in entry.items() if name not in FRAME)
    return found._replace(anchors=sorted(found.anchors, key=lambda anchor: anchor[:2]), foreign=foreign)


def _sort(entry: Json, found: Signatures) -> None:
    at = as_object(entry.get("position"))
    signature = entry.get("signature") if entry.get("type") == "reasoning.text" else entry.get("data")
    if not isinstance(signature, str) or not signature:
        return
    if isinstance(entry.get("id"), str):
        found.calls.setdefault(entry["id"], signature)
    elif isinstance(at.get("image"), int):
        found.images.setdefault(at["image"], signature)
    elif entry.get("type") == "reasoning.text" and isinstance(entry.get("text"), str):
        part = {"text": entry["text"], "thought": True, "thoughtSignature": signature}
        found.anchors.append(Anchor(count(at.get("calls")), count(at.get("text")), 0, part))
    elif "length" in at:
        place = (count(at.get("calls")), count(at.get("text")), count(at["length"]))
        found.anchors.append(Anchor(*place, {"thoughtSignature": signature}))


def _kept(message: Json) -> list[Anchor]:
    """Parts that OpenAI's message has no place for: code that Google ran, calls of its own tools."""
    return [
        Anchor(count(kept.get("calls")), count(kept.get("text")), 0, kept["part"])
        for kept in as_objects(google(message).get("parts"))
        if isinstance(kept.get("part"), dict)
    ]


def google(said: Json) -> Json:
    """Google's own extension of a message or of a tool call."""
    return as_object(as_object(said.get("extra_content")).get("google"))


def signature_of_call(call: Json, found: Signatures) -> str | None:
    return as_text(google(call).get("thought_signature")) or found.calls.get(str(call.get("id")))
