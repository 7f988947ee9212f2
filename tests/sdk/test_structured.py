"""Answers in a form that was asked for."""

import json
from enum import Enum

from openai.lib.streaming.chat import ContentDoneEvent
from pydantic import BaseModel, Field

from tests.sdk.talk import Talk


class Mood(Enum):
    good = "good"
    bad = "bad"


class Person(BaseModel):
    name: str
    age: int = Field(ge=0, le=150)
    mood: Mood
    address: str | None


class People(BaseModel):
    title: str
    people: list[Person]


def test_parse(talk: Talk) -> None:
    message = talk.parse(model="chat", response_format=People).choices[0].message
    assert isinstance(message.parsed, People)
    assert message.content is not None
    assert message.parsed == People.model_validate_json(message.content)


def test_parse_while_streaming(talk: Talk) -> None:
    events, final = talk.helped(model="chat", response_format=People)
    parsed = final.choices[0].message.parsed
    assert isinstance(parsed, People)
    assert [event.parsed for event in events if isinstance(event, ContentDoneEvent)] == [parsed]
    assert parsed == talk.parse(model="chat", response_format=People).choices[0].message.parsed


def test_json_object(talk: Talk) -> None:
    content = talk.chat(model="chat", response_format={"type": "json_object"}).choices[0].message.content
    assert content is not None
    assert isinstance(json.loads(content), dict)


def test_json_schema(talk: Talk) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "count", "schema": schema, "strict": True}}
    content = talk.chat(model="chat", response_format=wanted).choices[0].message.content
    assert content is not None
    assert isinstance(json.loads(content)["n"], int)
