"""What an answer is grounded on: offsets are bytes there, characters here."""

from typing import Any

import pytest

from tests.wires.gemini.support import folded, message, said
from trunkline.types import Json

TEXT = "né🙂 ja. Nein."


def segment(words: str | None, start: int = 0, end: int = 0, **more: Any) -> Json:
    given = {"startIndex": start, "endIndex": end, **({"text": words} if words is not None else {}), **more}
    return {name: value for name, value in given.items() if value}


def grounded(*segments: Any, indices: Any = (0,), chunks: Any = ({"web": {"uri": "https://x", "title": "t"}},)) -> Json:
    supports = [{"segment": one, "groundingChunkIndices": list(indices)} for one in segments]
    return {"groundingChunks": list(chunks), "groundingSupports": supports}


def byte(place: int) -> int:
    return len(TEXT[:place].encode())


SEGMENTS: dict[str, tuple[Json, tuple[int, int] | None]] = {
    "from the start": (segment("né🙂", 0, byte(3)), (0, 3)),
    "after wide characters": (segment("ja.", byte(4), byte(7)), (4, 7)),
    "without its words": (segment(None, byte(4), byte(7)), (4, 7)),
    "offsets that are wrong": (segment("Nein", 1, 3), (8, 12)),
    "offsets beyond the text": (segment(None, 90, 99), None),
    "words that are not there": (segment("Doch", 1, 3), None),
    "a part that is not there": (segment("ja.", byte(4), byte(7), partIndex=7), (4, 7)),
}


@pytest.mark.parametrize(("given", "wanted"), SEGMENTS.values(), ids=SEGMENTS)
@pytest.mark.parametrize("tell", [message, folded])
def test_segments(tell: Any, given: Json, wanted: tuple[int, int] | None) -> None:
    notes = tell(said({"text": TEXT}, groundingMetadata=grounded(given))).get("annotations", [])
    found = [(note["url_citation"]["start_index"], note["url_citation"]["end_index"]) for note in notes]
    assert found == ([wanted] if wanted else [])


def test_a_segment_of_a_later_part() -> None:
    answer = said({"text": "ja "}, {"text": "ja"}, groundingMetadata=grounded(segment("ja", 0, 2, partIndex=1)))
    (note,) = message(answer)["annotations"]
    assert note == {
        "type": "url_citation",
        "url_citation": {"start_index": 3, "end_index": 5, "url": "https://x", "title": "t"},
    }


def test_which_of_two_equal_words() -> None:
    first, second = (
        said({"text": "é ja ja"}, groundingMetadata=grounded(segment("ja", 6, 8))),
        said({"text": "é ja ja"}),
    )
    second["candidates"][0]["groundingMetadata"] = grounded(segment("ja", 3, 5))
    notes = [message(answer)["annotations"][0]["url_citation"]["start_index"] for answer in (first, second)]
    assert notes == [5, 2]


def test_segments_of_a_text_in_pieces() -> None:
    first, second = (said({"text": TEXT[:5]}, finish=None), said({"text": TEXT[5:]}))
    second["candidates"][0]["groundingMetadata"] = grounded(segment("ja.", byte(4), byte(7)))
    (note,) = folded(first, second)["annotations"]
    assert (note["url_citation"]["start_index"], note["url_citation"]["end_index"]) == (4, 7)


SOURCES: dict[str, tuple[Any, Any, list[tuple[str, str]]]] = {
    "two pages": ((0, 1), ({"web": {"uri": "a", "title": "A"}}, {"web": {"uri": "b"}}), [("a", "A"), ("b", "")]),
    "a place": ((0,), ({"maps": {"uri": "a", "title": "A"}},), [("a", "A")]),
    "a page that is not there": ((3, -1, "x"), ({"web": {"uri": "a"}},), []),
    "a document without address": ((0,), ({"retrievedContext": {"title": "A"}},), []),
    "pages that are none": ((0, 1), ("x", {"web": 1}), []),
}


@pytest.mark.parametrize(("indices", "chunks", "wanted"), SOURCES.values(), ids=SOURCES)
def test_sources(indices: Any, chunks: Any, wanted: list[tuple[str, str]]) -> None:
    metadata = grounded(segment("ja.", byte(4), byte(7)), indices=indices, chunks=chunks)
    notes = message(said({"text": TEXT}, groundingMetadata=metadata)).get("annotations", [])
    assert [(note["url_citation"]["url"], note["url_citation"]["title"]) for note in notes] == wanted


def test_all_of_it_is_told_besides() -> None:
    """What must be shown with the answer, and what was searched for."""
    metadata = {**grounded(), "searchEntryPoint": {"renderedContent": "<b>"}, "webSearchQueries": ["q"]}
    told = message(said({"text": TEXT}, groundingMetadata=metadata))
    assert told["extra_content"] == {"google": {"groundingMetadata": metadata}}
    assert "annotations" not in told
