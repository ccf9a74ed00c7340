"""The records themselves, asked of real logs: which, in what order, and never what is hidden."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from bot.spreadsheets import write_csv
from bot.terminal import as_json, print_answer
from commands.explain import explain
from commands.export import export, workbook
from commands.replay import replay
from queries.core.answer import Answer, RowStream, Severity
from queries.core.errors import BadQuestion, NotAnswerable
from queries.core.value import Cell
from tests.questions.planted import (
    ANA,
    NOW,
    SECRET,
    Trip,
    declared,
    living,
    requests,
    write,
)

DAY = timedelta(days=1)


def column(answer: Answer, name: str) -> list[Cell]:
    """The shown values of one column."""
    table = answer.tables[0]
    at = [each.name for each in table.columns].index(name)
    return [row[at] for row in table.rows]


def every_row(answer: Answer) -> RowStream:
    """All of the records."""
    assert answer.every_row is not None
    return answer.every_row


def test_the_newest_records_that_match_are_shown(lending: Trip) -> None:
    """Records that meet the conditions come newest first, with how many there are in all."""
    reply = lending.ask("find lending last 24 hours where failed = yes and region = emea limit 5")
    answer = reply.answer
    assert reply.private
    times = column(answer, "time")
    assert times == sorted(times, key=str, reverse=True)
    assert len(times) == 5
    assert set(column(answer, "region")) == {"emea"}
    assert set(column(answer, "status")) == {500}
    stream = every_row(answer)
    assert f"{stream.total} records in the last 24 hours" in answer.headline
    assert "Here are 5 of them, newest first." in answer.summary
    rows = [row for batch in stream.batches() for row in batch]
    assert len(rows) == stream.total
    assert tuple(rows[:5]) == answer.tables[0].rows


def test_few_records_are_all_shown(lending: Trip) -> None:
    """Where no more match than are shown, the answer says that these are all."""
    answer = lending.answer("find lending where request_id = r1, r102500, r102501")
    assert "2 records" in answer.headline
    assert "all of them" in answer.summary
    assert set(column(answer, "request_id")) == {"r102500", "r102501"}


def test_records_come_in_the_order_asked_for(lending: Trip) -> None:
    """Oldest and slowest come first where that is asked for."""
    oldest = column(lending.answer("find lending today oldest"), "time")
    assert oldest == sorted(oldest, key=str)
    assert oldest[0] == datetime(2026, 11, 22, 23, tzinfo=UTC)
    slowest = column(lending.answer("find lending today slowest"), "latency_ms")
    assert slowest == sorted(slowest, key=lambda value: -float(str(value)))
    assert float(str(slowest[0])) > 990


def test_any_column_may_order(lending: Trip) -> None:
    """Records come by any open column, those without a value last, and the column is shown."""
    where = "find lending last 24 hours where region = emea"
    high = lending.answer(f"{where} order income desc limit 100")
    assert high.summary.startswith("Here are 100 of them, by income, highest first.")
    assert "income" in high.tables[0].channel
    incomes = [float(str(each)) for each in column(high, "income")]
    assert incomes == sorted(incomes, reverse=True)
    stream = [row for batch in every_row(high).batches() for row in batch]
    at = [each.name for each in high.tables[0].columns].index("income")
    known = [row[at] is not None for row in stream]
    assert known == sorted(known, reverse=True)
    assert not all(known)
    low = column(lending.answer(f"{where} order income limit 100"), "income")
    assert low == sorted(low, key=lambda each: float(str(each)))
    texts = column(lending.answer("find lending today order region desc limit 5"), "region")
    assert texts == ["emea"] * 5


def test_an_order_that_no_record_has_is_not_told_as_one(lending: Trip) -> None:
    """Where no record has a value to order by, that is said instead of which end comes first."""
    none = lending.answer("find lending today where income is missing order income desc limit 5")
    assert none.summary.startswith(
        "Here are 5 of them, in no particular order, as none of them has a value for “income”."
    )


def test_a_single_hour_is_said_as_one(lending: Trip) -> None:
    """“last 1 hours” is understood, and told as one hour."""
    assert lending.answer("find lending last 1 hours").headline.endswith(" in the last 1 hour")


CLOSED = {
    "sex": "is only shown in groups: .* Other questions can be split by it, with `by sex`",
    "email": "is hidden in “lending”",
    "person": "is hidden in “lending”",
    "entity_id": "is hidden in “lending”",
}


def test_what_is_not_listed_orders_nothing(lending: Trip) -> None:
    """No order by a hidden or grouped column is taken, so that none can be guessed at."""
    for name, why in CLOSED.items():
        with pytest.raises(BadQuestion, match=f"“{name}” {why}"):
            lending.answer(f"find lending order {name}")


def test_text_is_found_within_a_column(lending: Trip) -> None:
    """A part of a text is looked for whatever its case, and several mean any of them."""
    answer = lending.answer("find lending last 24 hours where error contains INCOME limit 5")
    assert set(column(answer, "error")) == {"feature_missing: income"}
    either = lending.answer("find lending last 24 hours where error contains income, timeout")
    timeout = lending.answer("find lending last 24 hours where error contains imeou")
    totals = [every_row(each).total for each in (answer, timeout, either)]
    assert totals[2] == totals[0] + totals[1]
    none = lending.answer("find lending last 24 hours where error contains a%b")
    assert none.summary == "No error in this time contains “a%b”."


@pytest.mark.parametrize("part", ["%", "_", "\\\\", "'", "';--", "*", "("])
def test_a_part_of_a_text_is_no_pattern(lending: Trip, part: str) -> None:
    """Signs that mean something in a pattern are looked for as they are."""
    answer = lending.answer(f'find lending last 24 hours where error contains "{part}"')
    assert ("no requests" in answer.headline) == (part != "_")


def test_a_range_of_times_and_numbers(lending: Trip) -> None:
    """Two conditions on a column make a range, of numbers and of the asker's own times."""
    answer = lending.answer(
        "find lending today where time >= 2026-11-23T10:00 and time < 2026-11-23T10:10 "
        "and income >= 2000 and income < 3000 oldest limit 100"
    )
    times = [each for each in column(answer, "time") if isinstance(each, datetime)]
    assert min(times) >= datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert max(times) < datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    assert all(2000 <= float(str(each)) < 3000 for each in column(answer, "income"))


