"""The house, as a test: who may import whom, what the core may not touch, and how big things may grow."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from trunkline.wires import WIRES

SOURCE = Path(__file__).parent.parent / "src" / "trunkline"
FILES = sorted(SOURCE.rglob("*.py"))

# Imports point down this list, or stay inside one package.
RANKS = [
    "errors",
    "narrowing",
    "types",
    "ports",
    "decoders",
    "eventstream",
    "hub",
    "catalog",
    "config",
    "wires",
    "sign",
    "transport",
    "cache",
    "observe",
    "pipeline",
    "server",
    "cli",
    "__main__",
]

# A library of the edge has one home; what makes the shipped catalog runs only when it is made.
HOMES: dict[str, str | tuple[str, ...]] = {
    "aiohttp": "transport/http.py",
    "yarl": "transport/http.py",
    "httpx": "server/probe.py",
    "botocore": "sign/aws.py",
    "google": "sign/google.py",
    "redis": "cache/redis.py",
    "prometheus_client": "observe/prometheus.py",
    "yaml": ("config/source.py", "catalog/build.py"),
    "starlette": "server",
    "uvicorn": "server",
    "httptools": "server/protocol.py",
}

# No IO, clock, randomness or logging: these take what they need as arguments.
PURE = ["errors", "narrowing", "types", "ports", "decoders", "eventstream", "hub", "catalog", "wires", "config"]
PURE_PIPELINE = ["strategies", "plan", "backoff", "params", "resolve", "outcome", "board"]
IMPURE_MODULES = {"asyncio", "time", "random", "secrets", "logging", "socket", "os", "threading"}

# Mutable on purpose: the record of one request, the health of a target, a YAML node while it is read.
MUTABLE = {"Exchange", "Health", "_Open"}

MOST_LINES_FILE = 250
MOST_LINES_FUNCTION = 40


def module(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def part(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module(path)}: relative import"
            yield node.module or "", node


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", FILES, ids=module)
def test_imports_point_down(path: Path) -> None:
    for name, _ in imports(path):
        if name.startswith("trunkline."):
            other = name.split(".")[1]
            assert RANKS.index(other) <= RANKS.index(part(path)), f"{module(path)} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=module)
def test_each_library_has_one_home(path: Path) -> None:
    for name, _ in imports(path):
        home = HOMES.get(name.split(".")[0])
        assert home is None or module(path).startswith(home), f"{module(path)} imports {name}; its home is {home}"


@pytest.mark.parametrize(
    "path",
    [p for p in FILES if part(p) in PURE or (part(p) == "pipeline" and p.stem in PURE_PIPELINE)],
    ids=module,
)
def test_the_core_is_pure(path: Path) -> None:
    for name, _ in imports(path):
        assert name.split(".")[0] not in IMPURE_MODULES, f"{module(path)} imports {name}"
    for node in ast.walk(ast.parse(path.read_text())):
        assert not isinstance(node, ast.Await), f"{module(path)}:{node.lineno} waits"
        called = node.func if isinstance(node, ast.Call) else None
        assert not (isinstance(called, ast.Name) and called.id in {"open", "print"}), f"{module(path)} does IO"


@pytest.mark.parametrize("path", FILES, ids=module)
def test_no_provider_or_wire_is_ever_compared_by_name(path: Path) -> None:
    """Names are keys of tables; behaviour that depends on one belongs in its row."""
    names = {"openai", "demo", "ollama", "anthropic", "azure", "gemini", "groq", "mistral", "vllm", "bedrock", "vertex"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Compare | ast.MatchValue):
            said = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
            assert not said & names, f"{module(path)}:{node.lineno} compares with {said & names}"


@pytest.mark.parametrize("path", FILES, ids=module)
def test_data_is_frozen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef) and node.name not in MUTABLE:
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "dataclass":
                    said = {k.arg: getattr(k.value, "value", None) for k in decorator.keywords}
                    assert said.get("frozen"), f"{module(path)}:{node.lineno} {node.name} is not frozen"
                    assert said.get("slots"), f"{module(path)}:{node.lineno} {node.name} has no slots"
                assert getattr(decorator, "id", "") != "dataclass", f"{module(path)}:{node.lineno} {node.name}"


@pytest.mark.parametrize("name", WIRES)
def test_a_wire_is_three_functions(name: str) -> None:
    """A module, or a package that shows no more of itself."""
    wire = import_module(f"trunkline.wires.{name}")
    functions = inspect.getmembers(wire, inspect.isfunction)
    own = [said for said, function in functions if function.__module__.startswith(wire.__name__)]
    assert sorted(said for said in own if not said.startswith("_")) == ["decoder", "encode", "error"]


@pytest.mark.parametrize("path", FILES, ids=module)
def test_files_and_functions_stay_small(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    most = 270 if path.name == "types.py" else MOST_LINES_FILE  # the shared vocabulary, read as a list
    assert lines <= most, f"{module(path)} has {lines} lines"
    for function in functions(path):
        size = (function.end_lineno or 0) - function.lineno + 1
        assert size <= MOST_LINES_FUNCTION, f"{module(path)}:{function.lineno} {function.name} has {size} lines"


def test_most_functions_are_smaller_still() -> None:
    sizes = sorted((f.end_lineno or 0) - f.lineno + 1 for path in FILES for f in functions(path))
    assert sizes[int(len(sizes) * 0.9)] <= 25


def test_imports_inside_functions_say_why() -> None:
    for path in FILES:
        lines = path.read_text().splitlines()
        for function in functions(path):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    above = lines[node.lineno - 2].strip()
                    assert above.startswith("#") or "#" in lines[node.lineno - 1], f"{module(path)}:{node.lineno}"
