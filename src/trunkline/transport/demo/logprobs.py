"""Log probabilities in OpenAI's shape, made up from the tokens themselves."""

import zlib

from trunkline.types import Json


def logprobs(texts: list[str], alternatives: int) -> Json:
    """What stands beside the tokens of a choice's content."""
    return {"content": [_token(text, alternatives) for text in texts], "refusal": None}


def _token(text: str, alternatives: int) -> Json:
    chosen = -(zlib.crc32(text.encode()) % 1000) / 1000
    ranked = [_entry(text, chosen)] + [_entry(f"{text}{place}", chosen - place) for place in range(1, alternatives)]
    return {**_entry(text, chosen), "top_logprobs": ranked[:alternatives]}


def _entry(text: str, logprob: float) -> Json:
    return {"token": text, "logprob": logprob, "bytes": list(text.encode())}
