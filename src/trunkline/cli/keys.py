"""`trunkline keys new`: a key for a client, of which the file keeps the digest."""

import argparse
import re
import secrets

from trunkline.cli.files import CallError
from trunkline.config.clients import digest
from trunkline.config.compound import NAME


def new(args: argparse.Namespace) -> int:
    """Raises CallError where the file would refuse the name."""
    if not re.fullmatch(NAME, args.name):
        raise CallError(f"{args.name!r} is no name for a key: it is made of letters, digits, dots, dashes, underscores")
    key = f"tl-{secrets.token_urlsafe(32)}"
    print(key)
    print()
    print("Give it to the client: it is not stored and not shown again. In proxy.yaml, under `keys:`")
    print()
    print(f'  - {{name: "{args.name}", hash: "sha256:{digest(key)}"}}')
    return 0