def test_a_log_of_equal_times_and_no_ids_has_one_order(tmp_path: Path) -> None:
    """Where neither time nor id tells records apart, a page and the whole still agree."""
    query = f"SELECT * REPLACE (date_trunc('day', ts) AS ts) FROM ({requests(start=NOW - 3 * DAY)})"
    write(tmp_path / "lending" / "requests.parquet", query)
    with living(tmp_path, declared(roles={"request_id": None})) as trip:
        for order in ("newest", "slowest", "oldest"):
            answers = [trip.answer(f"find lending last 3 days {order} limit 100") for _ in range(2)]
            assert answers[0].tables == answers[1].tables
            first = [row for batch in every_row(answers[0]).batches() for row in batch][:100]
            assert tuple(first) == answers[0].tables[0].rows


def test_what_nobody_may_see_is_nowhere(lending: Trip) -> None:
    """Hidden and grouped columns are in no table, file, page, text or SQL of an answer."""
    services = lending.house.services
    reply = lending.ask("find lending last 24 hours where failed = yes limit 100")
    run = reply.provenance.run
    console = Console(file=io.StringIO(), width=400)
    print_answer(reply, console)
    link = export(run, ANA, services)
    book = openpyxl.load_workbook(io.BytesIO(link.content), read_only=True)
    cells = [str(cell) for tab in book for row in tab.iter_rows(values_only=True) for cell in row]
    comma = lending.folder / "all.csv"
    again = replay(run, services)
    write_csv(workbook(again, ANA).sheets[0], comma, again.logs.zone)
    note = explain(run, ANA, services)
    assert isinstance(console.file, io.StringIO)
    seen = {
        "answer": repr(reply),
        "every row": repr(list(every_row(reply.answer).batches())),
        "terminal": console.file.getvalue(),
        "json": as_json(reply),
        "excel": " ".join(cells),
        "csv": comma.read_text(encoding="utf-8-sig"),
        "explained": note.text + note.code,
    }
    assert [where for where, text in seen.items() if SECRET in text] == []
    assert "feature_missing: income" in min(seen.values(), key=len) + seen["excel"] + seen["csv"]
    header = next(csv.reader(io.StringIO(seen["csv"])))
    for name in ("sex", "email", "person", "entity_id", "entity id"):
        assert name not in {each.name for each in reply.answer.tables[0].columns}
        assert name not in header
    assert "Hidden, so never shown: person and email." in reply.answer.caveats
    assert "Not shown for single people, only in groups: sex." in reply.answer.caveats


