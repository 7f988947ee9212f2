"""Who may ask, and for what."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from openai import AuthenticationError, NotFoundError, PermissionDeniedError

from tests.kit.server import Server
from tests.sdk.talk import Talk

HASHED = "tl-canary-hashed-77aa"
NAMES = ("full", "narrow", "targets", "elsewhere", "old")
KEYS = {name: f"tl-canary-{name}-5e1f" for name in NAMES} | {"hashed": HASHED}

CONFIG = f"""
expose: [routes, models]
providers:
  demo:
  house: {{kind: openai, base_url: "http://127.0.0.1:9/v1"}}
routes:
  chat: {{targets: [demo/fast]}}
  other: {{targets: [demo/echo]}}
  two: {{targets: [demo/echo, demo/fast]}}
keys:
  - {{name: full, key: "${{FULL}}"}}
  - {{name: narrow, key: "${{NARROW}}", routes: [chat]}}
  - {{name: targets, key: "${{TARGETS}}", models: ["demo/fast"]}}
  - {{name: elsewhere, key: "${{ELSEWHERE}}", models: ["house/*"]}}
  - {{name: old, key: "${{OLD}}", expires: 2020-01-01}}
  - {{name: hashed, hash: "sha256:{hashlib.sha256(HASHED.encode()).hexdigest()}"}}
"""

Ask = Callable[[str], Talk]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    environ = {name.upper(): KEYS[name] for name in NAMES}
    with Server(CONFIG, tmp_path_factory.mktemp("guarded"), environ=environ, key=KEYS["full"]) as server:
        yield server


@pytest.fixture
def as_(talk_to: Callable[..., Talk], guarded: Server) -> Ask:
    """Speaks with the key of that name, or with what is no key."""
    return lambda name: talk_to(guarded, api_key=KEYS.get(name, name))


@pytest.mark.parametrize("name", ["full", "hashed"])
def test_may_ask_for_all(as_: Ask, name: str) -> None:
    for model in ("chat", "other", "two", "demo/fast"):
        assert as_(name).chat(model=model).choices[0].message.content == "Hello there"


@pytest.mark.parametrize("name", ["no-such-key", "old"])
def test_unknown_and_expired_keys(as_: Ask, stream: bool, name: str) -> None:
    ask = as_(name).chunks if stream else as_(name).chat
    with pytest.raises(AuthenticationError) as raised:
        ask(model="chat")
    assert (raised.value.code, raised.value.type) == ("invalid_api_key", "authentication_error")
    assert KEYS["old"] not in raised.value.message
    for look in (as_(name).models, lambda: as_(name).embed(model="demo/embed", input="x")):
        with pytest.raises(AuthenticationError):
            look()


def test_routes_of_a_key(as_: Ask) -> None:
    talk = as_("narrow")
    assert talk.chat(model="chat").choices
    for model in ("other", "demo/fast"):
        with pytest.raises(PermissionDeniedError) as raised:
            talk.chat(model=model)
        assert (raised.value.code, raised.value.type) == ("model_not_allowed", "permission_error")
        assert "narrow" in raised.value.message
    with pytest.raises(NotFoundError):
        talk.chat(model="nothing-like-it")


def test_targets_of_a_key(as_: Ask) -> None:
    """The key's `models` say what may serve it: a route goes round the rest."""
    headers, _ = as_("targets").raw_chat(model="two")
    assert headers["x-trunkline-attempts"] == "demo/fast:ok"
    for model in ("other", "demo/echo"):
        with pytest.raises(PermissionDeniedError) as raised:
            as_("targets").chat(model=model)
        assert raised.value.code == "model_not_allowed"


def test_no_target_of_a_key(as_: Ask, stream: bool) -> None:
    talk = as_("elsewhere")
    ask = talk.chunks if stream else talk.chat
    with pytest.raises(PermissionDeniedError) as raised:
        ask(model="chat")
    assert raised.value.response.headers["x-should-retry"] == "false"


def test_models_of_a_key(as_: Ask) -> None:
    assert [model.id for model in as_("narrow").models()] == ["chat"]
    assert {"chat", "other", "two", "demo/fast", "demo/echo"} <= {model.id for model in as_("full").models()}
    seen = {model.id for model in as_("targets").models()}
    assert "demo/fast" in seen
    assert "demo/echo" not in seen
    with pytest.raises(NotFoundError):
        as_("narrow").model("other")


def test_hidden_names(talk_to: Callable[..., Talk], start_server: Callable[..., Server]) -> None:
    """A name that is not exposed does not exist, for whatever key."""
    talk = talk_to(start_server("server: {auth: none}\nproviders: {demo: }\nroutes: {chat: {targets: [demo/fast]}}\n",
                                healthy="chat"))  # fmt: skip
    assert [model.id for model in talk.models()] == ["chat"]
    assert talk.chat(model="chat").choices
    with pytest.raises(NotFoundError):
        talk.chat(model="demo/fast")
