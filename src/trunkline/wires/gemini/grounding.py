"""What an answer is grounded on, as annotations.

https://ai.google.dev/gemini-api/docs/google-search#understanding_the_response
"""

from collections.abc import Iterator, Sequence
from typing import Any

from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires.fields import as_list, as_object, as_objects
from trunkline.wires.tell import url_citation


def annotations(grounding: Any, text: str, starts: Sequence[int]) -> list[Json]:
    """`starts`: the character of `text` at which each part of the answer began."""
    found = []
    grounding = as_object(grounding)
    for support in as_objects(grounding.get("groundingSupports")):
        segment = support.get("segment")
        place = _place(segment, text, starts) if isinstance(segment, dict) else None
        if place is not None:
            found += [url_citation(*place, title, url) for title, url in _sources(grounding, support)]
    return found


def _place(segment: Json, text: str, starts: Sequence[int]) -> tuple[int, int] | None:
    """Offsets are bytes of UTF-8 within a part; where they do not fit the words that stand beside them, the words
    count."""
    first, last, part = (count(segment.get(name)) for name in ("startIndex", "endIndex", "partIndex"))
    words = segment.get("text")
    for base in (starts[part] if part < len(starts) else 0, 0):
        data = text[base:].encode()
        cited = data[first:last].decode("utf-8", "ignore")
        if last <= len(data) and (cited == words or not isinstance(words, str)):
            start = base + len(data[:first].decode("utf-8", "ignore"))
            return start, start + len(cited)
    at = text.find(words) if isinstance(words, str) and words else -1
    return (at, at + len(str(words))) if at >= 0 else None


def _sources(grounding: Json, support: Json) -> Iterator[tuple[Any, str]]:
    """Titles and addresses of pages and places; what stands in a document of the client's own has no address."""
    chunks = as_list(grounding.get("groundingChunks"))
    for index in as_list(support.get("groundingChunkIndices")):
        chunk = as_object(chunks[index]) if isinstance(index, int) and 0 <= index < len(chunks) else {}
        for kind in ("web", "maps", "retrievedContext", "image"):
            source = as_object(chunk.get(kind))
            uri = source.get("uri", source.get("sourceUri"))
            if isinstance(uri, str):
                yield source.get("title"), uri
