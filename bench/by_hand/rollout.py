"""Can the rollout go on: the two versions that ``compare`` holds against each other, over time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from bench.by_hand import Case, Hand, Numbers, Span, compare, covered, table_rows
from bench.by_hand.compare import ATTRIBUTES, METRICS, SHARES, SIDES, Counted, weighed_alike
from commands.replies import Answered

TEXT = "rollout people"
STEP = timedelta(hours=10)
"""Twelve days in at most thirty steps of whole hours."""
GUARDED = ("failed", "slow", "correct", "expected_profit", "granted")

OVER_TIME = """
    SELECT model_version, (epoch_us(ts) - epoch_us($start)) // $step, count(*)
    FROM read_parquet($log) WHERE ts >= $start AND ts <= $last GROUP BY ALL
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Compare both, then again as of every ten hours, and count requests in steps of ten."""
    found = compare.counted(hand, span)
    serving = Span(span.start, found.last)
    numbers = compare.told(found) | _over_time(hand, serving) | _as_of(found, "in all", None)
    for step in range(1, (serving.end - serving.start) // STEP):
        moment = serving.start + step * STEP
        hours = (moment - found.both.start) // timedelta(hours=1)
        numbers |= _as_of(found, str(moment), hours)
    return numbers


def _over_time(hand: Hand, span: Span) -> Numbers:
    known = {"start": span.start, "last": span.end, "step": STEP // timedelta(microseconds=1)}
    rows = hand.rows(OVER_TIME, log=hand.log(span), **known)
    counts = Counter[datetime]()
    for _, at, n in rows:
        counts[span.start + at * STEP] += n
    found: Numbers = {(str(at), "requests"): n for at, n in counts.items()}
    for version, at, n in rows:
        moment = span.start + at * STEP
        found[str(moment), version] = n / counts[moment]
    return found


def _as_of(found: Counted, moment: str, hours: int | None) -> Numbers:
    """Give each difference and what it rests on, from the whole hours until a moment."""
    numbers: Numbers = {}
    for at, name in enumerate(METRICS):
        if name in GUARDED:
            sums = found.sums["hour", ""][:, :hours, at]
            inside = weighed_alike(sums, found.effects[at], share=name in SHARES)
            scale = 100 if name in SHARES else 1
            numbers |= _told(moment, name, inside.rows, scale * (inside.value or 0.0))
    for attribute in ATTRIBUTES:
        numbers |= _groups(found, attribute, moment, hours)
    return numbers


def _groups(found: Counted, attribute: str, moment: str, hours: int | None) -> Numbers:
    at = METRICS.index("granted")
    groups = {
        value: weighed_alike(each[:, :hours, at], found.effects[at], share=True)
        for (name, value), each in found.sums.items()
        if name == attribute
    }
    sizes = {
        value: int(each[:, :, at, 0].sum())
        for (name, value), each in found.sums.items()
        if name == attribute
    }
    largest = max(groups, key=lambda value: sizes[value])
    numbers: Numbers = {}
    for value in groups.keys() - {largest}:
        here, there = groups[value], groups[largest]
        apart = 100 * ((here.value or 0.0) - (there.value or 0.0))
        numbers |= _told(moment, value, here.rows + there.rows, apart)
    return numbers


def _told(moment: str, name: str, n: int, difference: float) -> Numbers:
    return {(moment, name, "n"): n, (moment, name, "difference"): difference}


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables."""
    found = compare.answered(answer)
    tables = {table.title: list(table_rows(table)) for table in answer.answer.tables}
    for row in (*tables["Guardrails"], *tables["Guardrails, averages"]):
        found |= _told("in all", _name(row["guardrail"]), row["n"], row["difference"])
    ends = max(row["at"] for row in tables["As it was known"])
    for row in tables["As it was known"]:
        if row["at"] != ends:
            moment = str(row["at"].replace(tzinfo=None))
            found |= _told(moment, _name(row["guardrail"]), row["n"], row["difference"])
    for row in tables["Share of requests by version"]:
        moment = str(row["at"].replace(tzinfo=None))
        found |= {(moment, "requests"): row["requests"]}
        found |= {(moment, SIDES[at]): row[f"share_{at}"] for at in range(2)}
    return found


def _name(guardrail: str) -> str:
    """Give the metric's or group's own name: “sex male” is of ``male``, “over 87 ms” is slow."""
    if guardrail in compare.LABELS:
        return compare.LABELS[guardrail]
    kinds = ("sex ", "age group ")
    of_groups = [guardrail.removeprefix(kind) for kind in kinds if guardrail.startswith(kind)]
    return of_groups[0] if of_groups else "slow"
