"""What changed around then, asked of real logs on disk: planted incidents, and quiet ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from queries.core.answer import Answer, Finding, Severity, Table
from queries.core.charts import PanelChart
from queries.core.errors import NotAnswerable
from tests.asking import Asking, asking, rows
from tests.questions.planted import (
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
MOVED = "region = 'emea' AND ts >= TIMESTAMP '2026-11-23 08:40' AND i // 4 % 2 = 0"
"""Half of a region's requests, from ten minutes before the failures on."""
OF_ROW = "CAST(substr(request_id, 2) AS BIGINT)"


def finding(answer: Answer, kind: str) -> Finding:
    """The one finding of a kind."""
    (found,) = [each for each in answer.findings if each.kind == kind]
    return found


def cells(table: Table, name: str) -> list[object]:
    """One column of a table."""
    at = [column.name for column in table.columns].index(name)
    return [row[at] for row in table.rows]


def asked(folder: Path, query: str, text: str = "changes lending") -> Answer:
    """Write a log, ask it one question, and give the answer."""
    write(folder / "lending" / "requests.parquet", query)
    with living(folder) as trip:
        return trip.answer(text)


def half_on_2_3(query: str) -> str:
    """Let version 2.3 serve but half of the region in which it arrived."""
    moved = MOVED.replace("i // 4", f"{OF_ROW} // 4")
    return (
        f"SELECT * REPLACE (CASE WHEN {moved} THEN '2.3' ELSE '2.2' END AS version) FROM ({query})"
    )


def test_a_planted_incident_is_put_in_order(lending: Trip) -> None:
    """What emptied is named as the likely first cause, since when, where, and why it is thought."""
    answer = lending.answer("changes lending last 24 hours")
    assert answer.severity is Severity.ALARM
    assert "the input “income” emptied in region emea at about 09:50" in answer.headline
    assert answer.headline.endswith("the likely first cause")
    likely = finding(answer, "likely")
    assert "in the same region" in likely.text
    assert "they say “feature_missing: income”" in likely.text
    assert "it need not be the cause" in likely.text
    assert likely.numbers["during"].value == 1
    assert "version 2.3 arrived in region emea at 09:40" in finding(answer, "also").text
    assert "usually" in finding(answer, "errors").text
    line = answer.tables[0]
    assert line.title == "Time line"
    assert set(cells(line, "where")) == {"region emea"}
    assert "likely first cause" in cells(line, "role")
    assert isinstance(answer.chart, PanelChart)
    assert "income" in answer.chart.panels[0].label
    assert abs(answer.chart.marks[0].at - ONSET) <= timedelta(minutes=2)


def test_its_onsets_are_told_to_minutes_with_an_interval(lending: Trip) -> None:
    """Each onset lies within its interval and within ten minutes of what was planted."""
    line = lending.answer("changes lending last 24 hours").tables[0]
    columns = (cells(line, name) for name in ("what", "since_low", "since", "since_high"))
    for what, low, at, high in zip(*columns, strict=True):
        assert isinstance(low, datetime)
        assert isinstance(at, datetime)
        assert isinstance(high, datetime)
        assert low <= at <= high
        if "arrived" not in str(what):
            assert abs(at - ONSET) <= timedelta(minutes=10), what


def test_a_quiet_day_says_that_nothing_changed(lending: Trip) -> None:
    """Where nothing changed that is said plainly, with what was looked at."""
    answer = lending.answer("changes lending yesterday")
    assert answer.severity is Severity.GOOD
    assert answer.headline == "lending: no change shown yesterday"
    assert not answer.findings
    for looked_at in ("new versions", "traffic", "failures", "latency", "scores", "2 inputs"):
        assert looked_at in answer.summary
    assert answer.tables[0].title == "Looked at"
    assert not any(cells(answer.tables[0], "changed"))
    assert isinstance(answer.chart, PanelChart)
    assert len(answer.chart.panels) == 3


