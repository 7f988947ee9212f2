"""Embeddings of every compatible provider that has them: floats or base64, as the client asked."""

import struct
from base64 import b64encode
from typing import Any

import orjson
import pytest

from tests.wires.dialect_support import encoded, target
from tests.wires.support import JSON, WIRE, call
from trunkline.errors import ApiError, Failure
from trunkline.types import Json

VECTOR = [0.5, -2.0, 3.0]
FLOATS = b64encode(struct.pack("<3f", *VECTOR)).decode()
BYTES = [5, -128, 127]

AZURE = "base_url: 'https://n.openai.azure.com/openai/v1'"
AZURE_AI = "base_url: 'https://n.services.ai.azure.com'"

# Row -> (what the file adds, encoding asked of the provider where the client asks for base64, its vector).
ROWS: dict[str, tuple[str, str | None, Any]] = {
    "openai": ("", "base64", FLOATS),
    "azure": (AZURE, "float", VECTOR),
    "azure_ai": (AZURE_AI, "float", VECTOR),
    "together": ("", None, VECTOR),
    "sambanova": ("", None, VECTOR),
    "openrouter": ("", "float", VECTOR),
    "fireworks": ("", "float", VECTOR),
    "perplexity": ("", None, b64encode(struct.pack("3b", *BYTES)).decode()),
    "nvidia": ("", "float", VECTOR),
    "vllm": ("", "float", VECTOR),
    "runpod": ("", "float", VECTOR),
    "llamacpp": ("", "float", VECTOR),
    "lmstudio": ("", "float", VECTOR),
    "mistral": ("", "float", VECTOR),
}


def answered(row: str, asked: str | None, vector: Any) -> Any:
    body: Json = {"input": "a", **({"encoding_format": asked} if asked else {})}
    what = call("embeddings", body=body)
    decoder = WIRE.decoder(what, body, target(row, ROWS[row][0]), JSON)
    answer = {"data": [{"embedding": vector}], "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    (event,) = [*decoder.feed(orjson.dumps(answer)), *decoder.close()]
    return event["data"][0]["embedding"]


@pytest.mark.parametrize("row", ROWS)
def test_what_is_asked_of_the_provider(row: str) -> None:
    more, encoding, _ = ROWS[row]
    path, sent, dropped = encoded(row, {"input": ["a"], "encoding_format": "base64"}, kind="embeddings", more=more)
    assert path.split("?")[0].endswith("/embeddings")
    assert (sent.get("encoding_format"), dropped) == (encoding, ())
    assert sent.keys() <= {"model", "input", "encoding_format"}


@pytest.mark.parametrize("asked", ["float", "base64", None])
@pytest.mark.parametrize("row", ROWS)
def test_what_the_client_gets(row: str, asked: str | None) -> None:
    _, _, theirs = ROWS[row]
    numbers = [float(byte) for byte in BYTES] if row == "perplexity" else VECTOR
    packed = b64encode(struct.pack("<3f", *numbers)).decode()
    as_it_came = packed if row == "openai" else numbers
    assert answered(row, asked, theirs) == {"float": numbers, "base64": packed, None: as_it_came}[asked]


@pytest.mark.parametrize("vector", ["no base64!", "", None, [], {}])
def test_what_is_no_vector_is_no_answer(vector: Any) -> None:
    with pytest.raises(Failure, match="vector") as failure:
        answered("perplexity", None, vector)
    assert failure.value.kind == "invalid_response"


def test_perplexity_has_its_embeddings_elsewhere() -> None:
    assert encoded("perplexity", {"input": "a"}, kind="embeddings")[0] == "/v1/embeddings"


@pytest.mark.parametrize("row", ["together", "sambanova", "nvidia"])
def test_vectors_of_another_size_are_another_answer(row: str) -> None:
    with pytest.raises(ApiError) as error:
        encoded(row, {"input": "a", "dimensions": 8}, kind="embeddings")
    assert error.value.param == "dimensions"


@pytest.mark.parametrize("row", ["together", "sambanova", "perplexity", "mistral"])
def test_token_ids_are_for_one_model_only(row: str) -> None:
    with pytest.raises(ApiError, match="token ids") as error:
        encoded(row, {"input": [[1, 2]]}, kind="embeddings")
    assert error.value.param == "input"
