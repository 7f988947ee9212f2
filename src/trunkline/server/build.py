"""Puts the edges together: the only place that knows which cache, which transports and which observers there are."""

import asyncio
import gc
import json
import logging
import random
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

from trunkline.cache.memory import MemoryCache
from trunkline.cache.port import Cache
from trunkline.catalog import Catalog
from trunkline.observe.log import Batch, Descriptor, RequestLog
from trunkline.observe.prometheus import Metrics
from trunkline.pipeline.board import Board
from trunkline.pipeline.kept import Kept
from trunkline.pipeline.outcome import Redactor
from trunkline.pipeline.path import Pipeline
from trunkline.server.run import ToLog
from trunkline.server.state import Gateway
from trunkline.sign import Signers
from trunkline.transport.demo import DemoTransport
from trunkline.transport.http import HttpTransport
from trunkline.types import Config

# Of a key file; its other entries are addresses and names.
SECRET = re.compile(r"(key|secret|token|password|authorization)$", re.I)

Later = Callable[[Gateway], Coroutine[None, None, None]]


@asynccontextmanager
async def open_gateway(config: Config, catalog: Catalog, later: Later | None = None) -> AsyncIterator[Gateway]:
    """Everything a gateway needs, open; closed again at the end. `later` runs beside it and delays nothing."""
    loop = asyncio.get_running_loop()
    batch = Batch(Descriptor(sys.stderr.fileno()).write, loop.call_later, time.time)
    log = RequestLog(batch.add, time.time, config.server.log)
    logging.getLogger().addHandler(ToLog(log.event))
    board = Board(random.random)
    web, demo, signers = HttpTransport(), DemoTransport(), Signers()
    cache, redis_up = await _open_cache(config, log)
    pipeline = Pipeline(
        board,
        {"http": web, "https": web, "demo": demo},
        signers.by_name,
        Kept(cache, time.time, random.random),
        Redactor(secrets(config), signers.secrets),
        catalog,
        now=time.monotonic,
        wall=time.time,
        rng=random.random,
    )
    gateway = Gateway(config, pipeline, board, now=time.monotonic, redis_up=redis_up, event=log.event)
    metrics = Metrics(gateway)
    metrics.prepare(config)
    gateway.observe(log, metrics, metrics.render)
    task = loop.create_task(later(gateway)) if later else None
    gc.freeze()  # what is here now stays: a full collection would walk it for 9 ms, again and again
    try:
        yield gateway
    finally:
        if task is not None:
            task.cancel()
        await pipeline.close()
        await web.close()
        await demo.close()
        await cache.close()
        batch.flush()


async def _open_cache(config: Config, log: RequestLog) -> tuple[Cache, Callable[[], bool | None]]:
    if config.redis_url is None:
        return MemoryCache(time.monotonic), lambda: None

    # Costs 60 ms to import, and only those who have a Redis need it.
    from trunkline.cache.redis import RedisCache

    def changed(up: bool, cause: str) -> None:
        log.event("redis_up" if up else "redis_down", level="info" if up else "warning", cause=cause)

    cache = RedisCache(config.redis_url, time.monotonic, random.random, changed)
    await cache.check()  # at most 0.3 s; one that is down is said before the first request
    return cache, lambda: cache.up


def secrets(config: Config) -> list[str]:
    """What must never be told: keys, credentials and header values of providers, the key of /metrics."""
    providers = config.providers.values()
    found = [secret for provider in providers for secret in (*provider.keys, *provider.headers.values())]
    parts = [part for provider in providers for text in provider.credentials.values() for part in _parts(text)]
    return [*found, *parts, config.server.metrics_key or ""]


def _parts(credential: str) -> Iterator[str]:
    """Of a key file what is secret in it, at any depth; any other credential as it is."""
    try:
        said = json.loads(credential)
    except ValueError:
        said = None
    yield from _secret_values(said) if isinstance(said, dict) else (credential,)


def _secret_values(part: Any, name: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _secret_values(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from _secret_values(value, name)
    elif isinstance(part, str) and SECRET.search(name):
        yield part
