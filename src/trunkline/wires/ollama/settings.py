"""The parameters around the conversation: options, format, thinking."""

from typing import Any

from trunkline.types import Json
from trunkline.wires.asks import format_of, limit_of, stops_of
from trunkline.wires.fields import as_object
from trunkline.wires.loss import Losses
from trunkline.wires.ollama.rules import Rules

# What belongs into `options`, by OpenAI's name or Ollama's own: https://docs.ollama.com/modelfile#parameter
SHARED = ("temperature", "top_p", "seed", "presence_penalty", "frequency_penalty")
OPTIONS = (
    "top_k", "min_p", "typical_p", "repeat_penalty", "repeat_last_n", "num_keep", "num_predict", "num_ctx",
    "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread",
)  # fmt: skip
TOP_LEVEL = ("keep_alive", "truncate", "shift")

EFFORTS = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "max", "max": "max"}


def write_options(asks: Json, losses: Losses) -> Json:
    """`options`: the client's own object counts over what is written from single parameters."""
    written = {name: asks[name] for name in (*SHARED, *OPTIONS) if name in asks}
    limit = limit_of(asks, None, losses)
    if limit:
        written["num_predict"] = limit.tokens
    stops = stops_of(asks, losses)
    if stops:
        written["stop"] = stops
    written |= as_object(asks.get("options"))
    return {"options": written} if written else {}


def write_format(asks: Json, model: str) -> Json:
    """`format`: "json", or the schema itself. Raises ApiError for any other form."""
    if "format" in asks:
        return {"format": asks["format"]}
    form = format_of(asks, model)
    return {} if form.kind == "text" else {"format": form.schema if form.kind == "json_schema" else "json"}


def write_think(asks: Json, rules: Rules, losses: Losses) -> Json:
    """`think`, where anything was said about it: a model that can think does so of its own accord."""
    if "think" in asks:
        return {"think": asks["think"]}
    effort = asks.get("reasoning_effort")
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
