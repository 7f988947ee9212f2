"""Accounts: where they are, and what shows that they are one's own."""

from typing import Any

import pytest

from tests.config.reading import FILE, read_file
from tests.config.test_defaults import served
from trunkline.config import Loaded, load
from trunkline.config.provider_section import PARTS, PLACES
from trunkline.config.rows import rows
from trunkline.sign import Signers
from trunkline.types import Provider

HEAD = "server: {auth: none}\nproviders:\n"
KEY_FILE = '{"type": "service_account", "private_key": "hunter2"}'
PAIR = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "hunter2"}
REGION = {"AWS_REGION": "eu-west-1"}
ADDRESS = "https://bedrock-runtime.eu-west-1.amazonaws.com"
PROJECTS = "/v1/projects/p/locations/{}{{call}}"


def loaded(text: str, environ: dict[str, str], installed: bool = True) -> Loaded:
    return load(HEAD + f"  {text}\n", environ, path=FILE, read_file=read_file, installed=lambda _module: installed)


def provider(text: str, environ: dict[str, str], installed: bool = True) -> Provider:
    found = loaded(text, environ, installed)
    assert found.config, found.problems
    (built,) = found.config.providers.values()
    return built


# The entry, the environment -> some of the provider's fields.
BUILT: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "a key of Bedrock's own": (
        "bedrock: {region: eu-west-1}",
        {"AWS_BEARER_TOKEN_BEDROCK": "k", **PAIR},
        {"base_url": ADDRESS, "place": {"region": "eu-west-1"}, "auth": "bearer", "keys": ("k",), "credentials": {}},
    ),
    "the region of the environment": ("bedrock:", {"AWS_BEARER_TOKEN_BEDROCK": "k", **REGION}, {"base_url": ADDRESS}),
    "the older name of it": (
        "bedrock:",
        {"AWS_BEARER_TOKEN_BEDROCK": "k", "AWS_DEFAULT_REGION": "eu-west-1"},
        {"base_url": ADDRESS},
    ),
    "the file before the environment": (
        "bedrock: {region: eu-west-1}",
        {"AWS_BEARER_TOKEN_BEDROCK": "k", "AWS_REGION": "us-east-1"},
        {"place": {"region": "eu-west-1"}},
    ),
    "a key pair of the environment": (
        "bedrock:",
        {**PAIR, **REGION},
        {
            "auth": "sigv4",
            "keys": (),
            "credentials": {"access_key_id": "id", "secret_access_key": "hunter2"},
            "key_source": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
            "off": None,
        },
    ),
    "a temporary one": (
        "bedrock:",
        {**PAIR, **REGION, "AWS_SESSION_TOKEN": "t"},
        {"credentials": {"access_key_id": "id", "secret_access_key": "hunter2", "session_token": "t"}},
    ),
    # The token of the environment belongs to the pair of the environment.
    "a key pair of the file": (
        "bedrock: {access_key_id: '${A}', secret_access_key: '${B}', session_token: '${C:-}'}",
        {"A": "a", "B": "b", **PAIR, **REGION, "AWS_SESSION_TOKEN": "t", "AWS_BEARER_TOKEN_BEDROCK": "k"},
        {"auth": "sigv4", "credentials": {"access_key_id": "a", "secret_access_key": "b"}, "key_source": "A, B"},
    ),
    "a key pair that is not set": (
        "bedrock: {access_key_id: '${A}', secret_access_key: '${B}'}",
        {**PAIR, **REGION},
        {"off": "A is unset", "auth": "none", "credentials": {}},
    ),
    "half of a key pair in the environment": (
        "bedrock:",
        {"AWS_ACCESS_KEY_ID": "id", **REGION},
        {"off": "AWS_SECRET_ACCESS_KEY is unset", "auth": "none"},
    ),
    "what botocore finds": ("bedrock:", REGION, {"auth": "sigv4", "credentials": {}, "keys": (), "off": None}),
    "an address of one's own": (
        "bedrock: {region: r, base_url: 'https://vpce.example'}",
        PAIR,
        {"base_url": "https://vpce.example", "auth": "sigv4", "place": {"region": "r"}},
    ),
    "a second account": (
        "two: {kind: bedrock, region: eu-west-1, api_key: '${K}'}",
        {"K": "k", **PAIR},
        {"base_url": ADDRESS, "wire": "bedrock", "keys": ("k",), "like": "bedrock"},
    ),
    # A key does not go to an address it was not made for.
    "somebody else's address": (
        "two: {kind: bedrock, region: r, base_url: 'https://other.example'}",
        {"AWS_BEARER_TOKEN_BEDROCK": "k", **PAIR},
        {"keys": (), "credentials": {}, "auth": "sigv4"},
    ),
    "a key file": (
        "vertex: {project: p, credentials: '${F}'}",
        {"F": f"{KEY_FILE}\n"},
        {
            "base_url": "https://aiplatform.googleapis.com",
            "path": PROJECTS.format("global"),
            "auth": "google",
            "credentials": {"credentials": KEY_FILE},
            "key_source": "F",
        },
    ),
    "a region": (
        "vertex: {project: p, location: us-east5}",
        {},
        {"base_url": "https://us-east5-aiplatform.googleapis.com", "path": PROJECTS.format("us-east5")},
    ),
    "a part of the world": (
        "vertex: {project: p, location: eu}",
        {},
        {"base_url": "https://aiplatform.eu.rep.googleapis.com", "path": PROJECTS.format("eu")},
    ),
    "project and location of the environment": (
        "vertex:",
        {"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_LOCATION": "us-east5"},
        {"place": {"project": "p", "location": "us-east5"}, "auth": "google", "credentials": {}, "off": None},
    ),
    "a token": ("vertex: {project: p, api_key: '${T}'}", {"T": "t"}, {"auth": "bearer", "keys": ("t",)}),
    "a key file that is not set": ("vertex: {project: p, credentials: '${F}'}", {}, {"off": "F is unset"}),
    "an empty key file": ("vertex: {project: p, credentials: '${F:-}'}", {}, {"off": None, "credentials": {}}),
    "another address of Vertex": (
        "vertex: {project: p, location: l, base_url: 'http://127.0.0.1:9'}",
        {},
        {"base_url": "http://127.0.0.1:9", "path": PROJECTS.format("l")},
    ),
}


