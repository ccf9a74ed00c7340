"""Two versions, parts or times side by side: what is planted is told within, not in one pot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from queries.core.answer import Answer, Finding, Severity
from queries.core.charts import BarChart
from queries.core.crowds.refusals import OTHERS
from queries.core.errors import BadQuestion, NotAnswerable
from tests.asking import Asking
from tests.questions.rolled import ROLES, rolled


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the log lies."""
    return tmp_path_factory.mktemp("rolled")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[Asking]:
    """A rollout region by region, with what is planted."""
    with rolled(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(house: Asking) -> Answer:
    """The newest version against the one before."""
    return house.answer("compare loans")


def found(answer: Answer, kind: str) -> Finding:
    """The one finding of a kind."""
    (finding,) = (each for each in answer.findings if each.kind == kind)
    return finding


def row(answer: Answer, title: str, name: str) -> dict[str, Any]:
    """A row of a table by its first cell."""
    (table,) = (each for each in answer.tables if each.title == title)
    names = [column.name for column in table.columns]
    (cells,) = (each for each in table.rows if each[0] == name)
    return dict(zip(names, cells, strict=True))


def test_it_says_which_group_loses(answer: Answer) -> None:
    """The headline is the gap that the new version opens: 10 points for one group alone."""
    assert answer.severity is Severity.WARNING
    assert answer.headline.startswith(
        "loans: version 2.3 opens a gap between groups: sex f gets “approve” "
    )
    apart = found(answer, "group gap").numbers["apart"]
    assert apart.value is not None
    assert apart.low is not None
    assert apart.high is not None
    assert apart.low <= -0.10 <= apart.high or apart.low <= 0.10 <= apart.high
    assert abs(apart.value) == pytest.approx(0.10, abs=0.03)


def test_it_warns_that_traffic_is_not_comparable(answer: Answer) -> None:
    """The region that tells the two apart is named, and that differences are within regions."""
    text = found(answer, "mix").text
    assert text.startswith("Their traffic isn't comparable: region ")
    assert text.endswith("The differences told here are within each region, hour by hour.")
    mix = row(answer, "Mix by region", "apac")
    assert mix["first"] > 0.9
    assert mix["second"] < 0.2


def test_the_new_version_is_acquitted_of_failures(answer: Answer) -> None:
    """Failures that any version has in one region are none of the new one's, which is said."""
    told = row(answer, "Shares, side by side", "failed")
    assert told["overall_low"] > 0
    assert told["within_low"] < 0 < told["within_high"]
    assert told["verdict"] == "no difference shown"
    text = found(answer, "compared errors").text
    assert "Where most fail, in region emea, both fail alike" in text


def test_the_whole_may_say_the_opposite(answer: Answer) -> None:
    """Worth more in each region, less in all: both are told, and Simpson is named."""
    told = row(answer, "Averages, side by side", "worth")
    assert told["overall_high"] < 0
    assert told["within"] == pytest.approx(20, abs=2)
    assert told["verdict"] == "better"
    assert "the opposite (Simpson's paradox)" in found(answer, "compared value").text


def test_the_difference_within_is_the_one_by_hand(folder: Path, answer: Answer) -> None:
    """Mantel and Haenszel's difference over region and hour, computed once more in plain SQL."""
    by_hand = """
        WITH log AS (SELECT *, version = '2.3' AS newer FROM '{path}'),
        begun AS (SELECT region, min(ts) AS t FROM log WHERE newer GROUP BY region),
        cells AS (
            SELECT region, floor((epoch_us(ts) - epoch_us(t)) / 3.6e9) AS hour,
                count(*) FILTER (newer) AS n1, count(*) FILTER (NOT newer) AS n0,
                count(*) FILTER (newer AND decision = 'approve') AS k1,
                count(*) FILTER (NOT newer AND decision = 'approve') AS k0
            FROM log JOIN begun USING (region) WHERE ts >= t GROUP BY region, hour
        )
        SELECT sum(n1 * n0 / (n1 + n0) * (k1 / n1 - k0 / n0)) / sum(n1 * n0 / (n1 + n0)),
            sum(n1 + n0)
        FROM cells WHERE n1 > 0 AND n0 > 0
    """
    path = folder / "log.parquet"
    with duckdb.connect() as duck:
        difference, n = duck.execute(by_hand.format(path=path)).fetchall()[0]
    told = row(answer, "Shares, side by side", "decision “approve”")
    assert told["within"] == pytest.approx(100 * difference, abs=0.05)
    assert told["within_n"] == pytest.approx(n, rel=0.002)
    apart = 100 * (told["first_alike"] - told["second_alike"])
    assert apart == pytest.approx(told["within"])
    assert told["overall"] == pytest.approx(100 * (told["first"] - told["second"]))


def test_traffic_says_when_the_last_request_came(answer: Answer, folder: Path) -> None:
    """That request's own time, of the side whose last one ends what is compared."""
    ended = "SELECT min(last) FROM (SELECT max(ts) AS last FROM read_parquet(?) GROUP BY version)"
    with duckdb.connect() as duck:
        ((moment,),) = duck.execute(ended, [str(folder / "log.parquet")]).fetchall()
    lasts = [row(answer, "Traffic", side)["last"] for side in ("2.3", "2.2")]
    assert max(lasts).replace(tzinfo=None) == moment


def test_the_picture_shows_the_groups(answer: Answer) -> None:
    """Each group's share on both versions, the one that lost marked."""
    assert isinstance(answer.chart, BarChart)
    assert {bar.label for bar in answer.chart.bars} == {"sex f", "sex m"}
    assert sum(bar.emphasis for bar in answer.chart.bars) == 1
    assert answer.chart.reference_label == "version 2.2"


def test_order_turns_the_sign(house: Asking, answer: Answer) -> None:
    """The first is held against the second; turned round, each difference is the other's."""
    turned = house.answer("compare loans versions 2.2 to 2.3")
    for each in ("within", "overall"):
        ours, theirs = (
            row(one, "Shares, side by side", "failed")[each] for one in (answer, turned)
        )
        assert ours == pytest.approx(-theirs)


def test_what_to_ask_next(house: Asking) -> None:
    """The rollout is the next question, about the same two versions; then what differs by them."""
    answer = house.answer("compare loans last 7 days")
    steps = {step.label: step.text for step in answer.follow_ups}
    assert "between" in steps["Can the rollout go on?"]
    assert steps["Did what it says change?"].endswith("by version")
    assert house.answer(steps["Did what it says change?"]).tables


def test_only_what_can_be_asked_is_offered(house: Asking) -> None:
    """Whether what it says changed is no next question where no time lies before."""
    labels = [
        [step.label for step in house.answer(f"compare loans {time} amer to apac").follow_ups]
        for time in ("last 7 days", "last 30 days")
    ]
    assert ["Did what it says change?" in each for each in labels] == [True, False]


def test_two_parts_are_compared_within_versions(house: Asking) -> None:
    """Regions against each other, hour by hour and within each version."""
    answer = house.answer("compare loans last 7 days amer to apac")
    assert answer.headline.startswith("loans: region amer does better than apac")
    told = row(answer, "Shares, side by side", "failed")
    drawn = [f"{100 * told[side]:.1f}" for side in ("first", "second")]
    alike = [f"{100 * told[f'{side}_alike']:.1f}" for side in ("first", "second")]
    assert drawn != alike
    assert answer.headline.endswith(" for apac, weighed alike")
    assert row(answer, "Shares, side by side", "failed")["within"] < -2


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("compare loans last 7 days against 2026-11-04..2026-11-10", "no difference shown"),
        ("compare loans yesterday against 2026-11-12", "can't be judged"),
    ],
)
def test_times_are_judged_by_how_days_vary(house: Asking, text: str, verdict: str) -> None:
    """Two weeks of the same take no verdict; of two single days nobody knows how days vary."""
    answer = house.answer(f"{text} where region = amer")
    assert row(answer, "Shares, side by side", "failed")["verdict"] == verdict
    if verdict == "no difference shown":
        assert answer.headline.endswith(" (failed) would have been seen")


