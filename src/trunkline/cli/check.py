"""`trunkline check`: every mistake of a file at once."""

import argparse
import sys
from collections import Counter

import orjson

from trunkline.cli.files import read_config, show_problems
from trunkline.config import Loaded


def check(args: argparse.Namespace) -> int:
    """1 where the file would not be served, or under `--strict` holds a warning."""
    loaded, source = read_config(args.config)
    well = loaded.config is not None and not (args.strict and loaded.problems)
    if args.json:
        print(_json(loaded, source, well))
    else:
        show_problems(loaded, source, sys.stdout)
        print(f"{source}: {_summary(loaded, well)}")
    return 0 if well else 1


def _summary(loaded: Loaded, well: bool) -> str:
    counts = Counter(problem.severity for problem in loaded.problems)
    told = [_count(counts[severity], severity) for severity in ("error", "warning") if counts[severity]]
    if loaded.config is None:
        return ", ".join(told)
    if not well:
        return ", ".join([*told, "refused by --strict"])
    has = [_count(len(loaded.config.providers), "provider"), _count(len(loaded.config.routes), "route")]
    return ", ".join(["ok", *has, *told])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _json(loaded: Loaded, source: str, well: bool) -> str:
    problems = [
        {
            "line": problem.line,
            "column": problem.column,
            "severity": problem.severity,
            "path": problem.path,
            "text": problem.text,
        }
        for problem in loaded.problems
    ]
    report = {"file": source, "ok": well, "problems": problems}
    return orjson.dumps(report, option=orjson.OPT_INDENT_2).decode()
