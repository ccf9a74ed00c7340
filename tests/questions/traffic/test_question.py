"""Whether requests are as usual, asked of logs with drops, rises and gaps planted in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from queries.core.answer import Answer, Finding, Severity, Table
from queries.core.charts import LineChart
from queries.core.errors import NotAnswerable
from tests.questions.planted import NOW, Trip, declared, living, requests, write

DAY = timedelta(days=1)
TODAY = "ts >= TIMESTAMP '2026-11-22 14:30'"


def asked(
    folder: Path,
    kept: str = "true",
    text: str = "traffic lending",
    *,
    now: datetime = NOW,
    query: str = "",
    extra: str = "",
) -> Answer:
    """Write the requests that are kept of a log with one a minute, and ask."""
    whole = query or requests()
    write(folder / "lending" / "requests.parquet", f"SELECT * FROM ({whole}) WHERE {kept}")
    with living(folder, declared() + extra, now=now) as trip:
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


def test_an_unchanged_day_is_as_usual(lending: Trip) -> None:
    """A day like any other is as usual, without a gap or a part that stands out."""
    answer = lending.answer("traffic lending last 24 hours by region")
    assert answer.severity is Severity.GOOD
    assert answer.headline == "lending: requests are as usual, 2,880 in the last 24 hours"
    assert "A usual day has" in answer.summary
    assert not answer.findings
    assert isinstance(answer.chart, LineChart)
    assert answer.chart.band is not None
    assert not answer.chart.marks


def test_counts_add_up(lending: Trip) -> None:
    """The requests of each region, of each version and over time add up to the whole."""
    answer = lending.answer("traffic lending last 24 hours by region")
    for title in ("By region", "All requests", "Every 5 minutes"):
        assert sum(int(str(row["requests"])) for row in table(answer, title)) == 2880
    assert {row["usual"] for row in table(answer, "By region")} == {720}


def test_a_drop_is_found_with_its_beginning(tmp_path: Path) -> None:
    """When two of three requests stop coming at 09:50 in Berlin, size and moment are said."""
    kept = "ts < TIMESTAMP '2026-11-23 08:50' OR score < 0.33"
    answer = asked(tmp_path, kept)
    assert answer.severity is Severity.ALARM
    assert "of the usual requests come, since about 09:" in answer.headline
    whole = table(answer, "All requests")[0]
    assert whole["usual"] == pytest.approx(1440, abs=9)
    assert whole["times"] == pytest.approx(int(str(whole["requests"])) / 1440, rel=0.01)
    assert isinstance(answer.chart, LineChart)
    (mark,) = answer.chart.marks
    assert abs(mark.at - datetime(2026, 11, 23, 8, 50, tzinfo=UTC)) <= timedelta(minutes=10)


def test_a_rise_is_no_alarm_but_said(tmp_path: Path) -> None:
    """Three times the requests all day are said as such, as a warning."""
    more = (
        "SELECT * REPLACE (request_id || '-' || again AS request_id) "
        f"FROM ({requests()}), range(3) AS t(again) WHERE again = 0 OR {TODAY}"
    )
    answer = asked(tmp_path, query=more)
    assert answer.severity is Severity.WARNING
    assert answer.headline == "lending: 3.0 times as many requests come as usual"


def test_an_ended_gap_is_named(tmp_path: Path) -> None:
    """An hour without a request is named from its last to its next one, with what is usual."""
    kept = "ts <= TIMESTAMP '2026-11-23 02:10' OR ts >= TIMESTAMP '2026-11-23 03:25'"
    answer = asked(tmp_path, kept)
    assert answer.severity is Severity.WARNING
    said = "lending: no requests from 03:10 to 04:25, where about 74 requests are usual"
    assert answer.headline == said
    (gap,) = table(answer, "Gaps")
    assert gap["from"] == datetime(2026, 11, 23, 2, 10, tzinfo=UTC)
    assert gap["to"] == datetime(2026, 11, 23, 3, 25, tzinfo=UTC)
    assert (gap["lasting"], gap["ended"], gap["usual"]) == ("75 minutes", True, 74)
    assert isinstance(answer.chart, LineChart)
    assert answer.chart.marks[0].until == gap["to"]


def test_several_gaps_are_all_named(tmp_path: Path) -> None:
    """Of several gaps the largest leads, and each is a finding."""
    kept = "hour(ts) NOT IN (2, 3, 6) OR NOT " + TODAY
    answer = asked(tmp_path, kept)
    assert "no requests from 02:59 to 05:00" in answer.headline
    assert len(table(answer, "Gaps")) == 2
    assert len([each for each in answer.findings if each.kind == "gap"]) == 2


def test_a_log_that_stopped_is_told_from_a_gap(tmp_path: Path) -> None:
    """Where nothing comes until now, there is no data since then: perhaps of the log alone."""
    answer = asked(tmp_path, query=requests(until=NOW - timedelta(hours=3)))
    assert answer.severity is Severity.ALARM
    assert answer.headline == "lending: no data since 12:29, where about 180 requests are usual"
    assert "its log no longer arrives" in finding(answer, "silent").text
    assert "until 12:29" in answer.summary  # what came before is compared with the same hours
    assert table(answer, "All requests")[0]["times"] == pytest.approx(1.0, abs=0.01)
    assert isinstance(answer.chart, LineChart)
    assert answer.chart.marks[0].label == "no data"
    assert answer.chart.x[-1] > answer.chart.marks[0].at


def test_a_part_that_stopped_is_no_stopped_log(tmp_path: Path) -> None:
    """Where only what was asked about stopped, others are said to have gone on."""
    kept = "ts < TIMESTAMP '2026-11-23 10:30' OR region != 'emea'"
    answer = asked(tmp_path, kept, "traffic lending where region = emea")
    assert "no such requests since 11:28, where about 60 requests are usual" in answer.headline
    assert "Other requests went on until 15:29" in finding(answer, "silent").text


def test_the_part_that_carries_a_change_is_named(tmp_path: Path) -> None:
    """As usual in all, with one region that lost a half: the region and its share are said."""
    answer = asked(tmp_path, f"region != 'emea' OR score < 0.7 OR NOT {TODAY}")
    assert answer.severity is Severity.WARNING
    assert "as usual overall, but not in region emea: only" in answer.headline
    assert finding(answer, "slice").text == (
        "Region emea carries all of the missing requests: only 72 % of the usual requests come "
        "there. Elsewhere no difference from usual is shown."
    )
    assert answer.tables[0].title == "By region"


def test_a_source_that_is_quiet_at_night_raises_no_alarm(tmp_path: Path) -> None:
    """Nights and weekends without a request, as every week, are no gaps."""
    kept = "hour(ts) BETWEEN 8 AND 17 AND isodow(ts) < 6"
    week = asked(tmp_path, kept, "traffic lending last 7 days")
    assert week.severity is Severity.GOOD
    assert "Gaps" not in {each.title for each in week.tables}
    sunday = asked(tmp_path, kept, "traffic lending yesterday")
    assert (sunday.severity, sunday.headline) == (
        Severity.GOOD,
        "lending: no requests yesterday, as usual",
    )
    night = datetime(2026, 11, 23, 23, tzinfo=UTC)
    answer = asked(tmp_path, kept, now=night, query=requests(until=night))
    assert "as usual" in answer.headline


def test_a_log_that_ended_before_is_judged_by_what_is_missing(tmp_path: Path) -> None:
    """Without a request in the whole time: no data, or as usual on a Sunday, or too few to say."""
    stopped = asked(tmp_path, query=requests(until=NOW - 3 * DAY))
    assert stopped.severity is Severity.ALARM
    assert "no data since 15:29 on 20 Nov, where about 4,300 requests" in stopped.headline
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    query = requests(until=sunday)
    quiet = asked(
        tmp_path, "isodow(ts) < 6", "traffic lending last 3 hours", now=sunday, query=query
    )
    assert quiet.severity is Severity.GOOD
    assert quiet.headline == "lending: no requests in the last 3 hours, as usual"
    young = asked(tmp_path, query=requests(start=NOW - 9 * DAY, until=NOW - 3 * DAY))
    assert (young.severity, young.headline) == (
        Severity.WARNING,
        "lending: no requests in the last 24 hours",
    )
    assert "Whether that is usual can't be said" in young.summary


def test_a_source_with_few_requests_raises_no_alarm(tmp_path: Path) -> None:
    """With a request every two hours or so, half a day without one is no gap."""
    kept = "score < 0.008 AND ts < TIMESTAMP '2026-11-23 06:00'"
    answer = asked(tmp_path, kept)
    assert "Gaps" not in {each.title for each in answer.tables}


def test_gaps_of_a_month_are_judged_by_their_own_weeks(tmp_path: Path) -> None:
    """Over a window that has no comparable past itself, a gap is still named."""
    kept = "NOT ts BETWEEN TIMESTAMP '2026-11-19 10:00' AND TIMESTAMP '2026-11-19 15:00'"
    answer = asked(tmp_path, kept, "traffic lending last 20 days")
    assert "no requests from 10:59 on 19 Nov to 16:01 on 19 Nov" in answer.headline


def test_declared_metrics_stand_beside_the_requests(tmp_path: Path) -> None:
    """A metric's mean and sum are given against its usual; one that changed is a finding."""
    metric = f"SELECT *, CASE WHEN {TODAY} THEN 30 ELSE 20 END + 10 * score AS tokens"
    answer = asked(
        tmp_path,
        query=f"{metric} FROM ({requests()})",
        extra='\nmetrics = ["tokens"]\n',
    )
    (row,) = table(answer, "Metrics")
    assert row["mean"] == pytest.approx(35, abs=0.5)
    assert row["usual"] == pytest.approx(25, abs=0.5)
    assert row["total"] == pytest.approx(1440 * 35, rel=0.02)
    assert "“tokens” is" in finding(answer, "metric").text


