"""The text of `proxy.yaml` and an environment, to a Config or to everything that is wrong with them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from trunkline.catalog import Correction
from trunkline.config.clients import build_keys
from trunkline.config.description import File
from trunkline.config.models import build_corrections, check_models
from trunkline.config.problems import Problem, quoted
from trunkline.config.providers import build_providers
from trunkline.config.reader import Doubts, Installed, Reader, Spot, is_installed, no_doubts
from trunkline.config.record import Record
from trunkline.config.routes import build_routes, check_routes
from trunkline.config.server import build_server, check_server
from trunkline.config.shapes import DEFINITIONS
from trunkline.config.source import SourceError, Table, compose
from trunkline.types import Config, Json

_EMPTY = "the file is empty: `trunkline init` writes one to start from"


@dataclass(frozen=True, slots=True)
class Loaded:
    """`config` is None exactly where a problem is an error. Problems come in the order of the file. `corrections` are
    what the file says of models, by `provider/model`."""

    config: Config | None
    problems: tuple[Problem, ...]
    corrections: Mapping[str, Correction] = field(default_factory=dict)


def load(
    text: str,
    environ: Mapping[str, str],
    *,
    path: str,
    read_file: Callable[[str], str],
    doubts: Doubts = no_doubts,
    installed: Installed = is_installed,
) -> Loaded:
    """Reads and checks a whole file; never raises for what is in it.

    `path` is the file's name in messages; `read_file` serves `${file:PATH}` and may raise OSError or ValueError;
    what `doubts` says of a provider and a model becomes a warning where the file names them; a provider that needs a
    library which is not `installed` is off.
    """
    reader = Reader(environ, read_file, path, doubts, installed)
    config, corrections = _load(text, reader)
    return Loaded(config, tuple(sorted(set(reader.problems))), corrections)


def schema() -> Json:
    """JSON Schema (2020-12) of proxy.yaml, from the description that also reads it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Trunkline proxy.yaml",
        **Record(File).schema(),
        "$defs": DEFINITIONS,
    }


def _load(text: str, reader: Reader) -> tuple[Config | None, Mapping[str, Correction]]:
    try:
        top = Spot(compose(text))
    except SourceError as error:
        reader.problems.append(Problem(error.line, error.column, "", str(error), "error"))
        return None, {}
    if not isinstance(top.node, Table):
        reader.error(top, _EMPTY if top.null else f"must be a mapping of sections, not {top.kind}")
        return None, {}
    _check_duplicates(top, reader)
    file = Record(File).read(top, reader)
    check_server(file, reader)
    providers = build_providers(file, reader)
    check_routes(file, providers, reader)
    check_models(file, providers, reader)
    keys = build_keys(file, reader)
    if any(problem.severity == "error" for problem in reader.problems):
        return None, {}
    config = Config(
        server=build_server(file),
        providers=providers,
        routes=build_routes(file, providers),
        default_route=file.default_route,
        expose=frozenset(file.expose or (("routes",) if file.routes else ("routes", "models"))),
        keys=keys,
        groups=file.groups,
        redis_url=file.redis.url or None,
        hash=hashlib.sha256(text.encode()).hexdigest()[:12],
    )
    return config, build_corrections(file)


def _check_duplicates(spot: Spot, reader: Reader) -> None:
    """YAML forbids a key twice; libyaml lets it pass."""
    seen: set[str] = set()
    for name, at, below in spot.entries():
        if name in seen:
            reader.error(at, f"duplicate key {quoted(name)}")
        seen.add(name)
        _check_duplicates(below, reader)
    for item in spot.items():
        _check_duplicates(item, reader)
