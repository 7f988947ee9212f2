"""Makes `models.json` of a price map and `overrides.yaml`: `python -m trunkline.catalog.build model_prices.json.gz`.

The map is the one that LiteLLM publishes (MIT), as data: none of its code is run. It is trimmed to our providers and
the keys we use, its known mistakes are corrected, and every row is checked.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from trunkline.catalog.rows import kind_lacks, read_entry
from trunkline.types import Json

HERE = Path(str(files("trunkline.catalog")))
MOST_USD, MOST_TOKENS = 1000, 20_000_000

MODES = {"chat": "chat", "responses": "responses", "embedding": "embeddings"}

# Their name -> ours.
RATES = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cached_input",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "output_cost_per_reasoning_token": "reasoning",
    "input_cost_per_audio_token": "audio_input",
    "output_cost_per_audio_token": "audio_output",
}
ABOVE = re.compile(r"(.+)_above_(\d+)k_tokens")

ABILITIES = {
    "supports_function_calling": "tools",
    "supports_vision": "vision",
    "supports_embedding_image_input": "vision",
    "supports_pdf_input": "pdf",
    "supports_audio_input": "audio",
    "supports_response_schema": "json_schema",
    "supports_reasoning": "reasoning",
    "supports_web_search": "web_search",
}
# Where a provider's rows are kept well, one that tells any of these leaves out of CLOSED only what the model lacks.
DESCRIBING = {"supports_function_calling", "supports_vision", "supports_response_schema", "supports_tool_choice"}
CLOSED = frozenset({"tools", "vision", "audio", "reasoning"})


def build(prices: Mapping[str, Json], overrides: Json) -> str:
    """The text of `models.json`. Raises ValueError where a row is none, naming it."""
    rows = {name: _row(name, found, overrides) for name, found in _chosen(prices, overrides)}
    for name, patch in overrides["models"].items():
        start = rows.get(patch.get("like", name), {})
        rows[name] = _patched(start, patch)
    rows = {name: row for name, row in rows.items() if name in overrides["models"] or _worth(row, overrides)}
    for name, row in rows.items():
        _check(name, row)
    lines = [f"{json.dumps(name)}:{_compact(rows[name])}" for name in sorted(rows)]
    return f'{{"source":{_compact(overrides["source"])},\n"models":{{\n' + ",\n".join(lines) + "\n}}\n"


def _worth(row: Json, overrides: Json) -> bool:
    """Not gone for long, and something is told of it."""
    told = row.keys() & {"context", "price", "can"}
    return bool(told) and row.get("shutdown", "9999") >= str(overrides["gone_since"])


def _chosen(prices: Mapping[str, Json], overrides: Json) -> Iterator[tuple[str, Json]]:
    """Our name and their row. A key with the provider's prefix comes after, and so wins over, one without."""
    named = []
    for key, found in prices.items():
        ours = overrides["providers"].get(found.get("litellm_provider") or "")
        if ours is None or found.get("mode") not in MODES or re.search(overrides["skip"], key):
            continue
        prefix = ours.get("prefix", "")
        model = key.removeprefix(prefix)
        paths = ours.get("paths", False)
        if ("/" not in model or (paths and model != key)) and (model != key or not ours.get("prefixed", False)):
            named.append((model != key, f"{ours['name']}/{model}", found))
    for _, name, found in sorted(named, key=lambda row: row[0]):
        yield name, found


def _row(name: str, found: Json, overrides: Json) -> Json:
    able, unable = _abilities(name, found, overrides)
    context, output = _context(found, overrides["windows"]), _tokens(found.get("max_output_tokens"))
    own_limit = output is not None and (context is None or output < context)
    row = {
        "context": context,
        "output": output if own_limit else None,  # the window bounds it, and nothing else
        "price": _price(name, found, overrides["free"]),
        "can": " ".join(sorted(able)),
        "cannot": " ".join(sorted(unable)),
        "inputs": "video" if found.get("supports_video_input") else "",
        "outputs": "audio" if found.get("supports_audio_output") else "",
        "api": "responses" if found["mode"] == "responses" else "",
        "shutdown": found.get("deprecation_date"),
        "tags": "preview" if re.search(overrides["preview"], name) else "",
        "for": "code" if "code" in able else "",
    }
    return {key: value for key, value in row.items() if value}


def _context(found: Json, windows: list[Json]) -> int | None:
    """OpenAI's rows tell the longest prompt in place of the window, which the longest answer adds to."""
    prompt, output = _tokens(found.get("max_input_tokens")), _tokens(found.get("max_output_tokens"))
    split = (w["context"] for w in windows if (w["prompt"], w["output"]) == (prompt, output))
    return next(split, prompt)


