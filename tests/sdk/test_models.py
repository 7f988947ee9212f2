"""Which models there are."""

import pytest
from openai import NotFoundError

from tests.sdk.talk import Talk


def test_list(talk: Talk) -> None:
    models = talk.models()
    ids = [model.id for model in models]
    assert ids[:2] == ["chat", "think"]
    assert "demo/fast" in ids
    assert len(ids) == len(set(ids))
    assert all(model.object == "model" and type(model.created) is int and model.owned_by for model in models)


@pytest.mark.parametrize(("name", "owner"), [("chat", "trunkline"), ("demo/fast", "demo"), ("demo/think+fast", "demo")])
def test_retrieve(talk: Talk, name: str, owner: str) -> None:
    model = talk.model(name)
    assert (model.id, model.object, model.owned_by) == (name, "model", owner)
    told = model.to_dict()
    assert {"context_length", "max_output_tokens", "pricing", "capabilities", "tags", "groups"} <= told.keys()
    assert told in [listed.to_dict() for listed in talk.models()]


@pytest.mark.parametrize("name", ["chatt", "demo/fasst", "no/such/thing"])
def test_unknown(talk: Talk, name: str) -> None:
    with pytest.raises(NotFoundError) as raised:
        talk.model(name)
    assert (raised.value.code, raised.value.type) == ("model_not_found", "not_found_error")
