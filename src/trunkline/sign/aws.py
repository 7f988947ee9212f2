"""AWS Signature Version 4, by botocore's own signer.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from trunkline.errors import Failure
from trunkline.ports import Outbound
from trunkline.sign.renewal import Age, Renewal
from trunkline.types import Provider

SERVICE = "bedrock"
# Seconds before temporary credentials end: from when on they are renewed, and from when on they are waited for.
SOON, NOW = 15 * 60, 60

# Others may be changed on the way; AWS wants these.
SIGNED = ("content-type", "x-amz")
PARTS = ("access_key_id", "secret_access_key", "session_token")

Given = tuple[str | None, ...]


class Aws:
    """Signs with the credentials of each provider, or with those that botocore finds by itself."""

    def __init__(self) -> None:
        self._accounts: dict[Given, _Account] = {}

    async def sign(self, request: Outbound, provider: Provider, _key: str) -> Mapping[str, str]:
        """`x-amz-date`, `x-amz-security-token` and `authorization` of exactly this request. Raises Failure(auth)."""
        given = tuple(provider.credentials.get(name) or None for name in PARTS)
        account = self._accounts.get(given) or self._accounts.setdefault(given, _Account(given))
        await account.ready()
        return _signed(request, account.held, provider.place["region"])

    def secrets(self) -> Iterator[str]:
        """Of the credentials in use."""
        for held in (account.held for account in self._accounts.values() if account.held):
            yield from (part for part in (held.access_key, held.secret_key, held.token) if part)


class _Account:
    """`held`: botocore's frozen credentials, once `ready` returned."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._renewal = Renewal(self._age, self._renew)
        self._source: Any = None
        self.held: Any = None

    async def ready(self) -> None:
        await self._renewal.ready()

    def _age(self) -> Age:
        if self.held is None:
            return "gone"
        ends_within = getattr(self._source, "refresh_needed", None)  # only temporary ones do
        if ends_within is None or not ends_within(SOON):
            return "fresh"
        return "gone" if ends_within(NOW) else "old"

    def _renew(self) -> None:
        try:
            self._source = self._source or _source(self._given)
            self.held = self._source and self._source.get_frozen_credentials()
        except Exception as error:
            # Each source has errors of its own, whose text may repeat what a credential process wrote.
            raise Failure("auth", f"botocore got no credentials: {type(error).__name__}") from error
        if self.held is None:
            raise Failure("auth", "botocore found no credentials", parks=True)


def _source(given: Given) -> Any:
    """Those given, else botocore's own chain: variables, profile, SSO, web identity, container, instance."""
    # Costs 200 ms to import, the signer with it; an extra that may be missing.
    from botocore import credentials, session

    return credentials.Credentials(*given) if any(given) else session.Session().get_credentials()


def _signed(request: Outbound, credentials: Any, region: str) -> dict[str, str]:
    """The headers that the signer added."""
    # There since the credentials are.
    from botocore import auth, awsrequest

    headers = {name: value for name, value in request.headers.items() if name.lower().startswith(SIGNED)}
    signed = awsrequest.AWSRequest(request.method, request.url, headers, request.content)
    auth.SigV4Auth(credentials, SERVICE, region).add_auth(signed)
    return {name.lower(): value for name, value in signed.headers.items() if name not in headers}
