"""What a route makes of a request: rows of (target, body, request, what was narrowed)."""

import copy
from typing import Any

import pytest

from tests.pipeline.build import target
from trunkline.pipeline.params import shape
from trunkline.types import Json

USER = {"role": "user", "content": "hi"}


@pytest.mark.parametrize(
    ("fields", "body", "shaped", "narrowed"),
    [
        pytest.param({}, {"temperature": 1}, {"temperature": 1}, (), id="nothing to do"),
        pytest.param({"params": {"temperature": 0.7}}, {}, {"temperature": 0.7}, (), id="a default"),
        pytest.param({"params": {"temperature": 0.7}}, {"temperature": 0}, {"temperature": 0}, (), id="client wins"),
        pytest.param({"force": {"seed": 7}}, {"seed": 1}, {"seed": 7}, (), id="forced"),
        pytest.param({"params": {"top_p": None}}, {}, {}, (), id="null is absence"),
        pytest.param(
            {"params": {"max_tokens": 5}},
            {"max_completion_tokens": 9},
            {"max_completion_tokens": 9},
            (),
            id="two names of one limit: the client's",
        ),
        pytest.param(
            {}, {"max_tokens": 5, "max_completion_tokens": 9}, {"max_completion_tokens": 9}, (), id="both: the newer"
        ),
        pytest.param(
            {"force": {"max_tokens": 3}}, {"max_completion_tokens": 9}, {"max_tokens": 3}, (), id="forced limit"
        ),
        pytest.param({"limit": {"max_tokens": 4}}, {"max_tokens": 3}, {"max_tokens": 3}, (), id="below the ceiling"),
        pytest.param(
            {"limit": {"max_tokens": 4}},
            {"max_completion_tokens": 9},
            {"max_completion_tokens": 4},
            ("max_completion_tokens=clamped",),
            id="above the ceiling, under either name",
        ),
        pytest.param({"limit": {"max_tokens": 4}}, {}, {"max_tokens": 4}, (), id="a ceiling holds unasked"),
        pytest.param({"limit": {"n": 2}}, {"n": 5}, {"n": 2}, ("n=clamped",), id="another ceiling"),
        pytest.param({"limit": {"n": 2}}, {}, {}, (), id="other ceilings add nothing"),
        pytest.param(
            {"system": "Be brief."},
            {"messages": [USER]},
            {"messages": [{"role": "system", "content": "Be brief."}, USER]},
            (),
            id="a system message first",
        ),
        pytest.param({"system": "Be brief."}, {"input": "x"}, {"input": "x"}, (), id="not for embeddings"),
    ],
)
def test_shape(fields: dict[str, Any], body: Json, shaped: Json, narrowed: tuple[str, ...]) -> None:
    before = copy.deepcopy(body)
    assert shape(body, target("a/m", **fields)) == (shaped, narrowed)
    assert body == before, "a client's body is never changed"
