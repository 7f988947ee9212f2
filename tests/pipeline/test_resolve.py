"""From a name to a route: rows of (what is exposed, who asks, name, outcome)."""

import pytest

from tests.pipeline.build import config, key, route, target
from trunkline.catalog import Catalog, Entry
from trunkline.errors import ApiError
from trunkline.pipeline.resolve import exposed_names, resolve
from trunkline.types import ClientKey, Config

NO_CATALOG = Catalog.of(())
SMART = route("smart", target("a/m"), target("off/m2", off="OFF_KEY is unset"))
CHEAP = route("cheap", target("b/only"), target("b/m"))
ROUTES, MODELS, BOTH = frozenset({"routes"}), frozenset({"models"}), frozenset({"routes", "models"})


@pytest.mark.parametrize(
    ("expose", "who", "name", "outcome"),
    [
        pytest.param(ROUTES, None, "smart", "smart", id="a route"),
        pytest.param(ROUTES, None, None, "cheap", id="the default route"),
        pytest.param(MODELS, None, None, "cheap", id="the default route, whatever is exposed"),
        pytest.param(ROUTES, None, "a/m", "model_not_found", id="a hidden model"),
        pytest.param(MODELS, None, "smart", "model_not_found", id="a hidden route"),
        pytest.param(BOTH, None, "a/m", "direct", id="a model"),
        pytest.param(BOTH, None, "a/never/heard/of", "direct", id="any model of a provider"),
        pytest.param(BOTH, None, "only", "direct", id="a bare id with one owner"),
        pytest.param(BOTH, None, "m", "model_not_found", id="a bare id with two owners"),
        pytest.param(BOTH, None, "nobody/m", "model_not_found", id="no such provider"),
        pytest.param(BOTH, None, "a/", "model_not_found", id="no model after the slash"),
        pytest.param(BOTH, None, "off/m2", "model_not_found", id="a provider that is off"),
        pytest.param(BOTH, key(routes=frozenset({"cheap"})), "smart", "model_not_allowed", id="kept from the key"),
        pytest.param(BOTH, key(routes=frozenset({"cheap"})), "a/m", "model_not_allowed", id="routes only"),
        pytest.param(BOTH, key(models=("b/*",)), "a/m", "model_not_allowed", id="models only"),
        pytest.param(BOTH, key(models=("b/*",)), "b/m", "direct", id="a model the key may use"),
    ],
)
def test_resolve(expose: frozenset[str], who: ClientKey | None, name: str | None, outcome: str) -> None:
    assert _outcome(config(SMART, CHEAP, expose=expose, default_route="cheap"), name, who) == outcome


def _outcome(conf: Config, name: str | None, who: ClientKey | None) -> str:
    try:
        return resolve(conf, NO_CATALOG, name, who).name
    except ApiError as error:
        return error.code


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("smrt", '"smart"'),
        ("m", '"a/m", "b/m"'),
        ("off/m2", "OFF_KEY is unset"),
        ("zzzzzzzz", "GET /v1/models"),
    ],
)
def test_a_name_not_found_says_what_to_do(name: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        resolve(config(SMART, CHEAP, expose=BOTH), NO_CATALOG, name, None)
    assert words in caught.value.message


def test_no_model_and_no_default_route() -> None:
    with pytest.raises(ApiError) as caught:
        resolve(config(SMART), NO_CATALOG, None, None)
    assert (caught.value.code, caught.value.param) == ("invalid_request", "model")


def test_direct_models_that_nobody_configured_share_a_label() -> None:
    conf = config(SMART, CHEAP, expose=BOTH)
    listed = [resolve(conf, NO_CATALOG, name, None).route.group.members[0] for name in ("a/m", "a/other")]
    assert [member.listed for member in listed] == [True, False]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("expose", "who", "names"),
    [
        (BOTH, None, ["smart", "cheap", "a/m", "b/only", "b/m"]),
        (ROUTES, None, ["smart", "cheap"]),
        (BOTH, key(routes=frozenset({"cheap"})), ["cheap"]),
        (BOTH, key(models=("b/*",)), ["smart", "cheap", "b/only", "b/m"]),
    ],
)
def test_what_is_listed(expose: frozenset[str], who: ClientKey | None, names: list[str]) -> None:
    assert exposed_names(config(SMART, CHEAP, expose=expose), NO_CATALOG, who) == names


def test_what_the_catalog_knows_is_exposed_too() -> None:
    known = Catalog.of(
        [Entry(provider="a", model="new"), Entry(provider="off", model="x"), Entry(provider="z", model="y")]
    )
    conf = config(SMART, CHEAP, expose=BOTH)
    assert exposed_names(conf, known, None)[-1] == "a/new"
    found = resolve(conf, known, "new", None).route.group.members[0]
    assert (found.id, found.listed) == ("a/new", True)  # type: ignore[union-attr]