@pytest.mark.parametrize(("text", "environ", "fields"), BUILT.values(), ids=BUILT)
def test_what_an_account_is(text: str, environ: dict[str, str], fields: dict[str, Any]) -> None:
    found = provider(text, environ)
    assert {name: getattr(found, name) for name in fields} == fields


MISSING = {
    "bedrock: {region: r}": "botocore is not installed: pip install 'trunkline[aws]'",
    "vertex: {project: p}": "google.auth is not installed: pip install 'trunkline[google]'",
}


@pytest.mark.parametrize(("text", "why"), MISSING.items(), ids=MISSING)
def test_a_library_that_is_missing_turns_the_provider_off(text: str, why: str) -> None:
    found = loaded(text, PAIR, installed=False)
    assert found.config
    assert [one.off for one in found.config.providers.values()] == [why]
    assert [problem.text for problem in found.problems] == [f"{why}: this provider is off"]


def test_a_key_needs_no_library() -> None:
    assert provider("bedrock: {region: r, api_key: '${K}'}", {"K": "k"}, installed=False).auth == "bearer"
    assert provider("vertex: {project: p, api_key: '${K}'}", {"K": "k"}, installed=False).auth == "bearer"


def test_a_variable_is_held_to_the_same_characters() -> None:
    (problem,) = loaded("bedrock: {api_key: '${K}'}", {"K": "k", "AWS_REGION": "evil.example/"}).problems
    assert problem.text.endswith("underscores: look at AWS_REGION and AWS_DEFAULT_REGION")


def test_no_credential_is_in_a_repr() -> None:
    for text, environ, _ in BUILT.values():
        assert "hunter2" not in repr(provider(text, environ))


@pytest.mark.parametrize(
    ("environ", "there"),
    [
        ({"AWS_BEARER_TOKEN_BEDROCK": "k", **REGION}, True),
        ({"AWS_BEARER_TOKEN_BEDROCK": "k"}, False),  # nobody knows where
        ({**PAIR, **REGION}, False),  # these are set for many other purposes
        (REGION, False),
        ({"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_APPLICATION_CREDENTIALS": "/f"}, False),
    ],
)
def test_what_is_served_without_a_file(environ: dict[str, str], there: bool) -> None:
    assert sorted(served(environ).providers) == ["bedrock", "demo"][not there :]


def test_what_the_rows_name_exists() -> None:
    for row in rows().providers.values():
        assert row.place.keys() <= {*PLACES}
        if row.signer:
            assert row.signer.name in Signers().by_name
            assert {*row.signer.parts} <= {*PARTS}
            assert {*row.signer.together, *row.signer.env} <= {*row.signer.parts}


@pytest.mark.parametrize("name", [name for name, row in rows().providers.items() if row.place])
def test_no_place_is_left_open(name: str) -> None:
    given = ", ".join(f"{word}: x" for word in rows().providers[name].place)
    found = provider(f"{name}: {{{given}}}", {})
    assert "{" not in found.base_url + found.path.replace("{call}", "")
