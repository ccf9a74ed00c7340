"""How good a model is, asked of logs on disk whose outcomes arrive later in their own file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from commands.replies import Answered
from queries.core.answer import Answer, BarChart, Finding, LineChart, Severity
from queries.core.errors import NotAnswerable
from tests.asking import asking, rows
from tests.questions.planted import write

CONFUSION = "Confusion matrix"
DAY = 288
"""Requests a day, one every five minutes."""

LOG = {
    "ts": "stamp",
    "id": "'r' || i",
    "region": "['emea', 'amer', 'apac'][1 + i % 3]",
    "score": "u",
    "prediction": "(u > 0.5)::INTEGER",
    "x": "v",
}
"""Right in about 94 % of cases; see ``OUTCOMES``."""
OUTCOMES = {
    "id": "'r' || i",
    "happened": "(0.8 * u + 0.2 * v > 0.5)::INTEGER",
    "came": "stamp + INTERVAL 36 HOURS",
}
WRONG = "CASE WHEN v < 0.2 THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER"
"""Predictions of which a fifth is turned round."""
ROLES = {
    "time": "ts",
    "request_id": "id",
    "dimensions": ["region"],
    "features": ["x"],
    "score": "score",
    "prediction": "prediction",
}
DECLARED: dict[str, Any] = {
    "files": "log.parquet",
    "task": "binary",
    "roles": ROLES,
    "outcomes": {
        "files": "outcomes.parquet",
        "request_id": "id",
        "outcome": "happened",
        "outcome_time": "came",
    },
}
TIMELESS = {"files": "outcomes.parquet", "request_id": "id", "outcome": "happened"}
REFERENCE: dict[str, Any] = {"reference": {"files": "reference.parquet", "outcome": "happened"}}
SINCE_MONDAY = "CASE WHEN stamp >= TIMESTAMP '2026-11-16 12:00' THEN {} ELSE {} END"


def ask(
    folder: Path,
    text: str = "performance x last 7 days",
    *,
    log: Mapping[str, str] | None = None,
    happened: Mapping[str, str] | None = None,
    before: Mapping[str, str] | None = None,
    days: float = 12,
    kept: str = "SELECT * FROM ({})",
    **declared: Any,
) -> Answered:
    """Write a log, its outcomes (those ``kept`` of all) and a reference, and ask one question."""
    count = round(days * DAY)
    write(folder / "log.parquet", rows(count, {**LOG, **(log or {})}, every=300))
    all_outcomes = rows(count, {**OUTCOMES, **(happened or {})}, every=300)
    write(folder / "outcomes.parquet", kept.format(all_outcomes))
    columns = {**LOG, **OUTCOMES, **(before or {})}
    write(folder / "reference.parquet", rows(3000, columns, salt="before"))
    source = {key: each for key, each in (DECLARED | declared).items() if each is not None}
    with asking({"x": source}, folder) as house:
        return house.ask(text)


def answer(folder: Path, text: str = "performance x last 7 days", **given: Any) -> Answer:
    """The same, for the answer alone."""
    return ask(folder, text, **given).answer


def only(found: Answer, kind: str) -> Finding:
    """The one finding of a kind."""
    (one,) = [each for each in found.findings if each.kind == kind]
    return one


def table(found: Answer, title: str) -> list[dict[str, Any]]:
    """The rows of a table."""
    (one,) = [each for each in found.tables if each.title == title]
    names = [column.name for column in one.columns]
    return [dict(zip(names, row, strict=True)) for row in one.rows]


def metric(found: Answer, name: str, title: str = "How often") -> dict[str, Any]:
    """One line of the table of metrics."""
    (row,) = [row for row in table(found, title) if row["metric"] == name]
    return row


def test_realised_outcomes_of_complete_days(tmp_path: Path) -> None:
    """Complete days alone are counted; early ones stand apart, in words, table and chart."""
    found = answer(tmp_path)
    assert found.severity is Severity.NOTE
    assert found.headline == "x: right in 94 % of cases"
    assert found.summary == (
        "Of 2,016 requests in the last 7 days, the outcome is in for 1,585 (78.6 %). "
        "Outcomes usually take up to 2 days. Counted are the 1,296 outcomes of complete days; "
        "3 days are left out."
    )
    assert only(found, "early").text == (
        "Days from 21 Nov on are too young to judge and stand apart: not all outcomes are in."
    )
    days = table(found, "By day")
    assert [row["state"] for row in days] == ["mature"] * 5 + ["early"] * 3
    assert [row["rows"] for row in days] == [144, *[288] * 6, 144]
    assert metric(found, "right answers")["n"] == sum(row["n"] for row in days[:5]) == 1296
    assert isinstance(found.chart, LineChart)
    assert [series.label for series in found.chart.series] == ["right answers"]
    assert found.chart.band is not None
    ends = zip(found.chart.band.low[:5], found.chart.band.high[:5], strict=True)
    for (low, high), value in zip(ends, found.chart.series[0].y[:5], strict=True):
        assert (low or 2) < (value or 0) < (high or 0)
    assert found.chart.series[0].y[5:] == (None, None, None)
    assert [mark.label for mark in found.chart.marks] == ["outcomes to come"]
    assert [row["accuracy"] for row in days[5:]] == [None, None, None]


def test_outcomes_after_now_do_not_count_yet(tmp_path: Path) -> None:
    """An outcome that is in the file with a time in the future isn't in."""
    found = answer(tmp_path, happened={"came": "stamp + INTERVAL 30 DAYS"})
    assert found.headline == "x: no outcome is in for the requests in the last 7 days"
    assert found.severity is Severity.UNKNOWN


