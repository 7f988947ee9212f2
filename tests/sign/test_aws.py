"""Signatures that AWS would take: the same as botocore's own, and verified by who receives them."""

import asyncio
import json
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import botocore.auth
import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.credentials import RefreshableCredentials

from tests.kit.replies import json_reply
from tests.kit.upstream import Upstream
from tests.sign.signature import verified
from trunkline.errors import Failure
from trunkline.ports import Outbound
from trunkline.sign import Signers
from trunkline.sign.aws import Aws
from trunkline.transport.http import HttpTransport
from trunkline.types import Provider

SECRET = "hunter2+/canary"
PAIR = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": SECRET}
TOKEN = {**PAIR, "session_token": "IQoJ+canary/=="}
MODELS = (
    "anthropic.claude-haiku-4-5-20251001-v1:0",
    "us.amazon.nova-lite-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a b~c",
)


def provider(credentials: Mapping[str, str] = PAIR) -> Provider:
    return Provider(
        name="bedrock",
        wire="bedrock",
        base_url="https://bedrock-runtime.us-east-1.amazonaws.com",
        auth="sigv4",
        credentials=credentials,
        place={"region": "us-east-1"},
    )


def signed(request: Outbound, credentials: Mapping[str, str] = PAIR, aws: Aws | None = None) -> Mapping[str, str]:
    return asyncio.run((aws or Aws()).sign(request, provider(credentials), ""))


def converse_as_botocore_does(model: str, credentials: Mapping[str, str]) -> AWSPreparedRequest:
    """The request that botocore would have sent, whole."""
    seen: list[AWSPreparedRequest] = []

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        seen.append(request)
        response = AWSResponse(request.url, 200, {}, None)
        response._content = b'{"output": {"message": {"role": "assistant", "content": []}}}'
        return response

    given = {f"aws_{name}": value for name, value in credentials.items()}
    client = botocore.session.Session().create_client("bedrock-runtime", region_name="us-east-1", **given)
    client.meta.events.register("before-send.bedrock-runtime.Converse", answer)
    client.converse(modelId=model, messages=[{"role": "user", "content": [{"text": "hällo"}]}])
    return seen[0]


@pytest.mark.parametrize("credentials", [PAIR, TOKEN], ids=["pair", "temporary"])
@pytest.mark.parametrize("model", MODELS)
def test_a_signature_is_that_of_botocore(
    model: str, credentials: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: datetime(2026, 11, 21, 9, 30))
    theirs = converse_as_botocore_does(model, credentials)
    told = {
        name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in theirs.headers.items()
    }
    shown = {"authorization", "x-amz-date", "x-amz-security-token"}
    sent = {name: value for name, value in told.items() if name not in shown}
    assert quote(model, safe="") in theirs.url
    ours = signed(Outbound(theirs.url, sent, theirs.body), credentials)
    assert ours == {name: told[name] for name in shown if name in told}


def received(upstream: Upstream, url: str, credentials: Mapping[str, str], headers: Mapping[str, str]) -> None:
    """Sends a request through our own transport, signed."""

    async def main() -> None:
        transport = HttpTransport()
        request = Outbound(url, headers, json.dumps({"messages": "ü"}).encode())
        shown = await Aws().sign(request, provider(credentials), "")
        reply = await transport.send(Outbound(url, {**headers, **shown}, request.content))
        await reply.read()
        reply.release()
        await transport.close()

    upstream.play(json_reply(200, {}))
    asyncio.run(main())


@pytest.mark.parametrize("model", MODELS)
def test_the_request_that_arrives_is_the_one_that_was_signed(model: str, upstream: Upstream) -> None:
    url = f"http://127.0.0.1:{upstream.port}/model/{quote(model, safe='')}/converse-stream"
    headers = {"content-type": "application/json", "accept": "*/*", "user-agent": "trunkline", "X-Amz-Custom": " a  b "}
    received(upstream, url, TOKEN, headers)
    (request,) = upstream.requests
    found = verified(request, SECRET)
    assert found["id"] == "AKIDEXAMPLE"
    assert found["scope"].endswith("/us-east-1/bedrock/aws4_request")
    # Others may be changed on the way.
    assert found["names"] == "content-type;host;x-amz-custom;x-amz-date;x-amz-security-token"
    assert request.header("x-amz-security-token") == TOKEN["session_token"]


def test_a_query_is_signed_in_order(upstream: Upstream) -> None:
    received(upstream, f"http://127.0.0.1:{upstream.port}/foundation-models?byProvider=b&a=1", PAIR, {})
    assert verified(upstream.requests[0], SECRET)["names"] == "host;x-amz-date"


