"""The proxy itself: who may reach it, and where it keeps what it shares."""

from urllib.parse import urlsplit

from trunkline.config.description import File
from trunkline.config.problems import near
from trunkline.config.reader import Reader
from trunkline.config.source import Scalar
from trunkline.config.urls import is_loopback
from trunkline.types import Server


def check_server(file: File, reader: Reader) -> None:
    """Reports what would leave the proxy open, closed to all, or without its Redis."""
    _check_auth(file, reader)
    if file.default_route is not None and file.default_route not in file.routes:
        hint = near(file.default_route, file.routes)
        reader.error(file.at / "default_route", f'unknown route "{file.default_route}"{hint}')
    if file.redis.url:
        _check_redis(file.redis.url, file, reader)


def _check_auth(file: File, reader: Reader) -> None:
    auth, host = file.server.auth, file.server.host
    where = file.server.at / "auth"
    if auth == "keys" and (file.at / "keys").null and not reader.failed(where):
        reader.error(where, '"keys" needs a `keys:` section (`trunkline keys new NAME`); on loopback "none" will do')
    if auth == "none" and not is_loopback(host):
        reader.error(where, f'"none" lets anybody in who reaches {host}: use "keys", or a loopback host')
    if auth == "none" and file.keys:
        reader.warn(where, '"none" ignores the keys of this file')


def _check_redis(url: str, file: File, reader: Reader) -> None:
    where = file.redis.at / "url"
    if not _is_redis_address(url):  # it may hold a password: no message repeats it
        reader.error(where, "must be redis://HOST:PORT/DB, rediss://… or unix://PATH")
    elif "@" in url and isinstance(where.node, Scalar) and "${" not in where.node.text:
        reader.warn(where, "a password is written out in the file: use ${VAR} or ${file:PATH}")


def _is_redis_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        where = parts.path if parts.scheme == "unix" else parts.hostname
        return parts.scheme in ("redis", "rediss", "unix") and bool(where) and parts.port != 0
    except ValueError:  # a host or port that cannot be read
        return False


def build_server(file: File) -> Server:
    """The file must be free of errors."""
    given = file.server
    return Server(
        host=given.host,
        port=given.port,
        auth=given.auth,
        metrics_key=given.metrics_key or None,
        max_body=int(given.max_body),
        max_in_flight=given.max_in_flight,
        drain=given.drain,
        log=given.log,
    )