def test_nothing_of_a_person_is_told(lending: Trip) -> None:
    """Neither words nor tables nor the picture hold a value of a column that nobody may see."""
    answer = lending.answer("changes lending last 24 hours")
    assert SECRET not in repr(answer)


def test_a_version_under_which_all_fail_alike_is_acquitted(tmp_path: Path) -> None:
    """A version that arrived just before is let off where the other version fails as often."""
    answer = asked(tmp_path, half_on_2_3(requests(broken=BROKEN, every=30)))
    assert "income" in finding(answer, "likely").text
    innocent = finding(answer, "innocent")
    assert "Version 2.3 arrived in region emea at 09:40" in innocent.text
    assert "doesn't explain" in innocent.text
    having, lacking = (innocent.numbers[name].value or 0.0 for name in ("having", "lacking"))
    assert having == pytest.approx(lacking, abs=0.1)


def test_a_version_under_which_alone_requests_fail_is_named(tmp_path: Path) -> None:
    """A version that arrived in time is the likely cause where only its requests fail."""
    guilty = f"u < CASE WHEN {MOVED} THEN 0.4 ELSE 0.012 END"
    answer = asked(tmp_path, half_on_2_3(requests(failed=guilty, every=30)))
    assert "version 2.3 arrived" in answer.headline
    likely = finding(answer, "likely")
    assert "of the requests with it 4" in likely.text
    assert (likely.numbers["lacking"].value or 0.0) < 0.05


def test_of_several_that_changed_together_none_is_called_the_first(tmp_path: Path) -> None:
    """Two inputs that move with the scores are named together; their order isn't made up."""
    since = f"ts >= TIMESTAMP '{ONSET:%Y-%m-%d %H:%M}'"
    moved = ", ".join(
        f"CASE WHEN {since} THEN {name} / 3 ELSE {name} END AS {name}"
        for name in ("score", "income", "age")
    )
    answer = asked(tmp_path, f"SELECT * REPLACE ({moved}) FROM ({requests(every=30)})")
    assert "2 things changed together at about 09:" in answer.headline
    assert answer.headline.endswith("the scores went down; which came first isn't seen")
    assert not [each for each in answer.findings if each.kind == "likely"]
    text = finding(answer, "also").text
    assert "“income”" in text
    assert "“age”" in text


def test_a_time_wholly_within_an_incident_says_so(lending: Trip) -> None:
    """What was so before the time has no onset; a longer time is offered."""
    answer = lending.answer("changes lending 2026-11-23T09:30Z..2026-11-23T14:00Z")
    assert "failures have been high in region emea all that time" in answer.headline
    assert "what came first isn't seen" in answer.headline
    assert set(cells(answer.tables[0], "since")) == {None}
    assert "ask for a longer time" in " ".join(answer.caveats)
    assert answer.follow_ups[0].text.startswith("changes lending 2026-11-22T10:30+01:00")


