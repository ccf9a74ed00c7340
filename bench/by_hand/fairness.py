"""Are groups treated alike: decisions by sex, by version and by day, and how it turned out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows
from bench.judged_by_hand import Arrived, arrived
from commands.replies import Answered

TEXT = "fairness people last 30 days"
REFERENCE = "female"

Key = tuple[str, ...]

COUNTED = """
    SELECT ts::DATE AS day, model_version, sex,
        count(*) - count(decision), count(decision), count(*) FILTER (decision = 'approve')
    FROM read_parquet($log) WHERE ts >= $start AND ts < $end GROUP BY ALL
"""
VERSIONS = "SELECT model_version FROM read_parquet($all) GROUP BY model_version ORDER BY min(ts)"
TURNED_OUT = """
    SELECT sex, count(*) FILTER (outcome = 'repaid'), count(*)
    FROM (
        SELECT * FROM read_parquet($log) WHERE decision = 'approve' AND ts::DATE IN $days::DATE[]
    ) JOIN read_parquet($outcomes) USING (request_id) GROUP BY sex
"""


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Count all decisions once, which version is older, and the outcomes of the days that count."""
    n: Counter[Key] = Counter()
    granted: Counter[Key] = Counter()
    known = {"log": hand.log(span), "start": span.start, "end": span.end}
    for day, version, sex, undecided, rows, approved in hand.rows(COUNTED, **known):
        n["undecided",] += undecided
        for key in ((sex,), (sex, "version", version), (sex, "day", f"{day}")):
            n[key] += rows
            granted[key] += approved
    found: Numbers = {("undecided",): n.pop(("undecided",))}
    everything = str(hand.folder / "log" / "*.parquet")
    for place, (version,) in enumerate(hand.rows(VERSIONS, all=everything)):
        found["place", version] = place
    return found | _rates(n, granted) | _turned_out(hand, arrived(hand, span))


def _rates(n: Mapping[Key, int], granted: Mapping[Key, int]) -> Numbers:
    found: Numbers = {}
    for key, rows in n.items():
        rate = granted[key] / rows
        found |= {(*key, "n"): rows, (*key, "favourable"): granted[key], (*key, "rate"): rate}
        if key[0] != REFERENCE and "day" not in key:
            other = (REFERENCE, *key[1:])
            against = granted[other] / n[other]
            found[*key, "difference"] = 100 * (rate - against)
            found[*key, "ratio"] = rate / against
    return found


def _turned_out(hand: Hand, known: Arrived) -> Numbers:
    days = [known.begin + timedelta(day) for day in known.mature]
    # A day's last request may lie in the next day's file.
    log = hand.log(Span(min(days), max(days) + timedelta(days=1)))
    found: Numbers = {}
    counts = hand.rows(TURNED_OUT, log=log, outcomes=hand.outcomes, days=days)
    for sex, repaid, n in counts:
        found |= {(sex, "happened"): repaid, (sex, "did_not"): n - repaid}
        found[sex, "prev"] = repaid / n
    rates = [repaid / n for _, repaid, n in counts]
    found["between", "difference"] = 100 * (max(rates) - min(rates))
    return found


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables, and from its note those without a decision."""
    tables = {table.title: list(table_rows(table)) for table in answer.answer.tables}
    without = re.search(r"([\d,]+) requests without", " ".join(answer.answer.caveats))
    assert without
    found: Numbers = {("undecided",): int(without[1].replace(",", ""))}
    versions = dict.fromkeys(str(row["version"]) for row in tables["By version"])
    found |= {("place", version): place for place, version in enumerate(versions)}
    for title, column in (("Groups", ""), ("By version", "version"), ("Over time", "from")):
        for row in tables[title]:
            key = (str(row["group"]), *_column(column, row))
            found |= {(*key, name): row[name] for name in ("n", "favourable", "rate")}
            if row.get("difference") is not None:
                found |= {(*key, name): row[name] for name in ("difference", "ratio")}
    for row in tables["Outcomes by group"]:
        found |= {(str(row["group"]), name): row[name] for name in ("happened", "did_not")}
    for row in tables["Metrics by group"]:
        found[str(row["group"]), str(row["metric"])] = row["value"]
    (gap,) = tables["Between groups"]
    return found | {("between", "difference"): gap["difference"]}


def _column(name: str, row: Mapping[str, object]) -> Key:
    if name == "from":
        return "day", f"{row[name]:%Y-%m-%d}"
    return (name, str(row[name])) if name else ()