@pytest.mark.parametrize(
    ("given", "headline", "severity"),
    [
        (
            {
                "text": "performance x last 24 hours",
                "happened": {"came": "stamp + INTERVAL 6 HOURS"},
            },
            "x: too early to say how good it is in the last 24 hours",
            Severity.UNKNOWN,
        ),
        (
            {"kept": "SELECT * FROM ({}) WHERE id IN ('r3', 'r1700')"},
            "x: only 1 outcome in the last 7 days, too few to say how good it is",
            Severity.UNKNOWN,
        ),
        (
            {"kept": "SELECT * FROM ({}) WHERE false"},
            "x: no outcome is in for the requests in the last 7 days",
            Severity.UNKNOWN,
        ),
        (
            {"log": {"prediction": "NULL::INTEGER"}},
            "x: no request with an outcome has a prediction in the last 7 days",
            Severity.UNKNOWN,
        ),
        (
            {
                "kept": "SELECT * FROM ({}) WHERE came < '2026-11-17 12:00' OR id = 'r5400'",
                "days": 24,
            },
            "x: too many outcomes are missing to say how good it is from 17 Nov to 20 Nov 2026 UTC",
            Severity.WARNING,
        ),
    ],
)
def test_when_nothing_can_be_said(
    tmp_path: Path, given: dict[str, Any], headline: str, severity: Severity
) -> None:
    """Too early, too few, none, unpredicted and lost outcomes are told apart in the headline."""
    if "missing to say" in headline:
        given = given | {"text": "performance x 2026-11-17..2026-11-20"}
    found = answer(tmp_path, **given)
    assert found.headline == headline
    assert found.severity is severity


def test_a_day_without_its_outcomes(tmp_path: Path) -> None:
    """A day whose outcomes got lost is said and left out, not averaged in."""
    lost = "came BETWEEN TIMESTAMP '2026-11-19 12:00' AND TIMESTAMP '2026-11-20 12:00'"
    found = answer(tmp_path, kept=f"SELECT * FROM ({{}}) WHERE NOT ({lost})")
    assert only(found, "outcomes missing").text == (
        "Outcomes are missing for 18 Nov: fewer came than older days had by that age."
    )
    assert "4 days are left out" in found.summary
    states = [row["state"] for row in table(found, "By day")]
    assert states == ["mature", "mature", "missing", "mature", "mature", "early", "early", "early"]


