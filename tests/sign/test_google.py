"""Google's tokens, against a token service on a real socket."""

import asyncio
import json
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.kit.replies import json_reply
from tests.kit.upstream import Request, Sleep, Step, Upstream
from trunkline.errors import Failure
from trunkline.ports import Outbound
from trunkline.sign import Signers
from trunkline.sign.google import Google
from trunkline.types import Provider

REQUEST = Outbound("https://aiplatform.googleapis.com/v1/x", {}, b"{}")
EMAIL = "proxy@my-project.iam.gserviceaccount.com"


@cache
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def service_account(upstream: Upstream, **rest: str) -> str:
    return json.dumps({
        "type": "service_account",
        "client_email": EMAIL,
        "private_key": private_key(),
        "token_uri": f"http://127.0.0.1:{upstream.port}/token",
        **rest,
    })  # fmt: skip


def provider(key_file: str) -> Provider:
    credentials = {"credentials": key_file} if key_file else {}
    base_url = "https://aiplatform.googleapis.com"
    return Provider(name="vertex", wire="vertex", base_url=base_url, auth="google", credentials=credentials)


def shown(google: Google, key_file: str, count: int = 1) -> list[Mapping[str, str]]:
    """What that many calls at a time show."""

    async def main() -> list[Mapping[str, str]]:
        return await asyncio.gather(*(google.sign(REQUEST, provider(key_file), "") for _ in range(count)))

    return asyncio.run(main())


def tokens(google: Google, key_file: str, count: int = 1) -> list[str]:
    return [headers["authorization"].removeprefix("Bearer ") for headers in shown(google, key_file, count)]


class Tokens:
    """A token service whose n-th token is `ya29.n`."""

    def __init__(self, lasts: int, delay: float = 0.0) -> None:
        self.lasts = lasts
        self.delay = delay
        self.given = 0

    def __call__(self, _request: Request) -> list[Step]:
        self.given += 1
        said = {"access_token": f"ya29.{self.given}", "expires_in": self.lasts, "token_type": "Bearer"}
        return [Sleep(self.delay), *json_reply(200, said)]


def claims(request: Request) -> dict[str, Any]:
    """Of the assertion that was shown for a token."""
    # Google's own reading of a JWT.
    from google.auth import jwt

    (assertion,) = parse_qs(request.body.decode())["assertion"]
    read: Any = jwt.decode
    return dict(read(assertion, verify=False))


def test_a_service_account_gets_a_token_for_the_cloud(upstream: Upstream) -> None:
    service = Tokens(3599)
    upstream.play(service)
    google = Google()
    key_file = service_account(upstream)
    assert shown(google, key_file) == [{"authorization": "Bearer ya29.1"}]
    (request,) = upstream.requests
    assert request.path == "/token"
    said = claims(request)
    assert (said["iss"], said["scope"]) == (EMAIL, "https://www.googleapis.com/auth/cloud-platform")
    assert tokens(google, key_file, 3) == ["ya29.1"] * 3
    assert service.given == 1
    assert list(google.secrets()) == ["ya29.1"]


def test_one_token_is_fetched_for_all_who_wait(upstream: Upstream) -> None:
    service = Tokens(3599, delay=0.1)
    upstream.play(service)
    assert tokens(Google(), service_account(upstream), 50) == ["ya29.1"] * 50
    assert service.given == 1


def test_a_token_that_is_about_to_end_is_renewed_while_it_serves(upstream: Upstream) -> None:
    service = Tokens(120)
    upstream.play(service)
    google, key_file = Google(), service_account(upstream)
    assert tokens(google, key_file) == ["ya29.1"]
    service.lasts, service.delay = 3599, 0.2

    async def main() -> tuple[list[str], float]:
        started = time.monotonic()
        told = [await google.sign(REQUEST, provider(key_file), "") for _ in range(5)]
        took = time.monotonic() - started
        await asyncio.sleep(0.5)
        last = await google.sign(REQUEST, provider(key_file), "")
        return [headers["authorization"] for headers in (*told, last)], took

    told, took = asyncio.run(main())
    assert told == ["Bearer ya29.1"] * 5 + ["Bearer ya29.2"]
    assert took < 0.2
    assert service.given == 2


def test_a_token_that_has_ended_is_waited_for(upstream: Upstream) -> None:
    service = Tokens(-1)
    upstream.play(service)
    google, key_file = Google(), service_account(upstream)
    tokens(google, key_file)
    service.lasts = 3599
    assert tokens(google, key_file, 5) == ["ya29.2"] * 5


def test_the_loop_runs_on_meanwhile(upstream: Upstream) -> None:
    upstream.play(Tokens(3599, delay=0.3))

    async def main() -> int:
        signing = asyncio.ensure_future(Google().sign(REQUEST, provider(service_account(upstream)), ""))
        turns = 0
        while not signing.done():
            await asyncio.sleep(0.01)
            turns += 1
        return turns

    assert asyncio.run(main()) > 10


