"""What was measured, as the page ``docs/speed.md``."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.acknowledge import AGAIN, Crowd
from bench.fleet import Fleet
from bench.make_log import DAYS, Made
from bench.others import QUESTIONS as COMPARED
from bench.others import ROWS as OTHERS_ROWS
from bench.others import Once, Other
from bench.questions import TOLERANCE, Measured
from bench.reading import FLAT, Read
from queries.sources.opening import EngineSettings

READING_ROWS = 1_000_000
PACKAGES = ("duckdb", "sqlalchemy", "numpy", "scipy", "slack-bolt", "aiohttp")

HOW = """\
# How fast

One run of `python -m bench --page docs/speed.md`, from the repository's root, in the environment \
that `make test` builds. It takes about {minutes} minutes{disk}, works in a temporary folder \
(`--folder` says where), and prints the same. `python -m bench --rows 2000000 --runs 3 \
--seconds 2` is a short form; `--only` with `questions`, `crowd`, `others`, `fleet` or \
`reading` measures one part.

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


OTHERS = """\
## `inputs` and `performance`, beside Evidently and NannyML

{rows:,} requests of the same generator with their reference set of {reference:,}, eleven inputs. \
Each tool runs as a process of its own, in an environment of its own (`bench/others/` has the \
programs and the versions), {runs} times after one to warm up, in turns.

{table}

- **from files to result** is what somebody waits for who asks a tool that is running: reading \
the files, joining the outcomes, computing. **The whole process** adds starting Python and \
importing. Memory is the largest resident set.
- They don't compute the same. *plainlogs* `inputs` ranks all inputs by Jensen-Shannon distance \
with values that are missing, new, infinite, and since when; `performance` gives every metric with \
an interval, by day and by the slices of three columns, with the share of outcomes that are in. \
*Evidently*'s presets compare the whole with the reference by its own choice of methods. *NannyML* \
computes drift in ten chunks, and seven metrics by day.
"""

FLEET = """## `health` over {models} models

The samples, with `lending` ({rows:,} requests) eight times under different names, asked of a \
process that has just started and looked at every log, as the bot does before it connects. The \
first ask took **{first:.1f} s**, the next two {second:.1f} and {third:.1f} s; the goal is 2 s.
"""


READING = """## The same requests, however they lie

{rows:,} requests in one file, asked for failures, latency and an input by region, of a process \
that has not seen the file. The first ask looks at what the file holds; the second finds that \
known. All give the same numbers.

{table}
"""


@dataclass(frozen=True)
class Run:
    """Everything that one run measured."""

    made: Made | None
    questions: Sequence[Measured]
    crowds: Sequence[Crowd]
    others: Sequence[Other]
    fleet: Fleet | None
    reading: Sequence[Read]
    people: int
    seconds: float
    text: str
    minutes: float
    load: float


def page(run: Run) -> str:
    """Write the page."""
    parts = [HOW.format(minutes=round(run.minutes), disk=_disk(run.made), machine=_machine(run))]
    if run.made:
        parts.append(_questions(run, run.made))
    if run.others:
        parts.append(_others(run.others))
    if run.fleet:
        parts.append(_fleet(run.fleet))
    if run.reading:
        parts.append(_reading(run.reading))
    if run.crowds:
        parts.append(_crowd(run))
    return "\n".join(parts)


def _questions(run: Run, made: Made) -> str:
    columns = (
        "question", "numbers compared", "rows", "statements", "by hand", "engine",
        "**engine ÷ by hand**", "whole ask", "whole ask ÷ by hand",
    )  # fmt: skip
    return QUESTIONS.format(
        rows=made.rows,
        days=DAYS,
        outcomes=made.outcomes,
        size=made.bytes / 1e9,
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


def _others(found: Sequence[Other]) -> str:
    columns = (
        "", "from files to result", "÷ plainlogs", "the whole process", "÷ plainlogs",
        "memory", "÷ plainlogs", "computed",
    )  # fmt: skip
    rows = [
        _other(each, next(one for one in found if one.question == each.question))
        for question in COMPARED
        for each in found
        if each.question == question
    ]
    return OTHERS.format(
        rows=OTHERS_ROWS,
        reference=OTHERS_ROWS // 40,
        runs=len(found[0].runs),
        table=_table(columns, rows),
    )


def _other(one: Other, ours: Other) -> tuple[str, ...]:
    def compared(of: Callable[[Once], float]) -> str:
        return "" if one is ours else f"**{one.median(of) / ours.median(of):.1f}**"

    return (
        f"`{one.question}` by {one.tool}",
        f"{one.median(lambda run: run.result):.2f} s",
        compared(lambda run: run.result),
        f"{one.median(lambda run: run.whole):.1f} s",
        compared(lambda run: run.whole),
        _megabytes(int(one.median(lambda run: run.memory))),
        compared(lambda run: run.memory),
        one.runs[0].computed,
    )


def _fleet(fleet: Fleet) -> str:
    first, second, third = fleet.asks
    return FLEET.format(
        models=fleet.models, rows=fleet.rows, first=first, second=second, third=third
    )


def _reading(found: Sequence[Read]) -> str:
    flat = next(one for one in found if one.kind == FLAT)
    rows = [
        (
            one.kind,
            _megabytes(one.bytes),
            _milliseconds(one.first),
            f"{one.first / flat.first:.1f}",
            _milliseconds(one.again),
            f"**{one.again / flat.again:.1f}**",
        )
        for one in found
    ]
    columns = ("", "file", "first ask", "÷ flat Parquet", "again", "÷ flat Parquet")
    return READING.format(rows=READING_ROWS, table=_table(columns, rows))


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


def _disk(made: Made | None) -> str:
    return f" and {1.2 * made.bytes / 1e9:.1f} GB of disk" if made else ""


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
