"""`models:` and `groups:`: what a file says of models beyond the routes that use them."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from trunkline.catalog import Correction, Price, Rates
from trunkline.config.description import File, ModelSection, PriceSection
from trunkline.config.problems import near
from trunkline.config.reader import Reader
from trunkline.types import Provider

USUAL = "chat"  # whatever the provider's own wire is


def check_models(file: File, providers: Mapping[str, Provider], reader: Reader) -> None:
    """Reports models of providers that the file does not have, or by APIs that these do not have, and groups of what
    does not exist."""
    for name, section in file.models.items():
        provider = name.partition("/")[0]
        if provider not in file.providers:
            reader.error(section.at, f'unknown provider "{provider}"{near(provider, file.providers)}')
        if section.quality is not None and section.quality > 100:
            reader.error(section.at / "quality", "must be between 0 and 100")
        served = providers.get(provider)
        if served and section.api and section.api not in (USUAL, *served.apis):
            has = ", ".join((USUAL, *served.apis))
            reader.error(section.at / "api", f'the provider "{provider}" has no such API, only: {has}')
    for group, members in file.groups.items():
        for place, member in enumerate(members):
            owner, slash, _ = member.partition("/")
            known = file.providers if slash else file.routes
            if owner not in known:
                what = "provider" if slash else "route"
                reader.error(file.at / "groups" / group / place, f'unknown {what} "{owner}"{near(owner, known)}')


def build_corrections(file: File) -> Mapping[str, Correction]:
    """By `provider/model`. The file must be free of errors."""
    return MappingProxyType({name: _correction(section) for name, section in file.models.items()})


def _correction(section: ModelSection) -> Correction:
    return Correction(
        context_window=section.context_window,
        max_output_tokens=section.max_output_tokens,
        price=_price(section.price) if section.price is not None else None,
        api=section.api,
        capabilities=None if section.capabilities is None else frozenset(section.capabilities),
        tags=section.tags,
        recommended_for=section.recommended_for,
        quality=section.quality,
    )


def _price(section: PriceSection) -> Price:
    names = ("input", "output", "cached_input", "cache_write")
    said = {name: Decimal(str(usd)) for name in names if (usd := getattr(section, name)) is not None}
    return Price(Rates(**said))
