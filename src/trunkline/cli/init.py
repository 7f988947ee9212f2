"""`trunkline init`: a commented file for the keys found in the environment."""

import argparse
import os
import sys
from pathlib import Path

from trunkline.cli.files import CallError
from trunkline.cli.ollama import find_models
from trunkline.config import default_text


def init(args: argparse.Namespace) -> int:
    """Raises CallError where the file is there already, or cannot be written."""
    text = default_text(os.environ, find_models(os.environ))
    if args.file == "-":
        sys.stdout.write(text)
        return 0
    path = Path(args.file)
    try:
        with path.open("w" if args.force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CallError(f"{path} is there already: --force overwrites it, `trunkline init -` prints") from error
    except OSError as error:
        raise CallError(f"{path} cannot be written: {error.strerror}") from error
    print(f"{path} is written: `trunkline check -c {path}` reads it, `trunkline serve -c {path}` serves it")
    return 0
