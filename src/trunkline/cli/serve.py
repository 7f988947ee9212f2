"""`trunkline serve`: reads the configuration, listens, and serves until it is told to stop."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from trunkline.catalog import Correction, shipped
from trunkline.cli.files import BUILT_IN, built_in, read_config, show_problems
from trunkline.config.defaults import ollama_address
from trunkline.config.urls import is_loopback
from trunkline.server.build import Later, open_gateway
from trunkline.server.discover import add_ollama
from trunkline.server.refine import refine
from trunkline.server.run import listen, run
from trunkline.server.state import Gateway
from trunkline.types import Config


def serve(args: argparse.Namespace) -> int:
    loaded, source = read_config(args.config)
    show_problems(loaded, source, sys.stderr)
    config = loaded.config
    if config is None:
        return 1
    host, port = args.host or config.server.host, config.server.port if args.port is None else args.port
    if config.server.auth == "none" and not is_loopback(host):
        print(f"{source}: error: `auth: none` serves only a loopback host, not {host}: add `keys:`", file=sys.stderr)
        return 1
    try:
        sock = listen(host, port)
    except OSError as error:
        print(f"trunkline: error: cannot listen on {host}:{port}: {error.strerror}", file=sys.stderr)
        return 1
    host, port = sock.getsockname()[:2]
    print(f"trunkline serves {source} on http://{host}:{port}/v1", file=sys.stderr, flush=True)
    catalog = shipped().corrected(loaded.corrections)
    run(lambda: open_gateway(config, catalog, _later(source, loaded.corrections)), sock, config.server.drain)
    return 0


def _later(source: str, corrections: Mapping[str, Correction]) -> Later:
    """What is done once it serves: only the built-in default looks for an Ollama."""
    address = ollama_address(os.environ) if source == BUILT_IN else None

    async def later(gateway: Gateway) -> None:
        if address:
            await add_ollama(gateway, address, _with_ollama)
        # The file's word on a model comes after that of its provider.
        await refine(gateway, lambda lists: shipped().refined(lists).corrected(corrections))

    return later


def _with_ollama(models: Sequence[str]) -> Config | None:
    return built_in(models).config
