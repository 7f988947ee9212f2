"""Who shows an account where that takes more than a key: a signature over the request, a token fetched for it.

Libraries are imported at first use: only those who need them have to have them.
"""

from trunkline.ports import Signer
from trunkline.sign.aws import Aws
from trunkline.sign.google import Google


class Signers:
    """`by_name`: as a provider's `auth` names them. What they fetched is kept as long as they are."""

    def __init__(self) -> None:
        self._aws, self._google = Aws(), Google()
        self.by_name: dict[str, Signer] = {"sigv4": self._aws.sign, "google": self._google.sign}

    def secrets(self) -> list[str]:
        """What they hold at the moment and must never be told."""
        return [*self._aws.secrets(), *self._google.secrets()]
