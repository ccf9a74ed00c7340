"""Is the new version better: two versions over the days in which both serve, hour by hour."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows
from bench.judged_by_hand import arrived
from commands.replies import Answered
from queries.statistics.design_effect import mean_design_effect
from queries.statistics.stratified import Strata, Within, within

TEXT = "compare people"
SIDES = ("2.3", "2.2")
DIMENSIONS = ("region", "channel", "product")
ATTRIBUTES = ("sex", "age_group")
SHARES = ("failed", "slow", "correct", "granted", "said")
METRICS = (*SHARES, "expected_profit", "score")
LABELS = {
    "failed": "failed",
    "turned out right": "correct",
    "decision “approve”": "granted",
    "prediction “repaid”": "said",
    "expected profit": "expected_profit",
    "score": "score",
}

# The newer version has served since before; the older one's last request ends what is compared.
END = f"""
    SELECT max(ts), quantile_cont(latency_ms, 0.95)
    FROM read_parquet($log) WHERE model_version = '{SIDES[1]}' AND ts >= $start AND ts < $end
"""
JOINED = f"""
    CREATE OR REPLACE TEMP TABLE compared AS
    SELECT (model_version = '{SIDES[1]}')::INTEGER AS side, ts, customer,
        {", ".join((*DIMENSIONS, *ATTRIBUTES))},
        (status <> 200)::INTEGER AS failed, (latency_ms > $limit)::INTEGER AS slow,
        CASE WHEN decision = 'approve' AND ts::DATE IN $days::DATE[]
            THEN ((score >= threshold) = (outcome = 'repaid'))::INTEGER END AS correct,
        (decision = 'approve')::INTEGER AS granted, (score >= threshold)::INTEGER AS said,
        expected_profit, score
    FROM (SELECT * FROM read_parquet($log) WHERE ts >= $start AND ts <= $last)
    LEFT JOIN read_parquet($outcomes) USING (request_id)
"""
_SQUARES = {name: name if name in SHARES else f"{name} * {name}" for name in METRICS}
_SUMS = ", ".join(
    f"count({name}), coalesce(sum({name}), 0), coalesce(sum({square}), 0)"
    for name, square in _SQUARES.items()
)
# Hours count from the first moment at which both have served, until the last.
STRATA = f"""
    SELECT side, CASE WHEN ts BETWEEN $begun AND $ended
        THEN (epoch_us(ts) - epoch_us($begun)) // 3600000000 END AS hour, sex, age_group, {_SUMS}
    FROM compared GROUP BY ALL
"""
TRAFFIC = f"""
    SELECT side, {", ".join(DIMENSIONS)}, min(ts), max(ts), count(*) FROM compared GROUP BY ALL
"""
_EACH = ", ".join(
    f"count({name}) AS n_{name}, sum({name}) AS k_{name}, sum({square}) AS q_{name}"
    for name, square in _SQUARES.items()
)
_EFFECTS = ", ".join(
    f"sum(k_{name}), sum(q_{name}), sum(n_{name}), count(*) FILTER (n_{name} > 0), "
    f"sum(k_{name} * k_{name}), sum(k_{name} * n_{name}), sum(n_{name} * n_{name})"
    for name in METRICS
)
CUSTOMERS = f"SELECT {_EFFECTS} FROM (SELECT customer, {_EACH} FROM compared GROUP BY customer)"

Sums = npt.NDArray[np.float64]
"""By side, hour and metric: count, sum, and sum of squares."""


@dataclass(frozen=True)
class Counted:
    """Both versions in numbers: the limit, how many, when both serve, until when, and the sums."""

    limit: float
    traffic: Numbers
    both: Span
    last: datetime
    sums: Mapping[tuple[str, str], Sums]
    effects: Sequence[float]


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Count both versions, and hold them against each other."""
    return told(counted(hand, span))


def counted(hand: Hand, span: Span) -> Counted:
    """Join once, then sum up by hour and group, by dimension, and by customer."""
    known = arrived(hand, span)
    ((last, slow),) = hand.rows(END, log=hand.log(span), start=span.start, end=span.end)
    # Rounded, as the answer says a limit that a person can read.
    limit = float(f"{slow:.2g}")
    days = [known.begin + timedelta(day) for day in known.mature]
    given = {"start": span.start, "last": last, "limit": limit, "days": days}
    hand.rows(JOINED, log=hand.log(Span(span.start, last)), outcomes=hand.outcomes, **given)
    traffic = _traffic(hand)
    both = Span(
        max(traffic[side, "first"] for side in SIDES), min(traffic[side, "last"] for side in SIDES)
    )
    ((*flat,),) = hand.rows(CUSTOMERS)
    effects = [mean_design_effect(*flat[at : at + 7]) for at in range(0, len(flat), 7)]
    return Counted(limit, traffic, both, last, _strata(hand, both), effects)


