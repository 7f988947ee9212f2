"""Content parts: (part, block), and those that are refused."""

from base64 import b64encode

import pytest

from tests.wires.anthropic.support import refused, turns, write
from trunkline.types import Json

PNG = b64encode(b"\x89PNG\r\n\x1a\n----").decode()
PDF = b64encode(b"%PDF-1.4").decode()
TEXT = b64encode("né".encode()).decode()


def image(url: str, **rest: str) -> Json:
    return {"type": "image_url", "image_url": {"url": url, **rest}}


def file(**fields: str) -> Json:
    return {"type": "file", "file": fields}


def source(kind: str, media_type: str, data: str) -> Json:
    return {"type": kind, "source": {"type": "base64", "media_type": media_type, "data": data}}


ROWS: dict[str, tuple[Json, Json]] = {
    "image by URL": (image("https://x/y"), {"type": "image", "source": {"type": "url", "url": "https://x/y"}}),
    "image as a bare string": (
        {"type": "image_url", "image_url": "https://x/y"},
        {"type": "image", "source": {"type": "url", "url": "https://x/y"}},
    ),
    "image by data": (image(f"data:image/png;base64,{PNG}"), source("image", "image/png", PNG)),
    "image of another type than it says": (image(f"data:image/jpeg;base64,{PNG}"), source("image", "image/png", PNG)),
    "image with parameters": (image(f"data:image/png;x=y;base64,{PNG}"), source("image", "image/png", PNG)),
    "image in quoted base64": (
        image(f"data:image/png;base64,{PNG.replace('=', '%3D').replace('+', '%2B')}"),
        source("image", "image/png", PNG),
    ),
    "PDF": (
        file(file_data=f"data:application/pdf;base64,{PDF}", filename="a.pdf"),
        {**source("document", "application/pdf", PDF), "title": "a.pdf"},
    ),
    "PDF without a data URL": (file(file_data=PDF), source("document", "application/pdf", PDF)),
    "text file": (
        file(file_data=f"data:text/markdown;base64,{TEXT}"),
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "né"}},
    ),
    "image file": (file(file_data=f"data:image/png;base64,{PNG}"), source("image", "image/png", PNG)),
    "a file of theirs": (
        file(file_id="file_011"),
        {"type": "document", "source": {"type": "file", "file_id": "file_011"}},
    ),
    "a block of theirs": (source("document", "application/pdf", PDF), source("document", "application/pdf", PDF)),
}


@pytest.mark.parametrize(("part", "block"), ROWS.values(), ids=ROWS)
def test_a_part(part: Json, block: Json) -> None:
    assert turns({"role": "user", "content": [part]}) == [{"role": "user", "content": [block]}]


def test_a_file_of_theirs_needs_a_beta() -> None:
    headers = write({"messages": [{"role": "user", "content": [file(file_id="file_011")]}]}).headers
    assert headers["anthropic-beta"] == "files-api-2025-04-14"


WHERE = "messages[0].content[0]"
UNSUPPORTED, INVALID = ("unsupported_parameter", WHERE), ("invalid_request", WHERE)
REFUSED = {
    "audio": ({"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}, UNSUPPORTED),
    "a file of OpenAI": (file(file_id="file-abc"), UNSUPPORTED),
    "video": ({"type": "video_url", "video_url": {"url": "https://x/y"}}, UNSUPPORTED),
    "no type": ({}, UNSUPPORTED),
    "a spreadsheet": (file(file_data="data:application/vnd.ms-excel;base64,AA=="), UNSUPPORTED),
    "another scheme": (image("ftp://x/y"), INVALID),
    "no base64": (image("data:image/svg+xml,<svg/>"), INVALID),
    "no URL": ({"type": "image_url", "image_url": {}}, INVALID),
    "an empty file": (file(), INVALID),
    "broken base64": (file(file_data="data:text/plain;base64,A"), INVALID),
    "text that is none": ({"type": "text", "text": 1}, INVALID),
}


@pytest.mark.parametrize(("part", "error"), REFUSED.values(), ids=REFUSED)
def test_a_part_that_is_refused(part: Json, error: tuple[str, str]) -> None:
    assert refused({"messages": [{"role": "user", "content": [part]}]}) == error


MESSAGES = {
    "role function": ({"role": "function", "name": "f", "content": "x"}, ("unsupported_parameter", "messages[0].role")),
    "arguments": (
        {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{"}}]},
        ("invalid_request", "messages[0].tool_calls[0].function.arguments"),
    ),
    "arguments of another type": (
        {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "[]"}}]},
        ("invalid_request", "messages[0].tool_calls[0].function.arguments"),
    ),
    "a call without a name": (
        {"role": "assistant", "tool_calls": [{"id": "1"}]},
        ("invalid_request", "messages[0].tool_calls[0]"),
    ),
}


@pytest.mark.parametrize(("message", "error"), MESSAGES.values(), ids=MESSAGES)
def test_a_message_that_is_refused(message: Json, error: tuple[str, str]) -> None:
    assert refused({"messages": [message]}) == error
