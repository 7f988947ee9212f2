"""Routes: what a target is given by the route it stands in, and how nested routes are flattened."""

from typing import Any

import pytest

from tests.config.reading import config, targets, told
from trunkline.errors import MOVES_ON
from trunkline.types import CachePolicy, Cooldown, Fallback, Group, Retries, Route, Target, Timeouts

HEAD = "server: {auth: none}\nproviders: {demo: {}, openai: {api_key: '${OPENAI_API_KEY:-sk-0}'}}\nroutes:\n"


def route(text: str, name: str = "a") -> Route:
    return config(HEAD + text).routes[name]


def only(text: str) -> Target:
    (target,) = targets(route(text).group)
    return target


# A whole route but for its name -> what its one target is given.
MERGED: dict[str, dict[str, Any]] = {
    "targets: [demo/echo]": {"id": "demo/echo", "weight": 1, "params": {}, "force": {}, "limit": {}, "routes": ()},
    "targets: [openai/ft:gpt-4o/x]": {"model": "ft:gpt-4o/x"},
    "targets: [{model: demo/echo, weight: 7}]": {"weight": 7},
    "targets: ['${T:-demo}/${M:-echo}']": {"id": "demo/echo"},
    "{targets: [demo/echo], params: {n: 1, seed: 2}, force: {user: a}}": {
        "params": {"n": 1, "seed": 2},
        "force": {"user": "a"},
    },
    "{targets: [{model: demo/echo, params: {n: 3}, force: {x: 1}}], params: {n: 1, seed: 2}, force: {x: 0, y: 2}}": {
        "params": {"n": 3, "seed": 2},
        "force": {"x": 1, "y": 2},
    },
    "{targets: [{model: demo/echo, params: {max_completion_tokens: 9}}], params: {max_tokens: 5}}": {
        "params": {"max_completion_tokens": 9}
    },
    "{targets: [{model: demo/echo, params: {x: {b: 1}}}], params: {x: {a: 1}, y: null}}": {
        "params": {"x": {"b": 1}, "y": None}
    },
    "{targets: [demo/echo], limit: {max_tokens: 4000, temperature: 1.5}}": {
        "limit": {"max_tokens": 4000, "temperature": 1.5}
    },
    "{targets: [demo/echo], system: Be brief., unsupported: reject}": {"system": "Be brief.", "unsupported": "reject"},
    "{targets: [demo/echo], system: ''}": {"system": None, "unsupported": "drop"},
    "{targets: [demo/echo], retries: {attempts: 3, backoff: 1s}}": {"retries": Retries(attempts=3, backoff=1.0)},
    "{targets: [demo/echo], retries: {backoff: 20s}}": {"retries": Retries(backoff=20.0, max_backoff=20.0)},
    "{targets: [demo/echo], timeouts: {connect: 1s, first_token: 2s, idle: 3s, answer: 4s}}": {
        "timeouts": Timeouts(connect=1.0, first_token=2.0, idle=3.0, answer=4.0)
    },
    "{targets: [demo/echo], timeouts: {total: 1h}}": {"timeouts": Timeouts(total=3600.0, stream_total=3600.0)},
    "{targets: [demo/echo], retries: , timeouts: {}}": {"retries": Retries(), "timeouts": Timeouts()},
}


@pytest.mark.parametrize("text", MERGED)
def test_what_a_target_is_given(text: str) -> None:
    target = only(f"  a: {text if text.startswith('{') else '{' + text + '}'}\n")
    assert {name: getattr(target, name) for name in MERGED[text]} == MERGED[text]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("", "cooldown", Cooldown()),
        (", cooldown: {after: 2, for: 1s, up_to: 3s}", "cooldown", Cooldown(after=2, rest=1.0, up_to=3.0)),
        (", cooldown: {for: 2m}", "cooldown", Cooldown(rest=120.0, up_to=120.0)),
        ("", "cache", None),
        (", cache: {ttl: 1h}", "cache", CachePolicy(ttl=3600.0)),
        (
            ", cache: {ttl: 1h, scope: global, stale_if_error: 24h}",
            "cache",
            CachePolicy(ttl=3600.0, scope="global", stale_if_error=86400.0),
        ),
        (", description: Short", "description", "Short"),
        (", timeouts: {total: 5s}", "timeouts", Timeouts(total=5.0, stream_total=5.0)),
    ],
)
def test_what_a_route_keeps(text: str, field: str, value: object) -> None:
    assert getattr(route(f"  a: {{targets: [demo/echo]{text}}}\n"), field) == value


