"""The commands, called as a shell calls them."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.kit.replies import json_reply
from tests.kit.upstream import Upstream
from trunkline import __version__
from trunkline.__main__ import main
from trunkline.cli.schema import schema_text

GOOD = "server: {auth: none}\nproviders: {demo: {}}\nroutes: {a: {targets: [demo/echo]}}\n"
WARNED = GOOD.replace("{demo: {}}", "{demo: {}, openai: {}}")
BAD = GOOD + "route: {}\nexpose: [routs]\n"

# No key, and no Ollama: nothing listens on the discard port.
QUIET = {"OLLAMA_BASE_URL": "http://127.0.0.1:9", "OPENAI_API_KEY": ""}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)


def written(text: str, name: str = "proxy.yaml") -> None:
    Path(name).write_text(text)


CHECKS = {
    "well": (GOOD, ["check"], 0, ["proxy.yaml: ok, 1 provider, 1 route"]),
    "well, named": (GOOD, ["check", "-c", "proxy.yaml"], 0, ["proxy.yaml: ok, 1 provider, 1 route"]),
    "well under --strict": (GOOD, ["check", "--strict"], 0, ["proxy.yaml: ok, 1 provider, 1 route"]),
    "a warning": (
        WARNED,
        ["check"],
        0,
        [
            "proxy.yaml:2:23: warning: providers.openai: OPENAI_API_KEY is unset: this provider is off",
            "proxy.yaml: ok, 2 providers, 1 route, 1 warning",
        ],
    ),
    "a warning under --strict": (
        WARNED,
        ["check", "--strict"],
        1,
        [
            "proxy.yaml:2:23: warning: providers.openai: OPENAI_API_KEY is unset: this provider is off",
            "proxy.yaml: 1 warning, refused by --strict",
        ],
    ),
    "errors": (
        BAD,
        ["check"],
        1,
        [
            'proxy.yaml:4:1: error: route: unknown key "route" (did you mean "routes"?)',
            'proxy.yaml:5:10: error: expose[0]: unknown value "routs" (did you mean "routes"?)',
            "proxy.yaml: 2 errors",
        ],
    ),
}


@pytest.mark.parametrize("name", CHECKS)
def test_check(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text, argv, code, lines = CHECKS[name]
    written(text)
    assert main(argv) == code
    out, err = capsys.readouterr()
    assert (out.splitlines(), err) == (lines, "")


def test_check_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    written(BAD)
    assert main(["check", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["file"], report["ok"]) == ("proxy.yaml", False)
    assert report["problems"][0] == {
        "line": 4,
        "column": 1,
        "severity": "error",
        "path": "route",
        "text": 'unknown key "route" (did you mean "routes"?)',
    }


def test_check_without_a_file_checks_the_built_in_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--strict"]) == 0
    assert capsys.readouterr().out == "built-in default: ok, 1 provider, 1 route\n"


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == schema_text()


def test_init_writes_a_file_that_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    assert main(["check", "--strict"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "proxy.yaml: ok, 1 provider, 1 route"


def test_init_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "-"]) == 0
    assert not Path("proxy.yaml").exists()
    written(capsys.readouterr().out)
    assert main(["check", "--strict"]) == 0


def test_init_leaves_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    written("mine")
    assert main(["init"]) == 2
    assert Path("proxy.yaml").read_text() == "mine"
    message = "trunkline: error: proxy.yaml is there already: --force overwrites it, `trunkline init -` prints\n"
    assert capsys.readouterr().err == message
    assert main(["init", "--force"]) == 0
    assert Path("proxy.yaml").read_text() != "mine"


def test_init_where_nothing_can_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "no/such/folder.yaml"]) == 2
    assert capsys.readouterr().err == (
        "trunkline: error: no/such/folder.yaml cannot be written: No such file or directory\n"
    )


def test_a_new_key_fits_the_line_to_paste(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new", "team-a"]) == 0
    key, *_, line = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"tl-[A-Za-z0-9_-]{43}", key)
    assert line == f'  - {{name: "team-a", hash: "sha256:{hashlib.sha256(key.encode()).hexdigest()}"}}'
    written(GOOD.replace("server: {auth: none}\n", "") + f"keys:\n{line}\n")
    assert main(["check", "--strict"]) == 0


def test_each_key_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    main(["keys", "new", "a"])
    main(["keys", "new", "a"])
    keys = re.findall(r"^tl-.*$", capsys.readouterr().out, re.MULTILINE)
    assert len(set(keys)) == 2


WRONG_CALLS = {
    "no command": ([], "trunkline: error: the following arguments are required: COMMAND"),
    "unknown command": (["chekc"], "invalid choice: 'chekc'"),
    "unknown option": (["check", "--lax"], "unrecognized arguments: --lax"),
    "keys alone": (["keys"], "the following arguments are required: COMMAND"),
    "a key without a name": (["keys", "new"], "the following arguments are required: NAME"),
    "a key with a wrong name": (["keys", "new", "a b"], "trunkline: error: 'a b' is no name for a key"),
    "no such file": (["check", "-c", "no.yaml"], "trunkline: error: no.yaml does not exist: `trunkline init`"),
    "a folder": (["check", "-c", "."], "trunkline: error: . cannot be read: Is a directory"),
    "a port that is none": (["serve", "--port", "70000"], "'70000' is no port: from 0 to 65535"),
    "more workers": (["serve", "--workers", "2"], "must be 1: more workers come later"),
}


@pytest.mark.parametrize("name", WRONG_CALLS)
def test_wrong_calls(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv, message = WRONG_CALLS[name]
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


@pytest.mark.parametrize(("argv", "out"), [(["--version"], f"trunkline {__version__}\n"), (["--help"], "usage: ")])
def test_asked_about_itself(argv: list[str], out: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 0
    assert capsys.readouterr().out.startswith(out)


def test_a_reader_that_stops_is_no_crash() -> None:
    command = f"{sys.executable} -m trunkline schema | head -1"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=True, env={**os.environ, **QUIET})
    assert (ran.stdout, ran.stderr) == ("{\n", "")


@pytest.mark.parametrize("command", ["check", "schema", "keys new a"])
def test_a_command_loads_nothing_of_the_server(command: str) -> None:
    heavy = "aiohttp starlette httpx uvicorn redis prometheus_client"
    program = (
        "import sys; from trunkline.__main__ import main; "
        f"main({command.split()!r}); sys.exit(repr([name for name in {heavy.split()!r} if name in sys.modules]))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.stderr == "[]\n"


class _Ollama(BaseHTTPRequestHandler):
    """One that has a model."""

    def do_GET(self) -> None:
        found = self.path == "/api/tags"
        body = b'{"models": [{"name": "nomic-embed-text"}, {"name": "llama3.2:1b"}]}' if found else b"{}"
        self.send_response(200 if found else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not into the output of the tests."""


