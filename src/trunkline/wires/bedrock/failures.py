"""What an error says: https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html

By the name of the exception first: one status covers several.
"""

import re
from collections.abc import Mapping

import orjson

from trunkline.errors import Failure, FailureClass
from trunkline.wires import openai
from trunkline.wires.failures import body_object
from trunkline.wires.fields import as_text
from trunkline.wires.tables import Words, by_words

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
# Of what is wrong with the request: too much of it, or a model that is not there, or not there to be asked like this.
BY_WORDS: Words = (
    (
        re.compile(
            r"(input|prompt) is too long|too many (input )?tokens|input tokens? exceed"
            r"|maximum (context|number of input tokens)|context (length|window|limit)|input length and `?max_tokens",
            re.I,
        ),
        "context_window",
    ),
    (
        re.compile(
            r"model identifier is invalid|on-demand throughput isn.t supported|invalid model (id|identifier)"
            r"|end of its life",
            re.I,
        ),
        "not_found",
    ),
)
SPENT = re.compile(r"tokens per day|daily", re.I)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    told = body_object(body)
    if told:
        # Services of Amazon do not agree on the capital.
        body = orjson.dumps({"message": told.get("message") or told.get("Message") or ""})
    name = headers.get("x-amzn-errortype") or str(told.get("__type", ""))
    return _named(openai.error(status, headers, body, now), name.partition(":")[0].rpartition("#")[2])


def exception(name: str, data: bytes) -> Failure:
    """The exception of a stream, which is no less one for lying behind a status 200."""
    told = body_object(data)
    words = (as_text(told.get(key)) for key in ("message", "originalMessage"))
    said = ": ".join(dict.fromkeys(word for word in words if word))
    return _named(Failure("server_error", said or name or "an exception without words"), name)


def _named(failure: Failure, name: str) -> Failure:
    """The same by the exception's name and, where that covers several, by its words."""
    failure.kind = _refined(BY_NAME.get(name.lower(), failure.kind), failure.words)
    failure.code, failure.param = name or None, None
    key_is_bad = failure.parks or PARKING.search(f"{name} {failure.words}")
    failure.parks = failure.kind == "auth" and bool(key_is_bad)
    return failure


def _refined(kind: FailureClass, words: str) -> FailureClass:
    if kind == "invalid_request":
        return by_words(BY_WORDS, words, kind)
    return "quota" if kind == "rate_limit" and SPENT.search(words) else kind
