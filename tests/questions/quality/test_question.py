"""Broken data, asked of logs on disk: what is planted is found and when, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Severity
from queries.core.charts import BarChart, PanelChart
from queries.core.errors import NotAnswerable
from tests.asking import NOW, asking, rows
from tests.questions.inputs import test_question as test_inputs
from tests.questions.inputs.test_question import DAY, INFINITY, LOG, MIXED, NAN, ROLES, cell, only
from tests.questions.planted import write

SINCE = "stamp >= TIMESTAMP '2026-11-23 03:00'"

REFERENCE = {"files": "reference.parquet"}


def asked(folder: Path, text: str = "quality x last 24 hours", **planted: Any) -> Answer:
    """Write a log of some days and a reference, each with some columns changed, and ask."""
    return test_inputs.asked(folder, text, **planted)


def onset(text: str) -> datetime:
    """The time of the last day that a sentence says."""
    said = re.search(r"since about (\d\d):(\d\d)", text)
    assert said is not None, text
    return NOW.replace(hour=int(said[1]), minute=int(said[2]))


def test_nothing_is_broken(tmp_path: Path) -> None:
    """Where all is as before, that is what is said, of how many columns."""
    answer = asked(tmp_path)
    assert answer.severity is Severity.GOOD
    assert answer.headline == "x: no sign of broken data in 4 columns"
    assert answer.findings == ()
    assert answer.caveats == ()
    assert answer.chart is None
    assert {row[1] for row in answer.tables[0].rows} == {"as before"}


@pytest.mark.parametrize(
    ("column", "broken", "kind", "said"),
    [
        ("income", "NULL", "missing", "“income” is missing in 100 % of requests since about"),
        ("income", NAN, "missing", "In 540 requests it is there but is no number (NaN)."),
        ("channel", "''", "missing", "“channel” is missing in 100 % of requests since about"),
        ("income", INFINITY, "infinite", "“income” is infinite in 100 % of requests since about"),
        ("age", "-1", "out of range", "“age” is outside of 18 to 67 in 100 % of requests since"),
        ("age", "150", "out of range", "“age” is outside of 18 to 67 in 100 % of requests since"),
        (
            "channel",
            "'fax'",
            "never seen",
            "“channel” holds “fax” in 100 % of requests since about",
        ),
        (
            "channel",
            "'fax' || i % 3",
            "never seen",
            "“channel” holds 3 new values, such as “fax0”, in 100 % of requests since about",
        ),
    ],
)
def test_what_broke_and_since_when(
    tmp_path: Path, column: str, broken: str, kind: str, said: str
) -> None:
    """Each fault is found, told with its share and its onset, and drawn over time."""
    columns = {column: f"CASE WHEN {SINCE} THEN {broken} ELSE {LOG[column]} END"}
    answer = asked(tmp_path, now=columns)
    found = only(answer, kind)
    assert said in found.text
    assert abs(onset(found.text) - datetime(2026, 11, 23, 3, tzinfo=UTC)) <= timedelta(minutes=10)
    assert onset(answer.headline) == onset(found.text)
    assert found.numbers["now"].value == pytest.approx(540 / DAY)
    assert "Over the whole time it is 38 %." in found.text
    assert found.numbers["during"].value == 1
    low, high = found.numbers["change"].low, found.numbers["change"].high
    assert low is not None
    assert high is not None
    assert low < 540 / DAY < high
    assert answer.tables[0].rows[0][:2] == (column, kind)
    assert isinstance(answer.chart, PanelChart)
    (panel,) = answer.chart.panels
    assert panel.label == f"{column}: {kind}"
    assert [mark.at for mark in panel.marks] == [onset(found.text)]
    assert max(share or 0.0 for share in panel.series[0].y) == 1.0
    assert answer.severity in (Severity.ALARM, Severity.WARNING)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("age", "30", "“age” is always “30”"), ("channel", "'web'", "“channel” is always “web”")],
)
def test_a_column_that_is_stuck(tmp_path: Path, column: str, value: str, said: str) -> None:
    """One value where there were several is told, with that it varied before."""
    answer = asked(tmp_path, now={column: value})
    assert answer.headline == f"x: {said}, it varied in the reference set"
    assert cell(answer, column, "verdict") == "constant"


def test_nearly_always_the_same_is_not_stuck(tmp_path: Path) -> None:
    """A value that is mostly there anyway may be there all day by chance."""
    rare = {"channel": "CASE WHEN w < 0.9995 THEN 'web' ELSE 'branch' END", "age": "(i = 7) * 1.0"}
    before = rare | {"age": "CASE WHEN i = 4000 THEN 1.0 ELSE 0.0 END"}
    answer = asked(tmp_path, before=before, now={"channel": "'web'", "age": "0.0"})
    assert answer.findings == ()


def test_the_worst_comes_first(tmp_path: Path) -> None:
    """Of several faults the worst is the headline, and how many more columns are broken is said."""
    columns = {
        "age": "CASE WHEN u < 0.9 THEN 200 ELSE 30 END",
        "income": "CASE WHEN u < 0.2 THEN NULL ELSE 3000 + 100 * v END",
        "channel": "CASE WHEN u < 0.4 THEN '' ELSE 'web' END",
    }
    answer = asked(tmp_path, now=columns)
    assert answer.headline.startswith("x: “channel” is missing in 39")
    assert answer.headline.endswith("; 2 other columns broken too")
    names = [row[0] for row in answer.tables[0].rows]
    assert names == ["channel", "income", "age", "returning"]
    assert [each.kind for each in answer.findings][:3] == ["missing", "missing", "out of range"]
    assert len(answer.findings) <= 5


def test_a_little_is_not_enough(tmp_path: Path) -> None:
    """Less than what the source says matters is as before, until it says that it matters."""
    columns = {"income": "CASE WHEN u < 0.008 THEN NULL ELSE 3000 + v END"}
    assert asked(tmp_path, "quality x all", now=columns, days=20).findings == ()
    strict = asked(tmp_path, "quality x all", now=columns, days=20, matters={"missing": 0.004})
    assert only(strict, "missing").numbers["now"].value == pytest.approx(0.008, abs=0.002)


def test_many_columns_raise_no_false_alarm(tmp_path: Path) -> None:
    """Among sixty columns with gaps, none breaks by chance."""
    draw = "('0x' || substr(md5('{}.' || id), 1, 6))::INTEGER % 100"
    gaps = {f"g{i}": f"CASE WHEN {draw.format(i)} > 5 THEN {draw.format(i)} END" for i in range(60)}
    roles = ROLES | {"features": [*gaps]}
    answer = asked(tmp_path, before=gaps, now=gaps, roles=roles, matters={"missing": 0.0})
    assert answer.findings == ()
    assert answer.headline == "x: no sign of broken data in 60 columns"


def test_names_and_rare_values_are_not_called_new(tmp_path: Path) -> None:
    """Columns of which every value is its own, or with a long tail, hold new ones every day."""
    tail = "'m' || floor(exp(8 * u))::INTEGER"
    for now, before in (("'c' || i", "'b' || i"), (tail, tail)):
        answer = asked(tmp_path, now={"channel": now}, before={"channel": before})
        assert answer.findings == ()


def test_requests_logged_twice(tmp_path: Path) -> None:
    """Ids that come again are counted and said, as a warning where they are many."""
    answer = asked(tmp_path, now={"id": "'r' || i // 2"})
    assert answer.headline == "x: 50 % of requests are logged more than once"
    assert only(answer, "logged twice").text.startswith("720 requests (50 %) carry an id that")
    few = asked(tmp_path, now={"id": "'r' || greatest(i, 3)"})
    assert few.headline == "x: no sign of broken data in 4 columns"
    assert only(few, "logged twice").severity is Severity.NOTE
    hidden = asked(tmp_path, now={"id": "'r' || i // 2"}, visibility={"id": "hidden"})
    assert hidden.findings == ()


STATUS = "CASE WHEN u < 0.05 THEN 500 ELSE 200 END"
WITH_STATUS = ROLES | {"status": "status"}


def test_statuses_that_say_nothing(tmp_path: Path) -> None:
    """Requests without a status, or with one that means either, are counted against before."""
    odd = f"CASE WHEN i % 10 = 0 THEN NULL WHEN i % 20 = 1 THEN 0 ELSE {STATUS} END"
    answer = asked(tmp_path, now={"status": odd}, before={"status": STATUS}, roles=WITH_STATUS)
    assert answer.severity is Severity.WARNING
    assert answer.headline == "x: of 15 % of requests it isn't known whether they failed"
    found = only(answer, "status says nothing")
    assert found.text == (
        "Of 216 requests (15 %) it isn't known whether they failed: 144 have no “status” and 72 "
        "have one that says neither, such as “0” (72); 0 % in the reference set. List the good "
        "ones as `ok_status` under [sources.x]."
    )
    assert found.numbers["unknown"].value == pytest.approx(0.15)
    usual = asked(tmp_path, now={"status": odd}, before={"status": odd}, roles=WITH_STATUS)
    assert usual.headline == "x: no sign of broken data in 4 columns"
    assert only(usual, "status says nothing").severity is Severity.NOTE


@pytest.mark.parametrize(
    ("status", "closed", "said"),
    [
        ("CASE WHEN i % 2 = 0 THEN 'N/A' ELSE 'ok' END", "open", "720 have no “status”"),
        ("CASE WHEN i % 2 = 0 THEN '-7' ELSE 'ok' END", "open", "such as “-7” (720)"),
        ("CASE WHEN i % 2 = 0 THEN '-7' ELSE 'ok' END", "grouped", "one that says neither."),
    ],
)
def test_statuses_in_words(tmp_path: Path, status: str, closed: str, said: str) -> None:
    """Words for none are missing, numbers that HTTP lacks say nothing; only open ones are named."""
    shown = {"status": closed}
    answer = asked(tmp_path, now={"status": status}, roles=WITH_STATUS, visibility=shown)
    assert answer.severity is Severity.WARNING
    assert said in only(answer, "status says nothing").text


def test_good_statuses_that_never_occur_are_told(tmp_path: Path) -> None:
    """Good statuses of which none is logged are told beside the answer; all well says nothing."""
    status = {"status": STATUS}
    assert asked(tmp_path, now=status, roles=WITH_STATUS).findings == ()
    declared = {"files": "log.parquet", "roles": WITH_STATUS, "reference": REFERENCE}
    with asking({"x": declared | {"ok_status": ["fine"]}}, tmp_path) as house:
        told = house.ask("quality x last 24 hours").left_out
    assert any("`ok_status` is “fine”, which never occurs" in each for each in told)


def test_what_broke_late_in_a_long_time(tmp_path: Path) -> None:
    """What is missing for the last hours of a month is too little of it, and found all the same."""
    late = "stamp >= TIMESTAMP '2026-11-23 09:00'"
    gaps = f"CASE WHEN u < 0.002 OR ({late} AND v < 0.5) THEN NULL ELSE 3000 + w END"
    answer = asked(tmp_path, "quality x last 30 days", now={"income": gaps}, days=30)
    assert re.match(r"x: “income” is missing in (4\d|5\d)", answer.headline), answer.headline
    found = only(answer, "missing")
    assert abs(onset(found.text) - NOW.replace(hour=9)) <= timedelta(minutes=60)
    assert re.search(r"Over the whole time it is 0\.\d+ %\.", found.text), found.text
    days = "stamp BETWEEN TIMESTAMP '2026-11-10' AND TIMESTAMP '2026-11-11'"
    ended = asked(
        tmp_path, "quality x last 30 days", now={"income": gaps.replace(late, days)}, days=30
    )
    assert re.search(r"from about \d\d:00 on \d+ Nov to \d\d:00 on 1\d Nov", ended.headline)


def test_what_was_empty_all_along_neither_began_nor_ended(tmp_path: Path) -> None:
    """Where those who lack a column merely ask more for a while, it is an alarm without a time."""
    answer = asked(tmp_path, now={"income": MIXED})
    assert answer.severity is Severity.ALARM
    assert "since about" not in answer.headline
    assert "from about" not in answer.headline


def test_what_came_down_but_not_to_what_it_was_is_not_over(tmp_path: Path) -> None:
    """A hole that ended asks little; one that only shrank to a tenth of requests stays an alarm."""
    hours = "stamp BETWEEN TIMESTAMP '2026-11-23 02:00' AND TIMESTAMP '2026-11-23 06:00'"
    for rest, severity in ((0.0, Severity.NOTE), (0.1, Severity.ALARM)):
        gaps = f"CASE WHEN u < CASE WHEN {hours} THEN 0.6 ELSE {rest} END THEN NULL ELSE w END"
        answer = asked(tmp_path, now={"income": gaps}, before={"income": "w"})
        found = only(answer, "missing")
        assert "from about" in found.text
        assert found.severity is severity


def test_against_the_weeks_before(tmp_path: Path) -> None:
    """A share that comes and goes by the day is broken only beyond how it varied."""
    noisy = "dayofyear(stamp - INTERVAL 12 HOUR) * 37 % 100 / 400.0"
    late = "stamp >= TIMESTAMP '2026-11-22 12:00'"

    def at(now: float) -> Answer:
        share = f"CASE WHEN {late} THEN {now} ELSE {noisy} END"
        columns = LOG | {"income": f"CASE WHEN u < {share} THEN NULL ELSE 3000 + v END"}
        write(tmp_path / "log.parquet", rows(6 * 7 * 288, columns, every=300))
        with asking({"x": {"files": "log.parquet", "roles": ROLES}}, tmp_path) as house:
            return house.answer("quality x last 24 hours")

    assert at(0.2).findings == ()
    broken = at(0.95)
    assert only(broken, "missing").text.endswith(" in the weeks before.")


def test_a_type_that_changed_since(tmp_path: Path) -> None:
    """A column that is text in newer files where it held numbers is named, with since when."""
    later = LOG | {"income": "'high'"}
    write(tmp_path / "log" / "1.parquet", rows(DAY, LOG, until=NOW - timedelta(hours=6)))
    write(tmp_path / "log" / "2.parquet", rows(360, later))
    write(tmp_path / "reference.parquet", rows(5000, LOG, salt="before"))
    declared = {
        "files": "log/*.parquet",
        "roles": ROLES,
        "reference": {"files": "reference.parquet"},
    }
    with asking({"x": declared}, tmp_path) as house:
        reply = house.ask("quality x last 24 hours")
    answer = reply.answer
    assert answer.headline.startswith(
        "x: “income” holds text where it held numbers since about 06:00"
    )
    assert only(answer, "type changed").text.endswith(
        "The 360 values that can't be read count as missing."
    )
    assert answer.severity is Severity.ALARM
    assert any("are no number" in sentence for sentence in reply.provenance.left_out)


def test_a_type_that_was_always_so(tmp_path: Path) -> None:
    """Against a reference of another type the change is named, without a time it never had."""
    answer = asked(tmp_path, now={"income": "(1000 + round(4000 * u))::VARCHAR"})
    assert answer.headline.startswith("x: “income” holds text where it held numbers")
    assert "since" not in answer.headline


def test_a_column_that_is_no_longer_logged(tmp_path: Path) -> None:
    """A column that newer files lack is found, and all others are still counted over everything."""
    later = {name: sql for name, sql in LOG.items() if name != "age"}
    later |= {"channel": "'fax'"}
    write(tmp_path / "log" / "1.parquet", rows(DAY, LOG, until=NOW - timedelta(hours=6)))
    write(tmp_path / "log" / "2.parquet", rows(360, later))
    write(tmp_path / "reference.parquet", rows(5000, LOG, salt="before"))
    declared = {
        "files": "log/*.parquet",
        "roles": ROLES,
        "reference": {"files": "reference.parquet"},
    }
    with asking({"x": declared}, tmp_path) as house:
        answer = house.answer("quality x last 24 hours")
    assert answer.headline.startswith("x: “age” is in the log no more since about 06:00")
    assert "360 requests came without it." in only(answer, "not logged").text
    assert only(answer, "never seen").numbers["now"].value == pytest.approx(360 / DAY)


def test_values_that_cannot_be_read(tmp_path: Path) -> None:
    """Some texts among numbers are counted, and missing for whatever needs the number."""
    header = "ts,id,region,income,age,channel,returning"
    good = [f"2026-11-23T0{i % 9}:00:00,r{i},emea,{i % 7},30,web,true" for i in range(900)]
    bad = [f"2026-11-23T0{i % 9}:30:00,q{i},emea,abc,{20 + i % 9},web,true" for i in range(60)]
    (tmp_path / "log.csv").write_text("\n".join([header, *good, *bad]), encoding="utf-8")
    (tmp_path / "before.csv").write_text("\n".join([header, *good]), encoding="utf-8")
    declared = {"files": "log.csv", "roles": ROLES, "reference": {"files": "before.csv"}}
    with asking({"x": declared}, tmp_path) as house:
        answer = house.answer("quality x last 24 hours")
    assert answer.headline.startswith("x: “income” can't be read in 6")
    found = only(answer, "unreadable")
    assert found.numbers["now"].value == pytest.approx(60 / 960)
    assert found.text.endswith("The 60 values that can't be read count as missing.")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("7", "7"),
        ("NULL::DOUBLE", "NULL::DOUBLE"),
        ("NULL::DOUBLE", "3000"),
        (INFINITY, INFINITY),
        (NAN, NAN),
        ("''", "''"),
    ],
)
def test_what_was_always_so_is_not_broken(tmp_path: Path, before: str, now: str) -> None:
    """Constant, empty, infinite or undefined as ever is no fault, and no crash."""
    answer = asked(tmp_path, before={"income": before}, now={"income": now})
    assert answer.findings == ()
    assert answer.severity is Severity.GOOD


@pytest.mark.parametrize("count", [1, 29])
def test_too_few_requests(tmp_path: Path, count: int) -> None:
    """A handful of requests is too few to say, whatever they hold."""
    ids = ", ".join(f"r{i}" for i in range(count))
    text = f"quality x last 24 hours where request_id in {ids}"
    answer = asked(tmp_path, text, now={"income": "NULL::DOUBLE"})
    assert answer.severity is Severity.UNKNOWN
    assert answer.headline.endswith("too few requests to say whether its data is broken")


def test_no_requests(tmp_path: Path) -> None:
    """An empty log, an empty time and an unknown value say so."""
    assert asked(tmp_path, days=0).headline == "x: the log is empty"
    early = asked(tmp_path, "quality x 2026-11-01..2026-11-03")
    assert early.headline == "x: no requests from 1 Nov to 3 Nov 2026 UTC"
    typo = asked(tmp_path, "quality x last 24 hours where region = emeaa")
    assert typo.summary == "No region in this time is “emeaa”. Did you mean “emea”?"


def test_an_undated_log(tmp_path: Path) -> None:
    """A log without times is looked at whole, drawn as bars, and nothing is said of when."""
    roles = {key: each for key, each in ROLES.items() if key != "time"}
    columns = {"income": "CASE WHEN u < 0.5 THEN NULL ELSE 3000 + v END"}
    answer = asked(tmp_path, "quality x all", now=columns, undated=True, roles=roles)
    assert "since" not in only(answer, "missing").text
    assert isinstance(answer.chart, BarChart)
    assert [bar.label for bar in answer.chart.bars] == ["income: missing"]


def test_what_is_not_declared_is_named(tmp_path: Path) -> None:
    """Without columns to look at, or anything to compare with, it says what to declare."""
    with pytest.raises(NotAnswerable, match=r"neither features nor metrics.*\[sources\.x\.roles\]"):
        asked(tmp_path, roles={"time": "ts"})
    with pytest.raises(NotAnswerable, match=r"declare a reference set under"):
        asked(tmp_path, reference=False)


def test_metrics_are_looked_at_too(tmp_path: Path) -> None:
    """A source without features has its metrics checked; both where it has both."""
    roles: dict[str, Any] = {"time": "ts", "metrics": ["income"]}
    answer = asked(tmp_path, now={"income": NAN}, roles=roles)
    assert answer.headline.startswith("x: “income” is missing in 100 % of requests")
    both = asked(tmp_path, roles=ROLES | {"features": ["age"], "metrics": ["income"]})
    assert {row[0] for row in both.tables[0].rows} == {"age", "income"}


def test_what_the_model_makes_of_its_inputs_is_looked_at_too(tmp_path: Path) -> None:
    """A transformed column that breaks is found, though its features are whole."""
    made = {"income_log": f"CASE WHEN {SINCE} THEN NULL ELSE ln({LOG['income']}) END"}
    before = {"income_log": f"ln({LOG['income']})"}
    roles = ROLES | {"transformed": {"income_log": "ln(income)"}}
    answer = asked(tmp_path, now=made, before=before, roles=roles)
    assert answer.headline.startswith("x: “income_log” is missing in 100 % of requests since")


def test_a_protected_number_shows_nobody(tmp_path: Path) -> None:
    """A number that may only be split by has no range: its ends would be single persons."""
    roles = ROLES | {"protected": ["age"]}
    answer = asked(tmp_path, now={"age": "30 + floor(20 * v)"}, roles=roles)
    assert cell(answer, "age", "range_before") == ""
    assert cell(answer, "age", "outside") is None


def test_the_follow_ups_can_be_asked(tmp_path: Path) -> None:
    """Requests without the value are one step away, from the onset on."""
    columns = {"channel": f"CASE WHEN {SINCE} THEN NULL ELSE 'web' END"}
    write(tmp_path / "log.parquet", rows(DAY, LOG | columns))
    write(tmp_path / "reference.parquet", rows(5000, LOG, salt="before"))
    declared = {"files": "log.parquet", "roles": ROLES, "reference": REFERENCE}
    with asking({"x": declared}, tmp_path) as house:
        answer = house.answer("quality x last 24 hours")
        steps = {step.label: step.text for step in answer.follow_ups}
        found = house.answer(steps["Requests without channel"])
        assert found.every_row is not None
        assert found.every_row.total == pytest.approx(540, abs=10)
        house.answer(steps["Have the inputs changed?"])
    assert any(label.startswith("What changed at ") for label in steps)


def test_over_time_adds_up(tmp_path: Path) -> None:
    """What is drawn over time adds up to what is said of the whole."""
    answer = asked(tmp_path, now={"income": f"CASE WHEN {SINCE} THEN NULL ELSE 3000 + v END"})
    (table,) = [each for each in answer.tables if each.title == "Over time"]
    listed = [row for row in table.rows if row[1] == "income"]
    assert sum(int(str(row[4])) for row in listed) == 540
    assert sum(int(str(row[3])) for row in listed) == DAY


def test_a_year_and_a_clock_change(tmp_path: Path) -> None:
    """A year of time, with days of 23 and 25 hours in it, is looked at like any other."""
    write(tmp_path / "log.parquet", rows(24 * 380, LOG, every=3600))
    write(tmp_path / "reference.parquet", rows(5000, LOG, salt="before"))
    declared = {"files": "log.parquet", "roles": ROLES, "reference": REFERENCE}
    with asking({"x": declared}, tmp_path, zone="Europe/Berlin") as house:
        answer = house.answer("quality x last 365 days")
    assert answer.headline == "x: no sign of broken data in 4 columns"


def test_hostile_values_stay_values(tmp_path: Path) -> None:
    """A value of a thousand characters is shortened in sentences and whole in the table."""
    answer = asked(tmp_path, now={"channel": "'<!here> *' || repeat('x', 1000)"})
    assert len(answer.headline) < 250
    assert "<!here> *xxx" in answer.headline
    assert len(str(cell(answer, "channel", "unseen_named"))) > 1000