def test_a_short_past_calls_nothing_unusual(tmp_path: Path) -> None:
    """With one comparable day the count is given, and no verdict; nor is silence judged."""
    query = requests(start=NOW - 10 * DAY, until=NOW - timedelta(hours=2))
    answer = asked(tmp_path, query=query)
    assert answer.severity is Severity.UNKNOWN
    assert "too little past to say whether that is usual" in answer.headline
    assert any("The last request is from 13:29" in each for each in answer.caveats)


def test_one_request_and_none(tmp_path: Path) -> None:
    """A log of one row is counted and no more; a condition without rows says so."""
    query = requests(start=NOW - timedelta(minutes=5), every=300)
    answer = asked(tmp_path, query=query)
    assert answer.headline.startswith("lending: 1 request in the last 24 hours; too little past")
    nothing = asked(tmp_path, text="traffic lending where region = mars")
    assert nothing.severity is Severity.UNKNOWN
    assert "no requests" in nothing.headline


def test_a_year_of_time_is_counted(tmp_path: Path) -> None:
    """A year, without a comparable past, is counted by the hour."""
    query = requests(start=NOW - 365 * DAY, every=3600)
    answer = asked(tmp_path, text="traffic lending last 365 days", query=query)
    assert "8,760 requests in the last 365 days" in answer.headline
    assert isinstance(answer.tables[-1], Table)
    assert len(answer.tables[-1].rows) == 8760


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)], ids=["longer", "shorter"]
)
def test_a_day_on_which_clocks_move_is_as_usual(tmp_path: Path, day: date, hours: int) -> None:
    """A local day of 23 or 25 hours is compared hour by hour, so that it stays as usual."""
    midnight = datetime.combine(day, time(), UTC)
    query = requests(start=midnight - 36 * DAY, until=midnight + 2 * DAY, every=300)
    answer = asked(tmp_path, text=f"traffic lending {day}", query=query, now=midnight + 2 * DAY)
    assert f"requests are as usual, {hours * 12} on" in answer.headline


def test_a_log_without_times_says_what_to_declare(tmp_path: Path) -> None:
    """Requests over time can't be asked of a log without times."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    with (
        living(tmp_path, declared(roles={"time": None})) as trip,
        pytest.raises(NotAnswerable, match=r"has no times.*`time`"),
    ):
        trip.answer("traffic lending")
