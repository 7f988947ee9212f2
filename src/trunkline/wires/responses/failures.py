"""What an error says: OpenAI's own words, with the names of parameters that a chat client knows."""

import re
from collections.abc import Mapping

from trunkline.errors import Failure, FailureClass
from trunkline.types import Json
from trunkline.wires import openai
from trunkline.wires.failures import read_failure

# Codes of `response.failed`: https://platform.openai.com/docs/api-reference/responses/object#responses/object-error
BY_CODE: dict[str, FailureClass] = {
    "invalid_prompt": "content_filter",
    "bio_policy": "content_filter",
    "misalignment_policy_violation": "content_filter",
    "image_content_policy_violation": "content_filter",
    "data_residency_mismatch": "invalid_request",
    "vector_store_timeout": "timeout",
}
IMAGE = re.compile(r"(invalid|empty)_(base64_)?image|^image_|unsupported_image|failed_to_download_image")

# Its name for a parameter, up to where a path goes on -> the chat API's.
PARAMS: tuple[tuple[str, str], ...] = (
    (r"input\b", "messages"),
    (r"max_output_tokens$", "max_completion_tokens"),
    (r"reasoning\.effort$", "reasoning_effort"),
    (r"text\.format\b", "response_format"),
    (r"text\.verbosity$", "verbosity"),
)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    return _in_our_words(openai.error(status, headers, body, now))


def error_inside(said: Json) -> Failure:
    """The error of an event, or of a response that came with status 200."""
    return _in_our_words(read_failure(None, {}, said, 0.0))


def _in_our_words(failure: Failure) -> Failure:
    code = failure.code or ""
    failure.kind = BY_CODE.get(code, "invalid_request" if IMAGE.search(code) else failure.kind)
    failure.param = _param(failure.param)
    return failure


def _param(given: str | None) -> str | None:
    for theirs, ours in PARAMS:
        if given and re.match(theirs, given):
            return re.sub(f"^{theirs}.*", ours, given)
    return given
