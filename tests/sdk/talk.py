"""One way of speaking for the SDK's two clients, so that each test is written once and holds for both."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias, TypeVar, cast

from openai import AsyncOpenAI, OpenAI
from openai.lib.streaming.chat import ChatCompletionStreamEvent
from openai.types import CreateEmbeddingResponse, Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ParsedChatCompletion

from tests.kit.server import Server

T = TypeVar("T")
Events: TypeAlias = "list[ChatCompletionStreamEvent[Any]]"
Headers = dict[str, str]

NO_KEY = "unused"  # the SDK insists on one


class Talk(Protocol):
    """`body` is what the SDK's own method takes, a user message by default."""

    def chat(self, **body: Any) -> ChatCompletion: ...
    def raw_chat(self, **body: Any) -> tuple[Headers, ChatCompletion]:
        """By `with_raw_response`."""
        ...

    def chunks(self, **body: Any) -> list[ChatCompletionChunk]:
        """By `create(stream=True)`, until it ends or raises."""
        ...

    def raw_chunks(self, into: list[ChatCompletionChunk], **body: Any) -> Headers:
        """By `with_raw_response.create(stream=True)`; what comes before an error is kept in `into`."""
        ...

    def helped(self, **body: Any) -> tuple[Events, ParsedChatCompletion[Any]]:
        """By `.stream()`, with `get_final_completion()`."""
        ...

    def parse(self, **body: Any) -> ParsedChatCompletion[Any]: ...
    def embed(self, **body: Any) -> CreateEmbeddingResponse: ...
    def raw_embed(self, **body: Any) -> tuple[Headers, CreateEmbeddingResponse]: ...
    def models(self) -> list[Model]: ...
    def model(self, name: str) -> Model: ...


def options(server: Server, **more: Any) -> dict[str, Any]:
    """How a client of the SDK is made for this server; retries are off unless asked for."""
    return {"base_url": f"{server.url}/v1", "api_key": server.key or NO_KEY, "max_retries": 0, **more}


def said(body: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "Hello there"}], **body}


class Sync:
    def __init__(self, made: dict[str, Any]) -> None:
        self._made = made

    def chat(self, **body: Any) -> ChatCompletion:
        with self._client() as client:
            return cast("ChatCompletion", client.chat.completions.create(**said(body)))

    def raw_chat(self, **body: Any) -> tuple[Headers, ChatCompletion]:
        with self._client() as client:
            response = client.chat.completions.with_raw_response.create(**said(body))
            return dict(response.headers), response.parse()

    def chunks(self, **body: Any) -> list[ChatCompletionChunk]:
        chunks: list[ChatCompletionChunk] = []
        self.raw_chunks(chunks, **body)
        return chunks

    def raw_chunks(self, into: list[ChatCompletionChunk], **body: Any) -> Headers:
        with self._client() as client:
            response = client.chat.completions.with_raw_response.create(stream=True, **said(body))
            with response.parse() as stream:
                for chunk in stream:
                    into.append(chunk)  # noqa: PERF402  # what came before an error counts
            return dict(response.headers)

    def helped(self, **body: Any) -> tuple[Events, ParsedChatCompletion[Any]]:
        with self._client() as client, client.chat.completions.stream(**said(body)) as stream:
            return list(stream), stream.get_final_completion()

    def parse(self, **body: Any) -> ParsedChatCompletion[Any]:
        with self._client() as client:
            return client.chat.completions.parse(**said(body))

    def embed(self, **body: Any) -> CreateEmbeddingResponse:
        with self._client() as client:
            return client.embeddings.create(**body)

    def raw_embed(self, **body: Any) -> tuple[Headers, CreateEmbeddingResponse]:
        with self._client() as client:
            response = client.embeddings.with_raw_response.create(**body)
            return dict(response.headers), response.parse()

    def models(self) -> list[Model]:
        with self._client() as client:
            return list(client.models.list())

    def model(self, name: str) -> Model:
        with self._client() as client:
            return client.models.retrieve(name)

    def _client(self) -> OpenAI:
        return OpenAI(**self._made)


class Async:
    def __init__(self, made: dict[str, Any]) -> None:
        self._made = made

    def chat(self, **body: Any) -> ChatCompletion:
        answer: ChatCompletion = self._run(lambda client: client.chat.completions.create(**said(body)))
        return answer

    def raw_chat(self, **body: Any) -> tuple[Headers, ChatCompletion]:
        async def ask(client: AsyncOpenAI) -> tuple[Headers, ChatCompletion]:
            response = await client.chat.completions.with_raw_response.create(**said(body))
            return dict(response.headers), response.parse()

        return self._run(ask)

    def chunks(self, **body: Any) -> list[ChatCompletionChunk]:
        chunks: list[ChatCompletionChunk] = []
        self.raw_chunks(chunks, **body)
        return chunks

    def raw_chunks(self, into: list[ChatCompletionChunk], **body: Any) -> Headers:
        async def ask(client: AsyncOpenAI) -> Headers:
            response = await client.chat.completions.with_raw_response.create(stream=True, **said(body))
            async with response.parse() as stream:
                async for chunk in stream:
                    into.append(chunk)  # noqa: PERF401  # what came before an error counts
            return dict(response.headers)

        return self._run(ask)

    def helped(self, **body: Any) -> tuple[Events, ParsedChatCompletion[Any]]:
        async def ask(client: AsyncOpenAI) -> tuple[Events, ParsedChatCompletion[Any]]:
            async with client.chat.completions.stream(**said(body)) as stream:
                return [event async for event in stream], await stream.get_final_completion()

        return self._run(ask)

    def parse(self, **body: Any) -> ParsedChatCompletion[Any]:
        return self._run(lambda client: client.chat.completions.parse(**said(body)))

    def embed(self, **body: Any) -> CreateEmbeddingResponse:
        return self._run(lambda client: client.embeddings.create(**body))

    def raw_embed(self, **body: Any) -> tuple[Headers, CreateEmbeddingResponse]:
        async def ask(client: AsyncOpenAI) -> tuple[Headers, CreateEmbeddingResponse]:
            response = await client.embeddings.with_raw_response.create(**body)
            return dict(response.headers), response.parse()

        return self._run(ask)

    def models(self) -> list[Model]:
        async def ask(client: AsyncOpenAI) -> list[Model]:
            return [model async for model in client.models.list()]

        return self._run(ask)

    def model(self, name: str) -> Model:
        return self._run(lambda client: client.models.retrieve(name))

    def _run(self, ask: Callable[[AsyncOpenAI], Awaitable[T]]) -> T:
        async def main() -> T:
            async with AsyncOpenAI(**self._made) as client:
                return await ask(client)

        return asyncio.run(main())
