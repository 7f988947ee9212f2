"""Ollama's own wire: `/api/chat` in JSON lines, and `/api/embed`.

https://docs.ollama.com/api; its second interface, `/v1`, ignores what it does not know without a word, and loses errors
inside a stream.
"""

from trunkline.wires.ollama.failures import error
from trunkline.wires.ollama.replies import decoder
from trunkline.wires.ollama.request import encode

__all__ = ["decoder", "encode", "error"]