def test_an_incident_that_ended_is_told_with_its_end(tmp_path: Path) -> None:
    """Of an outage of two hours both ends are told."""
    broken = f"{BROKEN} AND ts < TIMESTAMP '2026-11-23 10:50'"
    answer = asked(tmp_path, requests(broken=broken, every=30))
    line = answer.tables[0]
    failed = cells(line, "what").index("failures rose")
    until = cells(line, "until")[failed]
    assert isinstance(until, datetime)
    assert abs(until - datetime(2026, 11, 23, 10, 50, tzinfo=UTC)) <= timedelta(minutes=15)
    assert answer.severity is not Severity.ALARM


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Five weeks of several logs, each with one thing that changed six hours before the end."""
    folder = tmp_path_factory.mktemp("one change each")
    sources = {}
    for name, case in CASES.items():
        query = rows(25_200, _COLUMNS | case.columns, until=NOW.replace(tzinfo=None), every=120)
        kept = case.kept.replace("SINCE", _SINCE)
        write(folder / name / "log.parquet", f"SELECT * FROM ({query}) WHERE {kept}")
        sources[name] = {"title": name, "files": f"{name}/*.parquet", **_DECLARED}
    with asking(sources, folder, now=NOW) as services:
        yield services


@dataclass(frozen=True)
class Case:
    """What is changed in a log, and what must be said of it."""

    said: str
    columns: dict[str, str]
    kept: str = "true"
    kind: str = "input"


_SINCE = f"ts >= TIMESTAMP '{NOW - timedelta(hours=6):%Y-%m-%d %H:%M}'"
_LATER = _SINCE.replace("ts", "stamp", 1)
_COLUMNS = {
    "ts": "stamp",
    "status": "CASE WHEN w < 0.01 THEN 500 ELSE 200 END",
    "took": "80 + 100 * u",
    "amount": "100 + 900 * v",
    "channel": "['web', 'app', 'branch', 'phone'][1 + i % 4]",
    "score": "u",
    "decision": "CASE WHEN v < 0.6 THEN 'approve' ELSE 'decline' END",
    "outcome": "CASE WHEN w < 0.5 THEN 1 ELSE 0 END",
    "outcome_at": "stamp + INTERVAL '2 days'",
}
_DECLARED = {
    "task": "binary",
    "roles": {
        "time": "ts",
        "status": "status",
        "latency_ms": "took",
        "score": "score",
        "decision": "decision",
        "outcome": "outcome",
        "outcome_time": "outcome_at",
        "features": ["amount", "channel"],
    },
}
CASES = {
    "steady": Case("no change shown", {}, kind=""),
    "moved": Case(
        "the input “amount” went up at about",
        {"amount": f"CASE WHEN {_LATER} THEN 400 + 900 * v ELSE 100 + 900 * v END"},
    ),
    "renewed": Case(
        "the input “channel” took values never seen before at about",
        {"channel": f"CASE WHEN {_LATER} AND u < 0.5 THEN 'kiosk' ELSE 'web' END"},
        kind="unseen",
    ),
    "slower": Case(
        "slow requests rose at about",
        {"took": f"CASE WHEN {_LATER} THEN 120 + 200 * u ELSE 80 + 100 * u END"},
        kind="latency",
    ),
    "scored": Case(
        "the scores went down at about",
        {"score": f"CASE WHEN {_LATER} THEN 0.7 * u ELSE u END"},
        kind="score",
    ),
    "decided": Case(
        "decisions “approve” fell at about",
        {"decision": f"CASE WHEN v < CASE WHEN {_LATER} THEN 0.3 ELSE 0.6 END"
         " THEN 'approve' ELSE 'decline' END"},
        kind="decision",
    ),
    "dropped": Case("traffic fell at about", {}, "NOT (SINCE AND hash(ts) % 10 < 6)", "traffic"),
    "silent": Case(
        "traffic stopped from about",
        {},
        "NOT (SINCE AND ts < TIMESTAMP '2026-11-23 10:30')",
        "traffic",
    ),
    "unanswered": Case(
        "no outcomes have arrived since",
        {"outcome": "CASE WHEN stamp < TIMESTAMP '2026-11-16' AND w < 0.5 THEN 1 "
         "WHEN stamp < TIMESTAMP '2026-11-16' THEN 0 END",
         "outcome_at": "CASE WHEN stamp < TIMESTAMP '2026-11-16' "
         "THEN stamp + INTERVAL '2 days' END"},
        kind="outcomes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_change_is_found_and_nothing_else(planted: Asking, name: str) -> None:
    """One planted change is told, with its onset within half an hour; a steady log has none."""
    case, answer = CASES[name], planted.answer(f"changes {name} last 24 hours")
    assert case.said in answer.headline
    assert [each.kind for each in answer.findings] == ([case.kind] if case.kind else [])
    if case.kind in ("", "outcomes"):
        return
    (since,) = cells(answer.tables[0], "since")
    assert isinstance(since, datetime)
    assert abs(since - (NOW - timedelta(hours=6))) <= timedelta(minutes=30)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)], ids=["longer", "shorter"]
)
def test_a_day_on_which_clocks_move_is_no_change(tmp_path: Path, day: date, hours: int) -> None:
    """The hour that a clock change adds or takes is no change of traffic."""
    midnight = datetime.combine(day, time(), UTC)
    query = requests(start=midnight - 36 * DAY, until=midnight + 2 * DAY, every=300)
    write(tmp_path / "lending" / "requests.parquet", query)
    with living(tmp_path, now=midnight + 2 * DAY) as trip:
        answer = trip.answer(f"changes lending {day}")
    assert "no change shown" in answer.headline
    assert f"Looked at {hours * 12} requests" in answer.summary


def test_without_a_past_less_is_judged_and_that_is_said(tmp_path: Path) -> None:
    """A log of one day still tells what emptied; what can't be judged is named."""
    answer = asked(tmp_path, requests(start=NOW - DAY, broken=BROKEN, every=30))
    assert "emptied in region emea" in answer.headline
    assert isinstance(answer.chart, PanelChart)
    assert "before" in answer.chart.panels[0].note
    assert "usually" not in answer.chart.panels[0].note
    assert "Without a time before, traffic and values never seen" in " ".join(answer.caveats)


