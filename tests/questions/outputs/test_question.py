"""What a model says, asked of logs on disk: planted changes are found, sized, and placed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Finding, Severity
from queries.core.charts import BarChart, ShapeChart
from queries.core.errors import NotAnswerable
from tests.asking import asking, rows
from tests.questions.planted import write

DAY = 480
"""Requests a day, one every three minutes."""
WEEKS = 5
LAST_DAY = "stamp >= TIMESTAMP '2026-11-22 12:00'"
EMEA = "i % 3 = 0"

LOG = {
    "ts": "stamp",
    "id": "'r' || i",
    "region": "['emea', 'amer', 'apac'][1 + i % 3]",
    "score": "u",
    "cut": "0.4",
    "said": "CASE WHEN u >= 0.4 THEN 'good' ELSE 'bad' END",
    "decision": "CASE WHEN u >= 0.4 THEN 'approve' ELSE 'decline' END",
    "tokens": "100 + round(200 * v)",
}
ROLES: dict[str, Any] = {
    "time": "ts",
    "request_id": "id",
    "dimensions": ["region"],
    "score": "score",
    "threshold": "cut",
    "prediction": "said",
    "decision": "decision",
}
BINARY: dict[str, Any] = {"task": "binary", "positive": "good", "favourable": "approve"}
NEITHER: dict[str, Any] = {"positive": None, "favourable": None}
MANY: dict[str, Any] = NEITHER | {"classes": ["a", "b", "c"]}


def asked(
    folder: Path,
    text: str = "outputs x last 24 hours",
    *,
    now: dict[str, str] | None = None,
    before: dict[str, str] | None = None,
    weeks: float = WEEKS,
    reference: bool = False,
    **declared: Any,
) -> Answer:
    """Write some weeks of a log and perhaps a reference set, and ask of them."""
    count = round(weeks * 7 * DAY)
    write(folder / "log.parquet", rows(count, LOG | (now or {}), every=180))
    source: dict[str, Any] = {"files": "log.parquet", "roles": ROLES} | BINARY | declared
    source = {key: value for key, value in source.items() if value is not None}
    if reference:
        write(folder / "reference.parquet", rows(5000, LOG | (before or {}), salt="before"))
        source["reference"] = {"files": "reference.parquet"}
    with asking({"x": source}, folder) as house:
        return house.answer(text)


def declined(share: float, where: str = LAST_DAY) -> dict[str, str]:
    """Decline so much, where a condition holds; prediction and score follow."""
    score = f"CASE WHEN {where} THEN u * 0.4 / {share} ELSE u END"
    yes = f"({score}) >= 0.4"
    return {
        "score": score,
        "said": f"CASE WHEN {yes} THEN 'good' ELSE 'bad' END",
        "decision": f"CASE WHEN {yes} THEN 'approve' ELSE 'decline' END",
    }


def found(answer: Answer, kind: str) -> Finding:
    """The one finding of a kind."""
    (one,) = [each for each in answer.findings if each.kind == kind]
    return one


def row(answer: Answer, title: str, first: object) -> dict[str, Any]:
    """One row of a table, by the names of its columns."""
    (table,) = [each for each in answer.tables if each.title == title]
    (cells,) = [each for each in table.rows if first in each[:2]]
    return dict(zip([column.name for column in table.columns], cells, strict=True))


def test_a_change_against_the_past(tmp_path: Path) -> None:
    """Fewer approvals than in four weeks before are enough to act, with size and interval."""
    answer = asked(tmp_path, now=declined(0.7))
    assert answer.severity is Severity.WARNING
    assert answer.headline.startswith(
        "x: what it says changed enough to act: “approve” in 32 % of"
    ), answer.headline
    assert "in the weeks before" in answer.headline
    numbers = found(answer, "output decision").numbers
    low, high = numbers["change"].low, numbers["change"].high
    assert low is not None
    assert high is not None
    assert low < -0.3 < high < 0
    assert row(answer, "Shares", "decision")["change"] == pytest.approx(-30, abs=6)
    assert row(answer, "Shares", "decision")["least"] == 2
    assert row(answer, "Averages", "score")["verdict"] == "changed enough to act"
    assert isinstance(answer.chart, ShapeChart)
    assert (answer.chart.mark, answer.chart.mark_label) == (0.4, "threshold 0.40")
    assert sum(answer.chart.now) == pytest.approx(1)


def test_nothing_changed(tmp_path: Path) -> None:
    """Without a change that is said, and how large a one would have been seen."""
    answer = asked(tmp_path)
    assert re.match(
        r"x: “approve” in 62 % of decisions, 61 % in the weeks before: no change shown, but one "
        r"of under \d+\.?\d* percentage points could go unseen$",
        answer.headline,
    ), answer.headline
    assert answer.severity is Severity.NOTE
    assert "may hide in how much this varies" in answer.caveats[-1]
    quiet = asked(tmp_path, matters={"decision_rate": 0.2})
    assert quiet.severity is Severity.GOOD
    assert "no change shown; one of more than " in quiet.headline
    assert quiet.caveats == ()


def week(day: str) -> str:
    """How many weeks before the last day a request came, in SQL."""
    return f"floor(date_diff('hour', {day}, TIMESTAMP '2026-11-23 12:00') / 168)"


def test_a_fall_of_five_weeks(tmp_path: Path) -> None:
    """Approvals that fall week by week are told as that, although the weeks differ much."""
    falls = f"u >= 0.6 - 0.08 * {week('stamp')}"
    sql = {"decision": f"CASE WHEN {falls} THEN 'approve' ELSE 'decline' END"}
    answer = asked(tmp_path, "outputs x last 7 days", now=sql, weeks=WEEKS + 0.1)
    assert re.match(
        r"x: “approve” has kept falling, to [34]\d(\.\d)? % of decisions: 7\d(\.\d)? %, "
        r"6\d(\.\d)? %, 5\d(\.\d)? % and 4\d(\.\d)? % in the weeks before$",
        answer.headline,
    ), answer.headline
    assert answer.severity is Severity.WARNING
    assert row(answer, "Shares", "decision")["verdict"] == "kept falling or rising"
    assert any("1 of 100" in each for each in answer.caveats)


def test_requests_that_moved_to_another_version(tmp_path: Path) -> None:
    """A fall that comes with more requests at a stricter version is told by how many they are."""
    new = f"i % 10 < CASE WHEN {LAST_DAY} THEN 9 ELSE 2 END"
    sql = {
        "region": f"CASE WHEN {new} THEN 'new' ELSE 'old' END",
        "decision": f"CASE WHEN u >= CASE WHEN {new} THEN 0.8 ELSE 0.2 END THEN 'approve' "
        "ELSE 'decline' END",
    }
    text = found(asked(tmp_path, now=sql), "mix").text
    assert re.match(
        r"Region new has 90 % of the requests, 20 % before; there “approve” in \d\d(\.\d)? % of "
        r"decisions, elsewhere \d\d(\.\d)? %\. Of −4\d\.?\d* points in all, −4",
        text,
    ), text
    everywhere = asked(tmp_path, now=declined(0.7))
    assert [each for each in everywhere.findings if each.kind == "mix"] == []


def test_a_change_that_does_not_matter(tmp_path: Path) -> None:
    """Beyond chance and less than what the source says matters is a note, not a warning."""
    matters = {"decision_rate": 0.5, "output": 0.9, "drift": 0.9}
    answer = asked(tmp_path, now=declined(0.7), matters=matters)
    assert answer.severity is Severity.NOTE
    assert answer.headline.startswith("x: what it says changed, but by less than what matters: ")
    assert found(answer, "output decision").text.endswith("(50 percentage points).")


def test_against_the_reference(tmp_path: Path) -> None:
    """A fixed set is compared with by two-sample tests, and corrected p values are given."""
    answer = asked(
        tmp_path, "outputs x last 24 hours against reference", now=declined(0.5), reference=True
    )
    assert answer.headline.startswith("x: what it says changed enough to act: “approve” in 5")
    assert "in the reference set" in answer.headline
    assert row(answer, "Shares", "decision")["q"] < 0.01
    same = asked(tmp_path, "outputs x last 24 hours against reference", reference=True)
    assert "in the reference set: no change shown, but one of under " in same.headline
    assert row(same, "Shares", "decision")["q"] > 0.05


def test_too_little_past(tmp_path: Path) -> None:
    """With fewer than four comparable times it compares and calls nothing unusual."""
    answer = asked(tmp_path, now=declined(0.7), weeks=2.2)
    assert answer.severity is Severity.UNKNOWN
    assert answer.headline.endswith("; too little past to say whether that is usual")
    assert answer.caveats[0].startswith("Only 2 comparable times lie before:")
    without = asked(tmp_path, now=declined(0.7), weeks=0.9, reference=True)
    assert "in the reference set" in without.headline
    with pytest.raises(NotAnswerable, match="begins too late"):
        asked(tmp_path, weeks=0.9)


@pytest.mark.parametrize("count", [1, 29])
def test_too_few_requests(tmp_path: Path, count: int) -> None:
    """A handful of requests is too few to say."""
    last = WEEKS * 7 * DAY
    ids = ", ".join(f"r{last - 1 - i}" for i in range(count))
    text = f"outputs x last 24 hours against reference where request_id in {ids}"
    answer = asked(tmp_path, text, reference=True)
    assert answer.headline.endswith("too few requests to say whether what it says changed")
    assert answer.severity is Severity.UNKNOWN


def test_the_slice_that_carries_it(tmp_path: Path) -> None:
    """A change in one region alone is named with its rates, and where none stands out, none."""
    answer = asked(tmp_path, now=declined(0.9, f"{LAST_DAY} AND {EMEA}"))
    text = found(answer, "slice").text
    assert re.match(r"Region emea changed more than the rest: “approve” in (9|1\d)", text), text
    emea = row(answer, "By region", "emea")
    assert emea["stands_out"] is True
    assert emea["apart"] == pytest.approx(-50, abs=8)
    assert [step.text for step in answer.follow_ups if step.label == "Only emea"]
    everywhere = asked(tmp_path, now=declined(0.7))
    assert [each for each in everywhere.findings if each.kind == "slice"] == []


def test_split_by_a_dimension(tmp_path: Path) -> None:
    """Split, the slices are the first table and the picture, with ticks where they were."""
    planted = declined(0.9, f"{LAST_DAY} AND {EMEA}")
    answer = asked(tmp_path, "outputs x last 24 hours by region", now=planted)
    assert answer.tables[0].title == "By region"
    assert isinstance(answer.chart, BarChart)
    assert [bar.label for bar in answer.chart.bars if bar.emphasis] == ["emea"]
    assert {bar.label for bar in answer.chart.bars} == {"emea", "amer", "apac"}
    assert all(bar.reference == pytest.approx(0.6, abs=0.05) for bar in answer.chart.bars)


def test_several_classes(tmp_path: Path) -> None:
    """Of a model of several classes each has its share; one never said before is found."""
    classes = "CASE WHEN u < 0.5 THEN 'a' WHEN u < 0.8 THEN 'b' ELSE 'c' END"
    roles = {key: ROLES[key] for key in ("time", "request_id", "prediction", "dimensions")}
    said = {"said": f"CASE WHEN {LAST_DAY} AND v < 0.4 THEN 'd' ELSE {classes} END"}
    answer = asked(tmp_path, now=said, roles=roles, task="multiclass", **MANY)
    assert "changed enough to act: “d” in 4" in answer.headline
    assert "0 % in the weeks before" in answer.headline
    assert isinstance(answer.chart, BarChart)
    assert next(bar.label for bar in answer.chart.bars if bar.emphasis) == "d"
    declared = asked(
        tmp_path,
        now={"said": classes},
        roles=roles,
        task="multiclass",
        **MANY,
    )
    assert [cells[1] for cells in declared.tables[0].rows] == ["a", "b", "c"]
    assert "no change shown" in declared.headline


def test_a_predicted_number(tmp_path: Path) -> None:
    """A regression's predictions have a mean with its interval, and a shape."""
    roles = {key: ROLES[key] for key in ("time", "request_id", "dimensions")}
    roles |= {"prediction": "tokens"}
    price = {"tokens": f"CASE WHEN {LAST_DAY} THEN 300 ELSE 100 END + round(200 * v)"}
    answer = asked(tmp_path, now=price, roles=roles, task="regression", **NEITHER)
    assert answer.headline.startswith("x: what it says changed enough to act: prediction 398 on")
    assert isinstance(answer.chart, ShapeChart)
    (averages,) = [each for each in answer.tables if each.title == "Averages"]
    assert averages.rows[0][:3] == ("prediction", "average", "changed enough to act")
    median = row(answer, "Quantiles of prediction", 0.5)
    assert median["before"] == pytest.approx(200, abs=10)
    assert median["now"] == pytest.approx(400, abs=15)
    assert median["now_low"] < median["now"] < median["now_high"]
    same = asked(tmp_path, roles=roles, task="regression", **NEITHER)
    assert re.match(r"x: prediction .*: no change shown", same.headline)


