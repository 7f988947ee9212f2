"""Ports that stay ours."""

import socket


def reserve_port() -> tuple[socket.socket, int]:
    """A free port of 127.0.0.1, and the socket that keeps everybody else off it until closed.

    It is bound and does not listen, so connections are refused; who binds this very port with SO_REUSEADDR, as
    servers do, may listen there all the same. A port merely found free would be taken by a test running beside.
    """
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    return sock, sock.getsockname()[1]
