"""The provider as the file says it: which wire, and how the key is shown."""

from tests.config.reading import config
from trunkline.wires.auth import SCHEMES

HEAD = "server: {auth: none}\nproviders:\n"


def test_the_built_in_provider() -> None:
    environ = {"AWS_BEARER_TOKEN_BEDROCK": "key", "AWS_REGION": "eu-central-1"}
    (provider,) = config(HEAD + "  bedrock:\n", environ).providers.values()
    assert (provider.wire, provider.base_url) == ("bedrock", "https://bedrock-runtime.eu-central-1.amazonaws.com")
    assert SCHEMES[provider.auth]("key") == {"authorization": "Bearer key"}