def test_outcomes_without_a_time_mature_by_the_declared_delay(tmp_path: Path) -> None:
    """Where nothing says when outcomes came, a day counts once the declared delay has passed."""
    found = answer(tmp_path, outcome_delay="2 days", outcomes=TIMELESS)
    assert found.summary.endswith("of complete days; 3 days are left out.")
    at_once = answer(tmp_path, outcomes=TIMELESS)
    assert "left out" not in at_once.summary


def test_the_latest_of_several_outcomes_counts(tmp_path: Path) -> None:
    """A corrected outcome replaces the first one, and how many were corrected is said."""
    twice = (
        "SELECT * FROM ({0}) UNION ALL SELECT id, 1 - happened, came - INTERVAL 1 HOUR FROM ({0}) "
        "WHERE id LIKE '%7'"
    )
    once, corrected = ask(tmp_path / "once"), ask(tmp_path / "twice", kept=twice)
    assert corrected.answer.headline == once.answer.headline
    assert corrected.answer.tables[0].rows == once.answer.tables[0].rows
    (said,) = corrected.provenance.left_out
    assert said == (
        "345 outcomes were reported again later; of each request the latest one by the time of "
        "asking counts."
    )


def test_what_is_corrected_later_counts_as_it_was_known(tmp_path: Path) -> None:
    """An answer as of its time rests on the outcomes of then, whatever has been corrected since."""
    since = (
        "SELECT * FROM ({0}) UNION ALL SELECT id, 1 - happened, TIMESTAMP '2026-11-24' FROM ({0}) "
        "WHERE id LIKE '%7'"
    )
    once, corrected = ask(tmp_path / "once"), ask(tmp_path / "since", kept=since)
    assert corrected.answer == once.answer


def test_only_decided_requests_can_have_an_outcome(tmp_path: Path) -> None:
    """The population is named, in the summary and in a caveat, and others aren't counted."""
    found = answer(
        tmp_path,
        log={"decision": "CASE WHEN u > 0.4 THEN 'approve' ELSE 'decline' END"},
        roles=ROLES | {"decision": "decision"},
        decided=["approve"],
    )
    assert "requests with the decision “approve” in the last 7 days" in found.summary
    assert found.caveats[0] == (
        "This speaks of requests with the decision “approve” alone: of all others nobody knows how "
        "they would have turned out."
    )
    n = metric(found, "right answers")["n"]
    assert n == pytest.approx(0.6 * 1296, abs=60)
    none = answer(
        tmp_path,
        log={"decision": "'decline'"},
        roles=ROLES | {"decision": "decision"},
        decided=["approve", "refer"],
    )
    assert none.headline == (
        "x: no requests with the decision “approve” or “refer” in the last 7 days"
    )


def test_outcomes_without_a_prediction_are_counted_out(tmp_path: Path) -> None:
    """How many outcomes can't be judged, for want of a prediction, is said."""
    found = answer(tmp_path, log={"prediction": "CASE WHEN v >= 0.1 THEN (u > 0.5)::INTEGER END"})
    (caveat,) = found.caveats
    assert re.fullmatch(
        r"1\d\d outcomes don't count: their requests have no prediction\.", caveat
    ), caveat


def test_worse_than_the_reference_is_an_alarm(tmp_path: Path) -> None:
    """A model that is right less often than on its reference set is called worse, with both."""
    found = answer(tmp_path, log={"prediction": WRONG}, **REFERENCE)
    assert found.severity is Severity.ALARM
    assert found.headline == (
        "x: worse than in the reference set: right in 76 % of cases instead of 94 %"
    )
    change = metric(found, "right answers")
    assert change["change"] == pytest.approx(100 * (change["now"] - change["before"]))
    assert change["change_high"] < 0