def test_accounts_are_kept_apart(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    upstream.play(Tokens(3599))
    signers = Signers()
    sign: Any = signers.by_name["google"]
    one, two = service_account(upstream), service_account(upstream, client_email="other")
    assert asyncio.run(sign(REQUEST, provider(one), "")) == {"authorization": "Bearer ya29.1"}
    monkeypatch.setenv("GOOGLE_CLOUD_QUOTA_PROJECT", "billed")
    theirs = {"authorization": "Bearer ya29.2", "x-goog-user-project": "billed"}
    assert asyncio.run(sign(REQUEST, provider(two), "")) == theirs
    assert signers.secrets() == ["ya29.1", "ya29.2"]


INVALID = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
# What the token service answers -> the words of the failure, and whether the account is left alone for a while.
REFUSALS: dict[str, tuple[list[Step], str, bool]] = {
    "a key that was revoked": (json_reply(400, INVALID), "Google gave no token: invalid_grant: Invalid JWT", True),
    "no token": (json_reply(200, {}), "Google gave no token: No access token in response", True),
    "a page": (json_reply(404, {"x": 1}), "Google gave no token: {", True),
}


@pytest.mark.parametrize(("reply", "words", "parks"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal(reply: list[Step], words: str, parks: bool, upstream: Upstream) -> None:
    upstream.play(reply)
    with pytest.raises(Failure) as caught:
        shown(Google(), service_account(upstream))
    assert (caught.value.kind, caught.value.parks) == ("auth", parks)
    assert caught.value.words.startswith(words)
    assert private_key()[40:60] not in caught.value.words


def test_a_token_service_that_is_away(upstream: Upstream) -> None:
    upstream.refuse()
    google, key_file = Google(), service_account(upstream)
    with pytest.raises(Failure) as caught:
        shown(google, key_file)
    told = (caught.value.kind, caught.value.words, caught.value.parks)
    assert told == ("auth", "Google's token service cannot be reached", False)


def test_a_failure_is_not_for_ever(upstream: Upstream) -> None:
    upstream.play(json_reply(400, INVALID), Tokens(3599))
    google, key_file = Google(), service_account(upstream)
    with pytest.raises(Failure):
        shown(google, key_file)
    assert tokens(google, key_file) == ["ya29.1"]


UNREADABLE = {"type": "service_account", "client_email": "e", "token_uri": "http://h/", "private_key": "hunter2"}
BROKEN = {
    "no such kind": ('{"type": "passport"}', "Google gave no token: The file dict object does not have a valid type."),
    "half a key file": ('{"type": "service_account"}', "Google gave no token: Failed to load service account"),
    "no private key": (json.dumps(UNREADABLE), "Google gave no token: Failed to load service account"),
    "nobody to impersonate": ('{"type": "impersonated_service_account"}', "Google gave no token: AttributeError"),
}


@pytest.mark.parametrize(("key_file", "words"), BROKEN.values(), ids=BROKEN)
def test_a_key_file_that_cannot_be_used(key_file: str, words: str) -> None:
    with pytest.raises(Failure) as caught:
        shown(Google(), key_file)
    assert (caught.value.kind, caught.value.parks) == ("auth", True)
    assert caught.value.words.startswith(words)
    assert "hunter2" not in caught.value.words


@pytest.fixture
def nobody_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No gcloud, no machine of Google's."""
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)


@pytest.mark.usefixtures("nobody_at_home")
def test_what_this_machine_has(upstream: Upstream, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    upstream.play(Tokens(3599))
    (tmp_path / "key.json").write_text(service_account(upstream, project_id="my-project"))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    assert tokens(Google(), "") == ["ya29.1"]


@pytest.mark.usefixtures("nobody_at_home")
def test_the_account_of_whoever_works_here(upstream: Upstream, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    upstream.play(Tokens(3599))
    user = {"type": "authorized_user", "client_id": "id", "client_secret": "hunter2", "refresh_token": "1//canary"}
    (tmp_path / "application_default_credentials.json").write_text(json.dumps(user))
    # Its own address is Google's, whatever the file says.
    monkeypatch.setattr("google.oauth2.credentials._GOOGLE_OAUTH2_TOKEN_ENDPOINT", f"http://127.0.0.1:{upstream.port}/")
    google = Google()
    assert tokens(google, "") == ["ya29.1"]
    assert list(google.secrets()) == ["ya29.1", "1//canary", "hunter2"]


@pytest.mark.usefixtures("nobody_at_home")
def test_this_machine_has_nothing() -> None:
    with pytest.raises(Failure) as caught:
        shown(Google(), "")
    assert caught.value.parks
    assert caught.value.words.startswith("Google gave no token: Your default credentials were not found")
