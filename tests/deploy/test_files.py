"""The image, the compose file and what it mounts: valid, and in agreement with one another."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.deploy.board import ROOT
from tests.system import need
from trunkline.config import load

DEPLOY = ROOT / "deploy"
DATASOURCES = ROOT / "grafana" / "provisioning" / "datasources"
DASHBOARDS = ROOT / "grafana" / "provisioning" / "dashboards"


def read(path: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(path.read_text()))


def service(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", read(DEPLOY / "compose.yaml")["services"][name])


def mounts(name: str) -> dict[str, Path]:
    """Path in the container -> file or directory here."""
    binds = [volume.split(":") for volume in service(name)["volumes"] if volume.startswith(".")]
    return {inside: (DEPLOY / here).resolve() for here, inside, _ in binds}


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    pairs = [line.partition(" ") for line in text.splitlines() if line]
    return [(name, " ".join(rest.split())) for name, _, rest in pairs]


class TestCompose:
    def test_schema(self) -> None:
        """Its validator is our dev dependency and brings the schema along."""
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
        done = subprocess.run([*command, str(DEPLOY / "compose.yaml")], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.parametrize("name", ["trunkline", "prometheus", "grafana"])
    def test_what_it_mounts_exists(self, name: str) -> None:
        found = mounts(name)
        assert found
        assert [here for here in found.values() if not here.exists()] == []

    def test_every_port_is_on_loopback(self) -> None:
        services = read(DEPLOY / "compose.yaml")["services"].values()
        ports = [port for each in services for port in each.get("ports", ())]
        assert len(ports) == 3
        assert [port for port in ports if not port.startswith("127.0.0.1:")] == []

    def test_every_image_has_a_version(self) -> None:
        services = read(DEPLOY / "compose.yaml")["services"].values()
        images = [each["image"] for each in services if "image" in each]
        assert len(images) == 3
        assert [image for image in images if not re.search(r":v?\d", image)] == []

    def test_the_key_must_be_given(self) -> None:
        assert service("trunkline")["environment"]["TRUNKLINE_KEY"].startswith("${TRUNKLINE_KEY:?")

    def test_grace_outlasts_the_drain(self) -> None:
        assert service("trunkline")["stop_grace_period"] == "130s"
        assert "drain" not in read(DEPLOY / "proxy.yaml")["server"], "the default is 120s"


class TestProxyFile:
    def test_listens_where_the_others_look(self) -> None:
        server = read(DEPLOY / "proxy.yaml")["server"]
        port = server["port"]
        assert (server["host"], server["auth"]) == ("0.0.0.0", "keys")
        assert service("trunkline")["ports"] == [f"127.0.0.1:{port}:{port}"]
        (job,) = read(DEPLOY / "prometheus.yml")["scrape_configs"]
        assert job["static_configs"] == [{"targets": [f"trunkline:{port}"]}]
        assert ("EXPOSE", str(port)) in instructions()
        assert f"127.0.0.1:{port}/health/ready" in dict(instructions())["HEALTHCHECK"]

    def test_holds_no_secret(self) -> None:
        (key,) = read(DEPLOY / "proxy.yaml")["keys"]
        assert key["key"].startswith("${TRUNKLINE_KEY:?")

    def test_every_variable_without_a_default_is_passed_in(self) -> None:
        used = set(re.findall(r"\$\{(\w+)", (DEPLOY / "proxy.yaml").read_text()))
        assert used <= set(service("trunkline")["environment"])


class TestImage:
    def test_runs_as_a_numeric_user(self) -> None:
        user, group = dict(instructions())["USER"].split(":")
        assert int(user) > 0
        assert int(group) > 0

    @pytest.mark.parametrize("name", ["ENTRYPOINT", "CMD"])
    def test_starts_without_a_shell(self, name: str) -> None:
        """A shell in between would keep SIGTERM from the proxy."""
        assert isinstance(json.loads(dict(instructions())[name]), list)

    def test_serves_the_file_that_compose_mounts(self) -> None:
        path = json.loads(dict(instructions())["CMD"])[-1]
        assert mounts("trunkline") == {path: DEPLOY / "proxy.yaml"}
        assert ("COPY", f"deploy/proxy.yaml {path}") in instructions()

    def test_what_it_copies_is_there_and_in_the_context(self) -> None:
        copies = [rest.split()[:-1] for name, rest in instructions() if name == "COPY" and "--from" not in rest]
        sources = {source for copy in copies for source in copy}
        allowed = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[0] == "!"}
        assert sources == allowed
        assert [source for source in sources if not (ROOT / source).exists()] == []

    def test_the_health_check_is_python(self) -> None:
        """The slim image has neither curl nor wget."""
        _, _, command = dict(instructions())["HEALTHCHECK"].partition("CMD ")
        program, flag, code = json.loads(command)
        assert (program, flag) == ("python", "-c")
        compile(code, "HEALTHCHECK", "exec")


class TestGrafana:
    def test_the_board_is_where_the_provider_looks(self) -> None:
        (provider,) = read(DASHBOARDS / "trunkline.yaml")["providers"]
        board = f"{provider['options']['path']}/trunkline.json"
        assert mounts("grafana")[board] == ROOT / "grafana" / "trunkline.json"
        assert service("grafana")["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] == board

    def test_the_source_is_the_prometheus_of_compose(self) -> None:
        (source,) = read(DATASOURCES / "prometheus.yaml")["datasources"]
        assert (source["type"], source["url"]) == ("prometheus", "http://prometheus:9090")
        interval = read(DEPLOY / "prometheus.yml")["global"]["scrape_interval"]
        assert source["jsonData"]["timeInterval"] == interval


@pytest.mark.system
def test_prometheus_takes_its_file() -> None:
    promtool = need("promtool", "prometheus")
    command = [promtool, "check", "config", str(DEPLOY / "prometheus.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", (ROOT / "tests" / "system-packages.txt").read_text().splitlines())
def test_system_packages_are_names(name: str) -> None:
    """The file goes to apt-get as it is."""
    assert re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", name)


def test_the_mounted_proxy_yaml_is_valid() -> None:
    environ = {"TRUNKLINE_KEY": "tl-anything", "REDIS_URL": "redis://redis:6379/0", "OPENAI_API_KEY": "sk-anything"}
    path = DEPLOY / "proxy.yaml"
    loaded = load(path.read_text(), environ, path=str(path), read_file=lambda name: Path(name).read_text())
    assert loaded.config is not None
    assert loaded.problems == ()
