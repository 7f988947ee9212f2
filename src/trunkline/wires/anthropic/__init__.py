"""Anthropic's Messages wire.

https://platform.claude.com/docs/en/api/messages; what each model accepts is data, in `rules`.
"""

from trunkline.wires.anthropic.failures import error
from trunkline.wires.anthropic.replies import decoder
from trunkline.wires.anthropic.request import encode

__all__ = ["decoder", "encode", "error"]
