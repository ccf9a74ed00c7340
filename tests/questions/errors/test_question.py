"""What fails, asked of real logs on disk: planted changes, quiet logs, and logs that lack much."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from queries.core.answer import Answer, Finding, Severity, Table
from queries.core.charts import LineChart
from queries.core.errors import LogUnreadable, NotAnswerable, PlainError
from tests.questions.changes.test_question import MOVED, half_on_2_3
from tests.questions.planted import (
    BEN,
    BROKEN,
    NOW,
    ONSET,
    SECRET,
    Trip,
    declared,
    living,
    requests,
    write,
)

DAY = timedelta(days=1)
Roles = Mapping[str, str | None] | None


def finding(answer: Answer, kind: str) -> Finding:
    """The one finding of a kind."""
    (found,) = [each for each in answer.findings if each.kind == kind]
    return found


def total(table: Table, name: str) -> int:
    """The sum of a column of counts."""
    at = [column.name for column in table.columns].index(name)
    return sum(value for row in table.rows if isinstance(value := row[at], int))


def asked(folder: Path, query: str, text: str = "errors lending", roles: Roles = None) -> Answer:
    """Write a log, ask it one question, and give the answer."""
    write(folder / "lending" / "requests.parquet", query)
    with living(folder, declared(roles=roles)) as trip:
        return trip.answer(text)


def test_a_planted_failure_is_found_whole(lending: Trip) -> None:
    """The region, its onset, the kind of error, the empty input and the new version are named."""
    answer = lending.answer("errors lending last 24 hours by region")
    assert answer.severity is Severity.ALARM
    assert "times as many requests fail as usual, since about 09:50" in answer.headline
    assert "egion emea carries" in finding(answer, "slice").text
    assert "no difference from usual shown" in finding(answer, "slice").text
    assert "“feature_missing: income”" in finding(answer, "kind").text
    assert "“income” is missing" in finding(answer, "input").text
    assert "in region emea, 100 % since about 09:50" in finding(answer, "input").text
    assert "Version 2.3 was first seen in region emea at 09:40" in finding(answer, "version").text
    assert answer.tables[0].rows[0][0] == "emea"
    assert isinstance(answer.chart, LineChart)
    assert abs(answer.chart.marks[0].at - ONSET) <= timedelta(minutes=10)
    assert [series.label for series in answer.chart.series if series.emphasis] == ["emea"]


def test_a_moment_of_many_days_is_told_with_its_day(lending: Trip) -> None:
    """Of a week the day of an onset is named, today's too; of a day the clock time is enough."""
    assert "since about 09:50 on 23 Nov" in lending.answer("errors lending last 7 days").headline
    assert lending.answer("errors lending last 24 hours").headline.endswith("since about 09:50")


def test_a_new_version_is_compared_only_since_it_was_there(tmp_path: Path) -> None:
    """A version that came just before all failed carries nothing where others fail as often since.

    Where only its requests fail it stands out, against the others since it was first there.
    """
    text = "errors lending last 24 hours by version where region = emea"
    alike = asked(tmp_path / "alike", half_on_2_3(requests(broken=BROKEN, every=30)), text)
    assert "since about 09:50" in alike.headline
    assert not [each for each in alike.findings if each.kind == "slice"]
    guilty = f"u < CASE WHEN {MOVED} THEN 0.4 ELSE 0.012 END"
    alone = asked(tmp_path / "alone", half_on_2_3(requests(failed=guilty, every=30)), text)
    said = finding(alone, "slice").text
    assert "Version 2.3 stands out: " in said
    assert "Elsewhere, since it was first there, " in said
    assert (finding(alone, "slice").numbers["elsewhere"].n or 0) < 1_000


def test_the_same_in_another_zone_says_other_clock_times(lending: Trip) -> None:
    """A person in New York is told of the same onset on their own clock."""
    answer = lending.answer("errors lending last 24 hours by region", BEN)
    assert "since about 03:50" in answer.headline


