"""Tokens of Google Cloud, by google-auth: for a key file of any kind, or for whatever account this machine has.

https://google.aip.dev/auth/4110
"""

import json
import warnings
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from trunkline.errors import Failure
from trunkline.ports import Outbound
from trunkline.sign.renewal import Age, Renewal
from trunkline.types import Provider

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
PATIENCE = 20.0  # seconds for one exchange with the token service; google-auth tries some three times
MOST_WORDS = 500

# google-auth's words: a token counts as stale some four minutes before it ends.
AGES: dict[str, Age] = {"FRESH": "fresh", "STALE": "old", "INVALID": "gone"}


class Google:
    """Shows a token of each provider's account."""

    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}

    async def sign(self, _request: Outbound, provider: Provider, _key: str) -> Mapping[str, str]:
        """`authorization`, and `x-goog-user-project` where the account names one. Raises Failure(auth)."""
        key_file = provider.credentials.get("credentials", "")
        account = self._accounts.get(key_file) or self._accounts.setdefault(key_file, _Account(key_file))
        await account.ready()
        return account.shown()

    def secrets(self) -> Iterator[str]:
        """The tokens in use, and what gets the next ones where this machine's own account is a user's."""
        for account in self._accounts.values():
            yield from account.secrets()


class _Account:
    def __init__(self, key_file: str) -> None:
        self._key_file = key_file
        self._renewal = Renewal(self._age, self._renew)
        self._credentials: Any = None

    def secrets(self) -> Iterator[str]:
        for name in ("token", "refresh_token", "client_secret"):
            value = getattr(self._credentials, name, None)
            if value:
                yield value

    async def ready(self) -> None:
        await self._renewal.ready()

    def shown(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        self._credentials.apply(headers)
        return headers

    def _age(self) -> Age:
        return AGES[self._credentials.token_state.name] if self._credentials else "gone"

    def _renew(self) -> None:
        # Needed only where tokens are; an extra that may be missing.
        from google.auth.exceptions import GoogleAuthError, TransportError

        request = _transport()
        try:
            self._credentials = self._credentials or _credentials(self._key_file, request)
            self._credentials.refresh(request)
        except TransportError as error:
            raise Failure("auth", "Google's token service cannot be reached") from error
        except GoogleAuthError as error:
            words = str(error.args[0] if error.args else error)[:MOST_WORDS]
            raise Failure("auth", f"Google gave no token: {words}", parks=not error.retryable) from error
        except Exception as error:
            # What a key file lacks shows up as anything.
            raise Failure("auth", f"Google gave no token: {type(error).__name__}", parks=True) from error


def _transport() -> Any:
    # The one way that also reaches the metadata service of Google's machines.
    from google.auth.transport.requests import Request

    return partial(Request(), timeout=PATIENCE)


def _credentials(key_file: str, request: Any) -> Any:
    # Costs 150 ms to import.
    import google.auth

    if not key_file:
        return google.auth.default(scopes=SCOPES, request=request)[0]
    with warnings.catch_warnings():
        # It is the operator's own file, of whatever kind: https://google.aip.dev/auth/4110
        warnings.simplefilter("ignore", DeprecationWarning)
        load: Any = google.auth.load_credentials_from_dict
        return load(json.loads(key_file), scopes=SCOPES, request=request)[0]