def test_as_good_as_the_reference(tmp_path: Path) -> None:
    """A model that holds is said to be no worse, and what that means."""
    found = answer(tmp_path, **REFERENCE)
    assert found.severity is Severity.GOOD
    assert found.headline == (
        "x: right in 94 % of cases, no worse than in the reference set (94 %)"
    )
    assert found.caveats == (
        "“No worse” means: no change for the worse that is beyond chance and large enough.",
    )


def test_slightly_worse_than_the_reference(tmp_path: Path) -> None:
    """What is worse beyond chance, but too little to act on, is called slightly worse."""
    wrong = "CASE WHEN v < 0.03 THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER"
    found = answer(
        tmp_path, log={"prediction": wrong}, matters={"performance": 0.1}, days=12, **REFERENCE
    )
    assert found.severity is Severity.NOTE
    assert found.headline == (
        "x: right in 91 % of cases, slightly less often than in the reference set (94 %)"
    )
    assert found.caveats[0].startswith("“Slightly” means: beyond chance,")


def test_ranking_worse_while_as_often_right(tmp_path: Path) -> None:
    """A score that ranks worse is an alarm though the answers are as often right."""
    found = answer(tmp_path, log={"score": "CASE WHEN v < 0.3 THEN 1 - u ELSE u END"}, **REFERENCE)
    assert found.severity is Severity.ALARM
    assert found.headline == (
        "x: it ranks cases worse than in the reference set, though right in 94 % of cases"
    )
    assert only(found, "ranking").severity is Severity.ALARM


def test_a_reference_that_cannot_be_compared_gives_way_to_the_past(tmp_path: Path) -> None:
    """A training set without predictions isn't compared with; the weeks before are."""
    found = answer(tmp_path, before={"prediction": "NULL::INTEGER"}, days=45, **REFERENCE)
    assert "no worse than in the weeks before" in found.headline


def test_worse_than_the_weeks_before(tmp_path: Path) -> None:
    """A drop beyond how four weeks varied is an alarm."""
    drop = {"prediction": SINCE_MONDAY.format(WRONG, LOG["prediction"])}
    found = answer(tmp_path, log=drop, days=45)
    assert found.severity is Severity.ALARM
    assert found.headline == (
        "x: worse than in the weeks before: right in 78 % of cases instead of 94 %"
    )


def test_no_further_off_than_weeks_vary_is_not_worse(tmp_path: Path) -> None:
    """Where weeks vary by many points anyway, a week at the lower end is no alarm."""
    week = (
        "CAST(floor((epoch(TIMESTAMP '2026-11-23 12:00') - epoch(stamp) - 1) / 604800) AS INTEGER)"
    )
    share = f"[0.2, 0, 0.2, 0.1, 0.05, 0, 0][1 + {week}]"
    unsteady = f"CASE WHEN v < {share} THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER"
    found = answer(tmp_path, log={"prediction": unsteady}, days=45)
    row = metric(found, "right answers")
    assert row["now"] < row["before"] - 0.05
    assert row["change_high"] < 0
    assert found.severity is Severity.GOOD


def test_too_few_weeks_to_call_it_worse(tmp_path: Path) -> None:
    """With fewer than four weeks before both numbers stand there, and nothing is called worse."""
    drop = {"prediction": SINCE_MONDAY.format(WRONG, LOG["prediction"])}
    found = answer(tmp_path, log=drop, days=24)
    assert found.severity is Severity.NOTE
    assert found.headline == "x: right in 77 % of cases, 94 % in the weeks before"
    assert found.caveats[0].startswith("Only 2 comparable times lie before:")


def test_the_past_counts_complete_days_alone(tmp_path: Path) -> None:
    """Early outcomes of a past that is itself still young aren't held against the present."""
    late = "INTERVAL 1 DAY * CASE WHEN v < 0.2 THEN 1 ELSE 9 END"
    found = answer(
        tmp_path,
        "performance x 2026-11-02..2026-11-08",
        happened={"came": f"stamp + {late}"},
        log={"prediction": WRONG},
        days=45,
    )
    row = metric(found, "right answers")
    assert row["now"] == pytest.approx(row["before"], abs=0.03)


