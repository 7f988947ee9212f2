"""What is known of one model at one provider. None is a figure that nobody told: it is never held against a model."""

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Literal

CAPABILITIES = (
    "tools",
    "vision",
    "pdf",
    "audio",
    "json_mode",
    "json_schema",
    "reasoning",
    "code",
    "embeddings",
    "web_search",
)

Api = Literal["chat", "responses", "messages"]
APIS: tuple[Api, ...] = ("chat", "responses", "messages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """USD per million tokens.

    cached_input, cache_write, audio_input   None: as `input`
    cache_write_1h                           written for an hour instead of five minutes; None: as `cache_write`
    reasoning, audio_output                  None: as `output`
    """

    input: Decimal | None = None
    output: Decimal | None = None
    cached_input: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None
    reasoning: Decimal | None = None
    audio_input: Decimal | None = None
    audio_output: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """What the whole request is billed by once its prompt has more than `above` tokens."""

    above: int
    rates: Rates


@dataclass(frozen=True, slots=True)
class Price:
    """`tiers` in ascending order."""

    rates: Rates
    tiers: tuple[Tier, ...] = ()

    def at(self, prompt_tokens: int) -> Rates:
        """The rates of a request with that many tokens in its prompt."""
        reached = [tier.rates for tier in self.tiers if prompt_tokens > tier.above]
        return reached[-1] if reached else self.rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One model at one provider.

    provider           the built-in name
    context_window     tokens of prompt and answer together
    max_output_tokens  None also where the model has no limit of its own, only the window
    capabilities       what it is known to have; `lacks` what it is known to lack; the rest nobody told
    parameters         the names of those it takes, where its provider's list has them; None: nobody told
    inputs, outputs    modalities: text image pdf audio video embedding
    api                which of the provider's APIs serves it, `chat` being the one it usually speaks; None: nobody told
    shutdown_date      the first day on which the provider no longer serves it
    quality            0-100
    own                the user's file said something of it
    """

    provider: str
    model: str
    context_window: int | None = None
    max_output_tokens: int | None = None
    price: Price | None = None
    capabilities: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    parameters: frozenset[str] | None = None
    inputs: tuple[str, ...] = ("text",)
    outputs: tuple[str, ...] = ("text",)
    api: Api | None = None
    tags: tuple[str, ...] = ()
    recommended_for: tuple[str, ...] = ()
    shutdown_date: date | None = None
    quality: float | None = None
    own: bool = False

    @property
    def id(self) -> str:
        """`provider/model`."""
        return f"{self.provider}/{self.model}"

    def gone(self, today: date) -> bool:
        """The provider has said that it no longer serves it."""
        return self.shutdown_date is not None and self.shutdown_date <= today


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a file says of a model; None is silence. A price replaces the whole price, tiers too; a list of
    capabilities is complete."""

    context_window: int | None = None
    max_output_tokens: int | None = None
    price: Price | None = None
    capabilities: frozenset[str] | None = None
    api: Api | None = None
    tags: tuple[str, ...] | None = None
    recommended_for: tuple[str, ...] | None = None
    quality: float | None = None


def merged(entry: Entry, correction: Correction) -> Entry:
    """The entry as the user's file has it; of a model that the catalog lacks start from `Entry(provider=, model=)`."""
    told = {f.name: getattr(correction, f.name) for f in fields(correction) if getattr(correction, f.name) is not None}
    if correction.capabilities is not None:
        told["lacks"] = frozenset(CAPABILITIES) - correction.capabilities
        told["inputs"] = inputs(correction.capabilities)
    return replace(entry, **told, own=True)


def inputs(capabilities: frozenset[str]) -> tuple[str, ...]:
    """The modalities that follow from what a model can."""
    known = (("image", "vision"), ("pdf", "pdf"), ("audio", "audio"))
    return ("text", *(modality for modality, capability in known if capability in capabilities))
