"""Content parts: (part, block), and names of documents."""

from typing import Any

import pytest

from tests.wires.bedrock.support import CLAUDE, NOVA_2, PDF, PNG, refused, turns, write
from tests.wires.support import HI
from trunkline.types import Json

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT: Json = {"type": "text", "text": "a"}


def image(url: Any, **more: Any) -> Json:
    return {"type": "image_url", "image_url": {"url": url, **more}}


def file(data: Any, name: str | None = None) -> Json:
    return {"type": "file", "file": {"file_data": data, **({"filename": name} if name is not None else {})}}


def document(format_: str, data: str = "YQ==", name: str = "document") -> Json:
    return {"document": {"format": format_, "name": name, "source": {"bytes": data}}}


def picture(format_: str, data: str = "YQ==") -> Json:
    return {"image": {"format": format_, "source": {"bytes": data}}}


ROWS: dict[str, tuple[Json, Json]] = {
    "an image": (image(PNG), picture("png", "iVBORw0KGgo=")),
    "an image as a string": ({"type": "image_url", "image_url": PNG}, picture("png", "iVBORw0KGgo=")),
    "an image by its bytes": (image("data:image/jpeg;base64,iVBORw0KGgo="), picture("png", "iVBORw0KGgo=")),
    "an image by its type": (image("data:IMAGE/JPG;base64,YQ=="), picture("jpeg")),
    "an image with breaks": (image("data:image/gif;base64,YQ\n=="), picture("gif")),
    "an image in escapes": (image("data:image/webp;base64,YQ%3D%3D"), picture("webp")),
    "a PDF": (file(PDF, "a.pdf"), document("pdf", "JVBERi0=", "a")),
    "a PDF without a word": (file("JVBERi0="), document("pdf", "JVBERi0=")),
    "plain base64 by its name": (file("YQ==", "a.md"), document("md", name="a")),
    "a document of Word": (file(f"data:{WORD};base64,YQ==", "a.docx"), document("docx", name="a")),
    "a table": (file("data:text/csv;base64,YQ=="), document("csv")),
    "bytes by their name": (file("data:application/octet-stream;base64,YQ==", "a.XLSX"), document("xlsx", name="a")),
    "text of some kind": (file("data:text/x-python;base64,YQ==", "a.py"), document("txt", name="a")),
    "an image as a file": (file("data:image/png;base64,YQ=="), picture("png")),
    "a video": (
        {"type": "video_url", "video_url": {"url": "data:video/quicktime;base64,YQ=="}},
        {"video": {"format": "mov", "source": {"bytes": "YQ=="}}},
    ),
    "Converse's own": (
        {"document": {"name": "a", "source": {"text": "t"}, "citations": {"enabled": True}}},
        {"document": {"name": "a", "source": {"text": "t"}, "citations": {"enabled": True}}},
    ),
    "a refusal": ({"type": "refusal", "refusal": "no"}, {"text": "no"}),
}


@pytest.mark.parametrize(("part", "block"), ROWS.values(), ids=ROWS)
def test_a_part(part: Json, block: Json) -> None:
    assert turns({"role": "user", "content": [TEXT, part]}) == [{"role": "user", "content": [{"text": "a"}, block]}]


def test_a_sound() -> None:
    part = {"type": "input_audio", "input_audio": {"data": "YQ==", "format": "wav"}}
    message = {"role": "user", "content": [part]}
    (turn,) = turns(message, model=NOVA_2)
    assert turn["content"] == [{"audio": {"format": "wav", "source": {"bytes": "YQ=="}}}]
    assert refused({"messages": [message]}, CLAUDE) == ("unsupported_parameter", "messages[0].content[0]")


UNSUPPORTED: dict[str, Json] = {
    "an image by URL": image("https://x/y.png"),
    "a file by URL": file("https://x/y.pdf"),
    "a video by URL": {"type": "video_url", "video_url": {"url": "http://x/y.mp4"}},
    "a file elsewhere": {"type": "file", "file": {"file_id": "file-1"}},
    "an image of another kind": image("data:image/bmp;base64,YQ=="),
    "a file of another kind": file("data:application/zip;base64,YQ==", "a.zip"),
    "a video of another kind": {"type": "video_url", "video_url": {"url": "data:video/ogg;base64,YQ=="}},
    "a part nobody knows": {"type": "x"},
}
INVALID: dict[str, Json] = {
    "no URL": image(None),
    "an image that is no data URL": image("x"),
    "an image that is not in base64": image("data:image/png,a"),
    "no file": {"type": "file", "file": {}},
    "text that is none": {"type": "text", "text": 1},
}


@pytest.mark.parametrize("part", UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_what_has_no_block(part: Json) -> None:
    assert refused({"messages": [{"role": "user", "content": [TEXT, part]}]}) == (
        "unsupported_parameter",
        "messages[0].content[1]",
    )


@pytest.mark.parametrize("part", INVALID.values(), ids=INVALID)
def test_what_is_no_part(part: Json) -> None:
    assert refused({"messages": [{"role": "user", "content": [TEXT, part]}]}) == (
        "invalid_request",
        "messages[0].content[1]",
    )


NAMES: dict[str, str] = {
    "report_v1.2.pdf": "report v1 2",
    "a  b.pdf": "a b",
    "a-(b)[c].pdf": "a-(b)[c]",
    "né.pdf": "n",
    "…": "document",
    ".pdf": "pdf",
    "": "document",
    "x" * 300: "x" * 192,
}


@pytest.mark.parametrize(("given", "wanted"), NAMES.items(), ids=NAMES)
def test_names(given: str, wanted: str) -> None:
    (turn,) = turns({"role": "user", "content": [TEXT, file(PDF, given)]})
    assert turn["content"][1]["document"]["name"] == wanted


def test_no_name_twice() -> None:
    """In one request, wherever it stands."""
    result = {"role": "tool", "tool_call_id": "1", "content": [file(PDF, "a.b.pdf")]}
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": [TEXT, file(PDF, "a_b.pdf"), file(PDF, "a b.pdf")]},
        {"role": "assistant", "tool_calls": [call]},
        result,
    ]
    first, _, last = turns(*messages)
    names = [block["document"]["name"] for block in first["content"][1:]]
    names.append(last["content"][0]["toolResult"]["content"][0]["document"]["name"])
    assert names == ["a b", "a b (2)", "a b (3)"]


def test_detail_is_lost() -> None:
    assert write({"messages": [{"role": "user", "content": [image(PNG, detail="low")]}]}).dropped == (
        "messages=trimmed",
    )
    assert write({"messages": [HI, {"role": "user", "content": [image(PNG, detail="auto")]}]}).dropped == ()
