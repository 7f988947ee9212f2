"""`trunkline serve`: reads the configuration, listens, and serves until it is told to stop."""

import argparse
import sys
from ipaddress import ip_address

from trunkline.cli.files import read_config
from trunkline.server.build import open_gateway
from trunkline.server.run import listen, run


def serve(args: argparse.Namespace) -> int:
    loaded, source = read_config(args.config)
    for problem in loaded.problems:
        print(problem.render(source), file=sys.stderr)
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
    run(lambda: open_gateway(config), sock, config.server.drain)
    return 0


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
