"""What OpenAI-compatible providers do differently, each deviation a named function that a row switches on.

`request` functions change the body on its way out, `reply` functions what comes back; `config/providers.yaml` says
what each is for. None knows whose it is.
"""

from trunkline.wires.dialect.reply import CHUNK, WHOLE, Mend
from trunkline.wires.dialect.request import REQUEST, Turn

__all__ = ["CHUNK", "REQUEST", "WHOLE", "Mend", "Turn"]
