"""Providers: what the file says over the built-in row, and which of them have a key."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from trunkline.config.credentials import Credential, header_safe
from trunkline.config.description import File, ProviderSection
from trunkline.config.problems import near
from trunkline.config.reader import Mistake, Reader
from trunkline.config.rows import KindRow, ProviderRow, custom, rows
from trunkline.config.urls import has_version, host_root, mend, root
from trunkline.types import Provider

# A proxy writes these itself; two of one kind make two readings of one request.
_FRAMING = frozenset({"connection", "content-length", "host", "te", "trailer", "transfer-encoding", "upgrade"})

# What no closed schema lacks. Whether `stream_options` are sent is a matter of their own.
_ALWAYS = frozenset({"model", "messages", "input", "stream", "stream_options"})
# Their loss would change what is answered: refused wherever they would be lost.
_MEANING = frozenset({"n", "logprobs", "top_logprobs", "logit_bias", "modalities", "audio"})
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
    base_url, path = _address(section, row, kind, reader)
    keys, source, missing = _keys(section, row, reader)
    if missing and section.enabled and not reader.failed(section.at / "api_key"):
        report = reader.error if section.required else reader.warn
        report(section.at, f"{missing}: this provider {'is required' if section.required else 'is off'}")
    return Provider(
        name=name,
        wire=kind.wire,
        base_url=base_url,
        path=path,
        auth=(row.auth or kind.auth) if keys else "none",
        keys=keys,
        key_source=source,
        off=missing if section.enabled else "enabled: false",
        headers=MappingProxyType(_headers(section, row, kind, reader)),
        **_parameters(section, row),
        message_keys=MappingProxyType({role: frozenset(names) for role, names in row.message_keys.items()}),
        nearest=MappingProxyType({**row.values, **row.clamp, **section.clamp}),
        request=tuple(dict.fromkeys((*row.request, *section.request))),
        reply=tuple(dict.fromkeys((*row.reply, *section.reply))),
        stream_options=MappingProxyType(dict(row.stream_options)) if row.asks_usage else None,
        deployments=MappingProxyType(dict(section.deployments)),
        base64_embeddings=row.base64_embeddings,
        local=row.local if section.local is None else section.local,
        # A kind says how it talks; only the name of a row says whose models it has.
        like=section.kind if section.kind and section.kind not in rows().kinds else name,
    )


def _parameters(section: ProviderSection, row: ProviderRow) -> dict[str, Any]:
    """What it takes under which name, what is lost, and what must not be: the section over the row."""
    rename = {**row.rename, **section.rename}
    allow = frozenset(section.allow)
    drop = frozenset({*row.drop}) - allow | frozenset(section.drop)
    refuse = frozenset({*row.refuse}) - allow | frozenset(section.refuse) | drop & _MEANING
    only: frozenset[str] | None = None
    if row.only or section.only:
        only = _ALWAYS | {*row.only, *section.only, *rename} | allow
        refuse |= _MEANING - only
    return {"rename": MappingProxyType(rename), "drop": drop - refuse, "refuse": refuse, "only": only}


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
        return replace(row, key_env=()) if section.base_url and row.base_url else row
    if not section.at.given("kind"):
        hint = near(name, rows().providers)
        reader.error(section.at, f'unknown provider "{name}"{hint}: one of your own needs "kind" and "base_url"')
    return None


def _address(section: ProviderSection, row: ProviderRow, kind: KindRow, reader: Reader) -> tuple[str, str]:
    """Base URL and the path below it; empty where there is none to be had, which is reported."""
    base_url = _base_url(section, row, kind, reader)
    if section.api_version and not row.dated_path:
        reader.error(section.at / "api_version", "this kind of provider has no dated API")
    version = section.api_version or (None if has_version(base_url) else row.api_version)
    if not base_url or not version or not row.dated_path:
        return base_url, _CALL
    first = re.split(r"[/{]", row.dated_path)[1]
    return host_root(base_url, first), row.dated_path.replace("{api_version}", version)


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


def _keys(section: ProviderSection, row: ProviderRow, reader: Reader) -> tuple[tuple[str, ...], str, str | None]:
    """The pool, what to set for it, and why it is empty although a key is wanted."""
    given = [credential for credential in section.api_key if credential.value or credential.missing]
    if not given:
        given = _from_environment(section, row, reader)
    usable = [credential for credential in given if credential.value]
    if usable:
        for credential in (c for c in given if c.missing):
            reader.warn(section.at / "api_key", f"{credential.missing}: the pool does without it")
        return tuple(dict.fromkeys(c.value for c in usable)), ", ".join(c.source for c in usable), None
    return (), ", ".join(c.source for c in given), given[0].missing if given else None


def _from_environment(section: ProviderSection, row: ProviderRow, reader: Reader) -> list[Credential]:
    """The first of the row's key variables that is set; nothing for a row without any."""
    found = next((name for name in row.key_env if reader.environ.get(name)), None)
    if found is None:
        return [Credential("", row.key_env[0], f"{row.key_env[0]} is unset")] if row.key_env else []
    try:
        return [Credential(header_safe(reader.environ[found]), found)]
    except Mistake as mistake:
        reader.error(section.at, f"{found} {mistake}")
        return []


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
