"""Requests written and replies read by the wire, as the tests' rows say them."""

from tests.wires.support import Bench, Written
from trunkline.types import Json, Kind, Provider

GEMINI, CLAUDE, OPEN = "gemini-2.5-flash", "claude-sonnet-4-5@20250929", "meta/llama-4-maverick-17b-128e-instruct-maas"
PLACE = "/v1/projects/p/locations/us-east5"
PROVIDER = Provider(
    name="vertex",
    wire="vertex",
    base_url="https://us-east5-aiplatform.googleapis.com",
    path=f"{PLACE}{{call}}",
    place={"project": "p", "location": "us-east5"},
    auth="bearer",
    keys=("t",),
)

BENCH = Bench(
    "vertex", GEMINI, stream=False, paths={"chat": f"{PLACE}/.*", "embeddings": f"{PLACE}/.*"}, provider=PROVIDER
)
target, refused, read = BENCH.target, BENCH.refused, BENCH.read


def write(body: Json, model: str = GEMINI, *, stream: bool = False, kind: Kind = "chat") -> Written:
    """What a request comes to, its path below the account's project and location."""
    written = BENCH.write(body, model, stream=stream, kind=kind)
    return written._replace(path=written.path.removeprefix(PLACE))