def told(found: Counted) -> Numbers:
    """Give every metric on both sides, in all and weighed alike, and by group."""
    numbers = found.traffic | {("limit",): found.limit}
    for at, name in enumerate(METRICS):
        numbers |= _overall(found.sums["in all", ""][:, 0, at], name)
        numbers |= _alike(found.sums["hour", ""][:, :, at], name, found.effects[at])
    return numbers | _groups(found.sums, found.effects[METRICS.index("granted")])


def _strata(hand: Hand, both: Span) -> Mapping[tuple[str, str], Sums]:
    hours = (both.end - both.start) // timedelta(hours=1) + 1
    shape = 2, hours, len(METRICS), 3
    found: dict[tuple[str, str], Sums] = defaultdict(lambda: np.zeros(shape))
    for side, hour, sex, age_group, *sums in hand.rows(STRATA, begun=both.start, ended=both.end):
        each = np.array(sums, float).reshape(len(METRICS), 3)
        found["in all", ""][side, 0] += each
        if hour is not None:
            for key in (("hour", ""), ("sex", sex), ("age_group", age_group)):
                found[key][side, hour] += each
    return found


def _traffic(hand: Hand) -> Numbers:
    counts: Counter[tuple[str, ...]] = Counter()
    times: dict[str, list[datetime]] = defaultdict(list)
    for side, *values, first, last, rows in hand.rows(TRAFFIC):
        counts[SIDES[side], "rows"] += rows
        times[SIDES[side]] += [first, last]
        for name, value in zip(DIMENSIONS, values, strict=True):
            counts[SIDES[side], name, value] += rows
    found: Numbers = dict(counts)
    for side in SIDES:
        found[side, "first"], found[side, "last"] = min(times[side]), max(times[side])
    return found


def _overall(sums: Sums, name: str) -> Numbers:
    found: Numbers = {}
    for side, (n, total, _) in zip(("first", "second"), sums, strict=True):
        found |= {(name, side): total / n, (name, f"{side}_n"): round(n)}
    apart = found[name, "first"] - found[name, "second"]
    return found | {(name, "overall"): apart * (100 if name in SHARES else 1)}


def _alike(sums: Sums, name: str, effect: float) -> Numbers:
    inside = weighed_alike(sums, effect, share=name in SHARES)
    number = inside.number()
    found: Numbers = {(name, "within_n"): inside.rows}
    for column, value in (("", number.value), ("_low", number.low), ("_high", number.high)):
        found[name, f"within{column}"] = (value or 0.0) * (100 if name in SHARES else 1)
    return found


def weighed_alike(sums: Sums, effect: float, *, share: bool) -> Within:
    both = [(sums[0, :, part], sums[1, :, part]) for part in range(3)]
    return within(Strata(*both), share=share, effect=effect)


def _groups(sums: Mapping[tuple[str, str], Sums], effect: float) -> Numbers:
    found: Numbers = {}
    for attribute in ATTRIBUTES:
        groups = {
            value: weighed_alike(each[:, :, METRICS.index("granted")], effect, share=True)
            for (name, value), each in sums.items()
            if name == attribute
        }
        largest = max(groups.values(), key=lambda each: each.rows)
        for value, each in groups.items():
            changed, others = (100 * (one.means[0] - one.means[1]) for one in (each, largest))
            found |= {(value, "n"): each.rows, (value, "change"): changed}
            found |= {(value, "first"): each.means[0], (value, "second"): each.means[1]}
            if each is not largest:
                found[value, "apart"] = changed - others
    return found


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables."""
    found: Numbers = {}
    for table in answer.answer.tables:
        dimension = table.title.removeprefix("Mix by ")
        for row in table_rows(table):
            if "what" in row:
                found |= _metric(row)
            elif table.title == "By group":
                names = "n", "first", "second", "change", "apart"
                found |= {(str(row["group"]), name): row[name] for name in names}
            elif table.title == "Traffic":
                found[str(row["side"]), "rows"] = row["requests"]
                found |= {(str(row["side"]), name): row[name] for name in ("first", "last")}
            elif dimension in DIMENSIONS:
                for side, name in zip(SIDES, ("first_rows", "second_rows"), strict=True):
                    found[side, dimension, str(row["value"])] = row[name]
    return {key: value for key, value in found.items() if value is not None}


def _metric(row: Mapping[str, object]) -> Numbers:
    what = str(row["what"])  # the limit is in the name: “over 87 ms”
    name = LABELS.get(what, "slow")
    sides = ("first", "first_n", "second", "second_n", "overall")
    names = (*sides, "within", "within_low", "within_high", "within_n")
    found: Numbers = {(name, each): row[each] for each in names}
    return found | ({("limit",): float(what.split()[1])} if name == "slow" else {})