def test_metrics_are_the_outputs_of_what_has_no_task(tmp_path: Path) -> None:
    """Of a service without predictions the declared metrics are looked at."""
    roles = {"time": "ts", "metrics": ["tokens"], "dimensions": ["region"]}
    longer = {"tokens": f"CASE WHEN {LAST_DAY} THEN 200 ELSE 100 END + round(200 * v)"}
    answer = asked(tmp_path, now=longer, roles=roles, task="none", **NEITHER)
    assert answer.headline.startswith("x: what it says changed enough to act: tokens 298 on")
    assert answer.chart is not None
    assert answer.chart.alt.startswith(answer.headline)


def test_decisions_without_a_favourable_one(tmp_path: Path) -> None:
    """Where no decision is declared favourable, each has its share."""
    answer = asked(tmp_path, now=declined(0.9), favourable=None)
    assert re.search(r"changed enough to act: “(approve|decline)” in", answer.headline)


def test_score_and_threshold_predict(tmp_path: Path) -> None:
    """Without a prediction, score and threshold say what was predicted."""
    roles = {key: each for key, each in ROLES.items() if key not in ("prediction", "decision")}
    answer = asked(tmp_path, now=declined(0.7), roles=roles)
    assert "“good” in 3" in answer.headline
    assert "of predictions" in answer.headline


