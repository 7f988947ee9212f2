"""The parameters around the conversation: options, format, thinking."""

from typing import Any

from trunkline.types import TOKEN_LIMITS, Json
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.ollama.rules import Rules

# What belongs into `options`, by OpenAI's name or Ollama's own: https://docs.ollama.com/modelfile#parameter
SHARED = ("temperature", "top_p", "seed", "presence_penalty", "frequency_penalty")
OPTIONS = (
    "top_k", "min_p", "typical_p", "repeat_penalty", "repeat_last_n", "num_keep", "num_predict", "num_ctx",
    "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread",
)  # fmt: skip
TOP_LEVEL = ("keep_alive", "truncate", "shift")

EFFORTS = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "max", "max": "max"}


def write_options(body: Json) -> Json:
    """`options`: the client's own object counts over what is written from single parameters."""
    written = {name: body[name] for name in (*SHARED, *OPTIONS) if name in body}
    limit = next((body[name] for name in TOKEN_LIMITS if name in body), None)
    if limit is not None:
        written["num_predict"] = limit
    if "stop" in body:
        written["stop"] = [body["stop"]] if isinstance(body["stop"], str) else body["stop"]
    given = body.get("options")
    written |= given if isinstance(given, dict) else {}
    return {"options": written} if written else {}


def write_format(body: Json, model: str) -> Json:
    """`format`: "json", or the schema itself. Raises ApiError for any other form."""
    if "format" in body:
        return {"format": body["format"]}
    given = body.get("response_format") or {}
    kind = given.get("type", "text")
    if kind == "text":
        return {}
    if kind == "json_object":
        return {"format": "json"}
    if kind != "json_schema":
        raise unsupported(
            "response_format", f"{model} cannot be held to this `response_format`; ask for another model."
        )
    described = given.get("json_schema")
    schema = described.get("schema") if isinstance(described, dict) else None
    return {"format": schema if isinstance(schema, dict) else "json"}


def write_think(body: Json, rules: Rules, losses: Losses) -> Json:
    """`think`, where anything was said about it: a model that can think does so of its own accord."""
    if "think" in body:
        return {"think": body["think"]}
    effort = body.get("reasoning_effort")
    if effort is None:
        return {}
    think = _think(effort, rules)
    if think is None:
        losses.add("reasoning_effort")
        return {}
    if think not in (effort, False):
        losses.add("reasoning_effort", think if isinstance(think, str) else "on")
    return {"think": think}


def _think(effort: Any, rules: Rules) -> Any:
    """A level, true or false; None where there is nothing that would do."""
    if effort == "none":
        return False if rules.off else rules.levels[0]
    level = EFFORTS.get(effort) if isinstance(effort, str) else None
    if level is None or not rules.thinks:
        return None
    if not rules.levels:
        return True
    return level if level in rules.levels else rules.levels[-1]