def test_another_request_is_another_signature() -> None:
    plain = Outbound("https://h/model/m/converse", {}, b"{}")
    others = [
        Outbound("https://h/model/n/converse", {}, b"{}"),
        Outbound("https://h/model/m/converse", {}, b"{ }"),
        Outbound("https://h/model/m/converse", {}, b"{}", method="GET"),
        Outbound("https://h/model/m/converse", {"content-type": "application/json"}, b"{}"),
    ]
    told = [signed(request)["authorization"].rpartition("=")[2] for request in (plain, *others)]
    assert len({*told}) == len(told)


class Role:
    """Temporary credentials whose renewals are counted: each lasts `seconds` and takes `delay`."""

    def __init__(self, seconds: float, delay: float = 0.02) -> None:
        self.seconds = seconds
        self.delay = delay
        self.threads: list[str] = []

    def metadata(self) -> dict[str, str]:
        self.threads.append(threading.current_thread().name)
        time.sleep(self.delay)
        ends = datetime.now(UTC) + timedelta(seconds=self.seconds)
        number = str(len(self.threads))
        return {
            "access_key": "ASIA" + number,
            "secret_key": SECRET,
            "token": "t" + number,
            "expiry_time": ends.isoformat(),
        }

    def credentials(self) -> RefreshableCredentials:
        return RefreshableCredentials.create_from_metadata(self.metadata(), self.metadata, "assume-role")


def found_by_botocore(monkeypatch: pytest.MonkeyPatch, credentials: Any) -> None:
    monkeypatch.setattr(botocore.session.Session, "get_credentials", lambda _self: credentials())


REQUEST = Outbound("https://h/model/m/converse", {}, b"{}")


def tokens(aws: Aws, count: int) -> list[str]:
    """Of that many calls at a time."""

    async def main() -> list[Mapping[str, str]]:
        return await asyncio.gather(*(aws.sign(REQUEST, provider({}), "") for _ in range(count)))

    return [headers["x-amz-security-token"] for headers in asyncio.run(main())]


def test_what_botocore_finds_is_fetched_once_and_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    role = Role(3600)
    found_by_botocore(monkeypatch, role.credentials)
    aws = Aws()
    assert {*tokens(aws, 50)} == {"t1"}
    assert tokens(aws, 2) == ["t1", "t1"]
    assert len(role.threads) == 1
    assert threading.main_thread().name not in role.threads
    assert {*aws.secrets()} == {"ASIA1", SECRET, "t1"}


def test_what_is_about_to_end_is_renewed_while_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    role = Role(600)
    found_by_botocore(monkeypatch, role.credentials)
    aws = Aws()
    assert tokens(aws, 1) == ["t2"]  # botocore tries once more for longer ones
    role.seconds = 3600
    assert tokens(aws, 5) == ["t2"] * 5
    assert tokens(aws, 1) == ["t3"]
    assert len(role.threads) == 3


def test_what_has_ended_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    role = Role(30)
    found_by_botocore(monkeypatch, role.credentials)
    aws = Aws()
    assert tokens(aws, 1) == ["t2"]
    role.seconds = 3600
    assert {*tokens(aws, 50)} == {"t3"}
    assert len(role.threads) == 3


def test_a_profile_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[work]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = s\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert "Credential=AKIDPROFILE/" in signed(REQUEST, {})["authorization"]


def test_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    found_by_botocore(monkeypatch, lambda: None)
    with pytest.raises(Failure) as caught:
        signed(REQUEST, {})
    assert (caught.value.kind, caught.value.words, caught.value.parks) == (
        "auth",
        "botocore found no credentials",
        True,
    )


def test_a_source_that_gives_what_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    found_by_botocore(monkeypatch, Role(-5).credentials)
    with pytest.raises(Failure, match="botocore got no credentials: RuntimeError") as caught:
        signed(REQUEST, {})
    assert (caught.value.kind, caught.value.parks) == ("auth", False)


def test_a_source_that_fails_says_no_more_than_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", f"no-such-{SECRET}")
    with pytest.raises(Failure) as caught:
        signed(REQUEST, {})
    assert (caught.value.kind, caught.value.words) == ("auth", "botocore got no credentials: ProfileNotFound")


def test_accounts_are_kept_apart() -> None:
    signers = Signers()
    sign: Any = signers.by_name["sigv4"]
    for given in (PAIR, TOKEN):
        asyncio.run(sign(REQUEST, provider(given), ""))
    assert {*signers.secrets()} == {*PAIR.values(), *TOKEN.values()}
