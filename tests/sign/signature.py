"""Signature Version 4 as the receiving end computes it, from AWS's description alone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import re
from urllib.parse import quote

from tests.kit.upstream import Request

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<scope>[^,]+), "
    r"SignedHeaders=(?P<names>[^,]+), Signature=(?P<hex>\w+)"
)


def verified(request: Request, secret: str) -> dict[str, str]:
    """Key id, scope and names of the signed headers. Fails where the signature is not that of this request."""
    match = AUTHORIZATION.fullmatch(request.header("authorization") or "")
    assert match
    assert match["hex"] == _signature(request, match["scope"], match["names"].split(";"), secret)
    return match.groupdict()


def _signature(request: Request, scope: str, names: list[str], secret: str) -> str:
    path, _, query = request.path.partition("?")
    headers = "".join(f"{name}:{' '.join((request.header(name) or '').split())}\n" for name in names)
    canonical = "\n".join([
        request.method,
        quote(path, safe="/-_.~"),  # once more: only S3 takes the path as it stands
        "&".join(sorted(query.split("&"))),
        headers,
        ";".join(names),
        hashlib.sha256(request.body).hexdigest(),
    ])  # fmt: skip
    at = request.header("x-amz-date")
    text = "\n".join(["AWS4-HMAC-SHA256", str(at), scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for step in scope.split("/"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
