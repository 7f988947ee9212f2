"""Routes may stand in routes: no circle, not too deep, not too many targets in the end."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from trunkline.config.reader import Reader, Spot

MAX_CIRCLES = 10
MAX_DEPTH = 16
MAX_TARGETS = 1000

Edges = Mapping[str, Sequence[tuple[str, Spot]]]
"""Route -> the routes it names, each with the place where it does."""


def check_graph(edges: Edges, own: Mapping[str, int], reader: Reader) -> None:
    """`own` counts the targets and fallbacks of each route that are no routes."""
    order = _order(edges, reader)
    depth: dict[str, int] = {}
    total: dict[str, int] = {}
    for name in order:
        below = [(nested, at) for nested, at in edges[name] if nested in depth]
        depth[name] = 1 + max((depth[nested] for nested, _ in below), default=0)
        total[name] = own[name] + sum(total[nested] for nested, _ in below)
        if depth[name] > MAX_DEPTH:
            reader.error(below[0][1], f"routes stand in routes more than {MAX_DEPTH} deep")
        elif below and total[name] > MAX_TARGETS:
            reader.error(below[0][1], f"with all nested routes there are more than {MAX_TARGETS} targets")
        else:
            continue
        del depth[name], total[name]  # told once, not again for every route around it


def _order(edges: Edges, reader: Reader) -> list[str]:
    """Inner routes first, after reporting every circle; empty where there is one."""
    graph = {name: {nested for nested, _ in links} for name, links in edges.items()}
    for circles in range(MAX_CIRCLES):
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            outer, inner = _report(error.args[1], edges, reader)
            graph[outer].discard(inner)
        else:
            return [] if circles else order
    return []


def _report(circle: list[str], edges: Edges, reader: Reader) -> tuple[str, str]:
    """Names a circle from its first route in the file on; returns the link that begins it.

    graphlib lists it from inner to outer, the first again at the end.
    """
    names = list(edges)
    ring = circle[:0:-1]
    first = ring.index(min(ring, key=names.index))
    ring = [*ring[first:], *ring[: first + 1]]
    at = next(at for nested, at in edges[ring[0]] if nested == ring[1])
    reader.error(at, f"routes go in a circle: {' -> '.join(ring)}")
    return ring[0], ring[1]
