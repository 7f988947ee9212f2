"""The way from one exchange of a prediction to the next."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from trunkline.errors import Failure
from trunkline.ports import Decoder, Encoded, Follow
from trunkline.types import Call, Json, Target
from trunkline.wires.fields import as_object

Reading = Callable[["Course"], Decoder]

# The key goes along to wherever a prediction's URLs point: https://replicate.com/docs/topics/predictions/streaming
HOME = "replicate.com"
PLAIN = re.compile(r"[\x21-\x7e]+\Z")

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.5, 5.0, 1.5  # seconds
SECOND_CHANCE = 2.0  # seconds until a poll that failed is repeated: a prediction goes on whatever becomes of its polls


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A prediction, as far as it was followed.

    limit     tokens after which it is cut off, None where nobody knows
    told      characters of its output that went out; None: all of it did
    polls     how often it was asked for
    """

    call: Call
    target: Target
    limit: int | None
    told: int | None = 0
    polls: int = 0

    def poll(self, prediction: Json, reading: Reading, *, at_once: bool = False) -> Follow:
        """Asks again how it is. Raises Failure for an address that is not to be trusted."""
        pause = 0.0 if at_once else min(FIRST_PAUSE * GROWTH**self.polls, LONGEST_PAUSE)
        later = replace(self, polls=self.polls + 1)
        follow = Follow(
            Encoded(self._url(prediction, "get"), headers={"accept": "application/json"}, method="GET"),
            lambda _content_type: reading(later),
            after=pause,
            leave=self._cancel(prediction),
        )
        return replace(follow, otherwise=replace(follow, after=SECOND_CHANCE))

    def stream(self, prediction: Json, watching: Reading, reading: Reading) -> Follow | None:
        """Listens to its output; None where it cannot be listened to. Raises Failure as `poll` does."""
        url = as_object(prediction.get("urls")).get("stream")
        if not self.call.stream or not isinstance(url, str):
            return None
        headers = {"accept": "text/event-stream", "cache-control": "no-store"}
        return Follow(
            Encoded(self._trusted(url), headers=headers, method="GET"),
            lambda _content_type: watching(self),
            leave=self._cancel(prediction),
            # It is gone some time after the prediction's end, which a fast one has reached by now.
            otherwise=self.poll(prediction, reading),
        )

    def _cancel(self, prediction: Json) -> Encoded:
        return Encoded(self._url(prediction, "cancel"), headers={"accept": "application/json"})

    def _url(self, prediction: Json, name: str) -> str:
        url = as_object(prediction.get("urls")).get(name)
        if isinstance(url, str):
            return self._trusted(url)
        identity = prediction.get("id")
        if not isinstance(identity, str) or not identity:
            raise Failure("invalid_response", "the prediction has neither an id nor a URL")
        return f"/v1/predictions/{quote(identity, safe='')}{'/cancel' if name == 'cancel' else ''}"

    def _trusted(self, url: str) -> str:
        if not _is_ours(url, self.target.provider.base_url):
            raise Failure("invalid_response", "a URL of the prediction leads elsewhere, and the key would go with it")
        return url


def _is_ours(url: str, base_url: str) -> bool:
    """The host that we were told to ask, or Replicate's own over TLS."""
    if not PLAIN.match(url) or "\\" in url:
        return False
    try:
        there, here = urlsplit(url), urlsplit(base_url)
        port = there.port
    except ValueError:
        return False
    if (there.scheme, there.netloc.lower()) == (here.scheme, here.netloc.lower()):
        return True
    host = there.hostname or ""
    at_home = host == HOME or host.endswith(f".{HOME}")
    return there.scheme == "https" and port in (None, 443) and at_home and "@" not in there.netloc
