"""One decision traced: every number against the rows themselves, and nothing of anybody else."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import openpyxl
import pytest

from bot.terminal import as_json
from commands.export import export
from commands.ports import Person
from commands.replies import Form
from commands.understand import understand
from queries.core.answer import Answer, Severity
from queries.core.charts import BarChart, LineChart
from queries.core.errors import NotAnswerable
from tests.asking import NOW, Asking, asking, rows
from tests.questions.planted import write

UTC = ZoneInfo("UTC")
SECRET = "sentinel"  # noqa: S105 - no password, but what must not be seen
COUNT, EVERY = 6_000, 180
"""Twelve and a half days, a request every three minutes."""

TRUE_RATIO = "loan / income"
BEGAN, ENDED = 5_000, 5_200
"""Between these requests one region logs the ratio wrongly."""

COLUMNS: Mapping[str, str] = {
    "ts": "stamp",
    "id": "'r' || i",
    "customer": "'c-' || i % 700",
    "email": f"'{SECRET}' || i",
    "sex": f"'{SECRET}-' || ['f', 'm'][1 + i % 2]",
    "area": f"'{SECRET}-' || i % 9",
    "region": "['EMEA', 'AMER', 'APAC'][1 + i % 3]",
    "version": "CASE WHEN i % 5 = 0 THEN '2.3' ELSE '2.2' END",
    "income": "CASE WHEN i % 97 = 0 THEN NULL ELSE 1000 + round(4000 * v) END",
    "loan": "round(20000 * w) + 500",
    "late": "CASE WHEN w < 0.8 THEN 0 ELSE 1 + i % 3 END",
    "channel": "CASE WHEN u < 0.02 THEN 'branch' WHEN u < 0.5 THEN 'app' ELSE 'web' END",
    "income_log": "ln(1000 + round(4000 * v) + 1)",
    "ratio": f"(round(20000 * w) + 500) / (1000 + round(4000 * v)) / CASE WHEN i >= {BEGAN} "
    f"AND i < {ENDED} AND i % 3 = 0 THEN 12 ELSE 1 END",
    "of_sex": "1.0::DOUBLE",
    "score": "round(0.7 * v + 0.3 * w, 6)",
    "cut": "0.5::DOUBLE",
    "turned": "(i % 41 = 0)",
    "why": "CASE WHEN i % 41 = 0 THEN 'manager exception' END",
    "decision": "CASE WHEN (0.7 * v + 0.3 * w >= 0.5) = (i % 41 <> 0) THEN 'approve' "
    "ELSE 'decline' END",
    "repaid": f"CASE WHEN 0.7 * v + 0.3 * w >= 0.5 AND i < {COUNT - 1200} THEN 'yes' END",
    "w_income": "round(v - 0.5, 3)",
    "w_loan": "round(w - 0.5, 3) / 2",
}
ROLES: Mapping[str, Any] = {
    "time": "ts",
    "request_id": "id",
    "entity_id": "customer",
    "version": "version",
    "score": "score",
    "threshold": "cut",
    "override": "turned",
    "override_reason": "why",
    "decision": "decision",
    "outcome": "repaid",
    "dimensions": ["region", "area"],
    "protected": ["sex"],
    "features": ["income", "loan", "late", "channel", "sex"],
    "transformed": {
        "income_log": "ln(income + 1)",
        "ratio": TRUE_RATIO,
        "of_sex": "if(sex = 'f', 1, 0)",
    },
    "attributions": ["w_income", "w_loan"],
}
SOURCE: Mapping[str, Any] = {
    "title": "Loans",
    "files": "log.parquet",
    "task": "binary",
    "positive": "yes",
    "decided": ["approve"],
    "outcome_delay": "2 days",
    "visibility": {"email": "hidden", "area": "grouped"},
    "roles": ROLES,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planted log in a file."""
    found = tmp_path_factory.mktemp("trace")
    write(found / "log.parquet", rows(COUNT, COLUMNS, every=EVERY))
    return found


