"""The conversation: rows of (messages, contents)."""

import pytest

from tests.wires.gemini.support import (
    BUDGET,
    LEVEL,
    SAID_HI,
    assistant,
    contents,
    function_call,
    refused,
    result,
    tool_call,
    write,
)
from tests.wires.support import HI
from trunkline.types import Json

SKIP = "skip_thought_signature_validator"


def user(*texts: str) -> Json:
    return {"role": "user", "parts": [{"text": text} for text in texts]}


def model(*parts: Json) -> Json:
    return {"role": "model", "parts": list(parts)}


def response(identity: str = "1", name: str = "f", **response: str) -> Json:
    return {"functionResponse": {"id": identity, "name": name, "response": response}}


def results(*parts: Json) -> Json:
    return {"role": "user", "parts": list(parts)}


CONVERSATIONS: dict[str, tuple[list[Json], list[Json]]] = {
    "one turn": ([HI], [SAID_HI]),
    "turns of one role in a row": ([HI, HI, assistant(content="a"), assistant(content="b")],
                                   [user("hi", "hi"), model({"text": "a"}, {"text": "b"})]),
    "parts": ([{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": ""}]}],
              [user("a")]),
    "a message without content": ([HI, {"role": "user", "content": None}, {"role": "user", "content": ""}],
                                  [SAID_HI]),
    "a refusal": ([assistant(refusal="no")], [model({"text": "no"})]),
    "a refusal as a part": ([{"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]}],
                            [model({"text": "no"})]),
    "a call and its result": (
        [HI, assistant(tool_call(arguments='{"a": 1}'), content="x"), result()],
        [SAID_HI, model({"text": "x"}, function_call("f", "1", a=1)), results(response(output="r"))],
    ),
    "parallel calls, results in the order of the calls": (
        [HI, assistant(tool_call("1"), tool_call("2", "g")), result("2", "b"), result("1", "a")],
        [SAID_HI,
         model({"functionCall": {"id": "1", "name": "f", "args": {}}},
               {"functionCall": {"id": "2", "name": "g", "args": {}}}),
         results(response("1", "f", output="a"), response("2", "g", output="b"))],
    ),
    "words after results stand in a content of their own": (
        [HI, assistant(tool_call(arguments='{"a": 1}')), result(), HI],
        [SAID_HI, model(function_call("f", "1", a=1)), results(response(output="r")), SAID_HI],
    ),
    "an id used twice names the later call": (
        [assistant(tool_call("1", "f", '{"a": 1}')), result(), assistant(tool_call("1", "g", '{"a": 1}')), result()],
        [model(function_call("f", "1", a=1)), results(response("1", "f", output="r")),
         model(function_call("g", "1", a=1)), results(response("1", "g", output="r"))],
    ),
    "free text": (
        [assistant({"id": "1", "type": "custom", "custom": {"name": "f", "input": "x"}}), result()],
        [model(function_call("f", "1", input="x")), results(response(output="r"))],
    ),
    "a result under the name of its function": (
        [{"role": "function", "name": "f", "content": "r"}],
        [results({"functionResponse": {"name": "f", "response": {"output": "r"}}})],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("messages", "wanted"), CONVERSATIONS.values(), ids=CONVERSATIONS)
def test_contents(messages: list[Json], wanted: list[Json]) -> None:
    written = write({"messages": messages})
    assert written.request["contents"] == wanted
    assert written.dropped == ()


# What a tool said -> `response`, which must be an object.
RESPONSES: dict[str, tuple[Json, Json]] = {
    "text": (result(content="r"), {"output": "r"}),
    "an object": (result(content='{"a": [1]}'), {"a": [1]}),
    "a list": (result(content="[1]"), {"output": "[1]"}),
    "a number": (result(content="42"), {"output": "42"}),
    "nothing": (result(content=None), {"output": ""}),
    "parts": (result(content=[{"type": "text", "text": '{"a":'}, {"type": "text", "text": " 1}"}]), {"a": 1}),
    "an error": (result(content='{"a": 1}', is_error=True), {"error": '{"a": 1}'}),
    "nested beyond what can be written": (result(content='{"a":' * 300 + "1" + "}" * 300),
                                          {"output": '{"a":' * 300 + "1" + "}" * 300}),
}  # fmt: skip


@pytest.mark.parametrize(("said", "wanted"), RESPONSES.values(), ids=RESPONSES)
def test_a_response_is_an_object(said: Json, wanted: Json) -> None:
    (part,) = contents(assistant(tool_call()), said)[1]["parts"]
    assert part["functionResponse"]["response"] == wanted


SYSTEM: dict[str, tuple[list[Json], list[Json], list[Json], tuple[str, ...]]] = {
    "at the head": ([{"role": "system", "content": "s"}, HI], [{"text": "s"}], [SAID_HI], ()),
    "several, of either role": (
        [{"role": "system", "content": "s"}, {"role": "developer", "content": [{"type": "text", "text": "d"}]}, HI],
        [{"text": "s"}, {"text": "d"}], [SAID_HI], ()),
    "later": ([HI, {"role": "system", "content": "s"}, HI], [], [user("hi", "s", "hi")], ("messages=system_as_user",)),
    "head and later": (
        [{"role": "system", "content": "s"}, HI, assistant(content="a"), {"role": "developer", "content": "d"}],
        [{"text": "s"}], [SAID_HI, model({"text": "a"}), user("d")], ("messages=system_as_user",)),
    "alone": ([{"role": "system", "content": "s"}], [], [user("s")], ("messages=system_as_user",)),
    "empty": ([{"role": "system", "content": ""}, HI], [], [SAID_HI], ()),
}  # fmt: skip


@pytest.mark.parametrize(("messages", "system", "wanted", "dropped"), SYSTEM.values(), ids=SYSTEM)
def test_system(messages: list[Json], system: list[Json], wanted: list[Json], dropped: tuple[str, ...]) -> None:
    written = write({"messages": messages})
    assert written.request.get("systemInstruction", {"parts": []})["parts"] == system
    assert (written.request["contents"], written.dropped) == (wanted, dropped)


def test_a_model_without_system_hears_it_from_the_user() -> None:
    written = write({"messages": [{"role": "system", "content": "s"}, HI]}, "gemma-3-27b-it")
    assert "systemInstruction" not in written.request
    assert (written.request["contents"], written.dropped) == ([user("s", "hi")], ("messages=system_as_user",))


TRIMMED: dict[str, list[Json]] = {
    "a user's name": [{**HI, "name": "u"}],
    "a system's name": [{"role": "system", "content": "s", "name": "n"}, HI],
    "a cache mark": [{"role": "user", "content": [{"type": "text", "text": "a", "cache_control": {"type": "x"}}]}],
}


@pytest.mark.parametrize("messages", TRIMMED.values(), ids=TRIMMED)
def test_what_messages_lose_is_told(messages: list[Json]) -> None:
    assert write({"messages": messages}).dropped == ("messages=trimmed",)


PICTURE: Json = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
REFUSED: dict[str, tuple[list[Json], str]] = {
    "another role": ([{"role": "critic", "content": "x"}], "messages[0].role"),
    "a result of no call": ([HI, result("9")], "messages[1].tool_call_id"),
    "a call without a name": ([assistant({"id": "1", "type": "function"})], "messages[0].tool_calls[0]"),
    "a call of nothing": ([{"role": "assistant", "tool_calls": [None]}], "messages[0].tool_calls[0]"),
    "arguments that are no JSON": ([assistant(tool_call(arguments="{"))],
                                   "messages[0].tool_calls[0].function.arguments"),
    "arguments that are no object": ([assistant(tool_call(arguments="[]"))],
                                     "messages[0].tool_calls[0].function.arguments"),
    "a picture for the system": ([{"role": "system", "content": [PICTURE]}, HI], "messages[0].content"),
    "a picture from a tool": ([assistant(tool_call()), result(content=[PICTURE])], "messages[1].content"),
}  # fmt: skip


@pytest.mark.parametrize(("messages", "param"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_said(messages: list[Json], param: str) -> None:
    code = refused({"messages": messages}, BUDGET)
    assert code in (("invalid_request", param), ("unsupported_parameter", param))


def test_a_picture_from_a_tool_stands_beside_its_words() -> None:
    content = [{"type": "text", "text": "see"}, PICTURE]
    (part,) = contents(assistant(tool_call()), result(content=content), model=LEVEL)[1]["parts"]
    told = part["functionResponse"]
    assert told["response"] == {"output": "see"}
    assert told["parts"] == [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]


def test_blank_arguments_are_an_empty_object() -> None:
    (turn,) = contents(assistant(tool_call(arguments=" "), tool_call(arguments="")))
    assert [part["functionCall"]["args"] for part in turn["parts"]] == [{}, {}]