def test_a_week_that_is_worse_is_found(tmp_path: Path) -> None:
    """A week in which four times as many requests fail is worse than the one before."""
    failed = "u < CASE WHEN stamp >= TIMESTAMP '2026-11-16 12:00' THEN 0.08 ELSE 0.02 END"
    with rolled(tmp_path, failed=failed) as house:
        text = "compare loans last 7 days against 2026-11-09..2026-11-15"
        answer = house.answer(text)
    assert answer.headline.startswith("loans: worse in the last 7 days than from 9 Nov to 15 Nov")
    assert answer.chart is not None
    assert (
        ": bars are this time (in the last 7 days), ticks are then (from 9 Nov to 15 Nov 2026). "
    ) in answer.chart.alt
    assert row(answer, "Shares, side by side", "failed")["within"] == pytest.approx(6, abs=1)


def test_versions_that_never_met_are_told_apart_by_nobody(tmp_path: Path) -> None:
    """Where a region has but one version at a time, the version can't be told from the region."""
    switched: dict[str, Any] = {"apac": "region = 'apac'", "emea": "false"}
    with rolled(tmp_path, **switched) as house:
        answer = house.answer("compare loans")
        rollout = house.answer("rollout loans")
    assert answer.severity is Severity.UNKNOWN
    assert "never served the same region at the same time" in answer.headline
    assert "never served the same region at the same time" in rollout.headline
    assert rollout.severity is Severity.UNKNOWN


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("compare loans 2.3 to 2.2 against last week", BadQuestion, "either two values or two"),
        ("compare loans against yesterday", BadQuestion, "The two times overlap"),
        ("compare loans version 9 to 2.2", NotAnswerable, "version “9”. Did you mean “2.2”"),
        ("compare loans where version = 2.2", NotAnswerable, "only version “2.2”"),
        ("compare loans last 7 days against 2026-01-01", NotAnswerable, "Choose another time"),
    ],
)
def test_what_can_not_be_compared_is_said(
    house: Asking, text: str, error: type[Exception], said: str
) -> None:
    """A refusal says why, and what to ask instead."""
    with pytest.raises(error, match=said):
        house.answer(text)


def test_without_versions_something_else_is_offered(tmp_path: Path) -> None:
    """A log without versions names the role to declare, and what else can be compared."""
    roles = {role: column for role, column in ROLES.items() if role != "version"}
    with rolled(tmp_path, declared={"roles": roles}) as house:
        with pytest.raises(NotAnswerable, match=r"no column for “version”.*`against` a time"):
            house.answer("compare loans")
        assert house.answer("compare loans emea to apac").tables


def test_within_a_protected_attribute_small_groups_are_not_told(tmp_path: Path) -> None:
    """A group of a few people stands in no table but together with another, larger one."""
    rare = "CASE WHEN i % 20000 = 7 THEN 'x' WHEN i % 2 = 0 THEN 'f' ELSE 'm' END"
    with rolled(tmp_path, sex=rare) as house:
        answer = house.answer("compare loans by sex")
    listed = [cells for table in answer.tables for cells in table.rows if "x" in cells]
    assert listed == []
    by_group = next(table for table in answer.tables if table.title == "By sex, both serving")
    assert {str(row[0]) for row in by_group.rows} == {"f", OTHERS}
