"""The further APIs of a provider: the same account, reached by another wire at another path."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from trunkline.config.narrowings import build_api_takes
from trunkline.config.provider_section import ProviderSection
from trunkline.config.rows import ApiRow, KindRow, ProviderRow
from trunkline.config.urls import host_root
from trunkline.types import FurtherApi, Provider


def build_apis(
    provider: Provider, section: ProviderSection, row: ProviderRow, kind: KindRow
) -> Mapping[str, FurtherApi]:
    """Those that its kind names, and over them those that its row does."""
    return MappingProxyType({name: _by(provider, section, row, api) for name, api in {**kind.apis, **row.apis}.items()})


def _by(provider: Provider, section: ProviderSection, row: ProviderRow, api: ApiRow) -> FurtherApi:
    url = provider.base_url
    for segment in api.cut:
        url = host_root(url, segment)
    there = replace(
        provider,
        wire=api.wire,
        base_url=url + api.root,
        path="{call}",
        auth=(api.auth or provider.auth) if provider.keys else provider.auth,
        takes=build_api_takes(section, row, api),
        reply=(),
        stream_options=MappingProxyType(dict(api.stream_options)),
    )
    return FurtherApi(provider=there, serves=api.serves, serves_tools=api.serves_tools, embeds=api.embeds)
