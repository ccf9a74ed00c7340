"""Changed inputs, asked of logs on disk: what is planted is found, and nothing else is said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Finding, Severity
from queries.core.charts import BarChart, ShapeChart
from queries.core.errors import NotAnswerable
from tests.asking import NOW, asking, rows
from tests.questions.planted import write

DAY = 1440
"""Requests a day, one a minute."""

LOG = {
    "ts": "stamp",
    "id": "'r' || i",
    "region": "['emea', 'amer', 'apac'][1 + i % 3]",
    "income": "1000 + round(4000 * u)",
    "age": "18 + floor(50 * v)",
    "channel": "CASE WHEN w < 0.6 THEN 'web' WHEN w < 0.97 THEN 'branch' ELSE 'phone' END",
    "returning": "u < 0.3",
}
ROLES = {
    "time": "ts",
    "request_id": "id",
    "dimensions": ["region"],
    "features": ["income", "age", "channel", "returning"],
}
MIXED = """CASE WHEN u < CASE WHEN stamp BETWEEN TIMESTAMP '2026-11-23 02:00'
    AND TIMESTAMP '2026-11-23 06:00' THEN 0.55 ELSE 0.33 END THEN NULL ELSE 3000 + w END"""
"""Empty for some who ask, at all times; more of them ask in some hours of the night."""
INFINITY, NAN = "'inf'::DOUBLE", "'nan'::DOUBLE"


def asked(
    folder: Path,
    text: str = "inputs x last 24 hours",
    *,
    now: dict[str, str] | None = None,
    before: dict[str, str] | None = None,
    days: int = 1,
    reference: bool = True,
    **declared: Any,
) -> Answer:
    """Write a log of some days and a reference of 5,000 rows, each with some columns changed."""
    write(folder / "log.parquet", rows(days * DAY, LOG | (now or {})))
    source: dict[str, Any] = {"files": "log.parquet", "roles": ROLES} | declared
    if reference:
        write(folder / "reference.parquet", rows(5000, LOG | (before or {}), salt="before"))
        source["reference"] = {"files": "reference.parquet"}
    with asking({"x": source}, folder) as house:
        return house.answer(text)


def only(answer: Answer, kind: str) -> Finding:
    """The one finding of a kind."""
    (found,) = [each for each in answer.findings if each.kind == kind]
    return found


def cell(answer: Answer, name: str, column: str) -> Any:
    """One cell of the table of inputs."""
    table = answer.tables[0]
    at = [each.name for each in table.columns].index(column)
    (row,) = [row for row in table.rows if row[0] == name]
    return row[at]


def test_nothing_changed(tmp_path: Path) -> None:
    """Where every input is drawn as before, that is what is said, and nothing stands out."""
    answer = asked(tmp_path)
    assert answer.severity is Severity.GOOD
    assert answer.headline == "x: none of 4 inputs changed enough to matter"
    assert answer.findings == ()
    assert answer.caveats == ()
    assert isinstance(answer.chart, BarChart)
    assert not any(bar.emphasis for bar in answer.chart.bars)
    assert answer.summary == (
        "1,440 requests in the last 24 hours, compared with 5,000 rows in the reference set."
    )


def test_a_shift_is_found_and_ranked_first(tmp_path: Path) -> None:
    """The planted number stands first, with where it was and is, and its shape is the picture."""
    answer = asked(tmp_path, now={"income": "2500 + round(4000 * u)"})
    assert answer.severity is Severity.WARNING
    assert answer.headline == ("x: “income” shifted: 4,534 on average, 3,015 in the reference set")
    assert [each.kind for each in answer.findings] == ["shifted"]
    assert only(answer, "shifted").numbers["shift"].n == DAY
    assert answer.tables[0].rows[0][:2] == ("income", "shifted")
    assert cell(answer, "age", "verdict") == "no change that matters"
    assert isinstance(answer.chart, ShapeChart)
    assert answer.chart.x_label == "income"
    assert sum(answer.chart.now) == pytest.approx(1)
    assert sum(answer.chart.before) == pytest.approx(1)
    assert answer.chart.edges[0] == pytest.approx(1000, abs=5)
    assert answer.chart.edges[-1] >= 6499


def test_several_shifts(tmp_path: Path) -> None:
    """Of several the furthest is named, and how many of how many."""
    moved = {"income": "9000 + round(4000 * u)", "age": "30 + floor(50 * v)"}
    answer = asked(tmp_path, now=moved)
    assert answer.headline == (
        "x: 2 of 4 inputs have shifted, most of all “income”: 11,034 on average, "
        "3,015 in the reference set"
    )
    assert [each.text.split("”")[0] for each in answer.findings] == ["“income", "“age"]


def test_one_of_many_inputs(tmp_path: Path) -> None:
    """Among sixty inputs one that shifted is found, and emptied by chance is none."""
    many = {f"f{i}": f"('0x' || substr(md5('{i}.' || id), 1, 6))::INTEGER % 100" for i in range(60)}
    gaps = {f"g{i}": f"CASE WHEN {f} % 10 > 0 THEN 1 END" for i, f in enumerate(many.values())}
    roles = ROLES | {"features": [*many, *gaps]}
    before = many | gaps
    shifted = before | {"f7": f"({many['f7']}) + 40"}
    answer = asked(tmp_path, before=before, now=shifted, roles=roles)
    assert [each.text.split("”")[0] for each in answer.findings] == ["“f7"]
    assert answer.headline == "x: “f7” shifted: 90.6 on average, 50.2 in the reference set"


def test_a_shift_too_small_to_matter_stays_silent(tmp_path: Path) -> None:
    """Hundreds of thousands of requests with a tiny shift beyond chance say nothing."""
    answer = asked(tmp_path, "inputs x all", now={"income": "1020 + round(4000 * u)"}, days=150)
    assert answer.severity is Severity.GOOD
    assert answer.findings == ()
    assert cell(answer, "income", "q") < 0.05
    assert 0 < cell(answer, "income", "shift") < 0.1


def test_what_matters_is_declared(tmp_path: Path) -> None:
    """A shift that is silent by default speaks where the source says that it matters."""
    shifted = {"age": "20 + floor(50 * v)"}
    quiet = asked(tmp_path, now=shifted, matters={"drift": 0.5})
    loud = asked(tmp_path, now=shifted, matters={"drift": 0.05})
    assert quiet.findings == ()
    assert only(loud, "shifted").text.startswith("“age” shifted: ")


@pytest.mark.parametrize("empty", ["NULL", NAN])
def test_an_emptied_input_since_when(tmp_path: Path, empty: str) -> None:
    """An input that is suddenly empty is an alarm with its onset, before any shift."""
    columns = {
        "income": f"CASE WHEN stamp >= TIMESTAMP '2026-11-23 03:00' THEN {empty} "
        "ELSE 1000 + round(4000 * u) END",
        "age": "40 + floor(50 * v)",
    }
    answer = asked(tmp_path, now=columns)
    assert answer.severity is Severity.ALARM
    assert answer.headline == (
        "x: “income” is missing in 38 % of requests, 0 % in the reference set; "
        "1 other input changed too"
    )
    found = only(answer, "emptied")
    assert found.severity is Severity.ALARM
    said = re.search(r"38 % of requests, 100 % since about (\d\d):(\d\d);", found.text)
    assert said is not None, found.text
    onset = NOW.replace(hour=int(said[1]), minute=int(said[2]))
    assert abs(onset - datetime(2026, 11, 23, 3, tzinfo=UTC)) <= timedelta(minutes=10)
    assert found.numbers["missing"].value == pytest.approx(540 / DAY)
    assert only(answer, "shifted").text.startswith("“age”")
    assert isinstance(answer.chart, BarChart)
    assert answer.chart.unit == "share"


def test_an_input_that_was_empty_all_along_has_no_onset(tmp_path: Path) -> None:
    """Where those who lack an input merely ask more for a while, no beginning is told."""
    answer = asked(tmp_path, now={"income": MIXED})
    assert only(answer, "emptied").text.endswith("% of requests; 0 % in the reference set.")


def test_the_requests_without_it_are_one_step_away(tmp_path: Path) -> None:
    """The follow-up of an emptied input can be asked as it is written and finds those requests."""
    write(tmp_path / "log.parquet", rows(DAY, LOG | {"channel": "NULLIF(region, 'emea')"}))
    write(tmp_path / "reference.parquet", rows(5000, LOG, salt="before"))
    source = {"files": "log.parquet", "roles": ROLES, "reference": {"files": "reference.parquet"}}
    with asking({"x": source}, tmp_path) as house:
        (step,) = [each for each in house.answer("inputs x").follow_ups if "without" in each.label]
        found = house.answer(step.text)
    assert step.label == "Requests without channel"
    assert found.every_row is not None
    assert found.every_row.total == DAY / 3


def test_a_filled_input(tmp_path: Path) -> None:
    """An input that was mostly empty and no longer is has changed as well."""
    answer = asked(tmp_path, before={"age": "CASE WHEN u < 0.4 THEN NULL ELSE 30 END"})
    assert cell(answer, "age", "verdict") == "shifted and filled"
    found = only(answer, "filled")
    assert (
        found.text == "“age” is filled more: missing in 0 % of requests; 39 % in the reference set."
    )
    assert found.severity is Severity.WARNING


def test_infinite_values(tmp_path: Path) -> None:
    """A number divided by zero is neither missing nor shifted, but said all the same."""
    answer = asked(tmp_path, now={"income": f"CASE WHEN v < 0.1 THEN {INFINITY} ELSE 3000 END"})
    assert answer.severity is Severity.ALARM
    assert answer.headline == (
        "x: “income” is infinite in 11 % of requests, 0 % in the reference set"
    )
    assert cell(answer, "income", "infinite") == pytest.approx(0.1, abs=0.02)
    assert isinstance(answer.chart, BarChart)
    assert [bar.label for bar in answer.chart.bars if bar.emphasis] == ["income"]
    assert answer.chart.bars[0].value == cell(answer, "income", "infinite")


def test_a_new_category(tmp_path: Path) -> None:
    """A value never seen before is named with its share."""
    columns = {
        "channel": "CASE WHEN w < 0.6 THEN 'web' WHEN w < 0.955 THEN 'branch' "
        "WHEN w < 0.97 THEN 'partner' ELSE 'phone' END"
    }
    answer = asked(tmp_path, now=columns, matters={"drift": 0.3})
    assert answer.headline == (
        "x: “channel” holds “partner” in 2.8 % of requests, never seen in the reference set"
    )
    assert only(answer, "new values").numbers["unseen"].value == pytest.approx(0.028, abs=1e-3)
    assert cell(answer, "channel", "new_named") == "partner"


def test_only_new_categories(tmp_path: Path) -> None:
    """Where all values are new, that is said once, not as a shift and as new values."""
    answer = asked(tmp_path, now={"channel": "'n' || i % 3"})
    assert "3 values never seen in the reference set, in 100 % of requests" in answer.headline
    assert [each.kind for each in answer.findings] == ["shifted", "values gone"]
    assert cell(answer, "channel", "shift") == pytest.approx(1)


def test_a_vanished_category(tmp_path: Path) -> None:
    """A value that is gone is named with how common it was."""
    columns = {"channel": "CASE WHEN w < 0.62 THEN 'web' ELSE 'branch' END"}
    answer = asked(tmp_path, now=columns, matters={"drift": 0.3})
    assert answer.headline == (
        "x: “channel” is never “phone” any more (3.0 % in the reference set)"
    )
    assert cell(answer, "channel", "vanished") == "phone"


def test_the_category_that_moved_is_named(tmp_path: Path) -> None:
    """A shift names the value that makes it, not the commonest one."""
    columns = {
        "channel": "CASE WHEN w < 0.6 THEN 'web' WHEN w < 0.8 THEN 'branch' ELSE 'phone' END"
    }
    answer = asked(tmp_path, now=columns)
    assert "“channel” shifted: “phone” in 21.6 %, 3.0 % in the reference set" in answer.headline
    assert isinstance(answer.chart, BarChart)
    assert [bar.label for bar in answer.chart.bars] == ["web", "phone", "branch"]
    assert [bar.label for bar in answer.chart.bars if bar.emphasis] == ["phone"]
    assert answer.chart.bars[1].reference == pytest.approx(0.03, abs=0.002)


@pytest.mark.parametrize("now", ["90000 + round(4000 * u)", "round(4000 * u)", "0"])
def test_the_picture_reaches_as_far_as_the_values(tmp_path: Path, now: str) -> None:
    """However far a number moved, its shape now is drawn beside the one before, in few bins."""
    chart = asked(tmp_path, now={"income": now}).chart
    assert isinstance(chart, ShapeChart)
    assert sum(chart.now) == pytest.approx(1)
    assert 2 <= len(chart.now) == len(chart.before) == len(chart.edges) - 1 <= 20
    assert list(chart.edges) == sorted(set(chart.edges))
    assert "differ most from" in chart.alt


def test_every_distance_that_the_counts_give(tmp_path: Path) -> None:
    """The spreadsheet has PSI, Hellinger, chi-square and L-infinity beside the method used."""
    answer = asked(tmp_path, now={"income": "2500 + round(4000 * u)"})
    assert cell(answer, "income", "method").startswith("Jensen-Shannon distance, ")
    assert cell(answer, "channel", "method") == "Jensen-Shannon distance, 3 categories"
    table = answer.tables[1]
    names = [column.name for column in table.columns]
    by_name: dict[Any, dict[str, Any]] = {
        row[0]: dict(zip(names, row, strict=True)) for row in table.rows
    }
    assert by_name["income"]["psi"] > 1
    assert by_name["income"]["psi_floored"] > 0
    assert by_name["income"]["l_infinity"] is None
    assert by_name["channel"]["l_infinity"] == pytest.approx(0, abs=0.03)
    assert by_name["channel"]["p"] > 0.01


def test_names_and_ids_do_not_change_by_being_new(tmp_path: Path) -> None:
    """A column of which every value is its own can't be compared, and doesn't alarm."""
    answer = asked(tmp_path, now={"channel": "'c' || i"}, before={"channel": "'b' || i"})
    assert answer.severity is Severity.GOOD
    assert answer.headline == "x: none of 3 inputs changed enough to matter"
    assert answer.caveats == ("“channel”: too many different values to compare.",)


def test_rare_values_come_and_go(tmp_path: Path) -> None:
    """A long tail of rare values brings new ones every day; their number alone is no change."""
    tail = "'m' || floor(exp(8 * u))::INTEGER"
    answer = asked(tmp_path, now={"channel": tail}, before={"channel": tail})
    assert cell(answer, "channel", "new_values") > 0.01
    assert answer.findings == ()


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("7", "7", "no change that matters"),
        ("1000 + round(4000 * u)", "0", "shifted: always 0, 3,015 on average"),
        ("7", "1000 + round(4000 * u)", "shifted: 3,034 on average, 7 in the reference set"),
        ("3000", "2999 + 2 * floor(2 * u)", "3,000 on average as in the reference set, but spread"),
        ("NULL::DOUBLE", "NULL::DOUBLE", "“income”: always empty."),
        ("NULL::DOUBLE", "3000", "missing in 0 % of requests, 100 % in the reference set"),
        ("3000", "NULL::DOUBLE", "is missing in 100 % of requests, 0 % in the reference set"),
        (INFINITY, INFINITY, "“income”: too few values to say."),
        (NAN, NAN, "“income”: always empty."),
    ],
)
def test_columns_that_hold_little(tmp_path: Path, before: str, now: str, said: str) -> None:
    """Constant, empty, infinite and undefined inputs are answered in words that fit."""
    answer = asked(tmp_path, before={"income": before}, now={"income": now})
    told = [answer.headline, *answer.caveats, str(cell(answer, "income", "verdict"))]
    assert any(said in text for text in told), told


@pytest.mark.parametrize("count", [1, 29])
def test_too_few_requests(tmp_path: Path, count: int) -> None:
    """A handful of requests is too few to say, whatever they hold."""
    answer = asked(
        tmp_path,
        "inputs x last 24 hours where request_id in " + ", ".join(f"r{i}" for i in range(count)),
        now={"income": "NULL::DOUBLE"},
    )
    assert answer.severity is Severity.UNKNOWN
    assert answer.headline.endswith("too few values to say whether its inputs changed")
    assert answer.findings == ()


def test_no_requests(tmp_path: Path) -> None:
    """An empty log and an empty time say so, and a value that isn't logged names the nearest."""
    assert asked(tmp_path, days=0).headline == "x: the log is empty"
    early = asked(tmp_path, "inputs x 2026-11-01..2026-11-03")
    assert early.headline == "x: no requests from 1 Nov to 3 Nov 2026 UTC"
    typo = asked(tmp_path, "inputs x last 24 hours where region = emeaa")
    assert typo.severity is Severity.UNKNOWN
    assert typo.summary == "No region in this time is “emeaa”. Did you mean “emea”?"