def test_a_shape_that_changed_alone(tmp_path: Path) -> None:
    """Scores spread differently while decisions stay are enough to act, and said as that."""
    squeezed = f"CASE WHEN {LAST_DAY} THEN 0.4 + (u - 0.4) / 8 ELSE u END"
    answer = asked(tmp_path, now={"score": squeezed}, matters={"output": 0.9})
    assert "the values of score are spread differently than in the weeks before" in answer.headline
    assert answer.severity is Severity.WARNING
    assert found(answer, "spread").numbers["shift"].value


def test_what_is_not_declared_is_named(tmp_path: Path) -> None:
    """Without anything that the model says, the roles are named; hidden ones count as none."""
    with pytest.raises(NotAnswerable, match="`prediction`, `score`, `decision` or `metrics` und"):
        asked(tmp_path, roles={"time": "ts", "request_id": "id"})
    roles = {"time": "ts", "decision": "decision"}
    with pytest.raises(NotAnswerable, match="logs nothing that the model says"):
        asked(tmp_path, roles=roles, visibility={"decision": "hidden"})


def test_a_reference_that_lacks_some(tmp_path: Path) -> None:
    """What the reference set doesn't hold isn't compared, and that is said."""
    write(tmp_path / "log.parquet", rows(7 * DAY, LOG, every=180))
    lacking = {key: sql for key, sql in LOG.items() if key not in ("decision", "region")}
    write(tmp_path / "reference.parquet", rows(5000, lacking, salt="before"))
    declared = BINARY | {
        "files": "log.parquet",
        "roles": ROLES,
        "reference": {"files": "reference.parquet"},
    }
    with asking({"x": declared}, tmp_path) as house:
        answer = house.answer("outputs x last 24 hours against reference")
    assert "“good” in" in answer.headline
    assert answer.caveats[-1] == (
        "The reference set has no “decision”, so that this isn't compared."
    )


