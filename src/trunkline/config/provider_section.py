"""`providers.NAME`: one upstream account as the file may describe it."""

from collections.abc import Mapping
from dataclasses import dataclass

from trunkline.config.compound import NAMED, ListOf, MapOf, OneOrMore
from trunkline.config.credentials import Credential, CredentialText, HeaderText, KeyFile
from trunkline.config.record import Section, key
from trunkline.config.rows import rows
from trunkline.config.shapes import Boolean, Bounds, Choice, Text
from trunkline.types import NOTHING

KINDS = tuple(dict.fromkeys((*rows().kinds, *rows().providers)))

_HEADERS = MapOf(HeaderText(), r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", "the characters of an HTTP header")
_URL = Text(r"\S*", "a URL without blanks", quiet=True)

# Where an account is, and what its requests are signed with; a row says which of them it knows.
PLACES = ("region", "project", "location")
PARTS = ("access_key_id", "secret_access_key", "session_token", "credentials")
PLACE, PLACE_WANTED = r"[A-Za-z0-9.:_-]*", "letters, digits, dots, colons, dashes and underscores"
_PLACE = Text(PLACE, PLACE_WANTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSection(Section):
    """One upstream account. A built-in name brings kind, base_url and key variable."""

    kind: str | None = key(
        Choice(KINDS, "kind"), None, "The wire that a provider of your own speaks, or a built-in one that it is like."
    )
    base_url: str | None = key(_URL, None, "Up to and with the version segment: https://example.com/v1")
    api_key: tuple[Credential, ...] = key(
        OneOrMore(CredentialText()), (), "The key, or a list of keys: a pool in which each has health of its own."
    )
    headers: Mapping[str, str] = key(_HEADERS, NOTHING, "Headers sent with every request.")
    local: bool | None = key(Boolean(), None, "It runs on this machine or network.")
    required: bool = key(Boolean(), False, "Without its key the file is wrong, rather than the provider off.")
    enabled: bool = key(Boolean(), True, "False turns it off.")
    rename: Mapping[str, str] = key(MapOf(NAMED), NOTHING, "OpenAI parameter to the provider's name for it.")
    drop: tuple[str, ...] = key(ListOf(NAMED), (), "OpenAI parameters that it has no counterpart for.")
    refuse: tuple[str, ...] = key(ListOf(NAMED), (), "Parameters answered with 400: their loss would be a lie.")
    only: tuple[str, ...] = key(ListOf(NAMED), (), "All parameters it takes, where it refuses unknown ones.")
    allow: tuple[str, ...] = key(ListOf(NAMED), (), "Parameters it takes, whatever the built-in row says.")
    clamp: Mapping[str, tuple[float, float]] = key(MapOf(Bounds()), NOTHING, "Its narrower ranges: [least, greatest].")
    request: tuple[str, ...] = key(
        ListOf(Choice(tuple(rows().dialect.request), "function")), (), "Deviations of its requests, by name."
    )
    reply: tuple[str, ...] = key(
        ListOf(Choice(tuple(rows().dialect.reply), "function")), (), "Deviations of its replies, by name."
    )
    deployments: Mapping[str, str] = key(MapOf(Text(), ".+"), NOTHING, "Model to the account's own name for it.")
    api_version: str | None = key(
        Text(r"[0-9A-Za-z.-]*"), None, "Azure: takes the dated API, of this version; empty is absent."
    )
    organization: str | None = key(HeaderText(), None, "OpenAI organization id; empty is absent.")
    region: str | None = key(_PLACE, None, "Bedrock: the AWS region, else that of AWS_REGION.")
    access_key_id: Credential | None = key(CredentialText(), None, "Bedrock: signs requests instead of `api_key` …")
    secret_access_key: Credential | None = key(CredentialText(), None, "… together with this …")
    session_token: Credential | None = key(CredentialText(), None, "… and this, where the two are temporary.")
    project: str | None = key(_PLACE, None, "Vertex: the Google Cloud project, else that of GOOGLE_CLOUD_PROJECT.")
    location: str | None = key(_PLACE, None, "Vertex: the region, or `global`; else that of GOOGLE_CLOUD_LOCATION.")
    credentials: Credential | None = key(
        KeyFile(), None, "Vertex: a key file of Google Cloud, as JSON; absent: what google-auth finds by itself."
    )