@pytest.fixture(scope="module")
def loans(folder: Path) -> Iterator[Asking]:
    """The planted log, as declared, without attributions, and one with odd ids."""
    bare = {
        name: role for name, role in ROLES.items() if name not in ("attributions", "transformed")
    }
    numbered = bare | {"request_id": "number", "entity_id": "person"}
    plain = rows(COUNT, {**COLUMNS, "i": "i"}, every=EVERY)
    query = f"SELECT *, i AS number, i % 700 AS person FROM ({plain})"
    twice = f"{query} UNION ALL {query} WHERE i = 5500"
    write(folder / "odd.parquet", twice)
    sources = {
        "loans": SOURCE,
        "bare": {**SOURCE, "roles": bare},
        "odd": {**SOURCE, "files": "odd.parquet", "roles": numbered},
    }
    with asking(sources, folder) as found:
        yield found


@pytest.fixture(scope="module")
def week(folder: Path) -> Sequence[Mapping[str, Any]]:
    """The rows of the seven days that end with request r5501, read by hand."""
    until = NOW - timedelta(seconds=EVERY * (COUNT - 5_501))
    with duckdb.connect() as duck:
        found = duck.execute(
            f"SELECT * FROM '{folder / 'log.parquet'}' WHERE ts BETWEEN $1 AND $2 ORDER BY ts",
            [(until - timedelta(days=7)).replace(tzinfo=None), until.replace(tzinfo=None)],
        )
        names = [each[0] for each in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def table(answer: Answer, title: str) -> list[dict[str, Any]]:
    """The rows of one table, by column."""
    (found,) = [each for each in answer.tables if each.title == title]
    return [dict(zip([c.name for c in found.columns], row, strict=True)) for row in found.rows]


def finding(answer: Answer, kind: str) -> str:
    """The sentence of one kind."""
    return next(each.text for each in answer.findings if each.kind == kind)


def facts(answer: Answer) -> dict[str, tuple[Any, str]]:
    """The card's values and notes by name."""
    return {each.label: (each.value, each.note) for each in answer.facts}


def test_the_card_says_what_was_decided_and_how_narrowly(loans: Asking) -> None:
    """Ids, time, version, decision, score, threshold and outcome stand on the card."""
    reply = loans.ask("trace loans r5501")
    answer, mine = reply.answer, facts(reply.answer)
    assert reply.private
    assert mine["Request id"][0] == "r5501"
    assert mine["Entity id"][0] == "c-601"
    assert mine["Time"][0] == NOW - timedelta(seconds=EVERY * (COUNT - 5_501))
    assert mine["Version"][0] == "2.2"
    score = float(str(mine["Score"][0]))
    side = "above" if score > 0.5 else "below"
    assert f"{side} the threshold 0.50" in answer.headline
    assert mine["Threshold"][1].endswith(side)
    assert (mine["Decision"][0] == "approve") == (score >= 0.5)
    assert answer.severity is Severity.NOTE


def test_places_are_those_counted_by_hand(loans: Asking, week: Sequence[Mapping[str, Any]]) -> None:
    """For each input: the share below, half of the equal counted, and the share of the same."""
    mine = week[-1]
    assert mine["id"] == "r5501"
    answer = loans.answer("trace loans r5501")
    found = {row["input"]: row for row in table(answer, "Inputs")}
    assert set(found) == {"income", "loan", "late", "channel"}
    for name in ("income", "loan", "late"):
        values = np.array([row[name] for row in week if row[name] is not None], dtype=float)
        below = (values < mine[name]).sum() + (values == mine[name]).sum() / 2
        assert found[name]["n"] == len(values)
        assert found[name]["below"] == pytest.approx(below / len(values), abs=1e-12)
        assert found[name]["same"] == pytest.approx((values == mine[name]).mean(), abs=1e-12)
    same = np.mean([row["channel"] == mine["channel"] for row in week])
    assert found["channel"]["same"] == pytest.approx(same, abs=1e-12)
    assert f"held against {len(week):,} requests in the 7 days until then" in answer.caveats[0]
    margins = np.array([abs(row["score"] - row["cut"]) for row in week])
    number = next(each for each in answer.findings if each.kind == "margin").numbers["closer"]
    assert number.value == pytest.approx((margins < margins[-1]).mean(), abs=1e-12)
    assert number.n == len(week)


def test_similar_requests_are_the_nearest_by_hand(
    loans: Asking, week: Sequence[Mapping[str, Any]]
) -> None:
    """The most similar decided otherwise are those that a brute-force search finds."""
    mine = week[-1]
    numbers, inputs = ("income", "loan", "late"), 4
    spread = {}
    for name in numbers:
        values = [row[name] for row in week if row[name] is not None]
        low, high = np.quantile(values, [0.25, 0.75])
        spread[name] = high - low
    assert spread["late"] == 0  # most have none, so that it counts like a category

    def distance(row: Mapping[str, Any]) -> float:
        total = float(row["channel"] != mine["channel"]) + float(row["late"] != mine["late"])
        for name in ("income", "loan"):
            gap = 1.0 if row[name] is None else abs(row[name] - mine[name]) / spread[name]
            total += gap
        return total / inputs

    others = [
        row
        for row in week
        if row["decision"] != mine["decision"]
        and row["version"] == mine["version"]
        and not row["turned"]
        and row["customer"] != mine["customer"]
    ]
    nearest = sorted(map(distance, others))[:5]
    answer = loans.answer("trace loans r5501")
    found = table(answer, "Similar, decided otherwise")
    assert [row["distance"] for row in found] == pytest.approx([0.0, *nearest], abs=1e-6)
    assert {row["decision"] for row in found[1:]} == {others[0]["decision"]}
    assert f"Of {len(others):,} requests decided otherwise" in finding(answer, "nearest other")


def test_each_step_is_computed_again(loans: Asking) -> None:
    """Transformations are recomputed with their values, and those that match are said to."""
    answer = loans.answer("trace loans r5501")
    found = {row["transformation"]: row for row in table(answer, "Transformations")}
    assert found["ratio"]["expression"] == TRUE_RATIO
    loan, income = (float(each.replace(",", "")) for each in found["ratio"]["with"].split(" / "))
    assert float(found["ratio"]["computed"]) == pytest.approx(loan / income)
    assert found["ratio"]["verdict"] == found["income_log"]["verdict"] == "matches"
    assert finding(answer, "steps match").startswith("All 2 transformations")
    assert found["of_sex"]["verdict"] == "not shown"
    assert found["of_sex"]["computed"] == found["of_sex"]["with"] == ""
    (why,) = [row["why"] for row in table(answer, "Could not be traced") if row["what"] == "of_sex"]
    assert why == "It is made with “sex”. It is not shown for single people, only in groups."


def test_the_first_step_that_does_not_match_is_told_with_since_when(loans: Asking) -> None:
    """Both values, for how many requests, from when to when, and in which part."""
    answer = loans.answer("trace loans r5100")
    assert answer.severity is Severity.WARNING
    said = finding(answer, "step off")
    began, ended = (NOW - timedelta(seconds=EVERY * (COUNT - i)) for i in (5_001, 5_199))
    assert said.startswith("“ratio” doesn't match the log: “loan / income” comes to ")
    assert f"from {began:%H:%M} to {ended:%H:%M on} {ended.day} Nov, all in region EMEA." in said
    (row,) = [r for r in table(answer, "Transformations") if r["transformation"] == "ratio"]
    computed, logged = (float(row[each].replace(",", "")) for each in ("computed", "logged"))
    assert computed / logged == pytest.approx(12)
    with_income = sum(i % 3 == 0 and i % 97 != 0 for i in range(BEGAN, ENDED))
    assert row["off"] == with_income
    (step,) = [each for each in answer.follow_ups if each.label.startswith("What changed at")]
    assert loans.ask(step.text).answer.headline.startswith("loans")


def test_what_cannot_be_computed_is_said(loans: Asking) -> None:
    """Where an input is missing, its steps can't be computed, and the place says how rare it is."""
    answer = loans.answer(f"trace loans r{97 * 57}")
    said = finding(answer, "step not computed")
    assert said == "“income_log” can't be computed, as 1 more: “income” is missing."
    (row,) = [row for row in table(answer, "Inputs") if row["input"] == "income"]
    assert row["value"] == "(empty)"
    assert row["place"].startswith("missing, as in 1.0")


def test_an_override_is_told_with_its_reason(loans: Asking) -> None:
    """A decision that a person turned round says so, and that the score lay on the other side."""
    answer = loans.answer(f"trace loans r{41 * 134}")
    assert " although its score " in answer.headline
    assert finding(answer, "margin").startswith("A person turned it round: manager exception. ")
    assert facts(answer)["Decision"][1] == "a person turned it round: manager exception"


@pytest.mark.parametrize(
    ("id_", "value", "note"),
    [
        ("r4002", "yes", ""),
        ("r5995", "not known", "not in yet: it takes up to 2 days"),
        ("r4001", "not known", "only the decision “approve” can have one"),
        ("r5000", "not known", "none was reported"),
    ],
)
def test_an_outcome_or_why_there_is_none(
    loans: Asking, folder: Path, id_: str, value: str, note: str
) -> None:
    """An outcome is told; else whether there can be one, or whether it is still to come."""
    with duckdb.connect() as duck:
        wanted = {"yes": "repaid = 'yes'", "only": "decision = 'decline'"}.get(value)
        wanted = wanted or ("decision = 'decline'" if "only" in note else "decision = 'approve'")
        near = int(id_[1:])
        ((found,),) = duck.sql(
            f"SELECT id FROM '{folder / 'log.parquet'}' WHERE {wanted} AND NOT turned "
            f"ORDER BY abs(CAST(substr(id, 2) AS INT) - {near}) LIMIT 1"
        ).fetchall()
    assert facts(loans.answer(f"trace loans {found}"))["Outcome"] == (value, note)


def test_what_weighed_most_is_drawn_and_said(loans: Asking) -> None:
    """Logged attributions come by weight, with what they are, and what they can't say."""
    answer = loans.answer("trace loans r5501")
    weights = table(answer, "What weighed most")
    sizes = [abs(row["moved"]) for row in weights]
    assert sizes == sorted(sizes, reverse=True)
    assert {row["input"] for row in weights} == {"income", "loan"}
    assert isinstance(answer.chart, BarChart)
    assert answer.chart.unit == "number"
    assert "not why the world is so" in " ".join(answer.caveats)
    inputs = loans.answer("trace loans r5501 picture inputs").chart
    assert isinstance(inputs, BarChart)
    assert (inputs.unit, inputs.limit) == ("share", 0.5)


def test_attributions_that_are_not_logged_cannot_be_drawn(loans: Asking) -> None:
    """Where none are declared, the role to declare is named; the rest is told all the same."""
    with pytest.raises(NotAnswerable, match="Declare them as `attributions`"):
        loans.answer("trace bare r5501 picture attributions")
    answer = loans.answer("trace bare r5501")
    left = {row["what"]: row["why"] for row in table(answer, "Could not be traced")}
    assert "Declare `attributions` in [sources.bare.roles]" in left["what weighed most"]
    assert "[sources.bare.roles.transformed]" in left["transformations"]


def test_of_an_entity_the_newest_decision_is_traced(loans: Asking) -> None:
    """An entity's id traces its newest decision; the others stand on a time line."""
    answer = loans.answer("trace loans c-601")
    ids = [f"r{601 + 700 * k}" for k in range(8) if 601 + 700 * k < COUNT]
    assert facts(answer)["Request id"][0] == ids[-1]
    assert f"the newest decision with that entity id, of {len(ids)} requests" in answer.summary
    listed = table(answer, "Decisions over time")
    assert [row["request_id"] for row in listed] == ids[::-1]
    assert [row["this"] for row in listed] == [True] + [False] * (len(ids) - 1)
    chart = loans.answer("trace loans c-601 picture history").chart
    assert isinstance(chart, LineChart)
    assert len(chart.x) == len(ids)
    assert {each.label for each in chart.series} == {"score", "threshold"}
    assert chart.marks[0].at == facts(answer)["Time"][0]


def test_ids_may_be_numbers_and_come_twice(loans: Asking) -> None:
    """A number is found as one, an id that was logged twice is said to be, and text is refused."""
    answer = loans.answer("trace odd 5501")
    assert facts(answer)["Request id"][0] == "5501"
    assert facts(answer)["Entity id"][0] == "601"
    assert "logged 2 times; this is the latest" in loans.answer("trace odd 5500").summary
    assert "no requests" in loans.answer("trace odd r5500").headline
    first = loans.answer("trace odd 601")
    assert facts(first)["Request id"][0] == "601", "a request's id comes before an entity's"


def test_an_id_that_is_not_there_says_what_to_try(loans: Asking) -> None:
    """Nothing found: the whole log, or ids that contain it, are offered, and can be asked."""
    answer = loans.answer("trace loans r1 last 24 hours")
    assert answer.severity is Severity.UNKNOWN
    assert "no requests in the last 24 hours have the id “r1”" in answer.headline
    whole, part = answer.follow_ups
    assert facts(loans.answer(whole.text))["Request id"][0] == "r1"
    assert "request id" in part.label.lower()
    assert "contains" in loans.answer(part.text).headline
    asked = understand("trace loans last 24 hours", loans.services.catalog(), UTC)
    assert isinstance(asked, Form)
    (field,) = [each for each in asked.fields if each.name == "id"]
    assert (field.control, field.optional) == ("text", False)


def test_an_id_is_read_as_it_is_pasted(loans: Asking) -> None:
    """Blanks and the marks of code around an id are no part of it; words of a time are none."""
    for text in ("trace loans `r5501`", 'trace loans "r5501 "', "trace loans last 7 days r5501"):
        assert facts(loans.answer(text))["Request id"][0] == "r5501"


def test_find_offers_to_trace_its_records(loans: Asking) -> None:
    """Records that were found can each be traced by a button, the only one without its id."""
    one = loans.answer("find loans last 7 days where request_id = r5501")
    (step,) = [each for each in one.follow_ups if each.label == "Why this decision?"]
    assert loans.ask(step.text).private
    assert facts(loans.answer(step.text))["Request id"][0] == "r5501"
    some = loans.answer("find loans last 24 hours limit 20")
    labels = [each.label for each in some.follow_ups]
    assert labels[:3] == ["Why r5999?", "Why r5998?", "Why r5997?"]


def test_nothing_of_anybody_else_is_shown(loans: Asking) -> None:
    """No hidden or grouped value, and no id or time of another customer, in any form of it."""
    reply = loans.ask("trace loans r5501")
    person = Person("ana", "ana", "UTC")
    content = export(reply.provenance.run, person, loans.services).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [str(cell) for tab in book for row in tab.iter_rows(values_only=True) for cell in row]
    mine = {f"r{601 + 700 * k}" for k in range(8)}
    for text in (as_json(reply), " ".join(cells)):
        assert SECRET not in text
        ids = {word.strip('",.:;') for word in text.split() if word.strip('",.:;')[:1] == "r"}
        others = {word for word in ids if word[1:].isdigit()} - mine
        assert others == set()
        assert "c-60" in text
    similar = next(each for each in reply.answer.tables if each.title.startswith("Similar"))
    assert {"request_id", "entity_id", "time"}.isdisjoint(c.name for c in similar.columns)
    assert "Hidden, so never shown: email." in reply.answer.caveats
    assert "Not shown for single people, only in groups: area and sex." in reply.answer.caveats


def test_it_is_filed_as_one_page(loans: Asking) -> None:
    """“Open as spreadsheet” gives one printable page with every section of the answer."""
    reply = loans.ask("trace loans r5501")
    person = Person("ana", "ana", "UTC")
    link = export(reply.provenance.run, person, loans.services)
    assert link.private
    book = openpyxl.load_workbook(io.BytesIO(link.content))
    (page,) = book.worksheets
    values = {cell for row in page.iter_rows(values_only=True) for cell in row if cell is not None}
    assert {each.title for each in reply.answer.tables} | {"At a glance"} <= values
    assert reply.answer.headline in values
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert "trace loans" in page.title


def test_early_requests_are_held_against_the_first_days(loans: Asking) -> None:
    """A request of the log's first days is compared with those of the first week, and says so."""
    answer = loans.answer("trace loans r10")
    assert "in the log's first 7 days" in answer.caveats[0]
    (row,) = [row for row in table(answer, "Inputs") if row["input"] == "loan"]
    assert row["n"] == 7 * 24 * 3600 // EVERY + 1


def test_it_is_answered_as_of_its_own_time(loans: Asking) -> None:
    """What is told of a request does not change with the time that was looked through."""
    whole = loans.answer("trace loans r5501")
    narrow = loans.answer("trace loans r5501 last 7 days")
    assert table(whole, "Inputs") == table(narrow, "Inputs")