@pytest.mark.parametrize(
    ("declared", "text", "said"),
    [
        ({}, "inputs x against reference", "Declare one under [sources.x.reference], or ask with"),
        ({}, "inputs x last 24 hours", "declare a reference set under [sources.x.reference]"),
        ({"undated": True}, "inputs x", "Declare one under [sources.x.reference]."),
        ({"undated": True}, "inputs x against usual", "no times"),
        ({"roles": {"time": "ts"}}, "inputs x", "List them as `features` under [sources.x.roles]"),
    ],
)
def test_what_is_not_declared_is_named(
    tmp_path: Path, declared: dict[str, Any], text: str, said: str
) -> None:
    """Without a reference, a past or features the answer is what to declare and where."""
    with pytest.raises(NotAnswerable, match=re.escape(said)):
        asked(tmp_path, text, reference=False, **declared)


def test_inputs_that_one_side_lacks_are_named(tmp_path: Path) -> None:
    """An input missing from the reference or hidden isn't compared, and that is said."""
    roles = ROLES | {"features": ["income", "age", "channel", "debt"]}
    log, before = LOG | {"debt": "v"}, LOG | {"channel": "w"}
    del before["age"]
    write(tmp_path / "log.parquet", rows(DAY, log))
    write(tmp_path / "reference.parquet", rows(500, before | {"debt": "v"}))
    source = {
        "files": "log.parquet",
        "roles": roles,
        "reference": {"files": "reference.parquet"},
        "visibility": {"channel": "hidden"},
    }
    with asking({"x": source}, tmp_path) as house:
        answer = house.answer("inputs x")
    assert [row[0] for row in answer.tables[0].rows] == ["debt", "income"]
    assert answer.caveats == (
        "“age” isn't compared: the reference set has no such column.",
        "“channel” isn't compared: it is hidden.",
    )