@pytest.mark.parametrize(
    "column",
    [
        {"score": "'inf'::DOUBLE"},
        {"score": "'nan'::DOUBLE"},
        {"score": "NULL::DOUBLE"},
        {"score": "0.5"},
        {"decision": "NULL::VARCHAR"},
        {"decision": "'approve'"},
        {"said": "'good'"},
        {"decision": f"CASE WHEN {LAST_DAY} THEN 'approve' ELSE 'decline' END"},
        {"score": f"CASE WHEN {LAST_DAY} THEN 'inf'::DOUBLE ELSE u END"},
    ],
)
@pytest.mark.parametrize("against", ["usual", "reference"])
def test_outputs_that_hold_little(tmp_path: Path, column: dict[str, str], against: str) -> None:
    """Infinite, undefined, empty, constant and all new outputs are answered in words."""
    text = f"outputs x last 24 hours against {against}"
    answer = asked(tmp_path, text, now=column, before=column, reference=True)
    assert answer.headline.startswith("x: ")
    assert answer.tables


def test_what_has_no_decision_is_counted(tmp_path: Path) -> None:
    """Requests without the output don't count, and how many is said."""
    gaps = {"decision": "CASE WHEN i % 4 = 0 THEN NULL WHEN u >= 0.4 THEN 'approve' ELSE 'no' END"}
    answer = asked(tmp_path, now=gaps)
    assert "120 requests have no decision and don't count." in answer.caveats


