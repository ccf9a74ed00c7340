"""What came of the decisions: outcomes and worth by decision, score, slice and overruling."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows
from bench.judged_by_hand import EARLIER, arrived
from commands.replies import Answered

TEXT = "outcomes people last 30 days"
DIMENSIONS = ("region", "channel", "product", "version")
BANDS = 10
SIDES = {"first": True, "second": False}
"""Overruled, and followed."""
COMPARED = ("first", "first_n", "second", "second_n", "apart")
COUNTED = ("requests", "n", "repaid", "value_n", "value_total")

CAME = """
    CREATE OR REPLACE TEMP TABLE came AS
    SELECT region, channel, product, model_version, decision, overridden, score, expected_profit,
        outcome = 'repaid' AS repaid
    FROM (SELECT * FROM read_parquet($log) WHERE ts >= $start AND ts < $end)
    LEFT JOIN read_parquet($outcomes) USING (request_id)
"""
PLACES = ", ".join(str(at / BANDS) for at in range(1, BANDS))
EDGES = f"SELECT quantile_cont(score, [{PLACES}]) FROM came WHERE repaid IS NOT NULL"
CELLS = f"""
    SELECT region, channel, product, model_version, decision, overridden,
        {" + ".join(f"(score >= $edge{at})::INT" for at in range(1, BANDS))} AS band,
        count(*), count(repaid), count(*) FILTER (repaid),
        count(expected_profit), sum(expected_profit)
    FROM came GROUP BY ALL
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Join complete days with their outcomes, and count them in small cells."""
    days = arrived(hand, span)
    first, last = (days.begin + timedelta(days=day) for day in (days.mature[0], days.mature[-1]))
    complete = Span(first, last + timedelta(days=1))
    known = {"log": hand.log(complete), "start": complete.start, "end": complete.end}
    hand.rows(CAME, outcomes=hand.outcomes, **known)
    ((edges,),) = hand.rows(EDGES)
    cut = {f"edge{at}": edge for at, edge in enumerate(edges, 1)}
    sums: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0] * len(COUNTED))
    for *values, decision, overridden, band, n, with_outcome, repaid, worth, total in hand.rows(
        CELLS, **cut
    ):
        for key in _keys(values, decision, overridden, band):
            # A cell without any value has no sum.
            for at, each in enumerate((n, with_outcome, repaid, worth, total or 0.0)):
                sums[key][at] += each
    asked = [counts for day, counts in days.counts.items() if day >= EARLIER.days]
    requests, outcomes = (sum(each) for each in zip(*asked, strict=True))
    found: Numbers = {("asked", "requests"): requests, ("asked", "outcomes"): outcomes}
    for key, cell in sums.items():
        if key[0] not in SIDES:
            found |= {(*key, name): value for name, value in _measured(cell).items()}
    return found | _lift(sums) | _versus(sums)


def _keys(
    values: Sequence[str], decision: str | None, overridden: bool, band: int | None
) -> Iterator[tuple[str, ...]]:
    """Give all sums that a cell belongs to."""
    slices = [f"{name} {value}" for name, value in zip(DIMENSIONS, values, strict=True)]
    yield from (("what", "all"), ("what", decision or "(empty)"))
    yield from (("what", each) for each in slices)
    if band is not None:
        yield "band", str(band)
    side = "first" if overridden else "second"
    yield from ((side, each) for each in ("all", *slices))


def _measured(cell: Sequence[float]) -> dict[str, float | None]:
    requests, n, repaid, valued, total = cell
    return {
        "requests": requests,
        "n": n,
        "outcome": repaid / n if n else None,
        "value_n": valued,
        "value": total / valued if valued else None,
        "value_total": total if valued else None,
    }


def _lift(sums: dict[tuple[str, ...], list[float]]) -> Numbers:
    """Take bands from the lowest scores on, and see how many of those not repaid they hold."""
    _, n, repaid, *_ = sums["what", "all"]
    found: Numbers = {}
    taken = held = 0.0
    for at in range(BANDS):
        _, here, good, *_ = sums["band", str(at)]
        taken, held = taken + here, held + here - good
        found["band", str(at), "lift"] = (here - good) / (n - repaid) / (here / n)
        found["band", str(at), "taken"] = taken / n
        found["band", str(at), "gain"] = held / (n - repaid)
    return found


def _versus(sums: dict[tuple[str, ...], list[float]]) -> Numbers:
    """Hold overruled ones against followed ones, in all and by slice."""
    found: Numbers = {}
    for _, slice_ in [key for key in sums if key[0] == "first"]:
        both = [_measured(sums[side, slice_]) for side in SIDES]
        for table, name, count, scale in (
            ("Outcome", "outcome", "n", 100.0), ("Value", "value", "value_n", 1.0),
        ):  # fmt: skip
            for side, each in zip(SIDES, both, strict=True):
                found[table, slice_, side] = each[name]
                found[table, slice_, f"{side}_n"] = each[count]
            first, second = (float(each[name] or 0.0) for each in both)
            found[table, slice_, "apart"] = scale * (first - second)
    return found


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables, and how many outcomes are in from its summary."""
    found: Numbers = {}
    measured = ("requests", "n", "outcome", "value_n", "value", "value_total")
    for table in answer.answer.tables:
        part, _, rest = table.title.partition(": ")
        by = table.title.removeprefix("By ")
        for at, row in enumerate(table_rows(table)):
            if rest:
                found |= {(part, str(row["slice"]), name): row[name] for name in COMPARED}
            elif by == "score band":
                of_band = (*measured, "lift", "taken", "gain")
                found |= {("band", str(at), name): row[name] for name in of_band}
            else:
                what = f"{by} {row['what']}" if by in DIMENSIONS else str(row["what"])
                found |= {("what", what, name): row[name] for name in measured}
    told = answer.answer.summary.replace(",", "")
    for name, words in (("requests", r"Of (\d+) requests"), ("outcomes", r"is in for (\d+)")):
        (number,) = re.findall(words, told)
        found["asked", name] = int(number)
    return found
