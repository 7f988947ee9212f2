"""Cohere's wire: chat and embeddings of its API v2.

https://docs.cohere.com/v2/reference/chat, .../embed; what each model accepts is data, in `rules`.
"""

from trunkline.wires.cohere.failures import error
from trunkline.wires.cohere.replies import decoder
from trunkline.wires.cohere.request import encode

__all__ = ["decoder", "encode", "error"]
