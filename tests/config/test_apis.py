"""The further APIs of built-in providers: rows that name what exists."""

import re
from collections.abc import Iterator

from trunkline.catalog import APIS
from trunkline.config.rows import ApiRow, rows
from trunkline.wires import WIRES
from trunkline.wires.auth import SCHEMES


def apis() -> Iterator[tuple[str, ApiRow]]:
    table = rows()
    for found in (*(kind.apis for kind in table.kinds.values()), *(row.apis for row in table.providers.values())):
        yield from found.items()


def test_each_is_one_that_a_file_may_ask_for_by_a_wire_that_exists() -> None:
    for name, api in apis():
        assert name in APIS or api.embeds
        assert api.wire in WIRES
        assert api.auth is None or api.auth in SCHEMES
        assert not api.root or api.root.startswith("/")


def test_patterns_are_patterns() -> None:
    for _, api in apis():
        re.compile(api.serves)
        re.compile(api.serves_tools)


def test_an_api_that_serves_by_name_is_not_the_kinds() -> None:
    """A server of one's own calls its models as it likes."""
    assert not any(api.serves or api.serves_tools for kind in rows().kinds.values() for api in kind.apis.values())
