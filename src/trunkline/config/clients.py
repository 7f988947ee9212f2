"""Client keys, of which only a digest is kept."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from trunkline.config.description import File, KeySection
from trunkline.config.problems import near
from trunkline.config.reader import Reader
from trunkline.types import ClientKey

# What metrics say where no key was shown, and for keys past the first hundred.
_RESERVED = frozenset({"none", "other"})


def build_keys(file: File, reader: Reader) -> Mapping[str, ClientKey]:
    """By SHA-256 hex digest; a key that is wrong is reported and left out."""
    keys: dict[str, ClientKey] = {}
    names = set(_RESERVED)
    for section in file.keys:
        digested = _digest(section, reader)
        if section.name in names:
            reserved = "means something else in metrics" if section.name in _RESERVED else "is there twice"
            reader.error(section.at / "name", f'"{section.name}" {reserved}: take another name')
        if digested in keys:
            reader.error(section.at / _given(section), f'is the key of "{keys[digested].name}", too')
        names.add(section.name)
        _check_names(section, file, reader)
        expires = _expires(section, reader)
        if digested:
            keys[digested] = ClientKey(
                name=section.name,
                digest=digested,
                routes=None if section.routes is None else frozenset(route.value for route in section.routes),
                models=None if section.models is None else tuple(model.value for model in section.models),
                expires=expires,
            )
    return MappingProxyType(keys)


def digest(key: str) -> str:
    """SHA-256 of a client key, in hex."""
    return hashlib.sha256(key.encode()).hexdigest()


def _given(section: KeySection) -> str:
    return "hash" if section.at.given("hash") else "key"


def _digest(section: KeySection, reader: Reader) -> str:
    """Empty where none can be had, which is reported."""
    if section.at.given("hash") == section.at.given("key"):
        reader.error(section.at, 'needs either "hash", as `trunkline keys new` prints it, or "key"')
        return ""
    if section.secret == "":
        reader.error(section.at / "key", "is empty: every request without a key would hold it")
    if section.hash:
        return section.hash.removeprefix("sha256:").lower()
    return digest(section.secret) if section.secret else ""


def _check_names(section: KeySection, file: File, reader: Reader) -> None:
    for route in section.routes or ():
        if route.value not in file.routes:
            reader.error(route.at, f'unknown route "{route.value}"{near(route.value, file.routes)}')
    for model in section.models or ():
        provider, slash, _ = model.value.partition("/")
        if slash and provider not in file.providers:
            reader.error(model.at, f'unknown provider "{provider}"{near(provider, file.providers)}')


def _expires(section: KeySection, reader: Reader) -> float | None:
    """Unix time of midnight UTC at the beginning of that day."""
    if section.expires is None:
        return None
    try:
        return datetime.fromisoformat(section.expires).replace(tzinfo=UTC).timestamp()
    except ValueError:
        reader.error(section.at / "expires", f'"{section.expires}" is no day of the calendar')
        return None
