"""One question to a provider, off the hot path: is it there, does it take the key, which models does it list?"""

import asyncio
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import orjson

from trunkline.catalog import Told, read_told
from trunkline.errors import Failure
from trunkline.ports import Outbound
from trunkline.sign import Signers
from trunkline.types import Provider, nothing
from trunkline.wires import WIRES
from trunkline.wires.auth import SCHEMES

PATIENCE = 5.0  # seconds

# Where a wire lists its models, and what must be said to be heard.
LISTS: dict[str, tuple[str, Mapping[str, str]]] = {
    "openai": ("/models", {}),
    "anthropic": ("/v1/models?limit=1000", {"anthropic-version": "2023-06-01"}),
    "bedrock": ("/foundation-models", {}),
    "cohere": ("/v1/models?page_size=1000", {}),
    "gemini": ("/v1beta/models?pageSize=1000", {}),
    "ollama": ("/api/tags", {}),
    # All of its models would be tens of thousands, most of them for pictures.
    "replicate": ("/v1/collections/language-models", {}),
    "vertex": ("/v1beta1/publishers/google/models?pageSize=1000", {}),
}
# Bedrock lists at another host than it serves: https://docs.aws.amazon.com/general/latest/gr/bedrock.html
SERVES, LISTED = "//bedrock-runtime.", "//bedrock."
ROWS = ("data", "models", "modelSummaries", "publisherModels")
NAMES = ("id", "name", "modelId")
PREFIXES = re.compile(r"\A(?:publishers/google/)?models/")
# A key may do without the right to list.
MAY_NOT_LIST = re.compile(r"not authorized to perform|permission '[\w.]+\.list' denied", re.I)


@dataclass(frozen=True, slots=True)
class Health:
    """What a provider answered. `detail` is for the reader: what is wrong and what to do; never the key. `told`: what
    its list says of its models, by their names."""

    provider: str
    ok: bool
    detail: str
    models: tuple[str, ...] = ()
    seconds: float = 0.0
    told: Mapping[str, Told] = field(default_factory=nothing)


async def probe(provider: Provider, patience: float = PATIENCE) -> Health:
    """Lists the provider's models with its first key. Raises nothing."""
    if provider.off:
        return Health(provider.name, False, f"off: {provider.off}")
    if urlsplit(provider.base_url).scheme not in ("http", "https") or provider.wire not in LISTS:
        return Health(provider.name, True, "answers in this process")
    # Costs 80 ms to import, and no request waits for a probe.
    import httpx

    path, extra = LISTS[provider.wire]
    url = provider.base_url.replace(SERVES, LISTED) + path
    started = time.monotonic()
    try:
        async with asyncio.timeout(patience):
            headers = {**await _shown(provider, url), **extra, **provider.headers}
        trust = await asyncio.to_thread(_trust)
        async with httpx.AsyncClient(timeout=patience, trust_env=False, follow_redirects=False, verify=trust) as client:
            reply = await client.get(url, headers=headers)
        return _read(provider, reply.status_code, _json(reply), time.monotonic() - started)
    except Failure as failure:
        return Health(provider.name, False, f"{failure.words}: check {provider.key_source}")
    except TimeoutError:
        return Health(provider.name, False, f"nothing that shows who asks within {patience:g} s")
    except httpx.TimeoutException:
        return Health(provider.name, False, f"no answer within {patience:g} s")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return Health(provider.name, False, "cannot be reached: check its base_url and the network")


@cache
def _trust() -> ssl.SSLContext:
    """Costs 20 ms to make: once, and not on the loop that serves."""
    return ssl.create_default_context()


async def _shown(provider: Provider, url: str) -> Mapping[str, str]:
    """Raises Failure where there is nothing to show."""
    key = provider.keys[0] if provider.keys else ""
    if provider.auth in SCHEMES:
        return SCHEMES[provider.auth](key)
    sign = Signers().by_name[provider.auth]
    return await sign(Outbound(url, {}, b"", method="GET"), provider, key)


def _json(reply: Any) -> Any:
    try:
        return reply.json()
    except ValueError:
        return None


def _read(provider: Provider, status: int, body: Any, seconds: float) -> Health:
    if status == 403 and MAY_NOT_LIST.search(str(body)):
        return Health(provider.name, True, "knows the key, which may not list models", seconds=seconds)
    if status in (401, 403) or (status == 400 and _wrong_key(provider, body)):
        source = f": check {provider.key_source}" if provider.key_source else ": it wants a key, or another one"
        return Health(provider.name, False, f"refused the key (HTTP {status}){source}", seconds=seconds)
    if status == 404:
        return Health(provider.name, True, "is there, and lists no models", seconds=seconds)
    if status != 200:
        return Health(provider.name, False, f"answered HTTP {status}", seconds=seconds)
    models = _models(body)
    if models is None:
        return Health(provider.name, False, "answered something else than a list of models: check its base_url")
    return Health(provider.name, True, f"{len(models)} models", tuple(models), seconds, models)


def _wrong_key(provider: Provider, body: Any) -> bool:
    """Google answers a wrong key with 400."""
    return WIRES[provider.wire].error(400, {}, orjson.dumps(body), 0.0).kind == "auth"


def _models(body: Any) -> dict[str, Told] | None:
    """OpenAI's list, Together's bare array, or the `models` of others; None where it is none of them."""
    rows = next((body[name] for name in ROWS if name in body), None) if isinstance(body, dict) else body
    if not isinstance(rows, list):
        return None
    listed = sorted((row for row in rows if isinstance(row, dict)), key=_cannot_chat)
    named = ((_name(row), row) for row in listed)
    return {PREFIXES.sub("", name, count=1): read_told(row) for name, row in named if isinstance(name, str)}


def _name(row: dict[str, Any]) -> Any:
    """Replicate tells the owner of a model apart."""
    name = next((row[key] for key in NAMES if key in row), None)
    return f"{row['owner']}/{name}" if isinstance(row.get("owner"), str) and "id" not in row else name


def _cannot_chat(row: dict[str, Any]) -> bool:
    """What says that it does something else comes last: Ollama's and Google's models for embeddings, for one."""
    can = row.get("capabilities", row.get("supportedGenerationMethods"))
    return isinstance(can, list) and bool(can) and not {"completion", "generateContent"}.intersection(map(str, can))
