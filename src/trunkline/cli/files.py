"""Which configuration a command is about, and reading it."""

import errno
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from trunkline.catalog import shipped
from trunkline.config import Loaded, default_text, load
from trunkline.errors import TrunklineError

DEFAULT_PATH = "proxy.yaml"
BUILT_IN = "built-in default"
MAX_BYTES = 1024 * 1024


class CallError(TrunklineError):
    """The command was called wrongly: its text is for the caller, the exit code is 2."""


def read_config(path: str | None) -> tuple[Loaded, str]:
    """The configuration and the name that messages call it by.

    Without a path: `./proxy.yaml` where there is one, else the built-in default. Raises CallError where the file
    cannot be read.
    """
    if path is None and not Path(DEFAULT_PATH).exists():
        return built_in(), BUILT_IN
    source = path or DEFAULT_PATH
    text = _read(Path(source))
    below = _references_below(Path(source).parent)
    return load(text, os.environ, path=source, read_file=below, doubts=shut_down), source


def built_in(ollama_models: Sequence[str] = ()) -> Loaded:
    """What is served without a file. An Ollama is asked for its models only once it serves: see `ollama_address`."""
    text = default_text(os.environ, ollama_models)
    return load(text, os.environ, path=BUILT_IN, read_file=_references_below(Path()))


def shut_down(provider: str, model: str) -> str | None:
    """Whether the provider no longer serves it, by the catalog."""
    entry = shipped().find(provider, model)
    if entry is None or not entry.gone(datetime.now(UTC).date()):
        return None
    return f"{provider}/{model} was shut down on {entry.shutdown_date}: the provider may refuse it, or serve another"


def show_problems(loaded: Loaded, source: str, out: TextIO) -> None:
    """One problem a line, in the order of the file."""
    for problem in loaded.problems:
        print(problem.render(source), file=out)


def _read(path: Path) -> str:
    """Raises CallError."""
    try:
        return _bounded(path).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise CallError(f"{path} does not exist: `trunkline init` writes a file to start from") from error
    except OSError as error:
        raise CallError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CallError(f"{path} is not UTF-8 text (line {line})") from error


def _references_below(folder: Path) -> Callable[[str], str]:
    """Reads the PATH of `${file:PATH}`, which is relative to the folder of the file that names it."""
    return lambda path: _bounded(folder / path).decode()


def _bounded(path: Path) -> bytes:
    """The whole of a file, but not of /dev/zero. Raises OSError."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MAX_BYTES // 1024} KiB")
    return content