def test_people_who_come_back_widen_the_ranges(tmp_path: Path) -> None:
    """Ten requests of one person that are right or wrong together tell as much as one."""
    together = "(i // 10 * 7919 % 1000) / 1000.0"
    log = {"u2": together, "person": "'p' || CAST(i // 10 AS INTEGER)"}
    log |= {"prediction": f"CASE WHEN {together} < 0.2 THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER"}
    happened = {"happened": "(u > 0.5)::INTEGER"}
    plain = answer(tmp_path, log=log, happened=happened)
    found = answer(tmp_path, log=log, happened=happened, roles=ROLES | {"entity_id": "person"})
    narrow, wide = metric(plain, "right answers"), metric(found, "right answers")
    assert wide["now"] == narrow["now"]
    times = (wide["now_high"] - wide["now_low"]) / (narrow["now_high"] - narrow["now_low"])
    assert times == pytest.approx(10**0.5, rel=0.1)
    (said,) = [each for each in found.caveats if "comes back" in each]
    assert said.startswith("The same “person” comes back often: the ranges allow for that, and are")
    nobody = answer(
        tmp_path,
        log=log | {"person": "NULL::VARCHAR"},
        happened=happened,
        roles=ROLES | {"entity_id": "person"},
    )
    assert metric(nobody, "right answers")["now_low"] == pytest.approx(narrow["now_low"])


def test_the_confusion_matrix(tmp_path: Path) -> None:
    """How many of each kind were predicted as which adds up to the outcomes that count."""
    cells = {(r["happened"], r["predicted"]): r["n"] for r in table(answer(tmp_path), CONFUSION)}
    assert set(cells) == {(a, p) for a in ("1", "not 1") for p in ("1", "not 1")}
    assert sum(cells.values()) == 1296
    right = cells["1", "1"] + cells["not 1", "not 1"]
    assert right / 1296 == pytest.approx(metric(answer(tmp_path), "right answers")["now"])


def test_what_a_model_gains_is_compared_row_by_row(tmp_path: Path) -> None:
    """Where both are far off on the same rows, a small gain on the mean is still sure."""
    found = answer(
        tmp_path,
        task="regression",
        log={"prediction": "CASE WHEN u < 0.5 THEN 495 ELSE 505 END"},
        happened={"happened": "1000 * u"},
    )
    gain = only(found, "constant").numbers["gain"]
    assert gain.value == pytest.approx(5, abs=1)
    assert gain.low is not None
    assert gain.low > 3.5
    assert only(found, "constant").severity is Severity.GOOD


def test_outcomes_of_the_same_day(tmp_path: Path) -> None:
    """How long outcomes take is said, also where they come within the day or where all are in."""
    found = answer(tmp_path, happened={"came": "stamp + INTERVAL 1 MINUTE"})
    assert "Outcomes usually come on the same day." in found.summary
    late = answer(
        tmp_path,
        "performance x 2026-11-13..2026-11-15",
        happened={"came": "stamp + INTERVAL 3 DAY"},
    )
    assert late.summary.endswith("(100 %). Outcomes usually take up to 3 days.")


def test_always_the_same_answer(tmp_path: Path) -> None:
    """What one constant answer would reach is said: beaten, as good, or better."""
    beaten = only(answer(tmp_path), "constant")
    assert beaten.severity is Severity.GOOD
    assert beaten.text.endswith("would be right in 52 %: the model is better.")
    coin = answer(tmp_path, log={"prediction": "i % 2"})
    assert coin.severity is Severity.WARNING
    assert coin.headline.endswith("; always giving the same answer would be as good")
    assert "no difference from the model shown" in only(coin, "constant").text
    rare = answer(tmp_path, happened={"happened": "(u > 0.97)::INTEGER"})
    assert rare.headline.endswith("; always giving the same answer would be better")
    assert only(rare, "constant").text.endswith(
        "by this count the model is worse. It does rank cases better than chance."
    )


