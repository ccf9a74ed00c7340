"""Measure everything and print it as one Markdown page; see ``docs/speed.md``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from bench import acknowledge, fleet, others, questions, reading
from bench.make_log import Made, make_log
from bench.questions import Measured
from bench.report import READING_ROWS, Run, page
from bench.slow_bot import ASLEEP, COMPUTING

CROWD_ROWS = 200_000
"""Of the crowd's log: small, as all that its queries take is the wait."""
OTHERS_RUNS = READING_RUNS = 3
PARTS = ("questions", "crowd", "others", "fleet", "reading")


def main() -> None:
    """Run what is asked for."""
    given = _options().parse_args()
    parts = (given.only,) if given.only else PARTS
    begun, load = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="plainlogs-bench-", dir=given.folder) as name:
        folder = Path(name)
        made, asked = _questions(folder, given) if "questions" in parts else (None, [])
        run = Run(
            made=made,
            questions=asked,
            crowds=_crowds(folder, given) if "crowd" in parts else [],
            others=_others(folder, given) if "others" in parts else [],
            fleet=_fleet(folder) if "fleet" in parts else None,
            reading=_reading(folder) if "reading" in parts else [],
            people=given.people,
            seconds=given.seconds,
            text=acknowledge.ASK,
            minutes=max(1, (time.monotonic() - begun) / 60),
            load=load,
        )
    text = page(run)
    if given.page:
        given.page.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _questions(folder: Path, given: argparse.Namespace) -> tuple[Made, list[Measured]]:
    _tell(f"writing a log of {given.rows:,} requests")
    made = make_log(folder / "questions", given.rows)
    return made, questions.measure(made.file, given.runs, _tell)


def _crowds(folder: Path, given: argparse.Namespace) -> list[acknowledge.Crowd]:
    small, crowds = make_log(folder / "crowd", CROWD_ROWS), []
    for kind in (ASLEEP, COMPUTING):
        _tell(f"{given.people} people ask at once, queries {kind}")
        crowds.append(acknowledge.measure(small.file, kind, given.people, given.seconds))
    return crowds


def _others(folder: Path, given: argparse.Namespace) -> list[others.Other]:
    make_log(folder / "others", others.ROWS)
    return others.measure(folder / "others", given.environments, OTHERS_RUNS, _tell)


def _reading(folder: Path) -> list[reading.Read]:
    _tell("asking the same requests in every format")
    return reading.measure(folder / "reading", READING_ROWS, READING_RUNS)


def _fleet(folder: Path) -> fleet.Fleet:
    _tell("asking about ten models")
    return fleet.measure(folder / "fleet")


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--rows", type=int, default=20_000_000, help="of the log")
    options.add_argument("--runs", type=int, default=7, help="of each question, in pairs")
    options.add_argument("--people", type=int, default=acknowledge.PEOPLE, help="in the crowd")
    options.add_argument(
        "--seconds", type=float, default=acknowledge.SECONDS, help="that a query of theirs takes"
    )
    options.add_argument("--only", choices=PARTS, help="measure one part")
    options.add_argument(
        "--environments",
        type=Path,
        default=Path.home() / ".cache" / "plainlogs-bench",
        help="where the other tools are installed (default: ~/.cache/plainlogs-bench)",
    )
    options.add_argument("--folder", type=Path, help="for temporary data (default: the system's)")
    options.add_argument("--page", type=Path, help="a file to write the page to")
    return options


def _tell(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    main()
