"""How models think, as data.

Sources: https://docs.ollama.com/capabilities/thinking and the `capabilities` of each model in https://ollama.com/library.
To be asked to think is a 400 for a model that cannot; what nobody knows is asked as the client wrote it, and the server
has the last word.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """levels  what `think` may say beside true and false; empty: it thinks or does not, as much as it likes
    thinks  false: it never does
    off     thinking can be switched off
    """

    levels: tuple[str, ...] = ("low", "medium", "high", "max")
    thinks: bool = True
    off: bool = True


_SWITCH = Rules(levels=())
_NEVER = Rules(thinks=False)

# Model name without the owner before it -> rules; the first that matches counts.
TABLE: tuple[tuple[str, Rules], ...] = (
    (r"gpt-oss", Rules(levels=("low", "medium", "high"), off=False)),
    (r"qwen3-coder|qwen3\S*-instruct", _NEVER),
    (r"qwen3|deepseek-(r1|v3\.1)|magistral", _SWITCH),
    (r"(llama[234]|codellama|tinyllama|gemma([23]n?)?|mistral(-nemo)?|mixtral|codestral)([.:]|$)", _NEVER),
    (r"(phi3|phi4(-mini)?|qwen(2|2\.5(-coder|vl)?)?|starcoder2?|command-r)([.:]|$)", _NEVER),
)  # fmt: skip

PERMISSIVE = Rules()


def rules_of(model: str) -> Rules:
    """By name as people write it: `qwen3:4b`, `hf.co/org/qwen3-8b:Q4`, `llama3.2`."""
    name = model.lower().rpartition("/")[2]
    return next((rules for pattern, rules in TABLE if re.match(pattern, name)), PERMISSIVE)
