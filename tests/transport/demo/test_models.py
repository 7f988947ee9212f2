"""Model names and what they ask for."""

import pytest

from tests.transport.demo.play import chat
from trunkline.transport.demo import MODELS
from trunkline.transport.demo.models import Behaviour, behaviour_of

ROWS = {
    "echo": Behaviour(),
    "fast": Behaviour(pace=0.0),
    "lorem": Behaviour(voice="lorem"),
    "think": Behaviour(thinks=True),
    "embed": Behaviour(chats=False),
    "slow": Behaviour(slow=2.0),
    "slow-150": Behaviour(slow=0.15),
    "late-2500": Behaviour(late=2.5),
    "drip-250": Behaviour(pace=0.25, drips=True),
    "status-429": Behaviour(status=429),
    "status-503-retry-after-2": Behaviour(status=503, retry_after="2"),
    "status-429-retry-after-0.25": Behaviour(status=429, retry_after="0.25"),
    "cut-after-3": Behaviour(fault="cut", after=3),
    "stall": Behaviour(fault="stall"),
    "stall-after-2": Behaviour(fault="stall", after=2),
    "error-after-0": Behaviour(fault="error"),
    "garbage-after-3": Behaviour(fault="garbage", after=3),
    "no-finish": Behaviour(fault="no-finish"),
    "refused": Behaviour(instead="refused"),
    "reset": Behaviour(instead="reset"),
    "html": Behaviour(instead="html"),
    "empty": Behaviour(instead="empty"),
    "ok-error": Behaviour(instead="ok-error"),
    "flaky-2": Behaviour(failures=2),
    "cut-after-3+fast": Behaviour(pace=0.0, fault="cut", after=3),
    "lorem+slow-10+drip-20+late-30": Behaviour(voice="lorem", slow=0.01, pace=0.02, drips=True, late=0.03),
    "cut-after-3+stall": Behaviour(fault="stall", after=0),
}


@pytest.mark.parametrize(("name", "expected"), ROWS.items(), ids=ROWS)
def test_a_name_asks_for_a_behaviour(name: str, expected: Behaviour) -> None:
    assert behaviour_of(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "",
        "gpt-4o",
        "demo/echo",
        "echo+",
        "+fast",
        "ECHO",
        "status-200",
        "status-600",
        "slow-",
        "cut-after-x",
        "slow-\u0661",
    ],
)
def test_an_unknown_name_is_answered_as_openai_does(name: str) -> None:
    played = chat(name)
    error = played.json["error"]
    assert (played.status, error["type"], error["param"], error["code"]) == (
        404,
        "invalid_request_error",
        "model",
        "model_not_found",
    )
    assert f"`{name}`" in error["message"]
    assert "echo, fast, slow" in error["message"]


def test_every_listed_model_is_known() -> None:
    assert len(MODELS) == len(set(MODELS))
    assert [name for name in MODELS if behaviour_of(name) is None] == []
