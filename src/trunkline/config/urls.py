"""Base URLs as people write them, to the one form that wires append their path to."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

SCHEMES = ("http", "https", "demo")
_VERSION = re.compile(r"v[0-9]+[a-z0-9]*")


def mend(url: str) -> tuple[str, tuple[str, ...]]:
    """The URL up to and with its version segment, without a slash at the end; and what had to be mended.

    Raises ValueError, without repeating the URL: it may hold a password.
    """
    if not re.fullmatch(r"[\x21-\x7e]+", url):
        raise ValueError("must be a URL without blanks and special characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError("is no URL: its host or port cannot be read") from error
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError("must be a URL with a host, such as https://example.com/v1")
    if port == 0 or parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must be a URL of host and path alone: a key belongs in api_key, other credentials in headers")
    segments, mended = _mend_path([segment for segment in parts.path.split("/") if segment])
    return "/".join([f"{parts.scheme}://{parts.netloc}", *segments]), mended


def _mend_path(segments: list[str]) -> tuple[list[str], tuple[str, ...]]:
    mended = []
    if segments[-2:] == ["chat", "completions"]:
        segments = segments[:-2]
        mended.append('"/chat/completions" is cut off: it is appended to every base URL')
    if len(segments) > 1 and segments[-1] == segments[-2] and _VERSION.fullmatch(segments[-1]):
        segments = segments[:-1]
        mended.append(f'a doubled "/{segments[-1]}" is cut off')
    if not any(_VERSION.fullmatch(segment) for segment in segments):
        segments = [*segments, "v1"]
        mended.append('has no version segment: "/v1" is appended')
    return segments, tuple(mended)


def is_loopback(host: str) -> bool:
    """Only this machine can reach it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
