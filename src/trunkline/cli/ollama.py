"""Does Ollama answer here, and with which models? For the built-in default only."""

import threading
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

import orjson

ADDRESS = "http://127.0.0.1:11434"
PATIENCE = 0.3  # seconds; Ollama answers in a few milliseconds or is not wanted

_CONNECT = {"http": HTTPConnection, "https": HTTPSConnection}
_MAX_BYTES = 1024 * 1024


def find_models(environ: Mapping[str, str], patience: float = PATIENCE) -> tuple[str, ...]:
    """Names of the models it has; nothing where it is absent or slower than `patience` seconds."""
    answer: SimpleQueue[tuple[str, ...]] = SimpleQueue()
    url = environ.get("OLLAMA_BASE_URL") or ADDRESS
    # A thread, because a socket's timeout bounds one read, and a server may drip.
    threading.Thread(target=lambda: answer.put(_ask(url, patience)), daemon=True).start()
    try:
        return answer.get(timeout=patience)
    except Empty:
        return ()


def _ask(url: str, patience: float) -> tuple[str, ...]:
    """`GET /api/tags`: https://docs.ollama.com/api/tags"""
    try:
        parts = urlsplit(url)
        connect = _CONNECT[parts.scheme]
        with closing(connect(parts.hostname or "", parts.port, timeout=patience)) as connection:
            connection.request("GET", f"{parts.path.rstrip('/').removesuffix('/v1')}/api/tags")
            models = orjson.loads(connection.getresponse().read(_MAX_BYTES))["models"]
        return tuple(str(model["name"]) for model in models)
    except (OSError, HTTPException, ValueError, LookupError, TypeError):
        return ()  # whatever answered there, it is no Ollama
