"""Base URLs as people write them, to the one form that wires append their path to."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

SCHEMES = ("http", "https", "demo")
VERSION = "v1"
_VERSION = re.compile(r"v[0-9]+[a-z0-9]*")


def mend(url: str, ending: str = VERSION) -> tuple[str, tuple[str, ...]]:
    """The URL up to and with its version segment, without a slash at the end; and what had to be mended.

    `ending` is appended where no version segment is there; only the usual one is worth a word.

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
    segments, mended = _mend_path([segment for segment in parts.path.split("/") if segment], ending)
    return "/".join([f"{parts.scheme}://{parts.netloc}", *segments]), mended


def root(url: str) -> tuple[str, tuple[str, ...]]:
    """The same for a wire that appends version and path itself: the URL without them.

    Raises ValueError as `mend` does.
    """
    whole, mended = mend(url, "")
    whole = whole.removesuffix("/messages") if has_version(whole.removesuffix("/messages")) else whole
    if not has_version(whole):
        return whole, mended
    whole, _, version = whole.rpartition("/")
    return whole, (f'"/{version}" and what follows is cut off: it is appended to every base URL of this kind',)


def host_root(url: str, first: str) -> str:
    """A mended URL up to the path segment `first`, which a path of its own begins with."""
    head, found, _ = f"{url}/".partition(f"/{first}/")
    return head if found else url


def has_version(url: str) -> bool:
    """Its last segment is a version."""
    return _VERSION.fullmatch(url.rpartition("/")[2]) is not None


def _mend_path(segments: list[str], ending: str) -> tuple[list[str], tuple[str, ...]]:
    mended = []
    if segments[-2:] == ["chat", "completions"]:
        segments = segments[:-2]
        mended.append('"/chat/completions" is cut off: it is appended to every base URL')
    if len(segments) > 1 and segments[-1] == segments[-2] and _VERSION.fullmatch(segments[-1]):
        segments = segments[:-1]
        mended.append(f'a doubled "/{segments[-1]}" is cut off')
    if not any(_VERSION.fullmatch(segment) for segment in segments):
        missing = [part for part in ending.split("/") if part]
        segments = [*segments, *missing[segments[-1:] == missing[:1] :]]
        if ending == VERSION:
            mended.append(f'has no version segment: "/{VERSION}" is appended')
    return segments, tuple(mended)


def is_loopback(host: str) -> bool:
    """Only this machine can reach it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