def test_a_protected_number_is_compared_without_showing_anybody(tmp_path: Path) -> None:
    """A number that may only be split by is told apart by its values, and never listed."""
    roles = ROLES | {"protected": ["age"]}
    answer = asked(tmp_path, now={"age": "30 + floor(20 * v)"}, roles=roles)
    assert cell(answer, "age", "verdict") == "shifted and values gone"
    assert "average" not in str(cell(answer, "age", "now"))


def test_values_from_a_log_stay_values(tmp_path: Path) -> None:
    """A value of a thousand characters is shortened in sentences and whole in the table."""
    answer = asked(tmp_path, now={"channel": "'<!here> *" + 300 * "x" + "' || i % 2"})
    assert len(answer.headline) < 250
    assert "<!here> *xxx" in answer.headline
    assert len(str(cell(answer, "channel", "new_named"))) > 600


def test_a_narrowed_question_compares_like_with_like(tmp_path: Path) -> None:
    """Conditions narrow the reference too, as far as it has their columns."""
    columns = {"income": "CASE WHEN i % 3 = 0 THEN 9000 ELSE 3000 END + round(1000 * u)"}
    whole = asked(tmp_path, "inputs x where region = emea", now=columns, before=columns)
    assert whole.severity is Severity.GOOD
    assert "480 requests" in whole.summary
    assert "1,667 rows" in whole.summary
    odd = asked(tmp_path, "inputs x where region = emea", now=columns)
    assert odd.headline.startswith("x where region = emea: “income” shifted: 9,5")


def test_a_reference_without_the_column_is_compared_whole(tmp_path: Path) -> None:
    """What the reference can't be narrowed by is said."""
    roles = ROLES | {"version": "version"}
    answer = asked(tmp_path, "inputs x where version = 2", now={"version": "2"}, roles=roles)
    assert "compared with 5,000 rows" in answer.summary
    (caveat,) = answer.caveats
    assert caveat == "The reference set has no “version”, so that all of it is compared with."


def test_an_undated_log(tmp_path: Path) -> None:
    """A log without times is compared whole, and nothing is said of when."""
    roles = {key: each for key, each in ROLES.items() if key != "time"}
    columns = {"income": "CASE WHEN u < 0.5 THEN NULL ELSE 3000 END"}
    answer = asked(tmp_path, "inputs x all", now=columns, undated=True, roles=roles)
    assert "is missing in 49 % of requests" in answer.headline
    assert "since" not in only(answer, "emptied").text
    assert "in the whole log" in answer.summary