NESTED = """\
  a:
    strategy: round_robin
    params: {temperature: 0}
    targets:
      - demo/echo
      - {model: b, weight: 5}
    fallbacks: [{to: c, on: [timeout]}]
    retries: {attempts: 1}
  b:
    strategy: weighted
    params: {temperature: 1}
    force: {seed: 7}
    system: Be b.
    unsupported: reject
    timeouts: {connect: 1s}
    limit: {n: 2}
    targets: [{model: demo/fast, weight: 2}, c]
    fallbacks: [demo/slow]
  c:
    targets: [demo/embed]
"""


def test_nested_routes_are_groups() -> None:
    group = route(NESTED).group
    echo, b = group.members
    assert isinstance(echo, Target)
    assert isinstance(b, Group)
    assert (group.name, group.strategy, group.weight) == ("a", "round_robin", 1)
    assert (b.name, b.strategy, b.weight) == ("b", "weighted", 5)
    assert [(fallback.to.name, *fallback.on) for fallback in group.fallbacks if isinstance(fallback.to, Group)] == [
        ("c", "timeout")
    ]
    assert [fallback.on for fallback in b.fallbacks] == [MOVES_ON]


def test_a_nested_target_is_given_what_its_own_route_says() -> None:
    told_of = {
        (leaf.id, leaf.routes): (dict(leaf.params), leaf.system, leaf.retries.attempts)
        for leaf in targets(route(NESTED).group)
    }
    assert told_of == {
        ("demo/echo", ()): ({"temperature": 0}, None, 1),
        ("demo/fast", ("b",)): ({"temperature": 1}, "Be b.", 2),
        ("demo/embed", ("b", "c")): ({}, None, 2),
        ("demo/slow", ("b",)): ({"temperature": 1}, "Be b.", 2),
        ("demo/embed", ("c",)): ({}, None, 2),
    }


def test_a_fallback_to_a_target_stands_in_its_route() -> None:
    (fallback,) = route("  a: {targets: [demo/echo], fallbacks: [demo/fast], system: Hi}\n").group.fallbacks
    assert fallback == Fallback(to=only("  a: {targets: [demo/fast], system: Hi}\n"))


def test_fingerprints_change_with_what_shapes_an_answer() -> None:
    texts = [
        "  a: {targets: [demo/echo]}\n",
        "  a: {targets: [demo/fast]}\n",
        "  a: {targets: [demo/echo], params: {n: 1}}\n",
        "  a: {targets: [demo/echo], system: Hi}\n",
        "  a: {targets: [b]}\n  b: {targets: [demo/echo]}\n",
        "  a: {targets: [b]}\n  b: {targets: [demo/echo], force: {n: 1}}\n",
        "  a: {targets: [demo/echo], fallbacks: [demo/fast]}\n",
    ]
    assert len({route(text).fingerprint for text in texts}) == len(texts)


def test_fingerprints_do_not_change_with_the_rest() -> None:
    text = HEAD + "  a: {targets: [openai/gpt-4o]}\n"
    other = (
        HEAD.replace("openai: {", "openai: {headers: {x-team: b}, ") + "  # a comment\n  b: {targets: [demo/echo]}\n"
    )
    prints = {
        config(text).routes["a"].fingerprint,
        config(text, {"OPENAI_API_KEY": "sk-1"}).routes["a"].fingerprint,
        config(text.replace(":-sk-0", ""), {}).routes["a"].fingerprint,
        config(other + "  a: {targets: [openai/gpt-4o]}\n").routes["a"].fingerprint,
    }
    assert len(prints) == 1
    assert all(len(fingerprint) == 64 for fingerprint in prints)


def chain(length: int, width: int) -> str:
    inner = "".join(f"  r{n}: {{targets: [{', '.join([f'r{n - 1}'] * width)}]}}\n" for n in range(1, length))
    return HEAD + "  r0: {targets: [demo/echo]}\n" + inner


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (chain(16, 1), []),
        (chain(17, 1), ["20:19: error: routes.r16.targets[0]: routes stand in routes more than 16 deep"]),
        (chain(2000, 1), ["20:19: error: routes.r16.targets[0]: routes stand in routes more than 16 deep"]),
        (chain(10, 2), []),
        (
            chain(12, 2),
            ["14:19: error: routes.r10.targets[0]: with all nested routes there are more than 1000 targets"],
        ),
    ],
    ids=["deep enough", "too deep", "far too deep", "wide enough", "too wide"],
)
def test_nesting_has_bounds(text: str, expected: list[str]) -> None:
    first = told(text)[: len(expected) or None]
    assert first == expected


def test_a_list_of_many_targets_is_no_mistake() -> None:
    assert len(targets(route(f"  a: {{targets: [{', '.join(['demo/echo'] * 1500)}]}}\n").group)) == 1500


def test_of_many_circles_the_first_ten_are_told() -> None:
    text = HEAD + "".join(f"  r{n}: {{targets: [r{n}]}}\n" for n in range(30))
    assert len(told(text)) == 10