def _tokens(value: Any) -> int | None:
    return int(value) if isinstance(value, int | Decimal) and value > 0 else None


def _price(name: str, found: Json, free: str) -> Json | None:
    base = {ours: _usd(found[theirs]) for theirs, ours in RATES.items() if found.get(theirs) is not None}
    if found["mode"] == "embedding":
        base["output"] = Decimal(0)
    if "input" not in base or (not any(base.values()) and not re.search(free, name)):
        return None  # 0 stands for unknown, too
    tiers: dict[int, Json] = {}
    for key, value in found.items():
        if (match := ABOVE.fullmatch(key)) and match[1] in RATES and value is not None:
            tiers.setdefault(int(match[2]) * 1000, {})[RATES[match[1]]] = _usd(value)
    kept = {rate: usd for rate, usd in _lean(base).items() if not rate.startswith("cache")}
    above = [{"tokens": tokens, **kept, **tiers[tokens]} for tokens in sorted(tiers)]
    return {**_lean(base), **({"above": [_lean(tier) for tier in above]} if above else {})}


def _lean(rates: Json) -> Json:
    """Without what says nothing new: reasoning at the price of output, a write or a hit that is not priced."""
    drop = {name for name in ("reasoning", "audio_output") if rates.get(name) == rates.get("output")}
    drop |= {name for name in ("cache_write", "cached_input") if rates.get(name) == 0 and rates.get("input")}
    drop |= {"audio_input"} if rates.get("audio_input") == rates.get("input") else set()
    return {name: value for name, value in rates.items() if name not in drop}


def _usd(per_token: Decimal | int) -> Decimal:
    """Per million, without the noise of binary fractions."""
    return round(Decimal(per_token) * 1_000_000, 6).normalize()


def _abilities(name: str, found: Json, overrides: Json) -> tuple[frozenset[str], frozenset[str]]:
    """What it can and what it cannot; what nobody told is in neither."""
    provider, _, model = name.partition("/")
    told = {ours: bool(found[theirs]) for theirs, ours in ABILITIES.items() if theirs in found}
    modalities = found.get("supported_modalities")
    if modalities is not None:
        told |= {ours: word in modalities for word, ours in (("image", "vision"), ("audio", "audio"))}
    able = frozenset(ability for ability, can in told.items() if can)
    able |= {"embeddings"} if found["mode"] == "embedding" else set()
    able |= {"code"} if re.search(overrides["code"], model, re.IGNORECASE) else set()
    unable = frozenset(ability for ability, can in told.items() if not can)
    if provider in overrides["complete"] and DESCRIBING & found.keys():
        unable |= CLOSED
    return able, unable - able - kind_lacks(able)


def _patched(row: Json, patch: Json) -> Json:
    """The patch over the row, prices rate by rate; null takes a key away."""
    changed = {**row, **{key: value for key, value in patch.items() if key not in ("like", "price")}}
    if isinstance(patch.get("price"), dict):
        changed["price"] = {**row.get("price", {}), **patch["price"]}
    elif "price" in patch:
        changed["price"] = None
    if changed.get("price"):
        changed["price"] = {rate: value for rate, value in changed["price"].items() if value is not None}
    return {key: str(value) if key == "shutdown" else value for key, value in changed.items() if value is not None}


def _check(name: str, row: Json) -> None:
    """Raises ValueError."""
    try:
        entry = read_entry(name, json.loads(_compact(row), parse_float=Decimal))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{name}: {error}") from error
    for tokens in (entry.context_window, entry.max_output_tokens):
        if tokens is not None and not 1 <= tokens <= MOST_TOKENS:
            raise ValueError(f"{name}: {tokens} tokens")
    price = row.get("price", {})
    for rates in [price, *price.get("above", ())]:
        for rate, usd in rates.items():
            if rate not in ("above", "tokens") and not 0 <= usd <= MOST_USD:
                raise ValueError(f"{name}: {rate} of {usd} USD per million tokens")


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, default=_number)


def _number(value: Any) -> int | float | str:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def main(path: str) -> None:
    """Writes `models.json` beside this file."""
    prices = json.loads(gzip.decompress(Path(path).read_bytes()), parse_float=Decimal)
    overrides = yaml.safe_load((HERE / "overrides.yaml").read_text("utf-8"))
    (HERE / "models.json").write_text(build(prices, overrides), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
