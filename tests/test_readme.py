"""Every command in the README is run as a reader would, and `make run` as the first thing they type."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kit.ports import reserve_port
from tests.kit.replies import json_reply
from tests.kit.server import Server, eventually
from tests.kit.upstream import Upstream

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BIN = Path(sys.executable).parent


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


# What each command shows, by a part of it that no other has.
SHOWN = {
    "Say it again": ['"content":"Say it again"'],
    "demo/status-429": ["HTTP/1.1 429", "rate_limit_exceeded", "x-trunkline-attempts: demo/status-429:rate_limit"],
    "trunkline check": ["OPENAI_API_KEY is unset"],
    "trunkline init": ["providers:", "demo/echo"],
    "trunkline models": ["openai/gpt-4o-mini", "CONTEXT"],
    "trunkline keys": ["team-a", "sha256:"],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server((ROOT / "proxy.yaml").read_text(), tmp_path_factory.mktemp("readme")) as running:
        yield running


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {"HOME": str(folder), "PATH": f"{BIN}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environ, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("script", blocks("sh"), ids=lambda script: script.split("\n")[0][:40])
def test_shell(server: Server, script: str, tmp_path: Path) -> None:
    (tmp_path / "proxy.yaml").write_text((ROOT / "proxy.yaml").read_text())
    done = run(script.replace("http://127.0.0.1:4000", server.url), tmp_path)
    assert done.returncode == 0, done.stderr
    (words,) = (words for part, words in SHOWN.items() if part in script)
    assert all(word in done.stdout for word in words), done.stdout


def test_python(server: Server, tmp_path: Path) -> None:
    script, _ = blocks("python")
    code = script.replace("http://127.0.0.1:4000", server.url)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout == "Say it again", done.stderr


def test_what_only_one_provider_has_reaches_it(
    upstream: Upstream, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    _, script = blocks("python")
    upstream.play(json_reply(200, {"candidates": [{"content": {"parts": [{"text": "hi"}]}, "finishReason": "STOP"}]}))
    url = f"http://127.0.0.1:{upstream.port}"
    server = start_server(
        f"server: {{auth: none}}\nproviders: {{gemini: {{base_url: '{url}', api_key: '${{K:-k}}'}}}}\n"
    )
    client = f"from openai import OpenAI\nclient = OpenAI(base_url='{server.url}/v1', api_key='none')\n"
    subprocess.run([sys.executable, "-c", client + script], cwd=tmp_path, check=True, timeout=60)
    (asked,) = (request for request in upstream.requests if request.method == "POST")
    body = json.loads(asked.body)
    assert asked.path == "/v1beta/models/gemini-2.5-flash:generateContent"
    assert body["tools"] == [{"googleSearch": {}}]
    assert body["generationConfig"]["thinkingConfig"]["thinkingBudget"] > 0


def test_the_example_file_is_valid(tmp_path: Path) -> None:
    (example,) = blocks("yaml")
    (tmp_path / "proxy.yaml").write_text(example)
    done = run("trunkline check -c proxy.yaml", tmp_path)
    assert done.returncode == 0, done.stdout


def test_make_run_serves() -> None:
    """The recipe that a fresh checkout runs, on another port; its environment is there already."""
    reserved, port = reserve_port()
    process = subprocess.Popen(
        ["make", "-s", "run", f"ARGS=--port {port}"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def live() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1) as reply:
                return bool(reply.status == 200)
        except OSError:
            return False

    try:
        assert eventually(live, 30, every=0.1)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(15)
        reserved.close()


def test_what_the_readme_names_is_there() -> None:
    for path in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / path).exists(), path
    for folder in re.findall(r"^\| `([a-z]+)/`", README, re.M):
        assert (ROOT / "src" / "trunkline" / folder).is_dir(), folder
