"""What an error says: https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html

By the name of the exception first: one status covers several.
"""

import re
from collections.abc import Mapping

import orjson

from trunkline.errors import Failure, FailureClass
from trunkline.hub.text import read_json
from trunkline.types import Json
from trunkline.wires import openai

# In small letters: headers and streams differ in the first one.
BY_NAME: dict[str, FailureClass] = {
    "throttlingexception": "rate_limit",
    "servicequotaexceededexception": "quota",
    "accessdeniedexception": "auth",
    "unrecognizedclientexception": "auth",
    "expiredtokenexception": "auth",
    "expiredtoken": "auth",
    "invalidsignatureexception": "auth",
    "signaturedoesnotmatch": "auth",
    "incompletesignature": "auth",
    "missingauthenticationtoken": "auth",
    "missingauthenticationtokenexception": "auth",
    "invalidclienttokenid": "auth",
    "resourcenotfoundexception": "not_found",
    "modeltimeoutexception": "timeout",
    "modelerrorexception": "server_error",
    "modelstreamerrorexception": "server_error",
    "modelnotreadyexception": "overloaded",
    "serviceunavailableexception": "overloaded",
    "internalserverexception": "server_error",
    "internalfailure": "server_error",
    "validationexception": "invalid_request",
}
# What is wrong with the key itself, whatever it is used for.
PARKING = re.compile(
    r"unrecognizedclient|expiredtoken|signature|invalidclienttoken|missingauthentication"
    r"|api key is (in)?valid|security token|bearer token|credentials? .{0,20}expired",
    re.I,
)
TOO_LONG = re.compile(
    r"(input|prompt) is too long|too many (input )?tokens|input tokens? exceed|maximum (context|number of input tokens)"
    r"|context (length|window|limit)|input length and `?max_tokens",
    re.I,
)
# Validation of a model that is not there, or not there to be asked like this.
NO_MODEL = re.compile(
    r"model identifier is invalid|on-demand throughput isn.t supported|invalid model (id|identifier)|end of its life",
    re.I,
)
SPENT = re.compile(r"tokens per day|daily", re.I)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    told = _object(body)
    if told:
        # Services of Amazon do not agree on the capital.
        body = orjson.dumps({"message": told.get("message") or told.get("Message") or ""})
    name = headers.get("x-amzn-errortype") or str(told.get("__type", ""))
    return _named(openai.error(status, headers, body, now), name.partition(":")[0].rpartition("#")[2])


def exception(name: str, data: bytes) -> Failure:
    """The exception of a stream, which is no less one for lying behind a status 200."""
    told = _object(data)
    words = [told.get(key) for key in ("message", "originalMessage")]
    said = ": ".join(dict.fromkeys(word for word in words if isinstance(word, str) and word))
    return _named(Failure("server_error", said or name or "an exception without words"), name)


def _object(data: bytes) -> Json:
    try:
        told = read_json(data)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _named(failure: Failure, name: str) -> Failure:
    """The same by the exception's name and, where that covers several, by its words."""
    kind = _by_words(BY_NAME.get(name.lower(), failure.kind), failure.words)
    return Failure(
        kind,
        failure.words,
        status=failure.status,
        code=name or None,
        retry_after=failure.retry_after,
        parks=kind == "auth" and bool(failure.parks or PARKING.search(f"{name} {failure.words}")),
    )


def _by_words(kind: FailureClass, words: str) -> FailureClass:
    if kind == "invalid_request":
        return "context_window" if TOO_LONG.search(words) else "not_found" if NO_MODEL.search(words) else kind
    return "quota" if kind == "rate_limit" and SPENT.search(words) else kind
