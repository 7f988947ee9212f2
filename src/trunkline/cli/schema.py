"""`trunkline schema`: the JSON Schema of `proxy.yaml`, for editors."""

import argparse

import orjson

from trunkline.config import schema


def print_schema(_args: argparse.Namespace) -> int:
    print(schema_text(), end="")
    return 0


def schema_text() -> str:
    """As it is shipped in `proxy.schema.json`."""
    return orjson.dumps(schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
