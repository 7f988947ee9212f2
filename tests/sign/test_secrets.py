"""Every part of a credential is known to who takes secrets out of what is told."""

import json

from trunkline.pipeline.outcome import Redactor
from trunkline.server.build import secrets
from trunkline.types import Config, Provider

KEY_FILE = {
    "type": "impersonated_service_account",
    "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/x",
    "private_key": "hunter2-a",
    "private_key_id": "0123",
    "client_email": "proxy@my-project.iam.gserviceaccount.com",
    "token_uri": "https://oauth2.googleapis.com/token",
    "source_credentials": {"client_secret": "hunter2-b", "refresh_token": "hunter2-c", "client_id": "id"},
    "credential_source": {"headers": [{"Authorization": "hunter2-d"}], "file": "/run/x"},
}


def told(**credentials: str) -> list[str]:
    provider = Provider(name="p", wire="w", base_url="https://h", auth="a", credentials=credentials)
    return [secret for secret in secrets(Config(providers={"p": provider})) if secret]


def test_every_part_of_a_key_pair() -> None:
    assert told(access_key_id="a", secret_access_key="b", session_token="123") == ["a", "b", "123"]


def test_what_is_secret_in_a_key_file() -> None:
    assert told(credentials=json.dumps(KEY_FILE)) == [f"hunter2-{letter}" for letter in "abcd"]


def test_what_was_fetched_meanwhile() -> None:
    held: list[str] = []
    redactor = Redactor(["long-known"], lambda: held)
    assert redactor.clean("long-known and ya29.x") == "[key] and ya29.x"
    held.append("ya29.x")
    assert redactor.clean("long-known and ya29.x") == "[key] and [key]"
