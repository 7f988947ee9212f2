"""Google's generateContent wire.

https://ai.google.dev/api/generate-content; what each model accepts is data, in `rules`. Vertex serves the same format
at other places: it shares `request.write_request` (all of a request but its path), `replies.reply_decoder` and
`failures.error`, and gives its own `dialect.Dialect`, the data in which the two differ.
"""

from trunkline.wires.gemini.failures import error
from trunkline.wires.gemini.replies import decoder
from trunkline.wires.gemini.request import encode

__all__ = ["decoder", "encode", "error"]
