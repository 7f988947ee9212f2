"""The command line: `trunkline COMMAND`. Exit codes: 0 well, 1 the answer is no, 2 the call was wrong."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from trunkline import __version__
from trunkline.catalog import CAPABILITIES
from trunkline.cli.check import check
from trunkline.cli.files import DEFAULT_PATH, CallError
from trunkline.cli.init import init
from trunkline.cli.keys import new
from trunkline.cli.models import SORTS, models
from trunkline.cli.schema import print_schema

Command = Callable[[argparse.Namespace], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    try:
        args = _parser().parse_args(argv)
        run: Command = args.run
        code = run(args)
        sys.stdout.flush()  # now, while a closed pipe can still be caught
        return code
    except SystemExit as stop:  # argparse has said why: --help, --version, or a wrong call
        return int(stop.code or 0)
    except CallError as error:
        sys.stderr.write(f"trunkline: error: {error}\n")
        return 2
    except BrokenPipeError:  # `trunkline schema | head`: nobody reads on, also not at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("trunkline", description="One OpenAI-compatible base URL for every LLM provider.")
    parser.add_argument("--version", action="version", version=f"trunkline {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _serve(_command(commands, "serve", _run_server, "serve a proxy.yaml, or every provider whose key is set"))
    _check(_command(commands, "check", check, "tell every mistake in a proxy.yaml"))
    _models(_command(commands, "models", models, "list routes and models: limits, prices, capabilities"))
    _init(_command(commands, "init", init, "write a proxy.yaml for the keys found in the environment"))
    _command(commands, "schema", print_schema, "print the JSON Schema of proxy.yaml")
    keys = commands.add_parser("keys", help="keys that clients show").add_subparsers(required=True, metavar="COMMAND")
    _command(keys, "new", new, "make a key").add_argument("name", metavar="NAME", help="whose key it is")
    return parser


def _command(commands: Commands, name: str, run: Command, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run)
    return command


def _config(command: argparse.ArgumentParser) -> None:
    text = f"the configuration; without it ./{DEFAULT_PATH}, else a built-in default"
    command.add_argument("-c", "--config", metavar="FILE", help=text)


def _serve(command: argparse.ArgumentParser) -> None:
    _config(command)
    command.add_argument("--host", help="listen here instead of server.host")
    command.add_argument("--port", type=_port, help="listen here instead of server.port; 0 takes a free one")
    command.add_argument("--workers", type=_workers, help="processes that serve")


def _check(command: argparse.ArgumentParser) -> None:
    _config(command)
    command.add_argument("--strict", action="store_true", help="a warning is an error, too")
    command.add_argument("--live", action="store_true", help="also ask every provider that is on whether it answers")
    command.add_argument("--json", action="store_true", help="for programs")


def _models(command: argparse.ArgumentParser) -> None:
    _config(command)
    text = "only what is known to have it; may be given again"
    command.add_argument("--capability", action="append", default=[], choices=CAPABILITIES, help=text)
    command.add_argument("--provider", metavar="NAME", help="only its models, also where it is off")
    command.add_argument("--max-cost", type=_usd, metavar="USD", help="the most for a million tokens, in and out")
    command.add_argument("--sort", choices=SORTS, default="name", help="cheapest or largest first, unknown last")
    command.add_argument("--all", action="store_true", help="those too that their provider has shut down")
    command.add_argument("--json", action="store_true", help="for programs")


def _init(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", nargs="?", default=DEFAULT_PATH, metavar="FILE", help="where to; - prints it")
    command.add_argument("--force", action="store_true", help="overwrite what is there")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: from 0 to 65535")
    return int(text)


def _usd(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not (amount.is_finite() and amount >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no amount: USD, such as 0.5")
    return amount


def _workers(text: str) -> int:
    if text != "1":
        raise argparse.ArgumentTypeError("must be 1: more workers come later")
    return 1


def _run_server(args: argparse.Namespace) -> int:
    # Imported here because it brings the whole server: the other commands start without it in a tenth of the time.
    from trunkline.cli.serve import serve

    return serve(args)


if __name__ == "__main__":
    sys.exit(main())
