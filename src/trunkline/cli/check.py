"""`trunkline check`: every mistake of a file at once."""

import argparse
import asyncio
import sys
from collections import Counter

import orjson

from trunkline.cli.files import read_config, show_problems
from trunkline.config import Loaded
from trunkline.server.probe import Health, probe
from trunkline.types import Config


def check(args: argparse.Namespace) -> int:
    """1 where the file would not be served, under `--strict` holds a warning, or under `--live` a provider that is on
    does not answer as it should."""
    loaded, source = read_config(args.config)
    well = loaded.config is not None and not (args.strict and loaded.problems)
    found = asyncio.run(_probe_all(loaded.config)) if args.live and loaded.config is not None else []
    if args.json:
        print(_json(loaded, source, well, found))
    else:
        show_problems(loaded, source, sys.stdout)
        for health in found:
            print(f"{health.provider}: {'ok' if health.ok else 'error'}: {health.detail}")
        print(f"{source}: {_summary(loaded, well)}")
    return 0 if well and all(health.ok for health in found) else 1


async def _probe_all(config: Config) -> list[Health]:
    on = [provider for provider in config.providers.values() if not provider.off]
    return list(await asyncio.gather(*(probe(provider) for provider in on)))


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


def _json(loaded: Loaded, source: str, well: bool, found: list[Health]) -> str:
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
    providers = [
        {
            "provider": h.provider,
            "ok": h.ok,
            "detail": h.detail,
            "models": len(h.models),
            "seconds": round(h.seconds, 3),
        }
        for h in found
    ]
    report = {"file": source, "ok": well, "problems": problems, **({"providers": providers} if found else {})}
    return orjson.dumps(report, option=orjson.OPT_INDENT_2).decode()
