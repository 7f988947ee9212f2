"""What differs by model here, as data. What a model takes of sampling and effort stands in the provider's row."""

from dataclasses import dataclass

from trunkline.narrowing import found


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a model is asked.

    hidden   it keeps its reasoning to itself: a summary and the encrypted text may be asked for, of others they are
             refused ("Encrypted content is not supported with this model")
    streams  it can be asked for a stream: https://platform.openai.com/docs/models
    """

    hidden: bool = False
    streams: bool = True


_HIDDEN = Rules(hidden=True)

# Model name, with or without a vendor before it -> rules; the first that matches counts.
TABLE: tuple[tuple[str, Rules], ...] = (
    (r"gpt-[\d.]+-chat|gpt-5-search|chat-latest|gpt-(3|4)|gpt-oss|grok-.*non-reasoning", Rules()),
    (r"(o1|gpt-5)-pro", Rules(hidden=True, streams=False)),
    (r"o[1-9]|gpt-[5-9]|daybreak|codex|computer-use|grok-[4-9]", _HIDDEN),
)


def rules_of(model: str) -> Rules:
    """A name nobody knows is asked for nothing that it might refuse."""
    return next((rules for pattern, rules in TABLE if found(pattern, model)), Rules())
