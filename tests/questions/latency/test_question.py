"""How long requests take, asked of logs with slowness planted in them, and of odd ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from queries.core.answer import Answer, Finding, Severity
from queries.core.charts import LineChart
from queries.core.errors import NotAnswerable
from tests.questions.planted import NOW, ONSET, Trip, declared, living, requests, write

DAY = timedelta(days=1)
SINCE = f"ts >= TIMESTAMP '{ONSET:%Y-%m-%d %H:%M}'"
TODAY = f"ts >= TIMESTAMP '{NOW - DAY:%Y-%m-%d %H:%M}'"


def asked(
    folder: Path,
    latency: str = "latency_ms",
    text: str = "latency lending",
    *,
    now: datetime = NOW,
    query: str = "",
    matters: str = "",
) -> Answer:
    """Write a log with one request a minute and the latencies given as SQL, and ask."""
    whole = query or requests(start=datetime(2026, 10, 25, tzinfo=UTC))
    replaced = f"SELECT * REPLACE ({latency} AS latency_ms) FROM ({whole})"
    write(folder / "lending" / "requests.parquet", replaced)
    with living(folder, declared() + matters, now=now) as trip:
        return trip.answer(text)


def table(answer: Answer, title: str) -> tuple[Mapping[str, object], ...]:
    """The rows of a table by its title."""
    (found,) = [each for each in answer.tables if each.title == title]
    names = [column.name for column in found.columns]
    return tuple(dict(zip(names, row, strict=True)) for row in found.rows)


def finding(answer: Answer, kind: str) -> Finding:
    """The one finding of a kind."""
    (found,) = [each for each in answer.findings if each.kind == kind]
    return found


def test_a_planted_slowness_is_found_whole(lending: Trip) -> None:
    """The region that became slow, since when, and how slow are said; the others are as usual."""
    answer = lending.answer("latency lending last 24 hours")
    assert answer.severity is Severity.ALARM
    assert answer.headline.startswith("lending: slower than usual, since about 09:50: ")
    assert "usually 21" in answer.headline
    said = finding(answer, "slice").text
    assert said.startswith("Region emea stands out: there ")
    assert said.endswith("Elsewhere no difference from usual is shown.")
    assert answer.tables[0].title == "By region"
    assert answer.tables[0].rows[0][0] == "emea"
    assert isinstance(answer.chart, LineChart)
    assert [series.label for series in answer.chart.series] == ["95 of 100 within", "half within"]
    assert abs(answer.chart.marks[0].at - ONSET) <= timedelta(minutes=10)
    assert answer.follow_ups[0].text.startswith("find lending 2026-11-23T09:")
    assert answer.follow_ups[0].text.endswith("order slowest where region = emea")


def test_quantiles_are_those_of_the_log(lending: Trip) -> None:
    """p50, p95 and p99 of the whole and of a region are the exact ones, within their bounds."""
    answer = lending.answer("latency lending yesterday by region")
    with duckdb.connect() as duck:
        log = f"'{lending.folder}/lending/requests.parquet'"
        day = "ts >= TIMESTAMP '2026-11-21 23:00' AND ts < TIMESTAMP '2026-11-22 23:00'"
        rows = duck.execute(f"SELECT latency_ms, region FROM {log} WHERE {day}").fetchall()
    took = np.array([row[0] for row in rows])
    apac = np.array([row[0] for row in rows if row[1] == "apac"])
    whole = table(answer, "All requests")[0]
    part = next(row for row in table(answer, "By region") if row["region"] == "apac")
    for values, row in ((took, whole), (apac, part)):
        assert row["requests"] == len(values)
        for name, q in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
            assert row[name] == pytest.approx(np.quantile(values, q))
            assert row[f"{name}_low"] in values
            assert float(str(row[f"{name}_low"])) <= float(str(row[name]))
    assert "half of them take at most" in answer.summary


def test_an_unchanged_day_is_as_usual(lending: Trip) -> None:
    """A day like any other is as fast as usual, with the number that says how fast."""
    answer = lending.answer("latency lending yesterday")
    assert answer.severity is Severity.GOOD
    assert "as fast as usual, 95 of 100 requests take at most 21" in answer.headline
    assert not answer.findings
    assert isinstance(answer.chart, LineChart)
    assert answer.chart.band is not None
    assert answer.chart.marks == ()
    assert answer.caveats == (
        "Failed requests are in, 1.1 % of all; leave them out with `where failed = no`.",
    )


def test_the_share_over_a_limit_is_said_against_usual(tmp_path: Path) -> None:
    """With a limit given, the share of requests over it and its usual range are a finding."""
    slow = f"CASE WHEN {TODAY} AND score > 0.7 THEN 700 ELSE latency_ms END"
    answer = asked(tmp_path, slow, "latency lending over 0.5s")
    said = finding(answer, "limit")
    assert said.severity is Severity.WARNING
    share = said.numbers["over"]
    assert share.value == pytest.approx(0.3, abs=0.03)
    assert " of requests take over 500 ms; usually 0." in said.text
    quiet = asked(tmp_path, text="latency lending over 150 ms by region")
    assert "of requests take over 150 ms; usually 6" in finding(quiet, "limit").text
    by_region = table(quiet, "Over 150 ms by region")
    assert {row["region"] for row in by_region} == {"emea", "amer", "apac", "anz"}
    assert sum(int(str(row["requests"])) for row in by_region) == 1440


def test_what_matters_is_as_declared(tmp_path: Path) -> None:
    """A twentieth slower is slight by default, and a warning where the source says so."""
    slow = f"CASE WHEN {TODAY} THEN 1.05 ELSE 1 END * latency_ms"
    slight = asked(tmp_path, slow)
    assert slight.severity is Severity.NOTE
    assert "slightly slower than usual" in slight.headline
    strict = asked(tmp_path, slow, matters="\n[sources.lending.matters]\nlatency = 0.02\n")
    assert strict.severity is Severity.WARNING
    assert "lending: slower than usual" in strict.headline


def test_what_is_over_asks_less(tmp_path: Path) -> None:
    """Slowness that ended is told with both its ends, and is no alarm any more."""
    slow = "CASE WHEN hour(ts) IN (3, 4, 5) AND ts > TIMESTAMP '2026-11-23' THEN 5 ELSE 1 END"
    answer = asked(tmp_path, f"{slow} * latency_ms")
    assert answer.severity is Severity.NOTE
    assert "from about 04:0" in answer.headline
    assert "to 07:0" in answer.headline
    assert finding(answer, "ended").severity is Severity.GOOD


def test_a_slow_part_within_a_whole_as_usual_is_named(tmp_path: Path) -> None:
    """Where only some of one region is slower, by little of the whole, that region is named."""
    slow = f"CASE WHEN {TODAY} AND region = 'apac' AND score > 0.9 THEN 1.4 ELSE 1 END"
    answer = asked(tmp_path, f"{slow} * latency_ms")
    amounts = "there the slowest 5 % take over 302 ms, usually 214 ms"
    assert answer.headline == (
        f"lending: as fast as usual overall, but not in region apac: {amounts}"
    )
    assert finding(answer, "slice").text == (
        f"Region apac stands out: {amounts}. Elsewhere no difference from usual is shown."
    )


def test_a_few_minutes_are_judged_by_how_many_are_slow(tmp_path: Path) -> None:
    """Where few requests leave p95 a wide range, a third of them slow is slower than usual.

    An unchanged time as short says that no difference is shown, and what would have been.
    """
    varied = "50 / (1 - score)"
    query = requests(start=datetime(2026, 10, 25, tzinfo=UTC), every=5)
    text = "latency lending last 10 minutes"
    slow = f"CASE WHEN {SINCE} AND hash(request_id) % 3 = 0 THEN 1500 ELSE {varied} END"
    answer = asked(tmp_path / "slow", slow, text, query=query)
    assert answer.severity is Severity.ALARM
    assert answer.headline.startswith("lending: slower than usual: ")
    assert "of requests take over " in answer.headline
    assert "; usually " in answer.headline
    quiet = asked(tmp_path / "quiet", varied, text, query=query)
    assert quiet.severity is Severity.NOTE
    assert "no difference from usual shown" in quiet.headline
    assert "such times vary so much that only more than" in quiet.summary


def test_a_faster_day_is_good(tmp_path: Path) -> None:
    """Half as long as usual is faster, which asks nothing of anybody."""
    answer = asked(tmp_path, f"CASE WHEN {TODAY} THEN 0.5 ELSE 1 END * latency_ms")
    assert answer.severity is Severity.GOOD
    assert "faster than usual: " in answer.headline


def test_latencies_that_are_none_are_left_out_and_counted(tmp_path: Path) -> None:
    """Missing, negative, NaN and infinite latencies don't count, and are said to be left out."""
    odd = "CASE WHEN score < 0.1 THEN NULL WHEN score < 0.2 THEN -1 WHEN score < 0.3 THEN 'nan' "
    answer = asked(tmp_path, f"{odd} WHEN score < 0.4 THEN 'inf' ELSE latency_ms END")
    rows = table(answer, "All requests")[0]
    left = 1440 - int(str(rows["requests"]))
    assert any(f"{left} requests without a valid latency" in each for each in answer.caveats)
    assert left == pytest.approx(576, abs=60)
    assert "as fast as usual" in answer.headline


