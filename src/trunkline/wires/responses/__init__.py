"""OpenAI's Responses wire, for models that its chat API does not serve, or not with tools.

https://platform.openai.com/docs/api-reference/responses; nothing is kept at the provider: every request tells the
whole conversation.
"""

from trunkline.wires.responses.failures import error
from trunkline.wires.responses.replies import decoder
from trunkline.wires.responses.request import encode

__all__ = ["decoder", "encode", "error"]
