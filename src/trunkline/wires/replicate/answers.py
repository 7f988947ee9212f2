"""What a prediction says, in OpenAI's words."""

from typing import Any

import orjson

from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires import tell


def identity(prediction: Json) -> Json:
    return {"id": prediction.get("id"), "model": prediction.get("model")}


def written(output: Any) -> str:
    """Pieces of text join as they are; what is no text is told as JSON."""
    if not is_text(output):
        return "" if output is None else orjson.dumps(output).decode()
    return output if isinstance(output, str) else "".join(output)


def is_text(output: Any) -> bool:
    return isinstance(output, str) or (isinstance(output, list) and all(isinstance(piece, str) for piece in output))


def usage(prediction: Json) -> Json | None:
    """What it counted; models that are paid by the second count nothing."""
    metrics = prediction.get("metrics")
    if not isinstance(metrics, dict) or not {"input_token_count", "output_token_count"} & metrics.keys():
        return None
    return tell.usage(count(metrics.get("input_token_count")), count(metrics.get("output_token_count")))


def finish_reason(counts: Json | None, limit: int | None) -> str:
    """Nobody says that an answer was cut off; one that used all it was allowed was."""
    return "length" if counts and limit is not None and counts["completion_tokens"] >= limit else "stop"
