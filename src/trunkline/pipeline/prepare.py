"""A request made ready for one target: by its route's params, for the API that serves it, in its wire. Pure."""

from typing import NamedTuple

from trunkline.catalog import Entry
from trunkline.errors import ApiError
from trunkline.pipeline.apis import reached
from trunkline.pipeline.capable import capable
from trunkline.pipeline.params import shape
from trunkline.ports import Encoded, Wire
from trunkline.types import Call, Json, Target
from trunkline.wires import WIRES


class Prepared(NamedTuple):
    """`target` as it is by the API that serves the request; `body`: the hub request that `encoded` was made of;
    `dropped`: all that was lost or approximated, sorted."""

    wire: Wire
    target: Target
    body: Json
    encoded: Encoded
    dropped: tuple[str, ...]


def prepare(call: Call, target: Target, entry: Entry | None = None) -> Prepared:
    """`entry`: what is known of the target's model.

    Raises ApiError where this target cannot be asked for what the client wants.
    """
    body, narrowed = shape(call.body, target)
    target = reached(target, entry, call.kind, body)
    body, lacking = capable(body, entry, target)
    wire = WIRES[target.provider.wire]
    encoded = wire.encode(call, body, target)
    lost = (*lacking, *encoded.dropped)
    if lost and target.unsupported == "reject":
        raise _unsupported(lost[0], target.id)
    return Prepared(wire, target, body, encoded, tuple(sorted((*narrowed, *lost))))


def _unsupported(name: str, target_id: str) -> ApiError:
    param = name.partition("=")[0]
    message = f"`{param}` has no counterpart at {target_id}, and its route says `unsupported: reject`."
    return ApiError("unsupported_parameter", message, param=param, should_retry=False)
