"""What becomes of the other sections: server, redis, keys, what is exposed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.config.reading import config, loaded, told
from trunkline.config.clients import digest
from trunkline.types import ClientKey, Config, Server

OPEN = "server: {auth: none}\nproviders: {demo: {}}\n"
ROUTES = "routes: {smart: {targets: [demo/echo]}, cheap: {targets: [demo/fast]}}\n"
KEYED = f"providers: {{demo: {{}}}}\n{ROUTES}keys:\n"
HASH = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{auth: none}", Server(auth="none")),
        (
            "{auth: none, host: localhost, port: 0, workers: 1, max_in_flight: 5, log: off}",
            Server(auth="none", host="localhost", port=0, max_in_flight=5, log="off"),
        ),
        ("{auth: none, max_body: 1.5MiB, drain: 0s}", Server(auth="none", max_body=3 * 2**19, drain=0.0)),
        ("{auth: none, metrics_key: '${M}'}", Server(auth="none", metrics_key="m")),
        ("{auth: none, metrics_key: '${NONE:-}'}", Server(auth="none")),
    ],
)
def test_server(text: str, expected: Server) -> None:
    assert config(f"server: {text}\nproviders: {{demo: {{}}}}\n", {"M": "m"}).server == expected


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", None),
        ("redis: {url: '${REDIS_URL:-}'}\n", None),
        ("redis: {url: redis://127.0.0.1:6379/0}\n", "redis://127.0.0.1:6379/0"),
        ("redis: {url: 'rediss://:${P}@h'}\n", "rediss://:p@h"),
        ("redis: {url: unix:///run/redis.sock}\n", "unix:///run/redis.sock"),
    ],
)
def test_redis(text: str, url: str | None) -> None:
    found = loaded(OPEN + text, {"P": "p"})
    assert found.config
    assert (found.config.redis_url, found.problems) == (url, ())


def test_a_password_in_the_file_is_a_warning() -> None:
    text = OPEN + "redis: {url: 'redis://:hunter2@h'}\n"
    assert told(text) == ["3:14: warning: redis.url: a password is written out in the file: use ${VAR} or ${file:PATH}"]


@pytest.mark.parametrize(
    ("text", "exposed"),
    [
        ("", {"routes", "models"}),
        (ROUTES, {"routes"}),
        (ROUTES + "expose: [models]\n", {"models"}),
        (ROUTES + "expose: [routes, models]\n", {"routes", "models"}),
    ],
)
def test_what_is_exposed(text: str, exposed: set[str]) -> None:
    assert config(OPEN + text).expose == exposed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"- {{name: a, hash: sha256:{HASH}}}", ClientKey(name="a", digest=HASH)),
        (f"- {{name: a, hash: sha256:{HASH.upper()}}}", ClientKey(name="a", digest=HASH)),
        ("- {name: a, key: '${K}'}", ClientKey(name="a", digest=digest("tl-1"))),
        (
            f"- {{name: a, hash: sha256:{HASH}, routes: [smart], models: ['demo/*', '*']}}",
            ClientKey(name="a", digest=HASH, routes=frozenset({"smart"}), models=("demo/*", "*")),
        ),
        (
            f"- {{name: a, hash: sha256:{HASH}, expires: 2027-06-30}}",
            ClientKey(name="a", digest=HASH, expires=datetime(2027, 6, 30, tzinfo=UTC).timestamp()),
        ),
    ],
)
def test_keys(text: str, expected: ClientKey) -> None:
    assert config(KEYED + text, {"K": "tl-1"}).keys == {expected.digest: expected}


def test_the_digest_of_a_key() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_secrets_are_in_no_repr() -> None:
    text = (
        "server: {metrics_key: '${S}'}\nredis: {url: 'redis://:${S}@h'}\n"
        "providers:\n  openai: {api_key: ['${S}', '${file:/run/secrets/key}'], headers: {authorization: '${S}'}}\n"
        "routes: {a: {targets: [openai/gpt-4o]}}\nkeys: [{name: a, key: '${S}'}]\n"
    )
    found = loaded(text, {"S": "hunter2"})
    assert found.config
    assert found.config.providers["openai"].keys == ("hunter2", "from-a-file")
    assert "hunter2" not in repr(found)
    assert "from-a-file" not in repr(found)


def test_a_version_of_the_file_has_a_name() -> None:
    first = config(OPEN)
    assert len(first.hash) == 12
    assert int(first.hash, 16) >= 0
    assert config(OPEN, {"A": "b"}).hash == first.hash
    assert config(OPEN + "# changed\n").hash != first.hash


def test_an_empty_section_leaves_every_default() -> None:
    text = "server: {auth: none}\nredis: {}\nproviders: {demo: {}}\n"
    assert replace(config(text), providers={}, hash="") == Config(
        server=Server(auth="none"), expose=frozenset({"routes", "models"})
    )
