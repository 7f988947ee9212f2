"""`trunkline init`: a commented file for the keys found in the environment."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from trunkline.cli.files import CallError
from trunkline.config import default_text
from trunkline.config.defaults import ollama_address
from trunkline.server.discover import list_models


def init(args: argparse.Namespace) -> int:
    """Raises CallError where the file is there already, or cannot be written."""
    address = ollama_address(os.environ)
    text = default_text(os.environ, asyncio.run(list_models(address)) if address else ())
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