def test_what_is_hidden_cannot_be_asked_for(lending: Trip) -> None:
    """No condition on a hidden or grouped column is taken, so that none can be guessed at."""
    for name, why in CLOSED.items():
        with pytest.raises(BadQuestion, match=f"“{name}” {why}"):
            lending.answer(f"find lending where {name} = x")


def test_ids_and_outcomes_that_are_only_grouped_are_left_out(tmp_path: Path) -> None:
    """A grouped request id or outcome is not listed, and the records still are."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    toml = declared().replace(
        'email = "hidden"', 'email = "hidden"\nrequest_id = "grouped"\nrepaid = "grouped"'
    )
    with living(tmp_path, toml) as trip:
        answer = trip.answer("find lending last 24 hours slowest")
    names = {each.name for each in answer.tables[0].columns}
    assert {"time", "score", "income"} <= names
    assert not {"request_id", "outcome"} & names


def test_a_protected_attribute_that_is_declared_open_is_shown(tmp_path: Path) -> None:
    """Who declares a protected attribute open means it: then it is listed like any other."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    with living(tmp_path, declared().replace('email = "hidden"', 'sex = "open"')) as trip:
        assert set(column(trip.answer("find lending"), "sex")) <= {f"{SECRET}-f", f"{SECRET}-m"}


def test_an_undated_log_is_found_in_whole(tmp_path: Path) -> None:
    """Records of a log without times are all of them, whatever time is asked for."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    with living(tmp_path, declared(roles={"time": None})) as trip:
        reply = trip.ask("find lending yesterday where failed = yes")
        assert reply.provenance.question.startswith("find lending all where failed = yes")
        assert "in the whole log" in reply.answer.headline
        assert reply.provenance.start is None
        assert {step.text.split()[0] for step in reply.answer.follow_ups} == {"trace"}


def test_nothing_that_matches_is_said_with_what_is_near(lending: Trip) -> None:
    """A condition that nothing meets is answered in words, with the nearest value."""
    answer = lending.answer("find lending where region = emae")
    assert answer.severity is Severity.UNKNOWN
    assert not answer.tables
    assert "Did you mean “emea”?" in answer.summary
    none = lending.answer("find lending where request_id = r-1")
    assert none.summary == "No request id in this time is “r-1”."
    other = lending.answer("find lending where request_id = r102500 and region = apac")
    assert other.summary == "Each condition may match on its own; together they match nothing."


@pytest.mark.parametrize(
    "value",
    [
        "'; DROP TABLE log; --",
        "%",
        "é" * 4_000,
        "\\",
        '"',
        "{}",
        "<!channel>",
        "=1+1",
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_hostile_value_matches_nothing(lending: Trip, value: str) -> None:
    """A value in a condition is bound, never read as SQL, whatever it holds."""
    where = value.replace("\\", "\\\\").replace('"', '\\"')
    answer = lending.answer(f'find lending where region = "{where}"')
    assert "no requests" in answer.headline


@pytest.mark.parametrize("value", ["9" * 18, "9" * 40, "9" * 400, "1e308", "-1e999", "nan"])
def test_a_number_beyond_all_numbers_matches_nothing(lending: Trip, value: str) -> None:
    """A number that no column can hold is compared like any other."""
    assert "no requests" in lending.answer(f"find lending where status = {value}").headline


def test_slowest_needs_a_latency(tmp_path: Path) -> None:
    """Where no latency is logged, asking for the slowest names the role to declare."""
    write(tmp_path / "lending" / "requests.parquet", requests(start=NOW - DAY))
    with (
        living(tmp_path, declared(roles={"latency_ms": None})) as trip,
        pytest.raises(NotAnswerable, match="latency_ms"),
    ):
        trip.answer("find lending slowest")


def test_a_time_in_a_condition_is_the_askers(lending: Trip) -> None:
    """A time that a person writes in a condition is one of their own clock."""
    local = (NOW - timedelta(hours=2)).astimezone(ANA.tz)
    answer = lending.answer(f'find lending last 24 hours where time >= "{local:%Y-%m-%dT%H:%M}"')
    oldest = min((row[0] for row in _all(answer)), key=str)
    assert isinstance(oldest, datetime)
    assert timedelta(0) <= oldest - (NOW - timedelta(hours=2)) <= timedelta(minutes=5)


def _all(answer: Answer) -> list[tuple[Cell, ...]]:
    return [row for batch in every_row(answer).batches() for row in batch]
