"""Providers: the built-in rows, what the file says over them, addresses and keys."""

from typing import Any

import pytest

from tests.config.reading import config, told
from trunkline.config.rows import rows
from trunkline.config.urls import is_loopback, mend
from trunkline.types import Provider
from trunkline.wires import WIRES
from trunkline.wires.auth import SCHEMES

HEAD = "server: {auth: none}\nproviders:\n"
KEY = {"OPENAI_API_KEY": "sk-1"}


def provider(text: str, environ: dict[str, str] | None = None) -> Provider:
    (found,) = config(HEAD + f"  {text}\n", environ or {}).providers.values()
    return found


OPENAI: dict[str, Any] = {
    "wire": "openai",
    "auth": "bearer",
    "base_url": "https://api.openai.com/v1",
    "key_source": "OPENAI_API_KEY",
    "off": None,
    "rename": {"max_tokens": "max_completion_tokens"},
    "stream_options": {"include_obfuscation": False},
    "base64_embeddings": True,
    "local": False,
}
OWN = {"rename": {}, "stream_options": {}, "base64_embeddings": False, "keys": (), "auth": "none", "off": None}

# The provider's entry, the environment -> some of its fields.
BUILT: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("openai:", KEY, {**OPENAI, "keys": ("sk-1",), "headers": {}}),
    ("openai:", {"OPENAI_API_KEY": " sk-1\n"}, {"keys": ("sk-1",)}),
    ("openai:", {}, {"off": "OPENAI_API_KEY is unset", "keys": (), "key_source": "OPENAI_API_KEY"}),
    ("openai:", {"OPENAI_API_KEY": ""}, {"off": "OPENAI_API_KEY is unset"}),
    ("openai: {enabled: false}", KEY, {"off": "enabled: false"}),
    ("openai: {base_url: 'http://127.0.0.1:9/v1'}", KEY, {**OPENAI, "base_url": "http://127.0.0.1:9/v1"}),
    ("openai: {base_url: '${NONE:-}'}", KEY, OPENAI),
    ("openai: {kind: openai}", KEY, OPENAI),
    ("openai: {organization: org-1}", KEY, {"headers": {"OpenAI-Organization": "org-1"}}),
    ("openai: {organization: '${ORG:-}'}", KEY, {"headers": {}}),
    ("openai: {api_key: '${MINE}'}", {**KEY, "MINE": "sk-2"}, {"keys": ("sk-2",), "key_source": "MINE"}),
    ("openai: {api_key: '${MINE}'}", KEY, {"off": "MINE is unset", "key_source": "MINE"}),
    ("openai: {api_key: '${MINE:-}'}", KEY, {"keys": ("sk-1",), "off": None}),
    ("openai: {api_key: '${file:/run/secrets/key}'}", {}, {"keys": ("from-a-file",)}),
    ("openai: {api_key: sk-3}", {}, {"keys": ("sk-3",), "key_source": "providers.openai.api_key in proxy.yaml"}),
    (
        "openai: {api_key: ['${A}', '${B}', '${C}', '${A}']}",
        {"A": "1", "C": "3"},
        {"keys": ("1", "3"), "key_source": "A, C, A", "off": None},
    ),
    ("openai: {rename: {user: safety_identifier}}", KEY, {"rename": {**OPENAI["rename"], "user": "safety_identifier"}}),
    ("openai: {drop: [store], local: true}", KEY, {"drop": {"store"}, "local": True}),
    ("demo:", {}, {"wire": "openai", "auth": "none", "base_url": "demo://local/v1", "off": None, "local": True}),
    ("mine: {kind: demo}", {}, {"wire": "openai", "base_url": "demo://local/v1", "local": False}),
    ("ollama:", {}, {"base_url": "http://127.0.0.1:11434", "off": None, "auth": "none", "local": True}),
    ("ollama:", {"OLLAMA_BASE_URL": "http://gpu:11434/"}, {"base_url": "http://gpu:11434"}),
    ("house: {kind: openai, base_url: 'http://h:1/v1'}", KEY, {**OWN, "base_url": "http://h:1/v1"}),
    (
        "house: {kind: openai, base_url: 'http://h/v1', api_key: '${H}', headers: {x-team: '${T:-a}'}}",
        {"H": "h-1"},
        {"keys": ("h-1",), "auth": "bearer", "headers": {"x-team": "a"}, "rename": {}},
    ),
    ("house: {kind: openai, base_url: 'http://h/v1', api_key: '${H:-}'}", {}, OWN),
    ("house: {kind: openai, base_url: 'http://h/v1', api_key: '${H}'}", {}, {"off": "H is unset"}),
    ("openai: {kind: demo}", KEY, {"base_url": "demo://local/v1", "keys": (), "rename": {}}),
]


