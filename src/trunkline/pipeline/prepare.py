"""A request made ready for one target: by its route's params, in its wire. Pure."""

from dataclasses import dataclass

from trunkline.errors import ApiError
from trunkline.pipeline.params import shape
from trunkline.ports import Encoded, Wire
from trunkline.types import Call, Json, Target
from trunkline.wires import WIRES


@dataclass(frozen=True, slots=True)
class Prepared:
    """`body`: the hub request that `encoded` was made of; `dropped`: all that was lost or approximated, sorted."""

    wire: Wire
    body: Json
    encoded: Encoded
    dropped: tuple[str, ...]


def prepare(call: Call, target: Target) -> Prepared:
    """Raises ApiError where this target cannot be asked for what the client wants."""
    wire = WIRES[target.provider.wire]
    body, narrowed = shape(call.body, target)
    encoded = wire.encode(call, body, target)
    if encoded.dropped and target.unsupported == "reject":
        raise _unsupported(encoded.dropped[0], target.id)
    return Prepared(wire, body, encoded, tuple(sorted((*narrowed, *encoded.dropped))))


def _unsupported(name: str, target_id: str) -> ApiError:
    param = name.partition("=")[0]
    message = f"`{param}` has no counterpart at {target_id}, and its route says `unsupported: reject`."
    return ApiError("unsupported_parameter", message, param=param, should_retry=False)
