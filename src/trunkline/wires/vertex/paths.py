"""Where a model is: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference#http"""

import re
from urllib.parse import quote

from trunkline.types import Target

# A name alone, or with its publisher as other APIs of Google write it: `google/gemini-…`, `publishers/google/models/…`.
PUBLISHED = re.compile(r"(?:publishers/)?(?:google|anthropic)/(?:models/)?")
TUNED = "endpoints/"


def path(target: Target, publisher: str, how: str) -> str:
    """Of one method of the target's model. Its name may come from a client and may not reach beyond its segment."""
    name = PUBLISHED.sub("", target.model, count=1) if PUBLISHED.match(target.model) else target.model
    if name.startswith(TUNED):
        place = f"/endpoints/{_segment(name.removeprefix(TUNED))}"
    else:
        place = f"/publishers/{publisher}/models/{_segment(name)}"
    return below(target, f"{place}:{how}")


def below(target: Target, call: str) -> str:
    """Below the base URL, with the account's project and location."""
    return target.provider.path.replace("{call}", call)


def _segment(name: str) -> str:
    return quote(name, safe="@")
