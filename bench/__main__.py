"""Measure everything and print it as one Markdown page; see ``docs/speed.md``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from bench import acknowledge, questions
from bench.make_log import make_log
from bench.report import Run, page
from bench.slow_bot import ASLEEP, COMPUTING

CROWD_ROWS = 200_000
"""Of the crowd's log: small, as all that its queries take is the wait."""


def main() -> None:
    """Run what is asked for."""
    given = _options().parse_args()
    begun, load = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="plainlogs-bench-", dir=given.folder) as name:
        folder = Path(name)
        _tell(f"writing a log of {given.rows:,} requests")
        made = make_log(folder / "questions", given.rows if given.only != "crowd" else CROWD_ROWS)
        asked = questions.measure(made.file, given.runs, _tell) if given.only != "crowd" else []
        crowds = []
        if given.only != "questions":
            small = make_log(folder / "crowd", CROWD_ROWS)
            for kind in (ASLEEP, COMPUTING):
                _tell(f"{given.people} people ask at once, queries {kind}")
                crowds.append(acknowledge.measure(small.file, kind, given.people, given.seconds))
    minutes = (time.monotonic() - begun) / 60
    run = Run(
        made, asked, crowds, given.people, given.seconds, acknowledge.ASK, max(1, minutes), load
    )
    text = page(run)
    if given.page:
        given.page.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--rows", type=int, default=20_000_000, help="of the log")
    options.add_argument("--runs", type=int, default=7, help="of each question, in pairs")
    options.add_argument("--people", type=int, default=acknowledge.PEOPLE, help="in the crowd")
    options.add_argument(
        "--seconds", type=float, default=acknowledge.SECONDS, help="that a query of theirs takes"
    )
    options.add_argument("--only", choices=("questions", "crowd"), help="measure one part")
    options.add_argument("--folder", type=Path, help="for temporary data (default: the system's)")
    options.add_argument("--page", type=Path, help="a file to write the page to")
    return options


def _tell(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    main()
