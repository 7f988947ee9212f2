"""Signatures of thoughts, there and back."""

from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import PROPERTY
from tests.wires.gemini.support import contents, function_call, message, said
from trunkline.types import Json

SIGNED = st.sampled_from([None, "s", "t"])
TEXTS = st.builds(lambda text, signature: _part({"text": text}, signature), st.text(max_size=4), SIGNED)
CALLS = st.builds(
    lambda name, number, signature: function_call(name, None, signature, n=number),
    st.sampled_from("fg"),
    st.integers(0, 9),
    SIGNED,
)


def _part(part: Json, signature: str | None) -> Json:
    return {**part, **({"thoughtSignature": signature} if signature else {})}


@PROPERTY
@given(st.lists(TEXTS, max_size=5), st.lists(CALLS, max_size=4), st.booleans())
def test_an_answer_comes_back_with_every_signature_where_it_was(
    texts: list[Json], calls: list[Json], trailing: bool
) -> None:
    parts = [*texts, *calls, *([{"text": "", "thoughtSignature": "u"}] if trailing else [])]
    back = contents(message(said(*parts)), model="gemini-2.5-flash")
    assert _told(back[0]["parts"] if back else []) == _told(parts)


def _told(parts: list[Json]) -> list[Json]:
    """Plain text joined, ids left out: OpenAI's message keeps no more of it."""
    told: list[Json] = []
    for part in parts:
        if part.keys() == {"text"}:
            before = told.pop()["text"] if told and told[-1].keys() == {"text"} else ""
            if before + part["text"]:
                told.append({"text": before + part["text"]})
        elif "functionCall" in part:
            call = {name: value for name, value in part["functionCall"].items() if name != "id"}
            told.append({**part, "functionCall": call})
        else:
            told.append(part)
    return told
