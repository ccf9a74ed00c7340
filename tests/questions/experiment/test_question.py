"""Which arm won, asked of experiments on disk whose truth is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from queries.core.answer import Answer, Severity
from queries.core.charts import BarChart, LineChart
from queries.core.errors import BadQuestion, NotAnswerable
from queries.core.grammar import parse
from tests.asking import Asking, asking, rows
from tests.questions.planted import write

COLUMNS = {
    "ts": "stamp",
    "who": "'u' || i",
    "arm": "CASE WHEN u < 0.5 THEN 'old' ELSE 'new' END",
    "uneven": "CASE WHEN u < 0.56 THEN 'old' ELSE 'new' END",
    "third": "['a', 'b', 'c'][1 + CAST(floor(3 * u) AS INTEGER)]",
    "more": "CASE WHEN v < 0.20 + 0.06 * (u >= 0.5)::INTEGER THEN 'yes' ELSE 'no' END",
    "same": "CASE WHEN v < 0.20 THEN 'yes' ELSE 'no' END",
    "best": "CASE WHEN v < 0.20 + 0.1 * (u >= 2 / 3)::INTEGER THEN 'yes' ELSE 'no' END",
    "spent": "10 * w - (u >= 0.5)::INTEGER",
    "visits": "1 + floor(4 * v)",
    "region": "['emea', 'amer'][1 + i % 2]",
}
MORE = {"share": "more", "value": "yes"}
SAME = {"share": "same", "value": "yes"}


def source(changed: Mapping[str, Any], **roles: Any) -> dict[str, Any]:
    """Declare the log with one experiment of two arms, a day's window and more, unless changed."""
    usual = {"split": {"old": 1, "new": 1}, "window": "1 day", "metrics": {"more": MORE}}
    columns: dict[str, Any] = {
        "time": "ts",
        "entity_id": "who",
        "variant": "arm",
        "dimensions": ["more", "same", "best", "region"],
        "metrics": ["spent", "visits"],
    }
    kept = {key: value for key, value in (usual | dict(changed)).items() if value is not None}
    return {
        "files": "log.parquet",
        "roles": {key: each for key, each in (columns | roles).items() if each},
        "experiments": {"prices": kept},
    }