def test_init_asks_an_ollama_what_it_has(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Ollama) as ollama:
        threading.Thread(target=ollama.serve_forever, daemon=True).start()
        monkeypatch.setenv("OLLAMA_BASE_URL", f"http://127.0.0.1:{ollama.server_port}")
        assert main(["init", "-"]) == 0
        ollama.shutdown()
    assert "    targets:\n      - ollama/llama3.2:1b\n      - demo/echo\n" in capsys.readouterr().out


LIVE = """\
server: {{auth: none}}
providers:
  up: {{kind: openai, base_url: "{url}", api_key: "${{K:-sk-canary}}"}}
  gone: {{kind: openai, base_url: "http://127.0.0.1:9/v1"}}
  demo:
"""


def test_check_live_asks_every_provider(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    upstream.play(json_reply(200, {"object": "list", "data": [{"id": "m"}]}))
    monkeypatch.chdir(tmp_path)
    Path("proxy.yaml").write_text(LIVE.format(url=upstream.base_url))
    assert main(["check", "--live"]) == 1
    out = capsys.readouterr().out
    assert "up: ok: 1 models" in out
    assert "gone: error: cannot be reached" in out
    assert "demo: ok: answers in this process" in out
    assert upstream.requests[0].path == "/v1/models"
    assert main(["check"]) == 0, "without --live nobody is asked"
    assert len(upstream.requests) == 1
