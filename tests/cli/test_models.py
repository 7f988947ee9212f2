"""`trunkline models`: which routes and models it lists, in which order, and how it writes them."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.config.reading import config
from trunkline.__main__ import main
from trunkline.catalog import Catalog, Entry, Price, Rates, shipped
from trunkline.cli.models import SORTS, Line, Wanted, lines, ordered, table
from trunkline.types import Config

FILE = """
server: {auth: none}
providers: {demo: {}, openai: {api_key: "${KEY}"}, ollama: {}}
routes:
  smart: {targets: [openai/large, openai/small]}
  try: {targets: [demo/echo, smart]}
"""


def entry(provider: str, model: str, window: int | None, usd: tuple[str, str] | None, *can: str, **more: Any) -> Entry:
    price = Price(Rates(input=Decimal(usd[0]), output=Decimal(usd[1]))) if usd else None
    return Entry(
        provider=provider, model=model, context_window=window, price=price, capabilities=frozenset(can), **more
    )


CATALOG = Catalog.of(
    [
        entry("openai", "large", 400_000, ("1.25", "10"), "tools", "vision", max_output_tokens=128_000),
        entry("openai", "small", 128_000, ("0.15", "0.6"), "tools"),
        entry("openai", "old", 8_192, ("30", "60"), "tools", shutdown_date=date(2026, 1, 1)),
        entry("openai", "new", None, None, tags=("preview",)),
        entry("ollama", "llama3", 8_192, ("0", "0")),
        entry("mistral", "embed", 8_192, ("0.1", "0"), "embeddings"),
    ]
)


def read(environ: dict[str, str] | None = None) -> Config:
    return config(FILE, environ or {"KEY": "sk-test"})


LISTED: dict[str, tuple[Wanted, list[str]]] = {
    "all of providers that are on": (
        Wanted(),
        ["smart", "try", "demo/echo", "ollama/llama3", "openai/large", "openai/new", "openai/old", "openai/small"],
    ),
    "one capability": (Wanted(capabilities=["tools"]), ["smart", "openai/large", "openai/old", "openai/small"]),
    "two capabilities": (Wanted(capabilities=["tools", "vision"]), ["openai/large"]),
    "one provider": (Wanted(provider="ollama"), ["ollama/llama3"]),
    "one that is not in the file": (Wanted(provider="mistral"), ["mistral/embed"]),
    "a price": (Wanted(max_cost=Decimal("0.6")), ["smart", "ollama/llama3", "openai/small"]),
    "a price just below": (Wanted(max_cost=Decimal("0.59")), ["ollama/llama3"]),
    "all at once": (Wanted(provider="openai", capabilities=["vision"], max_cost=Decimal(1)), []),
}


@pytest.mark.parametrize("name", LISTED)
def test_listed(name: str) -> None:
    wanted, names = LISTED[name]
    found = [line for line in lines(read(), CATALOG, wanted.provider) if wanted.fits(line)]
    assert [line.name for line in ordered(found, "name")] == names


def test_a_provider_that_is_off_is_left_out() -> None:
    off = config(FILE.replace('api_key: "${KEY}"', "enabled: false"))
    assert {line.provider for line in lines(off, CATALOG)} == {"route", "demo", "ollama"}
    assert "openai/large" in {line.name for line in lines(off, CATALOG, "openai")}


def test_a_route_is_as_small_as_its_targets() -> None:
    (smart,) = [line for line in lines(read(), CATALOG) if line.name == "smart"]
    assert smart.known["context_length"] == 128_000
    assert smart.known["capabilities"] == ["tools"]
    assert (smart.price("input"), smart.price("output")) == (0.15, 0.6)


def test_a_route_with_an_unknown_target_is_unknown() -> None:
    (mixed,) = [line for line in lines(read(), CATALOG) if line.name == "try"]
    assert (mixed.known["context_length"], mixed.known["pricing"], mixed.known["capabilities"]) == (None, None, None)


ORDERS = {
    "name": "smart try demo/echo ollama/llama3 openai/large openai/new openai/old openai/small",
    "provider": "smart try demo/echo ollama/llama3 openai/large openai/new openai/old openai/small",
    "context": "smart try openai/large openai/small ollama/llama3 openai/old demo/echo openai/new",
    "output": "smart try openai/large demo/echo ollama/llama3 openai/new openai/old openai/small",
    "cost": "smart try ollama/llama3 openai/small openai/large openai/old demo/echo openai/new",
}


@pytest.mark.parametrize("sort", SORTS)
def test_order(sort: str) -> None:
    found = ordered(list(lines(read(), CATALOG)), sort)
    assert [line.name for line in found] == ORDERS[sort].split()


def test_table() -> None:
    found = [line for line in lines(read(), CATALOG) if line.name in ("smart", "openai/old", "openai/new")]
    assert table(ordered(found, "name")) == [
        "MODEL       PROVIDER  CONTEXT  OUTPUT  IN $/M  OUT $/M  CACHED $/M  UNTIL       CAPABILITIES  TAGS",
        "smart       route     128,000       -    0.15      0.6           -  -           tools         -",
        "openai/new  openai          -       -       -        -           -  -           -             preview",
        "openai/old  openai      8,192       -      30       60           -  2026-01-01  tools         -",
    ]


@pytest.mark.parametrize(("today", "gone"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True)])
def test_gone_on_the_day(today: date, gone: bool) -> None:
    known = CATALOG.entries["openai/old"]
    assert known.gone(today) is gone
    assert Line("openai/old", "openai", {}, known.shutdown_date).gone(today) is gone


@pytest.fixture
def _in_a_folder_with_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEY", "sk-test")
    routes = "routes: {smart: {targets: [openai/gpt-4o, openai/gpt-4o-mini]}}\n"
    Path("proxy.yaml").write_text(f"server: {{auth: none}}\nproviders: {{openai: {{api_key: '${{KEY}}'}}}}\n{routes}")


@pytest.mark.usefixtures("_in_a_folder_with_a_file")
class TestCommand:
    """As a shell calls it."""

    def test_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["models", "--capability", "vision", "--max-cost", "0.6", "--all"]) == 0
        out, err = capsys.readouterr()
        head, smart, *others = out.splitlines()
        assert head.split()[:2] == ["MODEL", "PROVIDER"]
        assert smart.split()[:6] == ["smart", "route", "128,000", "16,384", "0.15", "0.6"]
        assert any(line.startswith("openai/gpt-4o-mini ") for line in others)
        assert err == ""

    def test_what_was_shut_down_is_left_out_and_counted(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["models", "--provider", "anthropic", "--json"]) == 0
        out, err = capsys.readouterr()
        shown = {row["id"] for row in json.loads(out)["models"]}
        gone = {entry.id for entry in shipped().entries.values() if entry.provider == "anthropic"} - shown
        assert "anthropic/claude-sonnet-5" in shown
        assert "anthropic/claude-3-opus-20240229" in gone
        assert err == f"{len(gone)} more were shut down: --all shows them\n"
        assert main(["models", "--provider", "anthropic", "--json", "--all"]) == 0
        out, err = capsys.readouterr()
        assert {row["id"] for row in json.loads(out)["models"]} == shown | gone
        assert err == ""

    def test_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["models", "--json"]) == 0
        rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["models"]}
        assert rows["openai/gpt-4o"] == {
            "id": "openai/gpt-4o",
            "provider": "openai",
            "context_length": 128000,
            "max_output_tokens": 16384,
            "pricing": {"input": 2.5, "output": 10, "cached_input": 1.25},
            "capabilities": ["json_mode", "json_schema", "pdf", "tools", "vision"],
            "tags": [],
            "recommended_for": [],
            "shutdown_date": None,
        }
        assert next(iter(rows)) == "smart"

    def test_nothing_fits(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["models", "--capability", "audio", "--max-cost", "0"]) == 1
        assert capsys.readouterr() == ("", "no model fits\n")

    def test_a_wrong_file(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("proxy.yaml").write_text("route: {}\n")
        assert main(["models"]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert 'unknown key "route"' in err


WRONG_CALLS = {
    "unknown provider": (["--provider", "mistrl"], 'unknown provider "mistrl" (did you mean "mistral"?)'),
    "unknown capability": (["--capability", "magic"], "invalid choice: 'magic'"),
    "unknown order": (["--sort", "beauty"], "invalid choice: 'beauty'"),
    "no amount": (["--max-cost", "cheap"], "'cheap' is no amount: USD, such as 0.5"),
    "a negative amount": (["--max-cost=-1"], "'-1' is no amount"),
    "an endless amount": (["--max-cost", "inf"], "'inf' is no amount"),
}


@pytest.mark.usefixtures("_in_a_folder_with_a_file")
@pytest.mark.parametrize("name", WRONG_CALLS)
def test_wrong_calls(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv, message = WRONG_CALLS[name]
    assert main(["models", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_it_loads_nothing_of_the_server(tmp_path: Path) -> None:
    heavy = "aiohttp starlette httpx uvicorn redis prometheus_client"
    program = (
        "import sys; from trunkline.__main__ import main; main(['models', '--provider', 'mistral']); "
        f"sys.exit(repr([name for name in {heavy.split()!r} if name in sys.modules]))"
    )
    environ = {"OLLAMA_BASE_URL": "http://127.0.0.1:9"}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env=environ)
    assert ran.stderr.splitlines()[-1] == "[]"
