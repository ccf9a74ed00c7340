"""Where people overrule the model: by day, slice, pair of slices, score and reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_with
from bench.judged_by_hand import arrived
from commands.replies import Answered

TEXT = "overrides people last 30 days"
DIMENSIONS = ("region", "channel", "product", "version")
BANDS = 10

_DECIDED = """
    FROM read_parquet($log) WHERE ts >= $start AND ts < $end AND decision IS NOT NULL
"""
COUNTED = f"""
    SELECT ts::DATE AS day, region, channel, product, model_version, override_reason,
        count(*), count(*) FILTER (overridden) {_DECIDED} GROUP BY ALL
"""
PLACES = ", ".join(str(at / BANDS) for at in range(1, BANDS))
EDGES = f"SELECT quantile_cont(score, [{PLACES}]) {_DECIDED}"
BANDED = f"""
    SELECT {" + ".join(f"(score >= $edge{at})::INT" for at in range(1, BANDS))} AS band,
        count(*), count(*) FILTER (overridden) {_DECIDED} GROUP BY ALL
"""
# Beside overruled cases only followed ones of which the model said the same can be held: approved,
# though their score is below the threshold.
JUDGED = """
    SELECT count(*) FILTER (overridden), count(outcome) FILTER (overridden),
        count(outcome) FILTER (NOT overridden)
    FROM (
        SELECT * FROM read_parquet($log) WHERE ts >= $start AND ts < $end
            AND (overridden OR decision = 'approve' AND score < threshold)
    ) LEFT JOIN read_parquet($outcomes) USING (request_id)
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Count decisions in small cells and by score, and which overruled ones can be judged."""
    known = {"log": hand.log(span), "start": span.start, "end": span.end}
    found = _rates(hand.rows(COUNTED, **known))
    ((edges,),) = hand.rows(EDGES, **known)
    cut = {f"edge{at}": edge for at, edge in enumerate(edges, 1)}
    for band, n, k in hand.rows(BANDED, **known, **cut):
        found |= _rate(("band", str(band)), k, n)
    return found | _judged(hand, span)


def _rates(rows: list[tuple[Any, ...]]) -> Numbers:
    """Add cells up by day, by slice and pair of slices, and by reason."""
    n: dict[tuple[str, ...], int] = defaultdict(int)
    overruled: dict[tuple[str, ...], int] = defaultdict(int)
    reasons: dict[str, int] = defaultdict(int)
    for day, *values, reason, trials, hits in rows:
        for key in _keys(day, values):
            n[key] += trials
            overruled[key] += hits
        if reason is not None:
            reasons[reason] += hits
    trials, hits = n["slice", "all"], overruled["slice", "all"]
    found: Numbers = {}
    for key, among in n.items():
        k = overruled[key]
        found |= _rate(key, k, among)
        if key[0] == "slice" and key[1] != "all":
            found[*key, "elsewhere"] = elsewhere = (hits - k) / (trials - among)
            found[*key, "apart"] = 100 * (k / among - elsewhere)
    for reason, k in reasons.items():
        found |= _rate(("reason", reason), k, hits)
    return found


def _keys(day: date, values: Sequence[str]) -> Iterator[tuple[str, ...]]:
    yield "slice", "all"
    yield "day", f"{day}"
    slices = [f"{name} {value}" for name, value in zip(DIMENSIONS, values, strict=True)]
    yield from (("slice", each) for each in slices)
    yield from (("slice", " with ".join(pair)) for pair in combinations(slices, 2))


def _rate(key: tuple[str, ...], k: int, n: int) -> Numbers:
    return {(*key, "k"): k, (*key, "n"): n, (*key, "rate"): k / n}


def _judged(hand: Hand, span: Span) -> Numbers:
    """Count overruled ones on complete days; none followed has their answer and an outcome."""
    days = arrived(hand, span)
    first, last = (days.begin + timedelta(days=day) for day in (days.mature[0], days.mature[-1]))
    complete = Span(first, last + timedelta(days=1))
    known = {"log": hand.log(complete), "start": complete.start, "end": complete.end}
    ((overruled, judged, beside),) = hand.rows(JUDGED, outcomes=hand.outcomes, **known)
    assert not beside
    return {("overruled",): overruled, ("judged",): judged}


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables, and what can be judged from its notes."""
    found: Numbers = {}
    for row in table_with(answer, "slice", "elsewhere"):
        key = "slice", str(row["slice"])
        names = ("k", "n", "rate", *(() if key[1] == "all" else ("elsewhere", "apart")))
        found |= {(*key, name): row[name] for name in names}
    for at, row in enumerate(table_with(answer, "band")):
        found |= {("band", str(at), name): row[name] for name in ("k", "n", "rate")}
    for row in table_with(answer, "reason"):
        found |= {("reason", str(row["reason"]), name): row[name] for name in ("k", "n", "rate")}
    for row in table_with(answer, "day"):
        found |= {("day", f"{row['day']:%Y-%m-%d}", name): row[name] for name in ("k", "n", "rate")}
    told = " ".join(map(str, answer.answer.caveats)).replace(",", "")
    for name, words in (
        ("overruled", r"(\d+) overruled case"),
        ("judged", r"(\d+) have an outcome"),
    ):
        (number,) = re.findall(words, told)
        found[name,] = int(number)
    return found
