"""An answer as the design shows one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from commands.replies import (
    Action,
    Answered,
    Button,
    Verb,
)
from queries.core.answer import Answer, Column, Finding, Severity, Table
from queries.core.charts import Bar, BarChart
from queries.core.provenance import Provenance, Statement

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)

CHART = BarChart(
    title="EMEA fails",
    alt="Error rate by region: EMEA 14 %, elsewhere 1.5 %.",
    bars=(Bar("emea", 0.14), Bar("apac", 0.015)),
    unit="share",
    x_label="failed",
)
TABLE = Table(
    "By region",
    (
        Column("region", "region", "text"),
        Column("n", "requests", "integer"),
        Column("rate", "rate", "share"),
        Column("p95", "slow end", "milliseconds"),
        Column("since", "since", "time"),
        Column("odd", "unusual", "boolean"),
    ),
    (
        ("emea", 4_100, 0.14, 1_840.0, datetime(2026, 11, 23, 8, 52, tzinfo=UTC), True),
        ("apac", 8_210, 0.015, 240.0, None, False),
    ),
)
ANSWER = Answer(
    Severity.ALARM,
    "lending: 3.4 times as many requests fail as usual, since about 09:50",
    "590 of 12,310 requests failed in the last 24 hours, 4.8 %. A usual day has 1.0 to 1.9 %.",
    (
        Finding("slice", Severity.ALARM, "EMEA carries 98 % of the extra failures."),
        Finding("kind", Severity.NOTE, "They say `feature_missing: income_band`."),
    ),
    (TABLE,),
    CHART,
    ("Outcomes of the last 7 days are not in yet.",),
)
ORIGIN = Provenance(
    run="7f3a",
    question="errors lending last 24 hours by region",
    source="Lending decisions",
    simulated=True,
    asker="Ana Petrović",
    asked_at=NOW,
    zone="Europe/Berlin",
    start=datetime(2026, 11, 22, 14, 30, tzinfo=UTC),
    end=NOW,
    data_through=datetime(2026, 11, 23, 14, 29, tzinfo=UTC),
    rows_read=1_234_567,
    statements=(Statement("select 1", {}, 1, 0.1),),
    left_out=("2 lines of part-3.jsonl could not be read.",),
)
ANSWERED = Answered(
    "What fails?",
    ANSWER,
    ORIGIN,
    (
        Button("Open as spreadsheet", Action(Verb.EXPORT, "7f3a"), "primary"),
        Button("Change…", Action(Verb.CHANGE, "7f3a")),
        Button("How was this computed?", Action(Verb.EXPLAIN, "7f3a")),
        Button("Every morning…", Action(Verb.SCHEDULE, "7f3a")),
    ),
    (Button("See a failed request", Action(Verb.ASK, "find lending where status >= 500")),),
)


def said(headline: str, *findings: str) -> Answered:
    """The sample answer with other words."""
    found = tuple(Finding("said", Severity.NOTE, each) for each in findings)
    return replace(ANSWERED, answer=replace(ANSWER, headline=headline, findings=found))