SOURCES: Mapping[str, dict[str, Any]] = {
    "won": source({"title": "New prices"}),
    "lost": source({"metrics": {"more": MORE | {"better": "lower"}}}),
    "none": source({"metrics": {"same": SAME}}),
    "small": source({"metrics": {"more": MORE | {"matters": 0.2}}}),
    "uneven": source({}, variant="uneven"),
    "as_configured": source({"split": {"old": 56, "new": 44}}, variant="uneven"),
    "ended": source({"ends": "2026-11-20"}),
    "harm": source(
        {"metrics": {"more": MORE, "spent": {"mean": "spent", "guardrail": True}, "same": SAME}}
    ),
    "safe": source(
        {
            "metrics": {
                "same": SAME,
                "visits": {"title": "visits by user", "mean": "visits", "guardrail": True},
                "pace": {"ratio": "visits", "per": "visits", "better": "lower", "guardrail": True},
            }
        }
    ),
    "three": source(
        {
            "split": {"a": 1, "b": 1, "c": 1},
            "ends": "2026-11-20",
            "metrics": {"best": {"share": "best", "value": "yes"}},
        },
        variant="third",
    ),
    "early": source({"window": "13 days"}),
    "text": source({"metrics": {"mean": {"mean": "more"}}}),
    "numbers": source({"metrics": {"spent": {"share": "spent", "value": "much"}}}),
    "other": source({"split": {"x": 1, "y": 1}}),
    "unseen": source({}, experiment="region") | {"visibility": {"region": "hidden"}},
    "undeclared": {key: each for key, each in source({}).items() if key != "experiments"},
    "several": source({}, experiment="region")
    | {
        "experiments": {
            name: {"split": {"old": 1, "new": 1}, "metrics": {"same": SAME, name: SAME}}
            for name in ("emea", "amer")
        }
    },
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """One log of 14,000 users in ten days, declared in many ways."""
    folder = tmp_path_factory.mktemp("experiments")
    write(folder / "log.parquet", rows(14_000, COLUMNS, every=60))
    with asking(SOURCES, folder) as opened:
        yield opened


def table(answer: Answer, title: str) -> list[dict[str, Any]]:
    """Give the rows of a table of an answer."""
    (found,) = (each for each in answer.tables if each.title == title)
    names = [column.name for column in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows]


def found(answer: Answer, kind: str) -> list[str]:
    """Give the sentences of the findings of a kind."""
    return [each.text for each in answer.findings if each.kind == kind]


def test_an_arm_that_is_better_wins(house: Asking) -> None:
    """A planted effect of 6 points is found while the experiment runs, and lies in its range."""
    answer = house.answer("experiment won")
    assert answer.severity is Severity.GOOD
    assert re.fullmatch(r"won, New prices: “new” won, more 2\d % against 2\d %", answer.headline)
    control, treated = table(answer, "Shares")
    assert (control["verdict"], treated["verdict"]) == ("control", "better")
    assert treated["change_low"] < 6 < treated["change_high"]
    assert treated["change_low"] > 0
    assert treated["times_low"] < 1.3 < treated["times_high"]
    assert "It is still running" in answer.summary
    assert answer.caveats[1].startswith("It can't show what comes after those 24 hours")


def test_the_picture_narrows(house: Asking) -> None:
    """While it runs the picture is the range as it was readable each day, ending in the table's."""
    answer = house.answer("experiment won")
    assert isinstance(answer.chart, LineChart)
    band = answer.chart.band
    assert band is not None
    widths = [
        high - low
        for low, high in zip(band.low, band.high, strict=True)
        if low is not None and high is not None
    ]
    assert len(widths) >= 9
    assert widths == sorted(widths, reverse=True)
    _, treated = table(answer, "Shares")
    assert band.low[-1] == pytest.approx(treated["change_low"])
    assert [each["change"] for each in table(answer, "Day by day")] == list(
        answer.chart.series[0].y
    )


def test_worse_is_said(house: Asking) -> None:
    """Where lower is better, the same effect is a loss."""
    answer = house.answer("experiment lost")
    assert answer.severity is Severity.WARNING
    assert "“new” did worse, more 2" in answer.headline


def test_no_difference_says_what_would_have_been_seen(house: Asking) -> None:
    """Without an effect nothing is called one, and the largest that may hide is said."""
    answer = house.answer("experiment none")
    assert answer.severity is Severity.NOTE
    seen = re.search(r"one larger than ([\d.]+) percentage points would show", answer.headline)
    assert seen
    _, treated = table(answer, "Shares")
    most = max(-treated["change_low"], treated["change_high"])
    assert float(seen[1]) == pytest.approx(most, abs=0.5)
    assert treated["verdict"] == "no difference shown"


def test_less_than_what_matters_is_no_win(house: Asking) -> None:
    """An effect beyond chance that is smaller than what matters wins nothing."""
    assert "differs by less than what matters" in house.answer("experiment small").headline


def test_a_broken_split_names_no_winner(house: Asking) -> None:
    """A split of 56:44 instead of 50:50 alarms, and no arm is said to be better anywhere."""
    answer = house.answer("experiment uneven")
    assert answer.severity is Severity.ALARM
    assert re.search(
        r"no winner can be named; “(old|new)” got (5[56]|4[45])\.\d % of the users, not 50\.0 %",
        answer.headline,
    )
    said = " ".join([answer.headline, answer.summary, *(each.text for each in answer.findings)])
    assert "won" not in said
    assert {row["verdict"] for row in table(answer, "Shares")} == {"control", "the split is broken"}
    assert isinstance(answer.chart, BarChart)
    assert [bar.reference for bar in answer.chart.bars] == [0.5, 0.5]


def test_the_split_is_held_against_what_is_configured(house: Asking) -> None:
    """The same 56:44 is as it should be where that is configured."""
    answer = house.answer("experiment as_configured")
    (split,) = found(answer, "split")
    assert split.startswith("The split is as configured")


def test_a_finished_experiment_is_tested_once(house: Asking) -> None:
    """After its end and the last window the range is a single reading's, and narrower."""
    ended, running = (house.answer(f"experiment {name}") for name in ("ended", "won"))
    assert "still running" not in ended.summary
    assert isinstance(ended.chart, BarChart)
    (_, over), (_, open_) = table(ended, "Shares"), table(running, "Shares")
    assert over["users"] < open_["users"]
    assert over["change_high"] - over["change_low"] < open_["change_high"] - open_["change_low"]
    assert any("after the experiment's end" in each for each in ended.caveats)


def test_harm_is_said_with_the_win(house: Asking) -> None:
    """An arm that wins and harms a guardrail is no good news, in the headline already."""
    answer = house.answer("experiment harm")
    assert answer.severity is Severity.WARNING
    assert answer.headline.endswith("; but spent got worse")
    (harm,) = found(answer, "guardrail")
    assert re.match(
        r"Spent: “new” 4\.\d+ against \d\.\d+ in “old”, 0\.9 less \(0\.8 to 1\.1\)", harm
    ), harm


def test_guardrails_say_what_may_hide(house: Asking) -> None:
    """Guardrails without harm say how large a harm would have been seen, each in its direction."""
    (held,) = found(house.answer("experiment safe"), "guardrail")
    assert re.fullmatch(
        r"No harm shown: visits by user lower by more than 0\.\d+ or pace higher by more than 0 "
        r"would have been seen\.",
        held,
    )


def test_three_arms_are_corrected(house: Asking) -> None:
    """Each arm is compared with the control; p values are Holm's, and the better one wins."""
    answer = house.answer("experiment three")
    assert "“c” won" in answer.headline
    _, second, third = table(answer, "Shares")
    assert second["verdict"] == "no difference shown"
    assert third["verdict"] == "better"
    assert third["corrected"] == pytest.approx(2 * third["p"])
    assert second["corrected"] == pytest.approx(max(second["p"], third["corrected"]))
    assert any("not with the other arms" in each for each in answer.caveats)


def test_too_early(house: Asking) -> None:
    """Before 100 users of each arm are finished nothing is compared; those watched are counted."""
    answer = house.answer("experiment early")
    assert answer.severity is Severity.UNKNOWN
    assert "too early to say which arm won; no user to compare in one arm" in answer.headline
    assert answer.chart is None
    (still,) = found(answer, "to come")
    assert still.startswith("14,000 users are still within their 13 days")


def test_only_those_first_exposed_in_the_time(house: Asking) -> None:
    """A time narrows to users first exposed in it; who came before is counted and left out."""
    answer = house.answer("experiment won last 3 days")
    assert sum(row["exposed"] for row in table(answer, "Who takes part")) == 3 * 1440
    assert "9,680 users first came before the time asked for and are left out." in answer.caveats


def test_conditions_are_said(house: Asking) -> None:
    """Conditions choose rows, and the answer says what that may do."""
    answer = house.answer("experiment won where region = emea")
    assert sum(row["exposed"] for row in table(answer, "Who takes part")) == 7000
    assert any(each.startswith("Only rows that meet the conditions") for each in answer.caveats)


def test_another_metric_decides(house: Asking) -> None:
    """Any metric can be asked to decide, and is offered as a next question."""
    answer = house.answer("experiment harm")
    assert answer.follow_ups[0].text.endswith(" metric same")
    assert "no difference shown, same" in house.answer("experiment harm metric same").headline


def test_the_experiment_can_be_named(house: Asking) -> None:
    """Of several experiments one must be named, and only its rows count."""
    with pytest.raises(BadQuestion, match="Which experiment"):
        house.answer("experiment several")
    answer = house.answer("experiment several amer")
    assert sum(row["exposed"] for row in table(answer, "Who takes part")) == 7000


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("experiment won price", "prices"),
        ("experiment won experiment price", "prices"),
        ("experiment harm metric spend", "spent"),
        ("experiment harm spend", "spent"),
    ],
)
def test_a_name_that_is_nearly_right(house: Asking, text: str, meant: str) -> None:
    """A misspelled experiment or metric is refused with the declared one that is nearest."""
    with pytest.raises(BadQuestion) as caught:
        parse(text, house.services.catalog(), ZoneInfo("UTC"))
    assert caught.value.problems[0].nearest[0] == meant


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("text", "“more” of text holds no numbers, so “mean” can't be summed up"),
        ("numbers", "counts “much”, but “spent” holds numbers"),
        ("unseen", "“experiment” of unseen is hidden"),
        ("undeclared", r"declares no experiments. Declare one in \[sources.undeclared.experiments"),
    ],
)
def test_what_cannot_be_measured_is_refused(house: Asking, name: str, says: str) -> None:
    """A column that can't be measured so, or no experiment, is refused with what to declare."""
    with pytest.raises(NotAnswerable, match=says):
        house.answer(f"experiment {name}")