@pytest.mark.parametrize(("text", "environ", "fields"), BUILT)
def test_what_a_provider_is(text: str, environ: dict[str, str], fields: dict[str, Any]) -> None:
    found = provider(text, environ)
    taken = found.takes.by("m", None)
    assert {name: getattr(found, name) if hasattr(found, name) else getattr(taken, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"OPENAI_API_KEY": "sk\n1"}, "3:3: error: providers.openai: OPENAI_API_KEY holds a line break or another"),
        ({"OPENAI_API_KEY": "schlüssel"}, "3:3: error: providers.openai: OPENAI_API_KEY holds a line break or another"),
        ({"OPENAI_API_KEY": ""}, "3:3: warning: providers.openai: OPENAI_API_KEY is unset: this provider is off"),
    ],
)
def test_what_an_environment_does_to_a_provider(environ: dict[str, str], expected: str) -> None:
    (line,) = told(HEAD + "  openai:\n", environ)
    assert line.startswith(expected)


def test_an_address_from_the_environment_is_checked() -> None:
    (line,) = told(HEAD + "  ollama:\n", {"OLLAMA_BASE_URL": "gpu:11434"})
    assert line == (
        "3:3: error: providers.ollama.base_url: "
        "OLLAMA_BASE_URL must be a URL with a host, such as https://example.com/v1"
    )


CUT = '"/chat/completions" is cut off: it is appended to every base URL'
ADDED = 'has no version segment: "/v1" is appended'
DOUBLED = 'a doubled "/v1" is cut off'

ADDRESSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "https://h/v1": ("https://h/v1", ()),
    "https://h/v1/": ("https://h/v1", ()),
    "https://h//v1//": ("https://h/v1", ()),
    "https://h": ("https://h/v1", (ADDED,)),
    "https://h/": ("https://h/v1", (ADDED,)),
    "https://h/openai": ("https://h/openai/v1", (ADDED,)),
    "https://h/openai/v1": ("https://h/openai/v1", ()),
    "https://h/v1/v1": ("https://h/v1", (DOUBLED,)),
    "https://h/v1/chat/completions": ("https://h/v1", (CUT,)),
    "https://h/v1/v1/chat/completions/": ("https://h/v1", (CUT, DOUBLED)),
    "https://h/chat/completions": ("https://h/v1", (CUT, ADDED)),
    "https://h/v1beta/openai": ("https://h/v1beta/openai", ()),
    "https://h/api/paas/v4": ("https://h/api/paas/v4", ()),
    "https://h/vllm": ("https://h/vllm/v1", (ADDED,)),
    "http://[::1]:8000/v1": ("http://[::1]:8000/v1", ()),
    "HTTPS://H.example/v1": ("https://H.example/v1", ()),
    "demo://local/v1": ("demo://local/v1", ()),
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_addresses_are_mended(url: str) -> None:
    assert mend(url) == ADDRESSES[url]


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_mended_address_needs_no_mending(url: str) -> None:
    mended, _ = mend(url)
    assert mend(mended) == (mended, ())


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "h/v1",
            "//h/v1",
            "https://",
            "https:///v1",
            "ftp://h/v1",
            "file:///v1",
            "https://h:x/v1",
            "https://h:0/v1",
        ),
        *("https://u@h/v1", "https://:p@h/v1", "https://h/v1?k=v", "https://h/v1#k", "https://h/v 1", "https://h\n/v1"),
        *("https://[::1/v1", "https://ü/v1"),
    ],
)
def test_addresses_that_cannot_be_mended(url: str) -> None:
    with pytest.raises(ValueError, match="URL") as error:
        mend(url)
    assert "://h" not in str(error.value)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        *(("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True)),
        *(("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("localhost.example", False), ("", False)),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_every_row_names_a_kind_a_wire_and_a_scheme_that_exist() -> None:
    table = rows()
    assert {row.kind for row in table.providers.values()} <= table.kinds.keys()
    assert {kind.wire for kind in table.kinds.values()} <= WIRES.keys()
    assert {kind.auth for kind in table.kinds.values()} <= SCHEMES.keys()
