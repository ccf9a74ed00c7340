"""What was measured, as the page ``docs/speed.md``."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.acknowledge import AGAIN, Crowd
from bench.make_log import DAYS, Made
from bench.questions import TOLERANCE, Measured
from queries.sources.opening import EngineSettings

PACKAGES = ("duckdb", "sqlalchemy", "numpy", "scipy", "slack-bolt", "aiohttp")

HOW = """\
# How fast

One run of `python -m bench --page docs/speed.md`, from the repository's root, in the environment \
that `make test` builds. It takes about {minutes} minutes and {disk} of disk, in a temporary \
folder (`--folder` says where), and prints the same. `python -m bench --rows 2000000 --runs 3 \
--seconds 2` is a short form; `--only questions` and `--only crowd` measure one part.

{machine}
"""

QUESTIONS = """\
## Every question, against SQL written by hand

The log is generated: {rows:,} requests over {days} days in a Parquet file a day, {outcomes:,} \
outcomes in files by the day that reported them, a reference set; {size:.1f} GB. In its last 30 \
hours one input is empty in one region and requests fail there, so that `errors` looks for \
everything that it can. Against each question stands the DuckDB SQL in `bench/by_hand/` that a \
good analyst would write for this one log, on a connection of its own with as many threads and as \
much memory. Before anything is timed, both must give the same numbers, to {tolerance:g}. Then \
both run {runs} times after one run to warm up, in turns, in one process.

{table}

- **by hand** and **engine** are the time of SQL statements, with fetching their rows; **whole \
ask** adds statistics, words, the chart's points and the record that is kept of every ask, which \
are the same for a log of any size. Ratios are the medians of pairs (in brackets the smallest and \
the largest), times the medians of runs.
- The analyst knows the log and is spared what plainlogs must find out or guard against: how the \
weeks lie, which region and which input broke, that no number is NaN in `errors`, that no request \
has two outcomes. Both keep what they join in a table in memory, for as long as it is needed.
- Neither reads only the outcome files that are younger than a request: an outcome may stand in \
the log before its request, where requests were replayed.
"""

CROWD = """\
## {people} people at once, while every query takes {seconds:g} seconds

The bot runs in a process of its own, as `plainlogs serve` runs it, connected to the playground, \
from which {people} people send `{text}` in the same moment; {again} of the commands are \
delivered a second time, as Slack does after a lost reply. Each ask waits {seconds:g} seconds in \
its worker thread before it is given its logs: *asleep*, as while a warehouse computes, or \
*computing* on all threads of an embedded DuckDB that all asks share. The time of an \
acknowledgement is taken by the playground, on the same two cores, from sending the command until \
it has read the reply. Slack's rate limits are off.

{table}

{at_once} asks run at a time and the others are told their place, so the last answer comes after \
about {wait:.0f} seconds. Memory is the resident set of the bot's process; idle means connected, \
before the first ask.
"""


@dataclass(frozen=True)
class Run:
    """Everything that one run measured."""

    made: Made
    questions: Sequence[Measured]
    crowds: Sequence[Crowd]
    people: int
    seconds: float
    text: str
    minutes: float
    load: float


def page(run: Run) -> str:
    """Write the page."""
    parts = [HOW.format(minutes=round(run.minutes), disk=_disk(run.made), machine=_machine(run))]
    if run.questions:
        parts.append(_questions(run))
    if run.crowds:
        parts.append(_crowd(run))
    return "\n".join(parts)


def _questions(run: Run) -> str:
    columns = (
        "question", "numbers compared", "rows", "statements", "by hand", "engine",
        "**engine ÷ by hand**", "whole ask", "whole ask ÷ by hand",
    )  # fmt: skip
    return QUESTIONS.format(
        rows=run.made.rows,
        days=DAYS,
        outcomes=run.made.outcomes,
        size=run.made.bytes / 1e9,
        tolerance=TOLERANCE,
        runs=len(run.questions[0].pairs),
        table=_table(columns, map(_question, run.questions)),
    )


def _question(one: Measured) -> tuple[str, ...]:
    return (
        f"`{one.text}`",
        f"{one.numbers:,}",
        f"{one.rows:,}",
        f"{one.statements}",
        _milliseconds(one.median(lambda pair: pair.hand)),
        _milliseconds(one.median(lambda pair: pair.engine)),
        _ratio([pair.engine / pair.hand for pair in one.pairs], bold=True),
        _milliseconds(one.median(lambda pair: pair.whole)),
        _ratio([pair.whole / pair.hand for pair in one.pairs]),
    )


def _crowd(run: Run) -> str:
    columns = ("", *(f"queries {each.kind}" for each in run.crowds))
    rows = [
        ("slowest acknowledgement", [f"**{max(c.acknowledged):.2f} s**" for c in run.crowds]),
        ("median", [f"{statistics.median(c.acknowledged):.2f} s" for c in run.crowds]),
        ("commands delivered", [f"{len(c.acknowledged)}" for c in run.crowds]),
        ("people without an answer", [f"**{c.lost}**" for c in run.crowds]),
        ("people answered twice", [f"**{c.twice}**" for c in run.crowds]),
        ("calls that Slack would refuse", [f"{c.refused}" for c in run.crowds]),
        ("last answer after", [f"{c.last_answer:.0f} s" for c in run.crowds]),
        ("the bot's memory, idle", [_megabytes(c.idle_memory) for c in run.crowds]),
        ("the bot's memory, at its peak", [_megabytes(c.peak_memory) for c in run.crowds]),
    ]
    at_once = EngineSettings().concurrent
    return CROWD.format(
        people=run.people,
        seconds=run.seconds,
        text=run.text,
        again=AGAIN,
        at_once=at_once,
        wait=run.people * run.seconds / at_once,
        table=_table(columns, ((name, *cells) for name, cells in rows)),
    )


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _ratio(values: Sequence[float], *, bold: bool = False) -> str:
    middle = f"{statistics.median(values):.2f}"
    return f"{f'**{middle}**' if bold else middle} ({min(values):.2f}–{max(values):.2f})"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size else "not known here"


def _disk(made: Made) -> str:
    return f"{1.2 * made.bytes / 1e9:.1f} GB"


def _machine(run: Run) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    said = (
        f"The machine: {os.cpu_count()} cores ({_processor()}), {_memory()}, {platform.system()}; "
        f"Python {platform.python_version()}, {packages}. DuckDB with "
        f"{EngineSettings().threads} threads and {EngineSettings().memory_limit}."
    )
    if run.load > 0.5:
        said += (
            f" Other programs were at work on the same cores (load {run.load:.1f} at the start): "
            "times are longer than on a quiet machine, ratios are taken pairwise and hold."
        )
    return said


def _processor() -> str:
    """Name the processor where the system tells."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 1e9:.0f} GB of memory"
