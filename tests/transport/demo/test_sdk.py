"""OpenAI's own client against the demo upstream, without a proxy between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import httpx2
import openai
import pytest
from pydantic import BaseModel

from trunkline.errors import Failure
from trunkline.ports import Outbound
from trunkline.transport.demo import DemoTransport
from trunkline.transport.demo.player import DemoReply

T = TypeVar("T")
HELLO: Any = [{"role": "user", "content": "Say hello to both of us"}]


class Body(httpx2.AsyncByteStream):
    def __init__(self, reply: DemoReply) -> None:
        self._reply = reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            while piece := await self._reply.read():
                yield piece
        except Failure as failure:
            raise httpx2.ReadError(failure.words) from failure

    async def aclose(self) -> None:
        self._reply.abort()


class Bridge(httpx2.AsyncBaseTransport):
    """The SDK's HTTP client over the upstream port."""

    def __init__(self) -> None:
        self._demo = DemoTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        outbound = Outbound(str(request.url), dict(request.headers), await request.aread())
        try:
            reply = await self._demo.send(outbound)
        except Failure as failure:
            raise httpx2.ConnectError(failure.words) from failure
        return httpx2.Response(reply.status, headers=dict(reply.headers), stream=Body(reply))


def with_client(use: Callable[[openai.AsyncOpenAI], Awaitable[T]]) -> T:
    async def run() -> T:
        http = httpx2.AsyncClient(transport=Bridge())
        async with openai.AsyncOpenAI(
            api_key="none", base_url="http://local/v1", http_client=http, max_retries=0
        ) as client:
            return await use(client)

    return asyncio.run(run())


def test_a_whole_answer() -> None:
    answer = with_client(lambda client: client.chat.completions.create(model="echo", messages=HELLO))
    assert answer.choices[0].message.content == "Say hello to both of us"
    assert answer.usage
    assert answer.usage.total_tokens == 6 + 6
    assert answer._request_id
    assert answer._request_id.startswith("req_")


def test_a_stream() -> None:
    async def read(client: openai.AsyncOpenAI) -> str:
        stream = await client.chat.completions.create(model="fast", messages=HELLO, stream=True)
        return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

    assert with_client(read) == "Say hello to both of us"


class Visit(BaseModel):
    city: str
    guests: list[str]
    previous: "Visit | None"


def test_the_stream_helper_parses_tool_calls() -> None:
    tools: Any = [openai.pydantic_function_tool(Visit, name="plan"), openai.pydantic_function_tool(Visit, name="book")]

    async def read(client: openai.AsyncOpenAI) -> Any:
        async with client.chat.completions.stream(model="think+fast", messages=HELLO, tools=tools) as stream:
            return await stream.get_final_completion()

    choice = with_client(read).choices[0]
    assert choice.finish_reason == "tool_calls"
    assert [call.function.name for call in choice.message.tool_calls] == ["plan", "book"]
    for call in choice.message.tool_calls:
        assert call.function.parsed_arguments.city == "Say hello to both of us"


@pytest.mark.parametrize("model", ["fast", "think"])
def test_a_format_is_parsed(model: str) -> None:
    answer = with_client(
        lambda client: client.chat.completions.parse(model=model, messages=HELLO, response_format=Visit)
    )
    parsed = answer.choices[0].message.parsed
    assert parsed
    assert parsed.city == "Say hello to both of us"


def test_embeddings_are_decoded() -> None:
    answer = with_client(lambda client: client.embeddings.create(model="embed", input=["a", "b"], dimensions=8))
    assert [len(each.embedding) for each in answer.data] == [8, 8]


@pytest.mark.parametrize(
    ("model", "error"),
    [
        ("nobody", openai.NotFoundError),
        ("status-400", openai.BadRequestError),
        ("status-401", openai.AuthenticationError),
        ("status-429", openai.RateLimitError),
        ("status-503", openai.InternalServerError),
        ("refused", openai.APIConnectionError),
        ("cut-after-1", openai.APIConnectionError),
    ],
)
def test_errors_are_those_of_the_sdk(model: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        with_client(lambda client: client.chat.completions.create(model=model, messages=HELLO))


def test_an_error_in_a_stream_is_raised_after_what_came_before_it() -> None:
    seen: list[str] = []

    async def read(client: openai.AsyncOpenAI) -> None:
        stream = await client.chat.completions.create(model="error-after-2+fast", messages=HELLO, stream=True)
        async for chunk in stream:
            seen.extend(choice.delta.content or "" for choice in chunk.choices)

    with pytest.raises(openai.APIError, match="The server had an error"):
        with_client(read)
    assert seen == ["", "Say", " hello"]
