"""A rollout asked about: held for what is worse, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Severity
from queries.core.charts import PanelChart
from queries.core.errors import NotAnswerable
from tests.asking import NOW, Asking
from tests.questions.compare.test_question import row
from tests.questions.rolled import ROLES, SILENT, rolled


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the planted log lies."""
    return tmp_path_factory.mktemp("rolled")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[Asking]:
    """A rollout region by region, with what is planted."""
    with rolled(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(house: Asking) -> Answer:
    """What is said of it."""
    return house.answer("rollout loans")


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """The same without any difference."""
    with rolled(tmp_path_factory.mktemp("silent"), **SILENT) as opened:
        yield opened


def told(answer: Answer, kind: str) -> str:
    """The text of the first finding of a kind."""
    return next(each.text for each in answer.findings if each.kind == kind)


def test_it_is_held_for_the_group_alone(answer: Answer) -> None:
    """The gap that opened holds the rollout; failures, which both versions have, do not."""
    assert answer.severity is Severity.ALARM
    assert answer.headline.startswith("loans: hold the rollout of 2.3: sex f gets “approve” ")
    states = {cells[0]: cells[1] for cells in answer.tables[0].rows}
    assert "worse" in (states.get("sex f"), states.get("sex m"))
    assert states["failed"] == "not worse by what matters"
    assert states["over 190 ms"] != "worse"
    assert "Where most fail, in region emea, both fail alike" in told(answer, "guardrail errors")


def test_it_says_who_is_served_and_what_is_compared(answer: Answer) -> None:
    """How many are on the new version, since when, and that they are compared region by region."""
    assert "to 23 Nov 11:59 UTC, while both served" in answer.summary
    assert "Compared within each region, hour by hour" in answer.summary
    assert "isn't comparable: region " in told(answer, "mix")
    traffic = next(each for each in answer.tables if each.title == "Share of requests by version")
    assert [column.label for column in traffic.columns[2:]] == ["2.2", "2.3"]
    for cells in traffic.rows:
        assert sum(cell for cell in cells[2:] if isinstance(cell, float)) == pytest.approx(1)
    new = [cells[3] for cells in traffic.rows]
    assert new[0] == pytest.approx(0.7 / 3, abs=0.03)
    assert new[-1] == pytest.approx(0.7 / 3 + 0.3 / 3 * 6.2 / 24, abs=0.06)


def test_each_guardrail_stands_in_the_table(answer: Answer) -> None:
    """What, how it stands, both sides, the difference with its range, what matters, and n."""
    failed = row(answer, "Guardrails", "failed")
    assert failed["difference_low"] <= failed["difference"] <= failed["difference_high"]
    assert failed["least"] == pytest.approx(2.0)
    assert failed["difference_high"] < failed["least"]
    assert failed["n"] > 9000
    worth = row(answer, "Guardrails, averages", "worth")
    assert worth["difference"] == pytest.approx(20, abs=2)
    assert worth["state"] == "not worse by what matters"


def test_it_says_since_when_it_was_known(folder: Path, answer: Answer) -> None:
    """Asked at the moment since which it is known, it was held; a day before, it wasn't."""
    table = next(each for each in answer.tables if each.title == "As it was known")
    worse = [
        cells[0] for cells in table.rows if cells[1] in ("sex f", "sex m") and cells[2] == "worse"
    ]
    assert worse
    since = worse[0]
    assert isinstance(since, datetime)
    assert "known since" in told(answer, "guardrail group")
    for at, held in ((since + timedelta(minutes=30), True), (since - timedelta(days=1), False)):
        with rolled(folder, now=at) as then:
            headline = then.answer("rollout loans").headline
        assert ("hold the rollout" in headline) is held, headline


def test_the_picture_shows_how_it_became_known(answer: Answer) -> None:
    """The gap first, failures too, each with where it may be; and the share on the new version."""
    assert isinstance(answer.chart, PanelChart)
    labels = [panel.label for panel in answer.chart.panels]
    assert labels[0].startswith("sex ")
    assert "failed, difference" in labels
    assert labels[-1] == "requests on version 2.3"
    band = answer.chart.panels[0].band
    assert band is not None
    widths = [b - a for a, b in zip(band.low, band.high, strict=True) if a is not None and b]
    assert widths[-1] < widths[0]


def test_without_a_difference_it_may_go_on(silent: Asking) -> None:
    """Where nothing differs and enough is known, it goes on; what else is open is told."""
    answer = silent.answer("rollout loans over 500ms")
    assert answer.severity is Severity.GOOD, answer.headline
    assert answer.headline.startswith("loans: the rollout of 2.3 can go on")


@pytest.mark.parametrize("day", range(14, 24, 2))
def test_without_a_difference_it_is_never_held(silent: Asking, day: int) -> None:
    """Whatever day it is looked at, nothing is called worse."""
    answer = silent.answer(f"rollout loans since 2026-11-{day - 1}")
    assert "hold" not in answer.headline


def test_when_enough_will_be_known_is_told(silent: Asking) -> None:
    """Of a rollout of some hours too little is known, and when it will be is said."""
    answer = silent.answer("rollout loans where region = emea")
    assert answer.severity is Severity.WARNING
    assert "too early to go on with 2.3" in answer.headline
    assert "more requests" in answer.headline
    failed = row(answer, "Guardrails", "failed")
    assert failed["state"] == "not known yet"
    assert failed["days"] > 1
    assert failed["requests"] > 1000


def test_a_limit_of_ones_own_is_kept(house: Asking) -> None:
    """The limit that was asked for is the one that is counted."""
    answer = house.answer("rollout loans over 150ms")
    assert row(answer, "Guardrails", "over 150 ms")["new"] == pytest.approx(0.5, abs=0.03)


def test_what_to_ask_next(answer: Answer) -> None:
    """Both versions side by side, and what the new one says."""
    steps = {step.label: step.text for step in answer.follow_ups}
    assert steps["Both side by side"].startswith("compare loans ")
    assert steps["Did what it says change?"].endswith("by version")


def test_versions_one_after_the_other_are_no_rollout(tmp_path: Path) -> None:
    """Where one version followed the other, nothing can be compared moment by moment."""
    whole: dict[str, Any] = {
        "apac": f"stamp >= TIMESTAMP '{NOW - timedelta(days=3):%Y-%m-%d %H:%M}'"
    }
    with rolled(tmp_path, **whole) as house:
        with pytest.raises(NotAnswerable, match=r"never served at the same time.*compare loans"):
            house.answer("rollout loans")
        after = house.answer("compare loans")
    assert any("never served at the same time" in each for each in after.caveats)


def test_a_log_without_times_or_versions_says_what_to_declare(tmp_path: Path) -> None:
    """A rollout needs both."""
    for role in ("time", "version"):
        roles = {name: column for name, column in ROLES.items() if name != role}
        declared = {"roles": roles} | ({"undated": True} if role == "time" else {})
        refused = pytest.raises(NotAnswerable, match=role)
        with rolled(tmp_path, declared=declared) as house, refused:
            house.answer("rollout loans")
