"""Content parts: (part, what it becomes)."""

import pytest

from tests.wires.responses.support import write
from trunkline.types import Json

PNG, PDF = "data:image/png;base64,iVBORw0KGgo=", "data:application/pdf;base64,JVBERi0="
POINT = {"prompt_cache_breakpoint": {"mode": "explicit", "ttl": "30m"}}

ROWS: dict[str, tuple[Json, Json]] = {
    "text": ({"type": "text", "text": "a"}, {"type": "input_text", "text": "a"}),
    "a place for the cache": ({"type": "text", "text": "a", **POINT}, {"type": "input_text", "text": "a", **POINT}),
    "an image's URL": (
        {"type": "image_url", "image_url": {"url": "https://x/y.png", "detail": "low"}},
        {"type": "input_image", "image_url": "https://x/y.png", "detail": "low"},
    ),
    "an image's data": (
        {"type": "image_url", "image_url": {"url": PNG}},
        {"type": "input_image", "image_url": PNG, "detail": "auto"},
    ),
    "a bare URL": (
        {"type": "image_url", "image_url": PNG},
        {"type": "input_image", "image_url": PNG, "detail": "auto"},
    ),
    "a file": (
        {"type": "file", "file": {"file_data": PDF, "filename": "a.pdf"}},
        {"type": "input_file", "file_data": PDF, "filename": "a.pdf"},
    ),
    "a file in plain base64": (
        {"type": "file", "file": {"file_data": "JVBERi0="}},
        {"type": "input_file", "file_data": PDF},
    ),
    "an uploaded file": (
        {"type": "file", "file": {"file_id": "file-1", "filename": "a.pdf"}},
        {"type": "input_file", "file_id": "file-1"},
    ),
    "their own": (
        {"type": "input_file", "file_url": "https://x/y.pdf"},
        {"type": "input_file", "file_url": "https://x/y.pdf"},
    ),
}


@pytest.mark.parametrize(("part", "native"), ROWS.values(), ids=ROWS)
def test_parts(part: Json, native: Json) -> None:
    written = write({"messages": [{"role": "user", "content": [part]}]})
    assert written.request["input"] == [{"type": "message", "role": "user", "content": [native]}]
    assert written.dropped == ()
