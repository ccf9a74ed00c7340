"""Simulate what the statistics promise and print it as one Markdown page; see ``docs/truth.md``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.promise import COVERS, Interval, Promise
from bench.promises import ALARMS, FINDS, INTERVALS
from queries.core.words import count

POINT_RUNS = 4000
"""Runs a case of an interval's grid."""


_TOP = """\
# How true

<!-- Written by `python -m bench.truth --page docs/truth.md`. -->

What the numbers in answers promise, tried on data whose truth is known because it was drawn: \
one run of `python -m bench.truth --page docs/truth.md`, from the repository's root, in the \
environment that `make test` builds. It takes about {minutes} minutes; every draw is seeded, so \
that it prints the same each time. The tests run the same simulations, in short. Numbers against \
published tables are [listed apart](published-numbers.md).

## Intervals hold what they say

An interval of 95 % should hold the true value in 95 of 100 cases. Each is simulated {runs} times \
in every case of a grid: rates of 1 to 50 % on 50 to 10,000 rows with at least 5 hits to be \
expected, means of even, normal and skewed values of 50 to 1,000 rows, quantiles of 100 to 5,000 \
with at least 5 values to be expected beyond them, rankings of 300 and 2,000 rows with 5 to 30 % \
positives. The average over the grid is to lie between 93 and 97 %.
"""


def main() -> None:
    """Simulate all of it."""
    options = argparse.ArgumentParser(prog="python -m bench.truth", description=__doc__)
    options.add_argument("--page", type=Path, help="a file to write the page to")
    given = options.parse_args()
    begun = time.monotonic()
    intervals = [_interval(each) for each in INTERVALS]
    kept = [_promise(each) for each in ALARMS], [_promise(each) for each in FINDS]
    text = page(intervals, *kept, max(1, round((time.monotonic() - begun) / 60)))
    if given.page:
        given.page.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def page(
    intervals: Sequence[tuple[str, ...]],
    alarms_: Sequence[tuple[str, ...]],
    finds: Sequence[tuple[str, ...]],
    minutes: int,
) -> str:
    """Write the page from its tables' rows."""
    said = ("what is tried", "runs", "of them", "goal", "met")
    parts = [
        _TOP.format(minutes=minutes, runs=count(POINT_RUNS)),
        _table(("interval of", "cases", "average", "lowest", "highest", "met"), intervals),
        *(f"**{each.of[0].upper()}{each.of[1:]}.** {each.why}\n" for each in INTERVALS if each.why),
        "## Alarms that chance raises\n",
        _table(said, alarms_),
        "## Changes that are found\n",
        _table(said, finds),
    ]
    return "\n".join(parts)


def _interval(each: Interval) -> tuple[str, ...]:
    _tell(each.of)
    found = each.simulate(POINT_RUNS)
    average = sum(found.values()) / len(found)
    low, high = (pick(found, key=lambda case: found[case]) for pick in (min, max))
    edges = (f"{_percent(found[case])} ({case})" for case in (low, high))
    return each.of, str(len(found)), f"**{_percent(average)}**", *edges, COVERS.met(average)


def _promise(each: Promise) -> tuple[str, ...]:
    _tell(each.said)
    value = each.simulate(each.runs)
    return (
        each.said,
        count(each.runs),
        f"**{_percent(value)}**",
        str(each.goal),
        each.goal.met(value),
    )


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def _tell(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    main()