def test_one_class(tmp_path: Path) -> None:
    """Where one class alone happened, what can't be said is left empty and says why."""
    found = answer(tmp_path, happened={"happened": "1"})
    assert metric(found, "ranking (AUC)")["now"] is None
    assert metric(found, "ranking (AUC)")["why"] == "only one of the two classes happened"
    assert metric(found, "specificity")["now"] is None
    assert metric(found, "recall")["now"] == pytest.approx(0.5, abs=0.05)
    assert [each.kind for each in found.findings] == ["constant", "early"]


def test_by_slice(tmp_path: Path) -> None:
    """The slice that is worse than the others is named in the headline and stands first."""
    bad = f"CASE WHEN i % 3 = 2 THEN {WRONG} ELSE (u > 0.5)::INTEGER END"
    found = answer(tmp_path, "performance x last 7 days by region", log={"prediction": bad})
    assert found.headline == "x: right in 88 % of cases; least for region apac: 74 %"
    assert only(found, "slice").text == (
        "Worst for region apac: right in 74 %; elsewhere right in 95 %."
    )
    assert [row["region"] for row in table(found, "By region")] == ["apac", "amer", "emea"]
    assert isinstance(found.chart, BarChart)
    assert [bar.label for bar in found.chart.bars] == ["apac", "amer", "emea"]


def test_requests_without_the_dimension_are_a_slice(tmp_path: Path) -> None:
    """Requests in which the dimension is empty stand in the table as such."""
    some = {"region": "CASE WHEN i % 5 > 0 THEN 'emea' END"}
    found = answer(tmp_path, "performance x last 7 days by region", log=some)
    assert {row["region"] for row in table(found, "By region")} == {"emea", "(empty)"}


def test_no_slice_stands_out_by_chance(tmp_path: Path) -> None:
    """Of many slices the worst one is always lower; that alone is not called so."""
    roles = ROLES | {"dimensions": ["region", "branch"]}
    found = answer(
        tmp_path,
        "performance x last 7 days by branch",
        log={"branch": "'b' || CAST(floor(w * 25) AS INTEGER)"},
        roles=roles,
    )
    assert len(table(found, "By branch")) == 25
    assert only(found, "slice").severity is Severity.NOTE
    assert only(found, "slice").text.startswith("No branch stands out. The worst is b")
    assert ";" not in found.headline


def test_filters(tmp_path: Path) -> None:
    """Only the requests asked for are counted, in the reference too; a typo names the nearest."""
    skewed = {"prediction": f"CASE WHEN i % 3 = 0 THEN {WRONG} ELSE (u > 0.5)::INTEGER END"}
    text = "performance x last 7 days where region = emea"
    found = answer(tmp_path, text, log=skewed, before=skewed, **REFERENCE)
    assert found.severity is Severity.GOOD
    assert found.headline.startswith("x where region = emea: right in 79 % of cases, no worse")
    assert "Of 672 requests" in found.summary
    typo = answer(tmp_path, "performance x last 7 days where region = emeaa")
    assert typo.summary == "No region in this time is “emeaa”. Did you mean “emea”?"


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"task": "none"}, "Set `task` under [sources.x] to binary, multiclass or regression."),
        ({"outcomes": None}, "x has no column for “outcome”. Declare which one it is in"),
        (
            {"roles": {key: ROLES[key] for key in ("time", "request_id", "score")}},
            "x has no column for “prediction”. Declare which one it is in [sources.x.roles].",
        ),
    ],
)
def test_what_is_not_declared_is_named(tmp_path: Path, declared: dict[str, Any], said: str) -> None:
    """Without a task, outcomes or predictions the answer is what to declare and where."""
    with pytest.raises(NotAnswerable, match=re.escape(said)):
        answer(tmp_path, **declared)


def test_a_positive_that_is_none(tmp_path: Path) -> None:
    """A declared positive that the log can't hold is refused; one it never holds is said."""
    with pytest.raises(NotAnswerable, match=r"“yes”, but its outcome holds numbers\. Correct"):
        answer(tmp_path, positive="yes")
    found = answer(tmp_path, positive=2)
    assert found.severity is Severity.WARNING
    assert found.caveats == (
        "“2” was neither predicted nor happened. Is it the right `positive` under [sources.x]?",
    )


