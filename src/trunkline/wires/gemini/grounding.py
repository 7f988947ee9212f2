"""What an answer is grounded on, as annotations.

https://ai.google.dev/gemini-api/docs/google-search#understanding_the_response
"""

from collections.abc import Iterator, Sequence
from typing import Any

from trunkline.types import Json


def annotations(grounding: Any, text: str, starts: Sequence[int]) -> list[Json]:
    """`starts`: the character of `text` at which each part of the answer began."""
    found = []
    for support in _objects(grounding, "groundingSupports"):
        segment = support.get("segment")
        place = _place(segment, text, starts) if isinstance(segment, dict) else None
        if place is not None:
            found += [_citation(source, place) for source in _sources(grounding, support)]
    return found


def _place(segment: Json, text: str, starts: Sequence[int]) -> tuple[int, int] | None:
    """Offsets are bytes of UTF-8 within a part; where they do not fit the words that stand beside them, the words
    count."""
    first, last, part = (_count(segment.get(name)) for name in ("startIndex", "endIndex", "partIndex"))
    words = segment.get("text")
    for base in (starts[part] if part < len(starts) else 0, 0):
        data = text[base:].encode()
        cited = data[first:last].decode("utf-8", "ignore")
        if last <= len(data) and (cited == words or not isinstance(words, str)):
            start = base + len(data[:first].decode("utf-8", "ignore"))
            return start, start + len(cited)
    at = text.find(words) if isinstance(words, str) and words else -1
    return (at, at + len(str(words))) if at >= 0 else None


def _sources(grounding: Json, support: Json) -> Iterator[Json]:
    """Pages and places; what stands in a document of the client's own has no address."""
    listed = grounding.get("groundingChunks")
    chunks = listed if isinstance(listed, list) else []
    indices = support.get("groundingChunkIndices")
    for index in indices if isinstance(indices, list) else ():
        chunk = chunks[index] if isinstance(index, int) and 0 <= index < len(chunks) else None
        for kind in ("web", "maps", "retrievedContext", "image"):
            source = chunk.get(kind) if isinstance(chunk, dict) else None
            uri = source.get("uri", source.get("sourceUri")) if isinstance(source, dict) else None
            if isinstance(source, dict) and isinstance(uri, str):
                yield {"url": uri, "title": source["title"] if isinstance(source.get("title"), str) else ""}


def _citation(source: Json, place: tuple[int, int]) -> Json:
    return {"type": "url_citation", "url_citation": {"start_index": place[0], "end_index": place[1], **source}}


def _objects(said: Any, name: str) -> Iterator[Json]:
    listed = said.get(name) if isinstance(said, dict) else None
    return (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else iter(())


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0