@pytest.mark.parametrize("latency", ["NULL::DOUBLE", "'nan'::DOUBLE"])
def test_without_a_single_latency_that_is_said(tmp_path: Path, latency: str) -> None:
    """A role in which nothing stands is no crash: no latency was logged."""
    answer = asked(tmp_path, latency)
    assert answer.severity is Severity.UNKNOWN
    assert answer.headline == "lending: no latency was logged in the last 24 hours"
    assert answer.tables


def test_constant_latencies_are_as_usual(tmp_path: Path) -> None:
    """A latency that never varies is as usual, and one that changed at all is slower."""
    answer = asked(tmp_path, "80")
    assert "as fast as usual, 95 of 100 requests take at most 80 ms" in answer.headline
    changed = asked(tmp_path, f"CASE WHEN {TODAY} THEN 160 ELSE 80 END")
    assert "over 160 ms, usually 80 ms" in changed.headline


def test_one_request_and_a_short_past(tmp_path: Path) -> None:
    """One request is too few to say; ten days are compared without a verdict."""
    one = asked(tmp_path, query=requests(start=NOW - timedelta(minutes=5), every=300))
    assert one.severity is Severity.UNKNOWN
    assert "only 1 request in the last 24 hours, too few to say" in one.headline
    short = asked(tmp_path, query=requests(start=NOW - 10 * DAY))
    assert short.severity is Severity.UNKNOWN
    assert "too little past to say whether that is usual" in short.headline
    assert any("only 1 comparable period" in each for each in short.caveats)