def test_score_and_threshold_stand_for_a_prediction(tmp_path: Path) -> None:
    """Where no prediction is logged, a score at or beyond its threshold is a positive one."""
    roles = {key: each for key, each in ROLES.items() if key != "prediction"}
    found = answer(tmp_path, log={"cut": "0.5"}, roles=roles | {"threshold": "cut"})
    assert found.headline == answer(tmp_path).headline


def test_several_classes(tmp_path: Path) -> None:
    """A model of several classes is told by its right answers, and means are said to be means."""
    classes = "['a', 'b', 'c'][1 + CAST(floor(3 * {}) AS INTEGER)]"
    found = answer(
        tmp_path,
        task="multiclass",
        classes=["a", "b", "c"],
        log={"prediction": classes.format("u")},
        happened={"happened": classes.format("(0.8 * u + 0.2 * v)")},
    )
    assert re.fullmatch(r"x: right in 8\d(\.\d)? % of cases", found.headline)
    assert "Always answering “b” would be right in" in only(found, "constant").text
    assert metric(found, "recall")["meaning"].endswith("the mean over the classes.")


def test_numbers(tmp_path: Path) -> None:
    """A model of numbers is told by how far it is off, against the mean and the weeks before."""
    given: dict[str, Any] = {"task": "regression", "log": {"prediction": "1000 * u"}, "days": 45}
    wide = SINCE_MONDAY.format("200", "100")
    found = answer(tmp_path, happened={"happened": f"1000 * u + {wide} * (v - 0.5)"}, **given)
    assert found.severity is Severity.ALARM
    assert found.headline == (
        "x: worse than in the weeks before: its answers are off by 49 on average instead of 25"
    )
    assert only(found, "constant").text == (
        "Always answering 492 would be off by 251: the model is better."
    )
    assert metric(found, "RMSE", "How far off")["now"] > 50
    steady = answer(tmp_path, happened={"happened": "1000 * u + 100 * (v - 0.5)"}, **given)
    assert steady.headline == (
        "x: its answers are off by 24.6 on average, no worse than in the weeks before (25.2)"
    )
    worse = "1000 * u + CASE WHEN i % 3 = 0 THEN 200 ELSE 100 END * (v - 0.5)"
    split = answer(
        tmp_path, "performance x last 7 days by region", happened={"happened": worse}, **given
    )
    assert split.headline.endswith("; most for region emea: 50")
    assert table(split, "By region")[0]["region"] == "emea"


def test_infinite_predictions_are_left_out(tmp_path: Path) -> None:
    """A prediction divided by zero spoils no average."""
    broken = "CASE WHEN v < 0.1 THEN 'inf'::DOUBLE ELSE 1000 * u END"
    found = answer(
        tmp_path,
        task="regression",
        log={"prediction": broken},
        happened={"happened": "1000 * u + 100 * (v - 0.5)"},
    )
    assert metric(found, "average error", "How far off")["now"] == pytest.approx(22.5, abs=1)


def test_an_undated_log(tmp_path: Path) -> None:
    """A log without times counts every outcome and knows no days."""
    roles = {key: each for key, each in ROLES.items() if key != "time"}
    found = answer(tmp_path, "performance x all", undated=True, roles=roles, outcomes=TIMELESS)
    assert found.summary == (
        "Of 3,456 requests in the whole log, the outcome is in for 3,456 (100 %)."
    )
    assert [each.title for each in found.tables] == ["How often", "How far off", CONFUSION]


def test_nothing_in_the_time_asked_for(tmp_path: Path) -> None:
    """A time without requests and an empty log say so."""
    assert answer(tmp_path, "performance x 2026-10-01..2026-10-02").headline == (
        "x: no requests from 1 Oct to 2 Oct 2026 UTC"
    )
    assert answer(tmp_path, days=0).headline == "x: the log is empty"
