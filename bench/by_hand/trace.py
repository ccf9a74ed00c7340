"""Why this decision: one declined request against the week before it, and those like it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bench.by_hand import Case, Hand, Numbers, Span, table_with
from bench.make_log import END
from commands.replies import Answered

HISTORY = ("request_id", "score", "threshold", "decision", "override_reason", "outcome")
AGE = timedelta(days=12)
"""How long ago the request was: after it there is as much of the log as is looked at."""
WEEK = timedelta(days=7)
NUMBERS = ("income", "debt_ratio", "employment_years", "age", "loan_amount")
CATEGORIES = ("home", "purpose")
NEAR, SIMILAR = 12, 5

WITH_OUTCOMES = """
    WITH found AS MATERIALIZED ({found})
    SELECT * FROM found LEFT JOIN (
        SELECT * FROM read_parquet($outcomes)
        WHERE request_id IN (SELECT request_id FROM found)
    ) USING (request_id) ORDER BY ts DESC
"""
REQUEST = "SELECT * FROM read_parquet($log) WHERE request_id = $request"
OTHERS = f"""
    SELECT ts, request_id, model_version, score, threshold, decision, override_reason,
        count(*) OVER () AS others
    FROM read_parquet($log) WHERE customer = $customer AND request_id <> $request
    ORDER BY abs(epoch_us(ts) - epoch_us($ts::TIMESTAMP)) LIMIT {NEAR}
"""
_WEEK = "FROM read_parquet($log) WHERE ts >= $start AND ts <= $ts"
_OTHERWISE = """decision <> $decision AND model_version = $model_version
    AND NOT overridden AND customer <> $customer"""
_SIDE = "score < threshold AND decision IS NOT NULL"
_NUMBER = """
    count({0}) AS n_{0}, count(*) FILTER ({0} < ${0}) AS below_{0},
    count(*) FILTER ({0} = ${0}) AS same_{0}, quantile_cont({0}, [0.25, 0.75]) AS middle_{0}
"""
_CATEGORY = "count({0}) AS n_{0}, count(*) FILTER ({0} = ${0}) AS same_{0}"
PLACES = f"""
    SELECT count(*) FILTER ({_OTHERWISE}) AS otherwise, count(score) AS margins,
        count(*) FILTER (abs(score - threshold) < abs($score - $threshold)) AS closer,
        count(*) FILTER ({_SIDE}) AS side,
        count(*) FILTER ({_SIDE} AND decision = $decision) AS alike,
        {", ".join(map(_NUMBER.format, (*NUMBERS, "score")))},
        {", ".join(map(_CATEGORY.format, CATEGORIES))}
    {_WEEK}
"""
_MADE = "loan_amount / income"
OFF = f"""
    SELECT count({_MADE}) AS computed, count(*) FILTER (loan_to_income IS NULL
        OR abs(loan_to_income - {_MADE}) > 1e-6 * greatest(1, abs(loan_to_income))) AS off
    FROM read_parquet($log) WHERE ts >= $start AND ts < $until
"""
_APART = " + ".join((
    *(f"coalesce(abs({x} - ${x}) / $spread_{x}, 1)" for x in NUMBERS),
    *(f"CASE WHEN {x} = ${x} THEN 0 ELSE 1 END" for x in CATEGORIES),
))  # fmt: skip
LIKE_IT = f"""
    SELECT decision, score, ({_APART}) / {len(NUMBERS) + len(CATEGORIES)} AS distance
    {_WEEK} AND {_OTHERWISE} ORDER BY distance LIMIT {SIMILAR}