def test_arms_that_nobody_is_in(house: Asking) -> None:
    """Where the log knows none of the arms, the answer says so and what to check."""
    answer = house.answer("experiment other")
    assert "no user takes part" in answer.headline
    assert "14,000 users of it have no arm that is declared. Check `split`" in answer.summary


Event = tuple[float, str | None, str | None, str, float]
"""Days before the end, user, arm, a value and an amount."""

EVENTS: Sequence[Event] = (
    (10.0, "a", "old", "no", 1.0),
    (9.5, "a", "old", "yes", 2.0),
    (10.0, "b", "new", "no", 4.0),
    (7.0, "b", "new", "yes", 100.0),
    (10.0, "c", "old", "no", 1.0),
    (9.0, "c", "new", "yes", 1.0),
    (8.0, "d", "old", "yes", 1.0),
    (8.0, "d", "new", "yes", 1.0),
    (8.0, "e", "odd", "yes", 1.0),
    (8.0, "f", None, "yes", 1.0),
    (8.0, None, "old", "yes", 1.0),
    (1.0, "g", "new", "yes", 1.0),
    (8.0, "h", "old", "yes", 8.0),
    (7.0, "h", "old", "yes", 16.0),
    (5.0, "h", "old", "yes", 100.0),
    (9.0, "i", "new", "no", 1.0),
    (9.0, "j", None, "yes", 32.0),
    (8.5, "j", "new", "no", 1.0),
    (0.0, "g", "new", "no", 1.0),
)


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """A few users, each with something of their own, watched for two days."""
    folder = tmp_path_factory.mktemp("events")
    listed = ", ".join(
        "({})".format(", ".join("NULL" if each is None else f"'{each}'" for each in event))
        for event in EVENTS
    )
    write(
        folder / "log.parquet",
        "SELECT TIMESTAMP '2026-11-23 11:00' - to_seconds(86400 * CAST(days AS DOUBLE)) AS ts, "
        "who, arm, more, CAST(spent AS DOUBLE) AS spent, 1.0 AS visits, more AS same, "
        "more AS best, 'x' AS region "
        f"FROM (VALUES {listed}) AS events(days, who, arm, more, spent)",
    )
    metrics = {
        "more": MORE,
        "spent": {"mean": "spent"},
        "pace": {"ratio": "spent", "per": "visits"},
    }
    with asking({"x": source({"window": "2 days", "metrics": metrics})}, folder) as house:
        return house.answer("experiment x")


