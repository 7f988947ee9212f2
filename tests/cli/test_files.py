"""Which file a command reads, and what it says of one that it cannot read."""

from datetime import date
from pathlib import Path

import pytest

from trunkline.catalog import shipped
from trunkline.cli.files import MAX_BYTES, CallError, built_in, read_config

GOOD = b"server: {auth: none}\nproviders: {demo: {}}\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "")


def test_the_file_of_this_folder_comes_first() -> None:
    Path("proxy.yaml").write_bytes(GOOD)
    loaded, source = read_config(None)
    assert source == "proxy.yaml"
    assert loaded.config
    assert loaded.config.default_route is None


def test_without_one_the_built_in_default() -> None:
    loaded, source = read_config(None)
    assert source == "built-in default"
    assert loaded.config
    assert loaded.config.default_route == "auto"


def test_a_named_file_comes_before_all() -> None:
    Path("proxy.yaml").write_bytes(b"broken")
    Path("other.yaml").write_bytes(GOOD)
    loaded, source = read_config("other.yaml")
    assert (source, loaded.problems) == ("other.yaml", ())


def test_a_byte_order_mark_moves_no_column() -> None:
    Path("proxy.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD + b"route: {}\n")
    (problem,) = read_config(None)[0].problems
    assert (problem.line, problem.column) == (3, 1)


UNREADABLE = {
    "too large": (b"#" * (MAX_BYTES + 1), "proxy.yaml cannot be read: it is larger than 1024 KiB"),
    "not UTF-8": (GOOD + b"# \xe4", "proxy.yaml is not UTF-8 text (line 3)"),
    "UTF-16": ("providers: {}".encode("utf-16"), "proxy.yaml is not UTF-8 text (line 1)"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read(name: str) -> None:
    content, message = UNREADABLE[name]
    Path("proxy.yaml").write_bytes(content)
    with pytest.raises(CallError) as error:
        read_config(None)
    assert str(error.value) == message


def test_a_file_as_large_as_allowed() -> None:
    Path("proxy.yaml").write_bytes(GOOD + b"#" * (MAX_BYTES - len(GOOD)))
    assert read_config(None)[0].config


def test_a_device_without_an_end_is_no_file() -> None:
    with pytest.raises(CallError, match="larger than"):
        read_config("/dev/zero")


def test_referred_files_are_beside_the_configuration() -> None:
    folder = Path("etc")
    folder.mkdir()
    (folder / "key").write_text("sk-1\n")
    (folder / "proxy.yaml").write_bytes(GOOD.replace(b"demo: {}", b"openai: {api_key: '${file:key}'}"))
    loaded, _ = read_config("etc/proxy.yaml")
    assert loaded.config
    assert loaded.config.providers["openai"].keys == ("sk-1",)


@pytest.mark.parametrize(
    ("path", "content", "why"),
    [
        ("key", None, "No such file or directory"),
        ("key", b"\xe4", "it is not UTF-8 text"),
        ("key", b"x" * (MAX_BYTES + 1), "it is larger than 1024 KiB"),
        ("/dev/zero", None, "it is larger than 1024 KiB"),
        (".", None, "Is a directory"),
    ],
)
def test_a_referred_file_that_cannot_be_read(path: str, content: bytes | None, why: str) -> None:
    if content is not None:
        Path(path).write_bytes(content)
    Path("proxy.yaml").write_bytes(GOOD.replace(b"{}", b"{headers: {x-a: '${file:%b}'}}" % path.encode()))
    (problem,) = read_config(None)[0].problems
    assert problem.text == f"cannot read {path}: {why}"


def test_the_built_in_default_with_what_an_ollama_has() -> None:
    loaded = built_in(["llama3.2:1b"])
    assert loaded.config
    assert list(loaded.config.providers) == ["ollama", "demo"]


def test_a_model_that_was_shut_down_is_a_warning_where_it_is_named(tmp_path: Path) -> None:
    gone = next(e for e in shipped().entries.values() if e.provider == "openai" and e.gone(date(2026, 11, 1)))
    (tmp_path / "proxy.yaml").write_text(f"""\
server: {{auth: none}}
providers: {{openai: {{api_key: "${{X:-k}}"}}}}
routes:
  old:
    targets: [{gone.id}]
""")
    loaded, source = read_config(str(tmp_path / "proxy.yaml"))
    assert loaded.config is not None
    (problem,) = loaded.problems
    assert problem.render(source).startswith(
        f"{source}:5:15: warning: routes.old.targets[0]: {gone.id} was shut down on"
    )
