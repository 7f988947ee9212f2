"""Where an account is, and what shows that it is one's own: a pool of keys, or what a signer signs with."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from trunkline.config.credentials import Credential, header_safe
from trunkline.config.provider_section import PARTS, PLACE, PLACE_WANTED, PLACES, ProviderSection
from trunkline.config.reader import Mistake, Reader
from trunkline.config.rows import KindRow, ProviderRow, SignerRow
from trunkline.types import nothing


@dataclass(frozen=True, slots=True)
class Account:
    """What a request shows. `source`: what to set for it; `missing`: why there is nothing although it is wanted."""

    auth: str = "none"
    keys: tuple[str, ...] = field(default=(), repr=False)
    credentials: Mapping[str, str] = field(default_factory=nothing, repr=False)
    source: str = ""
    missing: str | None = None


def build_place(section: ProviderSection, row: ProviderRow, reader: Reader) -> Mapping[str, str]:
    """By the row's words for it, `{"region": "us-east-1"}`; one that is not said is reported and left out."""
    _refuse_foreign(section, PLACES, tuple(row.place), reader)
    place: dict[str, str] = {}
    for name, said in row.place.items():
        from_environment = next((found for variable in said.env if (found := reader.environ.get(variable))), None)
        value = getattr(section, name) or from_environment or said.default
        if value and re.fullmatch(PLACE, value):
            place[name] = value
        elif value:
            reader.error(section.at / name, f"must be {PLACE_WANTED}: look at {' and '.join(said.env)}")
        elif not reader.failed(section.at / name):
            reader.error(section.at / name, f"is required: give it here, or set {said.env[0]}")
    return MappingProxyType(place)


def build_account(section: ProviderSection, row: ProviderRow, kind: KindRow, reader: Reader) -> Account:
    """What the section says counts before the environment, and a key before what must be signed with."""
    scheme, signer = row.auth or kind.auth, row.signer
    _refuse_foreign(section, PARTS, signer.parts if signer else (), reader)
    written = [credential for credential in section.api_key if _told(credential)]
    parts = {part: getattr(section, part) for part in (signer.parts if signer else ()) if _told(getattr(section, part))}
    if written and parts:
        reader.error(section.at / next(iter(parts)), "is one way, api_key another: keep one of them")
    if not written and not parts and "authorization" in map(str.lower, section.headers):
        return Account(source="headers.authorization")  # a token of one's own, such as Entra's, stands for the key
    if written or not signer:
        return _pool(section, scheme, written or _key_from_environment(section, row, reader), reader)
    if parts:
        _check_halves(section, signer, parts, reader)
        return _signed(signer, parts, reader)
    from_environment = _key_from_environment(section, row, reader)
    if any(credential.value for credential in from_environment):
        return _pool(section, scheme, from_environment, reader)
    return _signed(signer, _parts_from_environment(section, signer, reader), reader)


def _told(credential: Credential | None) -> bool:
    """There is a value, or one was meant."""
    return credential is not None and bool(credential.value or credential.missing)


def _pool(section: ProviderSection, scheme: str, given: list[Credential], reader: Reader) -> Account:
    source = ", ".join(credential.source for credential in given if credential.value)
    keys = tuple(dict.fromkeys(credential.value for credential in given if credential.value))
    if not keys:
        return Account(source=", ".join(c.source for c in given), missing=given[0].missing if given else None)
    for credential in (c for c in given if c.missing):
        reader.warn(section.at / "api_key", f"{credential.missing}: the pool does without it")
    return Account(scheme, keys, source=source)


def _key_from_environment(section: ProviderSection, row: ProviderRow, reader: Reader) -> list[Credential]:
    """The first of the row's key variables that is set; nothing for a row without any."""
    found = next((name for name in row.key_env if reader.environ.get(name)), None)
    if found is None:
        return [Credential("", row.key_env[0], f"{row.key_env[0]} is unset")] if row.key_env else []
    return _from_variable(section, found, reader)


def _parts_from_environment(section: ProviderSection, signer: SignerRow, reader: Reader) -> dict[str, Credential]:
    """Those of the signer's variables that are set, and why a half is none."""
    found = {
        part: credential
        for part, variable in signer.env.items()
        if reader.environ.get(variable)
        for credential in _from_variable(section, variable, reader)
    }
    lacking = [signer.env[part] for part in signer.together if found and part not in found]
    return {part: Credential("", part, f"{part} is unset") for part in lacking[:1]} or found


def _from_variable(section: ProviderSection, name: str, reader: Reader) -> list[Credential]:
    try:
        return [Credential(header_safe(reader.environ[name]), name)]
    except Mistake as mistake:
        reader.error(section.at, f"{name} {mistake}")
        return []


def _check_halves(section: ProviderSection, signer: SignerRow, parts: Mapping[str, Credential], reader: Reader) -> None:
    for part in signer.together:
        if part not in parts:
            reader.error(section.at / part, f"is required beside {', '.join(parts)}")


def _signed(signer: SignerRow, parts: Mapping[str, Credential], reader: Reader) -> Account:
    """With these parts; without any by what the signer's library finds by itself."""
    source = ", ".join(credential.source for credential in parts.values()) or signer.found
    missing = next((credential.missing for credential in parts.values() if credential.missing), None)
    if not missing and not reader.installed(signer.library):
        missing = f"{signer.library} is not installed: pip install 'trunkline[{signer.extra}]'"
    if missing:
        return Account(source=source, missing=missing)
    values = {part: credential.value for part, credential in parts.items()}
    return Account(signer.name, credentials=MappingProxyType(values), source=source)


def _refuse_foreign(section: ProviderSection, names: Iterable[str], own: Iterable[str], reader: Reader) -> None:
    for name in names:
        if name not in own and section.at.given(name):
            reader.error(section.at / name, "means nothing to this kind of provider")
