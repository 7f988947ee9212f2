"""What the rows of these tests are read with."""

from collections.abc import Mapping
from types import MappingProxyType

from trunkline.config import Loaded, load
from trunkline.types import Config, Group, Target

FILE = "proxy.yaml"
FILES = {"/run/secrets/key": "from-a-file\n", "/run/secrets/latin": None}


def read_file(path: str) -> str:
    """The files that `${file:PATH}` finds."""
    if path not in FILES:
        raise FileNotFoundError(2, "No such file or directory")
    content = FILES[path]
    if content is None:
        raise UnicodeDecodeError("utf-8", b"\xe4", 0, 1, "invalid start byte")
    return content


def loaded(text: str, environ: Mapping[str, str] = MappingProxyType({})) -> Loaded:
    return load(text, environ, path=FILE, read_file=read_file)


def told(text: str, environ: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Its problems as `check` prints them, without the file's name."""
    return [problem.render(FILE).removeprefix(f"{FILE}:") for problem in loaded(text, environ).problems]


def config(text: str, environ: Mapping[str, str] = MappingProxyType({})) -> Config:
    """The configuration of a file without errors."""
    found = loaded(text, environ)
    assert found.config, found.problems
    return found.config


def targets(group: Group) -> list[Target]:
    """Every target in a group and the groups in it, fallbacks last."""
    members = [*group.members, *(fallback.to for fallback in group.fallbacks)]
    return [leaf for member in members for leaf in (targets(member) if isinstance(member, Group) else [member])]