def test_the_counts_are_those_of_the_log(lending: Trip) -> None:
    """Requests and failures of each region, of each error and over time add up to the whole."""
    answer = lending.answer("errors lending last 24 hours by region")
    by_region, by_error, *_, over_time = answer.tables
    failed = total(by_region, "failed")
    assert total(by_region, "requests") == total(over_time, "requests") == 2880
    assert total(over_time, "failed") == failed
    assert 0 < total(by_error, "failed") < failed  # by error within the region that carries it
    assert f"{failed} of 2,880 requests failed" in answer.summary


def test_an_unchanged_day_is_as_usual(lending: Trip) -> None:
    """A day like any other is called as usual, without an onset and without a cause."""
    answer = lending.answer("errors lending yesterday by region")
    assert answer.severity is Severity.GOOD
    assert "failures are as usual" in answer.headline
    assert "since" not in answer.headline
    assert {each.kind for each in answer.findings} <= {"kind"}
    assert "A usual day has" in answer.summary
    assert isinstance(answer.chart, LineChart)
    assert answer.chart.marks == ()
    assert answer.chart.band is not None


def test_a_short_past_calls_nothing_unusual(tmp_path: Path) -> None:
    """With fewer than four comparable periods nothing is called usual or unusual."""
    answer = asked(tmp_path, requests(start=NOW - 10 * DAY))
    assert answer.severity is Severity.UNKNOWN
    assert "too little past to say whether that is usual" in answer.headline
    assert "only 1 comparable period, 4 are needed" in answer.summary + " ".join(answer.caveats)


def test_an_empty_log_says_so(tmp_path: Path) -> None:
    """A log without a single row is called empty, with what to do."""
    answer = asked(tmp_path, requests(until=datetime(2026, 10, 19, tzinfo=UTC)))
    assert answer.severity is Severity.UNKNOWN
    assert answer.headline == "lending: the log is empty"
    assert "plainlogs check" in answer.summary


def test_a_time_without_requests_names_the_last_one(tmp_path: Path) -> None:
    """Where the log has stopped, the answer says when the last request was logged."""
    answer = asked(tmp_path, requests(until=NOW - 3 * DAY))
    assert answer.severity is Severity.WARNING
    assert answer.headline == "lending: no requests in the last 24 hours"
    assert "from 15:29 on 20 Nov." in answer.summary


def test_a_time_before_the_log_names_its_beginning(lending: Trip) -> None:
    """Of a time before the first request the answer says when the log begins."""
    answer = lending.answer("errors lending 2026-09-01")
    assert answer.headline == "lending: no requests on 1 Sep 2026 Europe/Berlin"
    assert answer.summary == "The log begins only at 02:00 on 19 Oct."


def test_a_value_that_was_never_logged_is_answered_with_the_nearest(lending: Trip) -> None:
    """A filter that matches nothing is answered with the value that was probably meant."""
    answer = lending.answer("errors lending where region = emae")
    assert answer.severity is Severity.UNKNOWN
    assert "“emae”. Did you mean “emea”?" in answer.summary
    both = lending.answer("errors lending where region = emea and status = 999")
    assert "together they match nothing" in both.summary


def test_when_everything_fails_all_of_it_is_said(tmp_path: Path) -> None:
    """A log in which every request fails today, and none before, is an alarm of 100 %."""
    failed = f"ts >= TIMESTAMP '{NOW - DAY:%Y-%m-%d %H:%M}'"
    answer = asked(tmp_path, requests(failed=failed))
    assert answer.severity is Severity.ALARM
    assert "100 % of requests fail; usually none do" in answer.headline
    assert "1,440 of 1,440 requests failed" in answer.summary
    always = asked(tmp_path, requests(failed="true"), "errors lending by region")
    assert "as usual, 100 % of requests" in always.headline


def test_when_nothing_fails_it_is_as_usual(tmp_path: Path) -> None:
    """A log without a failure has none to show, and nothing to look at."""
    answer = asked(tmp_path, requests(failed="false"), "errors lending by region")
    assert answer.severity is Severity.GOOD
    assert "as usual, 0 % of requests" in answer.headline
    assert not answer.findings
    assert not [each for each in answer.follow_ups if each.text.startswith("find")]


