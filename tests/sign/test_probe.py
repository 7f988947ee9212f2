"""What is asked of providers that want more than a key, and what their answers mean."""

import asyncio
from dataclasses import replace

import httpx
import pytest
import respx

from tests.sign.test_aws import PAIR
from tests.sign.test_aws import provider as bedrock
from trunkline.server.probe import Health, probe
from trunkline.types import Provider

BEDROCK = "https://bedrock.us-east-1.amazonaws.com/foundation-models"
LISTING = {"modelSummaries": [{"modelId": "amazon.nova-lite-v1:0", "modelName": "Nova Lite"}]}
VERTEX = Provider(
    name="vertex",
    wire="vertex",
    base_url="https://us-east5-aiplatform.googleapis.com",
    auth="bearer",
    keys=("ya29.canary",),
    key_source="TOKEN",
)
MODELS = "https://us-east5-aiplatform.googleapis.com/v1beta1/publishers/google/models?pageSize=1000"


def asked(one: Provider, url: str, reply: httpx.Response) -> tuple[Health, str]:
    """And how the account was shown."""
    with respx.mock() as router:
        route = router.get(url).mock(return_value=reply)
        health = asyncio.run(probe(one))
        return health, route.calls.last.request.headers["authorization"]


def test_bedrock_lists_at_its_other_host() -> None:
    health, shown = asked(bedrock(), BEDROCK, httpx.Response(200, json=LISTING))
    assert (health.ok, health.models) == (True, ("amazon.nova-lite-v1:0",))
    assert shown.startswith(f"AWS4-HMAC-SHA256 Credential={PAIR['access_key_id']}/")
    assert "SignedHeaders=host;x-amz-date," in shown


def test_bedrock_takes_a_key_of_its_own() -> None:
    one = replace(bedrock(), auth="bearer", keys=("k",), credentials={})
    assert asked(one, BEDROCK, httpx.Response(200, json=LISTING))[1] == "Bearer k"


def test_vertex_lists_what_google_publishes() -> None:
    rows = [{"name": "publishers/google/models/gemini-2.5-flash", "versionId": "default"}]
    health, shown = asked(VERTEX, MODELS, httpx.Response(200, json={"publisherModels": rows}))
    assert (health.ok, health.models, shown) == (True, ("gemini-2.5-flash",), "Bearer ya29.canary")


FORBIDDEN = {
    "User: arn:aws:iam::1:user/a is not authorized to perform: bedrock:ListFoundationModels": True,
    "Permission 'aiplatform.publisherModels.list' denied on resource": True,
    "The security token included in the request is invalid.": False,
}


@pytest.mark.parametrize(("words", "knows"), FORBIDDEN.items())
def test_a_key_may_do_without_the_right_to_list(words: str, knows: bool) -> None:
    health, _ = asked(VERTEX, MODELS, httpx.Response(403, json={"message": words}))
    assert (health.ok, "may not list" in health.detail) == (knows, knows)
    assert knows or "check TOKEN" in health.detail


def test_nothing_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    health = asyncio.run(probe(replace(bedrock({}), key_source="AWS_PROFILE")))
    assert (health.ok, health.detail) == (False, "botocore got no credentials: ProfileNotFound: check AWS_PROFILE")