def test_an_undated_log(tmp_path: Path) -> None:
    """A log without times is compared with its reference set whole."""
    roles = {key: each for key, each in ROLES.items() if key != "time"}
    changed = {"decision": "CASE WHEN u >= 0.7 THEN 'approve' ELSE 'decline' END"}
    answer = asked(
        tmp_path, "outputs x all", now=changed, roles=roles, undated=True, reference=True, weeks=1
    )
    assert answer.headline.startswith("x: what it says changed enough to act: “approve” in 29")
    assert all("slices" not in step.text for step in answer.follow_ups)
    assert all("changes" not in step.text for step in answer.follow_ups)


def test_no_requests(tmp_path: Path) -> None:
    """An empty log, an empty time and an unknown value say so."""
    assert asked(tmp_path, weeks=0).headline == "x: the log is empty"
    typo = asked(tmp_path, "outputs x last 24 hours where region = emeaa")
    assert typo.summary == "No region in this time is “emeaa”. Did you mean “emea”?"


def test_the_follow_ups_can_be_asked(tmp_path: Path) -> None:
    """The slice that stands out is one step away, and so is what explains the decisions."""
    write(
        tmp_path / "log.parquet",
        rows(WEEKS * 7 * DAY, LOG | declined(0.9, f"{LAST_DAY} AND {EMEA}"), every=180),
    )
    with asking({"x": BINARY | {"files": "log.parquet", "roles": ROLES}}, tmp_path) as house:
        answer = house.answer("outputs x last 24 hours")
        (step,) = [each for each in answer.follow_ups if each.label == "Only emea"]
        (why,) = [each for each in answer.follow_ups if each.label == "What explains it?"]
        narrowed = house.answer(step.text)
        explained = house.answer(why.text)
    assert narrowed.headline.startswith("x where region = emea: what it says changed enough to act")
    assert why.text.endswith("of decisions")
    assert "approve" in explained.headline
