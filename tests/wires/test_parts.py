"""Content parts as every wire reads them: rows of (what a client wrote, what is read, or the parameter of the 400)."""

from base64 import b64encode

import pytest

from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.loss import Losses
from trunkline.wires.parts import Data, data_in, data_url, image_in, is_web, link_in, text_in

PNG = b64encode(b"\x89PNG\r\n\x1a\n rest").decode()

DATA = {
    "plain": ("data:image/png;base64,AAAA", Data("image/png", "AAAA")),
    "with parameters": ("data:text/plain;charset=utf-8;base64,AAAA", Data("text/plain", "AAAA")),
    "in capitals": ("data:IMAGE/PNG;BASE64,AAAA", Data("image/png", "AAAA")),
    "without a type": ("data:;base64,AAAA", Data("text/plain", "AAAA")),
    "in lines": ("data:image/png;base64,AA\r\nAA", Data("image/png", "AAAA")),
    "percent-encoded": ("data:image/png;base64,AA%2BA", Data("image/png", "AA+A")),
}


@pytest.mark.parametrize(("url", "data"), DATA.values(), ids=DATA)
def test_data_urls(url: str, data: Data) -> None:
    assert data_in(url, "here") == data


@pytest.mark.parametrize("url", ["https://x/a.png", "data:image/png,AAAA", "data:", "", None, 5, ["data:;base64,AA"]])
def test_what_is_no_data_url(url: object) -> None:
    with pytest.raises(ApiError, match="data URL") as refused:
        data_in(url, "messages[0]")
    assert (refused.value.status, refused.value.param) == (400, "messages[0]")


def test_an_image_is_what_its_first_bytes_say() -> None:
    assert Data("image/jpeg", PNG).sniffed == "image/png"
    assert Data("image/tiff", "AAAA").sniffed == "image/tiff"
    assert Data("image/tiff", "A").sniffed == "image/tiff"
    assert Data("image/png", PNG).decoded("here").startswith(b"\x89PNG")
    with pytest.raises(ApiError, match="base64"):
        Data("image/png", "A").decoded("here")


@pytest.mark.parametrize(
    ("part", "link"),
    [
        ({"image_url": {"url": "u", "detail": "low"}}, ("u", {"url": "u", "detail": "low"})),
        ({"image_url": "u"}, ("u", {"url": "u"})),
    ],
)
def test_links(part: Json, link: tuple[str, Json]) -> None:
    assert link_in(part, "image_url", "here") == link


@pytest.mark.parametrize("part", [{}, {"image_url": None}, {"image_url": {"url": 5}}, {"image_url": []}])
def test_no_links(part: Json) -> None:
    with pytest.raises(ApiError, match=r"image_url\.url"):
        link_in(part, "image_url", "here")


def test_a_detail_that_is_lost_is_named() -> None:
    for detail, names in (("auto", ()), ("high", ("messages=trimmed",))):
        losses = Losses()
        image_in({"image_url": {"url": "u", "detail": detail}}, "here", losses)
        assert losses.names == names


def test_texts_and_files() -> None:
    assert [text_in(part, "here") for part in ({"text": "a"}, {"refusal": "b"}, {})] == ["a", "b", ""]
    with pytest.raises(ApiError, match="must be a string"):
        text_in({"text": 5}, "here")
    assert data_url("AAAA") == "data:application/pdf;base64,AAAA"
    assert data_url("data:x;base64,AAAA") == "data:x;base64,AAAA"
    assert [is_web(url) for url in ("https://a", "HTTP://a", "data:a", "gs://a", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]
