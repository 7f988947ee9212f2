"""Who asks: client keys, by digest only."""

import hashlib
import hmac

from trunkline.errors import ApiError
from trunkline.server.state import Gateway, Headers
from trunkline.types import ClientKey


def authorise(gateway: Gateway, headers: Headers) -> ClientKey | None:
    """The client's key, None where the configuration wants none. Raises ApiError 401 invalid_api_key."""
    config = gateway.config
    if config.server.auth == "none":
        return None
    shown = _shown(headers)
    if not shown:
        raise _unknown("No API key was sent: use `Authorization: Bearer KEY` or `x-api-key: KEY`.")
    # Looked up by the digest of the whole secret: nothing compares the secret itself byte by byte.
    key = config.keys.get(hashlib.sha256(shown).hexdigest())
    if key is None:
        raise _unknown("This API key is not known here.")
    if key.expires is not None and gateway.wall() >= key.expires:
        raise _unknown(f'The API key "{key.name}" has expired.')
    return key


def authorise_metrics(gateway: Gateway, headers: Headers) -> None:
    """Raises ApiError 401 where /metrics is guarded and this is not its key."""
    wanted = gateway.config.server.metrics_key
    if wanted and not hmac.compare_digest(_shown(headers), wanted.encode()):
        raise _unknown("/metrics needs the key that `server.metrics_key` names, as `Authorization: Bearer KEY`.")


def _shown(headers: Headers) -> bytes:
    scheme, _, value = headers.get(b"authorization", b"").partition(b" ")
    return value.strip() if scheme.lower() == b"bearer" and value else headers.get(b"x-api-key", b"")


def _unknown(message: str) -> ApiError:
    return ApiError("invalid_api_key", message, should_retry=False)