def test_without_a_past_nothing_is_called_usual(tmp_path: Path) -> None:
    """Where nothing is shown to have changed, the picture doesn't say that all is as usual."""
    answer = asked(tmp_path, requests(start=NOW - DAY, every=30))
    assert "no change shown" in answer.headline
    assert isinstance(answer.chart, PanelChart)
    assert "usual" not in answer.chart.alt + " ".join(each.note for each in answer.chart.panels)


@pytest.mark.parametrize("rows_", [1, 20])
def test_few_requests_are_no_change(tmp_path: Path, rows_: int) -> None:
    """Of a handful of requests nothing is said to have changed."""
    start = NOW - timedelta(minutes=5 * rows_)
    answer = asked(tmp_path, requests(start=start, every=300))
    assert answer.headline == ("lending: too few requests in the last 24 hours to say what changed")
    assert answer.severity is Severity.UNKNOWN


def test_an_hour_that_is_too_short_says_so(lending: Trip) -> None:
    """In a time of ten minutes no onset is looked for, and the least time is named."""
    answer = lending.answer("changes lending 2026-11-22T09:00Z..2026-11-22T09:10Z")
    assert "ask for at least 12 minutes" in " ".join(answer.caveats)


def test_a_time_without_requests_names_the_last_one(tmp_path: Path) -> None:
    """Where the log has stopped, the answer says when the last request was logged."""
    answer = asked(tmp_path, requests(until=NOW - 3 * DAY))
    assert answer.headline == "lending: no requests in the last 24 hours"
    empty = asked(tmp_path, requests(until=datetime(2026, 10, 19, tzinfo=UTC)))
    assert empty.headline == "lending: the log is empty"


def test_a_log_of_times_alone_is_asked_of_its_traffic(tmp_path: Path) -> None:
    """Where only the time is declared, traffic alone is looked at."""
    write(tmp_path / "lending" / "requests.parquet", requests(every=300))
    only_time = '[sources.lending]\nfiles = "lending/*.parquet"\nroles = { time = "ts" }'
    with living(tmp_path, only_time) as trip:
        answer = trip.answer("changes lending")
    assert "before: traffic." in answer.summary


def test_an_undated_log_says_that_it_has_no_times(tmp_path: Path) -> None:
    """A log without times is refused, and the role to declare is named."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    with (
        living(tmp_path, declared(roles={"time": None})) as trip,
        pytest.raises(NotAnswerable, match=r"has no times.*`time`"),
    ):
        trip.answer("changes lending")


def test_a_failure_leads_to_what_changed_then(lending: Trip) -> None:
    """The answer about failures offers the time line around their onset, and it finds the cause."""
    steps = lending.answer("errors lending last 24 hours").follow_ups
    (step,) = [each for each in steps if each.text.startswith("changes")]
    assert step.label == "What changed at 09:50?"
    assert "emptied in region emea" in lending.answer(step.text).headline