def test_each_user_counts_once(counted: Answer) -> None:
    """Users stand in the arm of their first exposure; who is in several, or open, stands apart."""
    old, new = table(counted, "Who takes part")
    names = ("exposed", "finished", "open", "crossed")
    assert [old[name] for name in names] == [3, 2, 0, 1]
    assert [new[name] for name in names] == [4, 3, 1, 0]


def test_only_the_window_counts(counted: Answer) -> None:
    """What comes before a user's first exposure or after the window is over changes nothing."""
    old, new = table(counted, "Shares")
    assert (old["value"], new["value"]) == (1.0, 0.0)
    spent_old, spent_new, pace_old, pace_new = table(counted, "Averages and ratios")
    assert (spent_old["value"], spent_new["value"]) == (13.5, 2.0)
    assert (pace_old["value"], pace_new["value"]) == (27 / 4, 2.0)


def test_who_is_left_out_is_said(counted: Answer) -> None:
    """Users in two arms, contradicting and undeclared arms, and rows of nobody are counted."""
    (left_out,) = found(counted, "left out")
    assert left_out.startswith("2 users of 8 ")
    assert "1 of them at the same moment" in left_out
    assert counted.caveats[0].startswith(
        "Counted are 5 of 7 users first exposed: those whose 2 days"
    )
    assert counted.caveats[2:5] == (
        "1 user first came into an arm that is not declared and is left out.",
        "1 user never had an arm and is left out.",
        "1 row of the experiment names no user: left out.",
    )


def test_outcomes_count_if_they_came_in_time(tmp_path: Path) -> None:
    """An outcome that came after the user's window was over counts as not known, in any arm."""
    log = (
        "SELECT TIMESTAMP '2026-11-01' + to_hours(i) AS ts, i AS id, {} AS arm FROM range(48) t(i)"
    )
    write(tmp_path / "log.parquet", log.format("CASE WHEN i % 2 = 0 THEN 'old' ELSE 'new' END"))
    write(
        tmp_path / "out.parquet",
        "SELECT i AS id, 1 AS good, TIMESTAMP '2026-11-01' + to_hours(i) + "
        "to_hours(CASE WHEN i % 4 = 0 THEN 23 ELSE 25 END) AS came FROM range(48) t(i)",
    )
    declared = {
        "files": "log.parquet",
        "roles": {"time": "ts", "request_id": "id", "entity_id": "id", "variant": "arm"},
        "outcomes": {
            "files": "out.parquet",
            "request_id": "id",
            "outcome": "good",
            "outcome_time": "came",
        },
        "experiments": {
            "x": {
                "split": {"old": 1, "new": 1},
                "window": "1 day",
                "metrics": {"good": {"share": "outcome", "value": 1}},
            }
        },
    }
    with asking({"x": declared}, tmp_path) as house:
        answer = house.answer("experiment x")
    old, new = table(answer, "Shares")
    assert (old["users"], new["users"]) == (12, 12)
    assert (old["value"], new["value"]) == (0.5, 0.0)
    assert "Of 18 of the 24 users compared, “outcome” is not known" in " ".join(answer.caveats)
