"""What may share an answer, and what must not (contract "Cache")."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.cache.key import IGNORED, cache_key
from trunkline.types import CachePolicy, CacheScope, Call, ClientKey, Fallback, Group, Json, Provider, Route, Target

PROVIDER = Provider(name="openai", wire="openai", base_url="https://api.openai.com/v1", auth="bearer")
TARGET = Target(provider=PROVIDER, model="gpt-4o")
NESTED = Group(name="cheap", members=(TARGET,))
BODY: Json = {
    "model": "smart",
    "messages": [{"role": "user", "content": "hi"}],
    "temperature": 0.5,
    "max_completion_tokens": 9,
}
ALICE = ClientKey(name="alice", digest="a" * 64)
BOB = ClientKey(name="bob", digest="b" * 64)


def route(scope: CacheScope = "key", *, name: str = "smart", fingerprint: str = "f1") -> Route:
    group = Group(name=name, members=(TARGET,), fallbacks=(Fallback(to=NESTED),))
    return Route(name=name, group=group, cache=CachePolicy(ttl=60, scope=scope), fingerprint=fingerprint)


def call(**changes: Any) -> Call:
    plain = Call(
        id="1",
        kind="chat",
        created=1,
        stream=False,
        body=BODY,
        route=route(),
        route_name="smart",
        key=ALICE,
        deadline=10.0,
    )
    return replace(plain, **changes)


def with_body(**changes: Any) -> Call:
    return call(body={**BODY, **changes})


def test_it_is_a_sha256_in_hex() -> None:
    key = cache_key(call())
    assert key is not None
    assert len(bytes.fromhex(key)) == 32


def test_a_route_without_a_policy_has_no_key() -> None:
    assert cache_key(call(route=replace(route(), cache=None))) is None


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(call(kind="embeddings"), id="kind"),
        pytest.param(call(key=BOB), id="client key"),
        pytest.param(call(key=None), id="no client key"),
        pytest.param(call(route=route(fingerprint="f2")), id="definition of the route"),
        pytest.param(call(route=route(name="other")), id="route name"),
        pytest.param(call(route=route("route")), id="scope route"),
        pytest.param(call(route=route("global")), id="scope global"),
        pytest.param(call(key=replace(ALICE, models=("openai/*",))), id="models the key may use"),
        pytest.param(call(key=replace(ALICE, routes=frozenset({"smart"}))), id="nested routes the key may use"),
        pytest.param(with_body(model="other"), id="model"),
        pytest.param(with_body(messages=[{"role": "user", "content": "Hi"}]), id="a letter of a message"),
        pytest.param(with_body(messages=[{"role": "system", "content": "hi"}]), id="role"),
        pytest.param(with_body(messages=[*BODY["messages"], *BODY["messages"]]), id="one more message"),
        pytest.param(with_body(temperature=0.6), id="temperature"),
        pytest.param(with_body(max_completion_tokens=10), id="token limit"),
        pytest.param(with_body(max_completion_tokens=None), id="no token limit"),
        pytest.param(with_body(seed=0), id="seed added"),
        pytest.param(with_body(n=1), id="n added"),
        pytest.param(with_body(tools=[]), id="tools added"),
        pytest.param(with_body(response_format={"type": "json_object"}), id="response_format"),
        pytest.param(with_body(top_k=4), id="a provider's own parameter"),
    ],
)
def test_whatever_shapes_the_answer_makes_another_key(other: Call) -> None:
    assert cache_key(other) not in (cache_key(call()), None)


@pytest.mark.parametrize(
    "other",
    [
        *(pytest.param(with_body(**{name: "x"}), id=name) for name in sorted(IGNORED)),
        pytest.param(with_body(prompt_cache_key="x", prompt_cache_retention="24h"), id="prompt_cache_*"),
        pytest.param(with_body(seed=None, stop=None), id="explicit nulls"),
        pytest.param(call(body={**BODY, "max_completion_tokens": None, "max_tokens": 9}), id="max_tokens"),
        pytest.param(with_body(max_tokens=3), id="max_tokens beside the newer name"),
        pytest.param(call(body=dict(reversed(BODY.items()))), id="order of the body"),
        pytest.param(call(id="2", created=2, stream=True, deadline=99.0), id="the call itself"),
        pytest.param(call(key=replace(ALICE, name="renamed", expires=9.0)), id="name and end of the client key"),
        pytest.param(call(route=replace(route(), description="x")), id="description of the route"),
        pytest.param(call(route=replace(route(), cache=CachePolicy(ttl=9))), id="ttl"),
        pytest.param(call(key=replace(ALICE, routes=frozenset({"cheap"}))), id="a list that takes nothing away"),
    ],
)
def test_what_does_not_shape_the_answer_makes_the_same_key(other: Call) -> None:
    assert cache_key(other) == cache_key(call())


def test_nulls_below_the_top_are_the_clients_own() -> None:
    quiet = [{"role": "assistant", "content": None}]
    assert cache_key(with_body(messages=quiet)) != cache_key(with_body(messages=[{"role": "assistant"}]))


@pytest.mark.parametrize(
    ("scope", "shared"), [("key", False), ("route", True), ("global", True)], ids=["key", "route", "global"]
)
def test_keys_share_as_far_as_the_scope_says(scope: CacheScope, shared: bool) -> None:
    keys = {cache_key(call(route=route(scope), key=key)) for key in (ALICE, BOB, None)}
    assert len(keys) == (1 if shared else 3)


@pytest.mark.parametrize("scope", ["route", "global"])
def test_keys_with_other_model_lists_never_share(scope: CacheScope) -> None:
    narrow = replace(BOB, models=("openai/*",))
    assert cache_key(call(route=route(scope))) != cache_key(call(route=route(scope), key=narrow))


@pytest.mark.parametrize(
    ("scope", "first", "second", "shared"),
    [
        ("route", "f1", "f1", False),
        ("global", "f1", "f1", True),
        ("global", "f1", "f2", False),
        ("global", "", "", False),
    ],
    ids=["route: never", "global: defined alike", "global: defined otherwise", "global: definition unknown"],
)
def test_routes_share_only_globally_and_only_when_defined_alike(
    scope: CacheScope, first: str, second: str, shared: bool
) -> None:
    one = call(route=route(scope, fingerprint=first))
    two = with_body(model="other")
    two = replace(two, route=route(scope, name="other", fingerprint=second), route_name="other")
    assert (cache_key(one) == cache_key(two)) is shared


def test_components_cannot_run_into_each_other() -> None:
    """`ab` + `c` is not `a` + `bc`, also where a value looks like the next one's beginning."""
    pairs = [("ab", "c"), ("a", "bc"), ('a","b', "c"), ("a", 'b","c'), ("", "abc"), ("abc", "")]
    keys = {cache_key(call(route=route("route", name=name, fingerprint=print_))) for name, print_ in pairs}
    assert len(keys) == len(pairs)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