def test_a_year_of_time_is_measured(tmp_path: Path) -> None:
    """A year, without a comparable past, is measured in as few buckets as a day."""
    query = requests(start=NOW - 365 * DAY, every=3600)
    answer = asked(tmp_path, text="latency lending last 365 days", query=query)
    assert table(answer, "All requests")[0]["requests"] == 8760
    assert len(answer.tables[-1].rows) <= 48


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)], ids=["longer", "shorter"]
)
def test_a_day_on_which_clocks_move_is_whole(tmp_path: Path, day: date, hours: int) -> None:
    """A local day of 23 or 25 hours is measured whole and compared with whole days."""
    midnight = datetime.combine(day, time(), UTC)
    query = requests(start=midnight - 36 * DAY, until=midnight + 2 * DAY, every=300)
    answer = asked(tmp_path, text=f"latency lending {day}", query=query, now=midnight + 2 * DAY)
    assert "as fast as usual" in answer.headline
    assert sum(int(str(row["requests"])) for row in table(answer, answer.tables[-1].title)) == (
        hours * 12
    )


def test_a_log_without_latencies_says_what_to_declare(tmp_path: Path) -> None:
    """Where no column plays the role, the role to declare is named."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    with (
        living(tmp_path, declared(roles={"latency_ms": None})) as trip,
        pytest.raises(NotAnswerable, match=r"no column for “latency_ms”.*roles"),
    ):
        trip.answer("latency lending")


def test_who_failed_is_said_only_where_it_is_known(tmp_path: Path) -> None:
    """Without status and error nothing is said of failed requests; filtered out, neither."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    with living(tmp_path, declared(roles={"status": None, "error": None})) as trip:
        assert not any("ailed" in each for each in trip.answer("latency lending").caveats)
    with living(tmp_path) as trip:
        answer = trip.answer("latency lending where failed = no")
        assert not any("Failed requests" in each for each in answer.caveats)