@pytest.mark.parametrize("failed", ["true", "false"])
def test_a_single_request_is_counted_and_no_more(tmp_path: Path, failed: str) -> None:
    """Of a log of one row the answer gives the count, and says that nothing is known."""
    answer = asked(tmp_path, requests(start=NOW - timedelta(minutes=5), every=300, failed=failed))
    assert answer.severity is Severity.UNKNOWN
    assert f"{int(failed == 'true')} of 1 request failed" in answer.summary


def test_a_log_without_status_or_error_says_what_to_declare(tmp_path: Path) -> None:
    """Where nothing tells whether a request failed, the roles to declare are named."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    with (
        living(tmp_path, declared(roles={"status": None, "error": None})) as trip,
        pytest.raises(NotAnswerable, match=r"neither status nor error.*\[sources\.lending\.roles"),
    ):
        trip.answer("errors lending")


def test_an_undated_log_says_that_it_has_no_times(tmp_path: Path) -> None:
    """A question about time can't be asked of a log without times, and the role is named."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    with (
        living(tmp_path, declared(roles={"time": None})) as trip,
        pytest.raises(NotAnswerable, match=r"has no times.*`time`"),
    ):
        trip.answer("errors lending")


@pytest.mark.parametrize("role", ["status", "error"])
def test_either_status_or_error_is_enough(tmp_path: Path, role: str) -> None:
    """A failure is told by its status or by its error alone; only an error has a kind."""
    lacking: Roles = {"status": None, "error": None, role: role}
    answer = asked(tmp_path, requests(start=NOW - DAY), roles=lacking)
    assert " of 1,440 requests failed" in answer.summary
    assert not answer.summary.startswith("0 of")
    assert bool([each for each in answer.findings if each.kind == "kind"]) == (role == "error")


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)], ids=["longer", "shorter"]
)
def test_a_day_on_which_clocks_move_is_whole(tmp_path: Path, day: date, hours: int) -> None:
    """The local day of a clock change has 23 or 25 hours of requests, none missed or doubled."""
    midnight = datetime.combine(day, time(), UTC)
    query = requests(start=midnight - 36 * DAY, until=midnight + 2 * DAY, every=300)
    write(tmp_path / "lending" / "requests.parquet", query)
    with living(tmp_path, now=midnight + 2 * DAY) as trip:
        reply = trip.ask(f"errors lending {day} by region")
    answer, table = reply.answer, reply.answer.tables[-1]
    assert f"of {hours * 12} requests failed" in answer.summary
    assert "failures are as usual" in answer.headline
    assert len(table.rows) == total(table, "requests") == hours * 12
    assert isinstance(answer.chart, LineChart)
    moments = [at.astimezone(UTC) for at in answer.chart.x]
    assert moments == sorted(moments)
    local = datetime.combine(day, time(), ZoneInfo("Europe/Berlin"))
    assert reply.provenance.start == moments[0] == local.astimezone(UTC)


HOSTILE = (
    "<!channel> *bold* `code`",
    '=HYPERLINK("http://x")',
    "[red]markup[/red] :warning:",
    "\x1b[31mansi\x07",
    "\u202eright to left",
    "'; DROP TABLE log; --",
    "é" * 5_000,
    "line\nbreak",
)


def test_hostile_error_texts_are_shown_and_do_nothing(tmp_path: Path) -> None:
    """An error's text is a value like any other: whole in the table, short in a sentence."""
    values = ", ".join("'" + text.replace("'", "''") + "'" for text in HOSTILE)
    query = f"SELECT * REPLACE (list_extract([{values}], 1 + CAST(substr(request_id, 2) AS INTEGER)"
    query += f" % {len(HOSTILE)}) AS error) FROM ({requests(start=NOW - DAY)})"
    answer = asked(tmp_path, query)
    (table,) = [each for each in answer.tables if each.title == "By error"]
    assert {row[0] for row in table.rows} == set(HOSTILE)
    assert all(len(each.text) < 200 for each in answer.findings)