BODIES = st.dictionaries(st.text(), JSON, max_size=6)


def shuffled(value: Any, random: Any) -> Any:
    if isinstance(value, list):
        return [shuffled(item, random) for item in value]
    if isinstance(value, dict):
        items = [(key, shuffled(item, random)) for key, item in value.items()]
        random.shuffle(items)
        return dict(items)
    return value


@given(body=BODIES, random=st.randoms(use_true_random=False))
def test_the_order_of_keys_says_nothing(body: Json, random: Any) -> None:
    assert cache_key(call(body=body)) == cache_key(call(body=shuffled(body, random)))


@given(one=BODIES, two=BODIES)
def test_only_bodies_that_say_the_same_share(one: Json, two: Json) -> None:
    def said(body: Json) -> str:
        kept = {k: v for k, v in body.items() if v is not None and k not in IGNORED}
        return repr(shuffled_to_order(kept))

    assert (cache_key(call(body=one)) == cache_key(call(body=two))) == (said(one) == said(two))


def shuffled_to_order(value: Any) -> Any:
    if isinstance(value, list):
        return [shuffled_to_order(item) for item in value]
    if isinstance(value, dict):
        return [(key, shuffled_to_order(value[key])) for key in sorted(value)]
    return value


def test_the_body_is_not_changed() -> None:
    body = {**BODY, "max_tokens": 3, "user": "u"}
    before = dict(body)
    cache_key(call(body=body, route=route("global")))
    assert body == before