"""


def cases(hand: Hand) -> list[Case]:
    """Give one question: about a request that the model declined, with all its inputs."""
    day = (END - AGE).replace(tzinfo=None)
    ((request,),) = hand.rows(
        """SELECT min(request_id) FROM read_parquet($log)
        WHERE decision = 'decline' AND NOT overridden AND debt_ratio IS NOT NULL""",
        log=hand.log(Span(day, day)),
    )
    return [Case(f"trace people {request}", lambda hand, _: by_hand(hand, request), answered)]


def by_hand(hand: Hand, request: str) -> Numbers:
    """Find the request and its customer's others, count the week before it, rank those like it."""
    whole = {"log": str(hand.folder / "log" / "*.parquet"), "outcomes": hand.outcomes}
    (row,) = _named(hand, WITH_OUTCOMES.format(found=REQUEST), request=request, **whole)
    of = {"customer": row["customer"], "ts": row["ts"], "request": request}
    others = _named(hand, WITH_OUTCOMES.format(found=OTHERS), **whole, **of)
    start, until = row["ts"] - WEEK, row["ts"] + WEEK
    known = row | {"log": hand.log(Span(start, row["ts"])), "start": start}
    (week,) = _named(hand, PLACES, **known)
    (step,) = _named(hand, OFF, log=hand.log(Span(start, until)), start=start, until=until)
    # Rounded, as the answer takes a spread.
    middles = {x: week[f"middle_{x}"] for x in NUMBERS}
    spreads = {f"spread_{x}": float(f"{high - low:.6g}") for x, (low, high) in middles.items()}
    found: Numbers = {("off",): step["off"], ("looked_at",): step["computed"]}
    found |= {("closer",): week["closer"] / week["margins"], ("closer", "n"): week["margins"]}
    found |= {("alike",): week["alike"] / week["side"], ("alike", "n"): week["side"]}
    found |= {("otherwise",): week["otherwise"], ("others",): others[0]["others"]}
    found |= _places(week)
    for at, each in enumerate(sorted([row, *others], key=lambda each: each["ts"], reverse=True)):
        found |= {("history", str(at), name): each[name] for name in HISTORY}
        found["history", str(at), "time"] = each["ts"]
    for at, each in enumerate(_named(hand, LIKE_IT, **known, **spreads), 1):
        found |= {("similar", str(at), name): value for name, value in each.items()}
    return found


def _named(hand: Hand, sql: str, **parameters: object) -> list[dict[str, Any]]:
    rows = hand.rows(sql, **parameters)
    names = [column[0] for column in hand.duck.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _places(week: dict[str, Any]) -> Numbers:
    found: Numbers = {}
    for name in (*NUMBERS, *CATEGORIES):
        n, same = week[f"n_{name}"], week[f"same_{name}"]
        found |= {("n", name): n, ("same", name): same / n, ("below", name): None}
        if name in NUMBERS:
            found["below", name] = (week[f"below_{name}"] + same / 2) / n
    return found


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables and findings."""
    found: Numbers = {}
    for row in table_with(answer, "input", "below"):
        found |= {(name, row["input"]): row[name] for name in ("n", "same", "below")}
    (step,) = table_with(answer, "transformation", "off")
    found |= {(name,): step[name] for name in ("off", "looked_at")}
    for at, row in enumerate(table_with(answer, "time", "this")):
        found |= {("history", str(at), name): row[name] for name in (*HISTORY, "time")}
    for at, row in enumerate(table_with(answer, "decision", "distance")[1:], 1):
        names = ("decision", "score", "distance")
        found |= {("similar", str(at), name): row[name] for name in names}
    told = {each.kind: each for each in answer.answer.findings}
    for name, number in told["margin"].numbers.items():
        found |= {(name,): number.value, (name, "n"): number.n}
    found["otherwise",] = _number(told["nearest other"].text)
    (history,) = (each for each in answer.answer.tables if each.title == "Decisions over time")
    found["others",] = len(history.rows) - 1 + (_number(history.note) if history.note else 0)
    return found


def _number(text: str) -> int:
    """Read the number in a text such as “Of 15,595 requests …” or “And 44 more …”."""
    return int("".join(each for each in text.split()[1] if each.isdigit()))