def test_people_are_grouped_but_never_chosen_by_what_protects_them(lending: Trip) -> None:
    """A protected attribute may be split by; no question may filter by it or by what is hidden."""
    answer = lending.answer("errors lending by sex")
    assert {str(row[0]) for row in answer.tables[0].rows} == {f"{SECRET}-f", f"{SECRET}-m"}
    for column, why in (("sex", "only shown in groups"), ("email", "hidden"), ("person", "hidden")):
        with pytest.raises(PlainError, match=f"“{column}” is {why}"):
            lending.answer(f"errors lending where {column} = x")


def test_a_log_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A file that is no log is named, whatever was asked of it."""
    (tmp_path / "lending").mkdir()
    (tmp_path / "lending" / "requests.parquet").write_bytes(b"PAR1 and no more")
    with living(tmp_path) as trip:
        for text in ("errors lending by region", "errors lending where channel = web"):
            with pytest.raises(LogUnreadable, match=r"requests\.parquet"):
                trip.answer(text)


def examples(answer: Answer) -> Table:
    """The table of single failed requests."""
    (found,) = [each for each in answer.tables if each.title == "Examples"]
    return found


def test_examples_show_no_person(lending: Trip) -> None:
    """Failed requests of the part that fails are shown by time, error and slice; none by person."""
    answer = lending.answer("errors lending last 24 hours by region")
    table = examples(answer)
    assert answer.tables[0] is not table
    assert [column.name for column in table.columns] == [
        "time",
        "status",
        "error",
        "version",
        "region",
    ]
    assert len(table.rows) == 5
    for at, status, error, _, region in table.rows:
        assert isinstance(at, datetime)
        assert ONSET <= at < NOW
        assert (at.second, at.microsecond) == (0, 0)
        assert (status, region) == ("500", "emea")
        assert error in ("feature_missing: income", "timeout")
    assert SECRET not in repr(answer)


def test_examples_lack_what_is_not_open(tmp_path: Path) -> None:
    """A column to split by alone, or a hidden one, is in no example; nor is a feature."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    narrowed = declared().replace('person = "hidden"', 'person = "hidden"\nregion = "grouped"')
    narrowed = narrowed.replace('["region"]', '["region", "age"]')
    with living(tmp_path, narrowed.replace('error = "error"', "")) as trip:
        table = examples(trip.answer("errors lending"))
    assert [column.name for column in table.columns] == ["time", "status", "version"]


def test_without_failures_there_is_no_example(tmp_path: Path) -> None:
    """Where nothing fails, no request is shown."""
    answer = asked(tmp_path, requests(start=NOW - DAY, failed="false"))
    assert "Examples" not in [each.title for each in answer.tables]


ONE_CUSTOMER = (
    "SELECT *, CASE WHEN status = 500 AND ts >= TIMESTAMP '2026-11-23 08:50' "
    "AND latency_ms % 10 < {} THEN 'acme' ELSE 'c' || CAST(latency_ms * 1e6 AS BIGINT) % 300 END "
    "AS customer_id FROM ({})"
)


@pytest.mark.parametrize(("tenths", "said"), [(6, True), (0, False)])
def test_one_customer_who_carries_the_failures_is_told_as_a_share(
    tmp_path: Path, tenths: int, said: bool
) -> None:
    """That most failures are of one customer is said, with its share of requests, never who."""
    query = ONE_CUSTOMER.format(tenths, requests(broken=BROKEN))
    answer = asked(tmp_path, query, roles={"entity_id": "customer_id"})
    found = [each for each in answer.findings if each.kind == "entity"]
    assert bool(found) == said
    assert "acme" not in repr(answer)
    for each in found:
        assert "of the failures have one and the same customer id" in each.text
        hits, of_requests = (each.numbers[name].value or 0.0 for name in ("hits", "requests"))
        assert hits > 0.4
        assert of_requests < 0.1


def test_what_to_ask_next_begins_with_what_changed(lending: Trip) -> None:
    """Where failures began at a time, the time line around it is one click away."""
    first = lending.answer("errors lending last 24 hours by region").follow_ups[0]
    assert first.label == "What changed at 09:50?"
    assert first.text == "changes lending 2026-11-23T03:50+01:00..2026-11-23T11:50+01:00"
    quiet = lending.answer("errors lending yesterday").follow_ups
    assert not [each for each in quiet if each.text.startswith("changes")]
