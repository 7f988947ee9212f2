"""Replicate's wire: every answer is a prediction that is made, watched and, where nobody waits any more, cancelled.

https://replicate.com/docs/reference/http; what the input of each family of models is called is data, in `rules`.
"""

from trunkline.wires.replicate.failures import error
from trunkline.wires.replicate.replies import decoder
from trunkline.wires.replicate.request import encode

__all__ = ["decoder", "encode", "error"]
