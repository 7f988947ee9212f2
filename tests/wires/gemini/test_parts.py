"""Content parts: rows of (OpenAI's, Gemini's)."""

from typing import Any

import pytest

from tests.wires.gemini.support import BUDGET, LEVEL, OLD, contents, refused, write, written_for
from tests.wires.support import HI
from trunkline.types import Json
from trunkline.wires.gemini.dialect import VERTEX

PNG, WEB = "data:image/png;base64,AAAA", "https://x.test/a.webp?b=c"
GOOGLES = "https://generativelanguage.googleapis.com/v1beta/files/abc"


def image(url: Any, **more: Any) -> Json:
    return {"type": "image_url", "image_url": {"url": url, **more}}


def file(**given: Any) -> Json:
    return {"type": "file", "file": given}


def inline(kind: str, data: str = "AAAA") -> Json:
    return {"inlineData": {"mimeType": kind, "data": data}}


def held(uri: str, kind: str | None = None) -> Json:
    return {"fileData": {"fileUri": uri, **({"mimeType": kind} if kind else {})}}


PARTS: dict[str, tuple[Json, Json]] = {
    "text": ({"type": "text", "text": "a"}, {"text": "a"}),
    "a picture": (image(PNG), inline("image/png")),
    "a picture as a string": ({"type": "image_url", "image_url": PNG}, inline("image/png")),
    "blanks in base64": (image("data:image/png;base64,AA\n AA"), inline("image/png")),
    "percent signs": (image("data:image/PNG;charset=x;base64,AA%2BA"), inline("image/png", "AA+A")),
    "a picture by its address": (image(WEB), held(WEB, "image/webp")),
    "a picture of unknown kind": (image("https://x.test/a"), held("https://x.test/a", "image/jpeg")),
    "an address nobody can read": (image("https://[x"), held("https://[x", "image/jpeg")),
    "a picture that Google holds": (image(GOOGLES), held(GOOGLES)),
    "a film of YouTube's": ({"type": "video_url", "video_url": {"url": "https://www.youtube.com/watch?v=1"}},
                            held("https://www.youtube.com/watch?v=1")),
    "a film": ({"type": "video_url", "video_url": {"url": "https://x.test/a"}}, held("https://x.test/a", "video/mp4")),
    "a PDF": (file(file_data="data:application/pdf;base64,AAAA", filename="a.pdf"), inline("application/pdf")),
    "a bare PDF": (file(file_data="AAAA"), inline("application/pdf")),
    "bare data with a name": (file(file_data="AAAA", filename="a.CSV"), inline("text/csv")),
    "any file": (file(file_data="data:video/mp4;base64,AAAA"), inline("video/mp4")),
    "a file by its address": (file(file_data="https://x.test/a.pdf"), held("https://x.test/a.pdf", "application/pdf")),
    "an uploaded file": (file(file_id="files/abc"), held(GOOGLES)),
    "an uploaded file by its address": (file(file_id=GOOGLES), held(GOOGLES)),
    "sound": ({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}, inline("audio/wav")),
    "Gemini's own": ({"type": "x", "fileData": {"fileUri": "u"}, "videoMetadata": {"fps": 1}, "y": 1},
                     {"fileData": {"fileUri": "u"}, "videoMetadata": {"fps": 1}}),
}  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), PARTS.values(), ids=PARTS)
def test_parts(given: Json, wanted: Json) -> None:
    written = write({"messages": [{"role": "user", "content": [given]}]})
    assert written.request["contents"] == [{"role": "user", "parts": [wanted]}]
    assert written.dropped == ()


REFUSED: dict[str, tuple[Json, str]] = {
    "text that is none": ({"type": "text", "text": 1}, "invalid_request"),
    "a picture without an address": ({"type": "image_url"}, "invalid_request"),
    "an address of another kind": (image("ftp://x"), "invalid_request"),
    "data that is not base64": (image("data:image/png,x"), "invalid_request"),
    "a file without data": (file(), "invalid_request"),
    "a file of OpenAI's": (file(file_id="file-abc"), "unsupported_parameter"),
    "sound without a format": ({"type": "input_audio", "input_audio": {"data": "AAAA"}}, "invalid_request"),
    "a part nobody knows": ({"type": "smell"}, "unsupported_parameter"),
    "a part without a type": ({}, "unsupported_parameter"),
    "a bucket": (image("gs://bucket/a.png"), "invalid_request"),
}


@pytest.mark.parametrize(("given", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read(given: Json, code: str) -> None:
    assert refused({"messages": [{"role": "user", "content": [given]}]}) == (code, "messages[0].content[0]")


def test_a_model_that_fetches_nothing() -> None:
    body = {"messages": [{"role": "user", "content": [image(WEB)]}]}
    assert refused(body, OLD) == ("unsupported_parameter", "messages[0].content[0]")
    assert refused({"messages": [{"role": "user", "content": [image(GOOGLES)]}]}, OLD) is None


DETAILS: dict[str, tuple[str, str, Json, tuple[str, ...]]] = {
    "low": ("low", LEVEL, {"mediaResolution": {"level": "MEDIA_RESOLUTION_LOW"}}, ()),
    "high": ("high", LEVEL, {"mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}}, ()),
    "auto": ("auto", LEVEL, {}, ()),
    "unknown": ("x", LEVEL, {}, ("messages=trimmed",)),
    "an older model": ("low", BUDGET, {}, ("messages=trimmed",)),
}


@pytest.mark.parametrize(("detail", "model", "wanted", "dropped"), DETAILS.values(), ids=DETAILS)
def test_detail(detail: str, model: str, wanted: Json, dropped: tuple[str, ...]) -> None:
    written = write({"messages": [{"role": "user", "content": [image(PNG, detail=detail)]}]}, model)
    assert written.request["contents"][0]["parts"] == [{**inline("image/png"), **wanted}]
    assert written.dropped == dropped


def test_vertex_reads_from_buckets_and_holds_no_files() -> None:
    bucket = {"messages": [{"role": "user", "content": [file(file_id="gs://b/a.mp4")]}]}
    (turn,) = written_for(VERTEX, bucket).request["contents"]
    assert turn["parts"] == [held("gs://b/a.mp4", "video/mp4")]
    assert refused(bucket) == ("unsupported_parameter", "messages[0].content[0]")


def test_pictures_the_model_made_come_back() -> None:
    answer = {"role": "assistant", "content": "a", "images": [{"index": 0, **image(PNG)}]}
    assert contents(HI, answer)[1]["parts"] == [{"text": "a"}, inline("image/png")]
