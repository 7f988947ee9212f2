"""Turns and what stands inside them: rows of (messages or blocks, how they are put together)."""

import pytest

from trunkline.types import Json
from trunkline.wires.turns import Turn, may_instruct, merged, woven


def text(said: str, **marks: str) -> Json:
    return {"type": "text", "text": said, **marks}


A, B, USE, OTHER, T1, T2 = text("a"), text("b"), {"use": 1}, {"use": 2}, {"thought": 1}, {"thought": 2}


def test_neighbours_of_one_role_are_one_turn() -> None:
    given = [Turn("user", [A]), Turn("user", [B]), Turn("assistant", []), Turn("user", [A]), Turn("assistant", [B])]
    assert merged(given) == [Turn("user", [A, B, A]), Turn("assistant", [B])]
    assert given[0].blocks == [A], "what was given is as it was"


@pytest.mark.parametrize(
    ("roles", "index", "may"),
    [("us", 1, True), ("usa", 1, True), ("su", 0, False), ("uas", 2, False), ("usu", 1, False)],
)
def test_where_a_later_system_turn_may_stand(roles: str, index: int, may: bool) -> None:
    names = {"u": "user", "a": "assistant", "s": "system"}
    assert may_instruct([Turn(names[role], [A]) for role in roles], index) is may


ROWS: dict[str, tuple[list[Json], list[list[Json]], list[tuple[int, int, Json]], list[Json]]] = {
    "before everything": ([text("hello")], [[USE]], [(0, 0, T1)], [T1, text("hello"), USE]),
    "inside the text": ([text("hello")], [], [(2, 0, T1)], [text("he"), T1, text("llo")]),
    "a mark stays with the last piece": (
        [text("hello", mark="m")], [], [(2, 0, T1)], [text("he"), T1, text("llo", mark="m")],
    ),
    "between two texts": ([text("ab"), text("cd")], [], [(2, 0, T1)], [text("ab"), T1, text("cd")]),
    "after the text": ([text("ab")], [[USE]], [(2, 0, T1)], [text("ab"), T1, USE]),
    "between two calls": ([], [[USE], [OTHER]], [(0, 0, T1), (0, 1, T2)], [T1, USE, T2, OTHER]),
    "after the last call": ([], [[USE]], [(0, 1, T1)], [USE, T1]),
    "beyond what there is": ([text("ab")], [], [(9, 9, T1)], [text("ab"), T1]),
    "blank text is left out": ([text("  ")], [[USE]], [(0, 0, T1)], [T1, USE]),
    "what is no text stays": ([{"type": "image"}], [], [(0, 0, T1)], [{"type": "image"}, T1]),
}  # fmt: skip


@pytest.mark.parametrize(("said", "uses", "thoughts", "blocks"), ROWS.values(), ids=ROWS)
def test_thoughts_stand_where_they_stood(
    said: list[Json], uses: list[list[Json]], thoughts: list[tuple[int, int, Json]], blocks: list[Json]
) -> None:
    assert woven(said, uses, thoughts) == blocks
