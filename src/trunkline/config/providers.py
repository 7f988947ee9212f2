"""Providers: what the file says over the built-in row, and which of them have a key."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from trunkline.config.accounts import build_account, build_place
from trunkline.config.apis import build_apis
from trunkline.config.description import File
from trunkline.config.narrowings import build_takes
from trunkline.config.problems import near
from trunkline.config.provider_section import ProviderSection
from trunkline.config.reader import Reader
from trunkline.config.rows import KindRow, ProviderRow, custom, rows
from trunkline.config.urls import has_version, host_root, mend, root
from trunkline.types import NOTHING, Provider

# A proxy writes these itself; two of one kind make two readings of one request.
_FRAMING = frozenset({"connection", "content-length", "host", "te", "trailer", "transfer-encoding", "upgrade"})

_CALL = "{call}"


def build_providers(file: File, reader: Reader) -> Mapping[str, Provider]:
    """By name; a provider whose section is wrong is reported and left out."""
    if not (file.providers or reader.failed(file.at / "providers")):
        reader.error(file.at / "providers", 'is empty: name at least one; "demo:" needs no key')
    built = ((name, _provider(name, section, reader)) for name, section in file.providers.items())
    return MappingProxyType({name: provider for name, provider in built if provider})


def _provider(name: str, section: ProviderSection, reader: Reader) -> Provider | None:
    row = _row(name, section, reader)
    if row is None:
        return None
    kind = rows().kinds[row.kind]
    for parameter, (low, high) in section.clamp.items():
        if low > high:
            reader.error(section.at / "clamp" / parameter, "must have its least number first")
    place = build_place(section, row, reader)
    base_url, path = _address(section, row, kind, place, reader)
    account = build_account(section, row, kind, reader)
    if account.missing and section.enabled and not reader.failed(section.at / "api_key"):
        report = reader.error if section.required else reader.warn
        report(section.at, f"{account.missing}: this provider {'is required' if section.required else 'is off'}")
    provider = Provider(
        name=name,
        wire=kind.wire,
        base_url=base_url,
        path=path,
        auth=account.auth,
        keys=account.keys,
        credentials=account.credentials,
        place=place,
        key_source=account.source,
        off=account.missing if section.enabled else "enabled: false",
        headers=MappingProxyType(_headers(section, row, kind, reader)),
        takes=build_takes(section, row),
        reply=tuple(dict.fromkeys((*row.reply, *section.reply))),
        stream_options=MappingProxyType(dict(row.stream_options)) if row.asks_usage else None,
        deployments=MappingProxyType(dict(section.deployments)),
        base64_embeddings=row.base64_embeddings,
        refines=row.refines,
        paths=row.paths,
        local=row.local if section.local is None else section.local,
        # A kind says how it talks; only the name of a row says whose models it has.
        like=section.kind if section.kind and section.kind not in rows().kinds else name,
    )
    return replace(provider, apis=build_apis(provider, section, row, kind))


def _row(name: str, section: ProviderSection, reader: Reader) -> ProviderRow | None:
    """The built-in row of that name, unless the section names another kind: then that kind alone, or the built-in
    row that the kind is called after. Its key variable does not go with an address of one's own."""
    built_in = rows().providers.get(name)
    if built_in and section.kind in (None, built_in.kind, name):
        return built_in
    if section.kind:
        if section.kind in rows().kinds:
            return custom(section.kind, section.at)
        row = rows().providers[section.kind]
        return _elsewhere(row) if section.base_url and row.base_url else row
    if not section.at.given("kind"):
        hint = near(name, rows().providers)
        reader.error(section.at, f'unknown provider "{name}"{hint}: one of your own needs "kind" and "base_url"')
    return None


def _elsewhere(row: ProviderRow) -> ProviderRow:
    return replace(row, key_env=(), signer=row.signer and replace(row.signer, env=NOTHING))


def _address(
    section: ProviderSection, row: ProviderRow, kind: KindRow, place: Mapping[str, str], reader: Reader
) -> tuple[str, str]:
    """Base URL and the path below it; empty where there is none to be had, which is reported."""
    base_url = _base_url(section, _placed(row, place), kind, reader)
    if section.api_version and not row.dated_path:
        reader.error(section.at / "api_version", "this kind of provider has no dated API")
    version = section.api_version or (None if has_version(base_url) else row.api_version)
    if not base_url or not version or not row.dated_path:
        return base_url, _filled(row.path or _CALL, place)
    first = re.split(r"[/{]", row.dated_path)[1]
    return host_root(base_url, first), row.dated_path.replace("{api_version}", version)


def _placed(row: ProviderRow, place: Mapping[str, str]) -> ProviderRow:
    """With the base URL of that place."""
    own = next((row.elsewhere[name] for name in place.values() if name in row.elsewhere), row.base_url)
    return replace(row, base_url=own and _filled(own, place))


def _filled(template: str, place: Mapping[str, str]) -> str:
    for name, value in place.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def _base_url(section: ProviderSection, row: ProviderRow, kind: KindRow, reader: Reader) -> str:
    from_environment = reader.environ.get(row.base_url_env or "")
    url = section.base_url or from_environment or row.base_url or kind.base_url
    where = section.at / "base_url"
    if not url:
        if section.base_url == "" or not section.at.given("base_url"):
            like = row.example or ("https://example.com" if kind.host_root else "http://127.0.0.1:8000/v1")
            end = "without" if kind.host_root else "with"
            reader.error(where, f"is required: up to and {end} the version segment, such as {like}")
        return ""
    try:
        mended, warnings = root(url) if kind.host_root else mend(url, row.ending)
    except ValueError as error:
        reader.error(where, str(error) if section.base_url else f"{row.base_url_env} {error}")
        return ""
    for warning in warnings if section.base_url else ():  # OLLAMA_BASE_URL is by custom the host alone
        reader.warn(where, warning)
    return mended


def _headers(section: ProviderSection, row: ProviderRow, kind: KindRow, reader: Reader) -> dict[str, str]:
    said = {name.lower() for name in section.headers}
    headers = {name: value for name, value in row.headers.items() if name.lower() not in said}
    headers |= section.headers
    if section.organization and kind.organization:
        headers[kind.organization] = section.organization
    elif section.organization:
        reader.error(section.at / "organization", "this kind of provider knows no organization")
    seen: set[str] = set()
    for name in headers:
        if name.lower() in _FRAMING:
            reader.error(section.at / "headers" / name, "is written by the proxy itself")
        if name.lower() in seen:
            reader.error(section.at / "headers" / name, "is there twice: a header's case does not count")
        seen.add(name.lower())
    return headers
