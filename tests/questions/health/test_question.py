"""How all models are, asked of several logs at once: sound, failing, silent, undated, broken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Severity
from queries.core.charts import PanelChart
from queries.core.errors import Cancelled
from queries.core.logs import Logs
from queries.core.times.when import window
from queries.health.question import Health
from tests.questions.planted import (
    ANA,
    BROKEN,
    NOW,
    ONSET,
    Trip,
    declared,
    living,
    requests,
    write,
)

DAY = timedelta(days=1)
TODAY = f"ts >= TIMESTAMP '{NOW - DAY:%Y-%m-%d %H:%M}'"
START = datetime(2026, 10, 23, tzinfo=UTC)


def source(folder: Path, name: str, query: str) -> str:
    """Write a log and give its declaration."""
    write(folder / name / "requests.parquet", query)
    return declared(name)


def replacing(columns: str, **given: Any) -> str:
    """A log with some columns replaced by other SQL."""
    return f"SELECT * REPLACE ({columns}) FROM ({requests(start=START, **given)})"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trip]:
    """Seven models: one failing, one silent, one sound, one young, and three that are odd."""
    folder = tmp_path_factory.mktemp("fleet")
    declarations = [
        source(folder, "sound", requests(start=START)),
        source(folder, "failing", requests(start=START, broken=BROKEN, every=30)),
        source(folder, "silent", requests(start=START, until=NOW - timedelta(hours=5))),
        source(folder, "young", requests(start=NOW - 3 * DAY)),
        source(folder, "idle", requests(start=NOW - 12 * DAY, until=NOW - 9 * DAY)),
        source(folder, "broken", requests(start=NOW - DAY)),
        declared("timeless", roles={"time": None}),
    ]
    (folder / "broken" / "requests.parquet").write_bytes(b"PAR1 and no more")
    write(folder / "timeless" / "requests.parquet", requests(start=NOW - DAY))
    with living(folder, *declarations) as trip:
        yield trip


@pytest.fixture(scope="module")
def answer(fleet: Trip) -> Answer:
    """What is said of all of them."""
    return fleet.answer("health")


def rows(answer: Answer) -> dict[str, Mapping[str, object]]:
    """The table's rows by model."""
    names = [column.name for column in answer.tables[0].columns]
    found = [dict(zip(names, row, strict=True)) for row in answer.tables[0].rows]
    return {str(row["model"]): row for row in found}


def test_the_worst_leads_and_all_are_there(answer: Answer) -> None:
    """Silent before broken before failing, then what can't be said, and the sound one last."""
    assert answer.severity is Severity.ALARM
    assert answer.headline.startswith("3 of 7 models need a look: silent has no data since 10:29")
    assert list(rows(answer))[:3] == ["silent", "broken", "failing"]
    assert list(rows(answer))[-1] == "sound"
    kinds = [each.kind for each in answer.findings]
    assert kinds == ["silent", "unreadable", "errors"]
    assert answer.summary.startswith("As usual: sound.")


def test_each_is_told_by_what_is_wrong_with_it(answer: Answer) -> None:
    """Failures with onset and factor, slowness, an empty input; what can't be read and why."""
    said = {each.kind: each.text for each in answer.findings}
    assert "“failing” fails" in said["errors"]
    assert "times as often as usual since about 09:" in said["errors"]
    assert "It is slower than usual: its slowest 5 % take over 9" in said["errors"]
    assert "lacks its input “income” in" in said["errors"]
    assert "requests.parquet" in said["unreadable"]
    states = {name: str(row["state"]) for name, row in rows(answer).items()}
    assert states["sound"] == "is as usual"
    assert states["broken"] == "can't be read"
    assert states["timeless"] == "has no times to be judged by"
    assert states["young"] == "has too little past to say"
    assert states["idle"] == "has no requests in the last 24 hours"


def test_every_number_stands_beside_its_usual(answer: Answer) -> None:
    """Requests, failures, latency, decisions, right answers and freshness of the sound one."""
    row = rows(answer)["sound"]
    assert row["requests"] == row["requests_usual"] == 1440
    assert (row["severity"], row["inputs"]) == ("good", None)
    assert float(str(row["failed"])) == pytest.approx(0.012, abs=0.006)
    assert float(str(row["p95"])) == pytest.approx(215, abs=2)
    labels = {column.label for column in answer.tables[0].columns}
    assert {"half within", "95 of 100 within"} <= labels
    assert not any(re.search(r"\bp\d", label) for label in labels)
    assert float(str(row["p95_usual_low"])) < float(str(row["p95"]))
    assert row["said"] == "1"
    assert float(str(row["said_share"])) == pytest.approx(0.5, abs=0.05)
    assert float(str(row["score"])) == pytest.approx(0.5, abs=0.03)
    assert float(str(row["right"])) == pytest.approx(0.9, abs=0.05)
    assert row["error"] is None
    assert row["through"] == NOW - timedelta(minutes=1)


def test_panels_stand_in_the_same_order_over_the_same_times(answer: Answer) -> None:
    """A panel for each model with requests, worst first, with its band, its number and its mark."""
    chart = answer.chart
    assert isinstance(chart, PanelChart)
    assert [panel.label for panel in chart.panels] == [
        "silent, requests a minute",
        "failing",
        "young",
        "sound",
    ]
    assert [panel.emphasis for panel in chart.panels] == [True, True, False, False]
    assert all(len(panel.series[0].y) == len(chart.x) for panel in chart.panels)
    silent, failing, *_ = chart.panels
    assert silent.series[0].y[-1] is None
    assert silent.marks[0].label == "no data"
    assert abs(failing.marks[0].at - ONSET) <= timedelta(minutes=20)
    assert failing.band is not None
    assert "failed, usually 1.2 %" in failing.note


def test_next_questions_show_why(answer: Answer) -> None:
    """For the worst model what shows why, then one question for each other one."""
    texts = [step.text for step in answer.follow_ups]
    assert texts[0].startswith("traffic silent 2026-11-22T15:30+01:00..")
    assert texts[1].startswith("changes silent ")
    assert texts[2].startswith("errors failing ")
    assert len(texts) == 3


def test_it_says_where_it_comes_from(fleet: Trip) -> None:
    """Provenance names every log that was read and counts its rows; the broken one is left out."""
    origin = fleet.ask("health sound, failing, broken").provenance
    assert origin.source == "Sound decisions and Failing decisions"
    assert origin.question == "health sound, failing, broken last 24 hours"
    alone = fleet.ask("health sound").provenance
    assert origin.rows_read == 3 * alone.rows_read  # twice as many come of the second
    only = fleet.ask("health broken")
    assert only.answer.headline == "broken needs a look: it can't be read"
    assert only.provenance.source == ""
    assert only.provenance.start is None


def test_one_model_is_called_by_its_name(fleet: Trip) -> None:
    """Of one model the headline says its name; of several that are sound, that all are."""
    assert fleet.answer("health sound").headline == "sound is as usual"
    assert "failing needs a look: it fails" in fleet.answer("health failing").headline
    assert fleet.answer("health sound yesterday").severity is Severity.GOOD
    both = fleet.answer("health sound, failing yesterday")
    assert both.headline == "All 2 models are as usual"
    unknown = fleet.answer("health young, timeless")
    assert unknown.headline.startswith("Too little is known of all 2 models")
    assert unknown.severity is Severity.UNKNOWN
    mixed = fleet.answer("health sound, young")
    assert mixed.headline == "1 of 2 models is as usual; of the other that can't be said"


def test_a_young_log_that_begins_to_fail_needs_a_look(tmp_path: Path) -> None:
    """Without a past, failures that jumped and last are an alarm, with since when and how it was.

    The questions that follow say the same, however much longer than the log their time is.
    """
    failed = "u < CASE WHEN ts >= TIMESTAMP '2026-11-23 14:20' THEN 0.3 ELSE 0.01 END"
    query = requests(start=NOW - timedelta(minutes=70), every=1, failed=failed)
    with living(tmp_path, source(tmp_path, "young", query)) as trip:
        answer = trip.answer("health")
        for question in ("errors", "changes"):
            assert "15:20" in trip.answer(f"{question} young last 24 hours").headline
    assert answer.severity is Severity.ALARM
    (found,) = answer.findings
    assert found.kind == "errors"
    assert re.search(r"fails in \d\d % of requests since about 15:20, in 1", found.text)
    assert set(found.numbers) == {"now", "before"}


def test_many_sound_models_are_named_and_counted(tmp_path: Path) -> None:
    """Of more than eight models as usual eight are named, and how many more there are."""
    names = [f"m{at}" for at in range(10)]
    declarations = [source(tmp_path, name, requests(start=START, every=1800)) for name in names]
    with living(tmp_path, *declarations) as trip:
        said = trip.answer("health").summary
    assert said.startswith("As usual: m0, m1, m2, m3, m4, m5, m6, m7 and 2 more.")


@pytest.mark.parametrize(
    ("columns", "concern", "said"),
    [
        (
            f"CASE WHEN {TODAY} THEN 300 ELSE latency_ms END AS latency_ms",
            "latency",
            "is slower than usual: half of its requests take over 300 ms, usually 169 ms",
        ),
        (
            f"CASE WHEN {TODAY} AND score < 0.3 THEN NULL ELSE age END AS age",
            "inputs",
            "lacks its input “age” in 29 % of requests, usually in 0 %",
        ),
        (
            f"CASE WHEN {TODAY} THEN income * 2 ELSE income END AS income",
            "inputs",
            "gets another “income”: 6,0",
        ),
        (
            f"CASE WHEN {TODAY} THEN 1 - repaid ELSE repaid END AS repaid",
            "performance",
            "was right in 6 % of cases, usually in 94 %",
        ),
        (
            f"CASE WHEN {TODAY} THEN (score > 0.2)::INTEGER ELSE prediction END AS prediction",
            "performance",
            "was right in 71 % of cases, usually in 94 %",
        ),
        (
            f"CASE WHEN {TODAY} THEN score / 2 ELSE score END AS score",
            "outputs",
            "has an average score of 0.25, usually 0.5",
        ),
    ],
    ids=["latency", "empty", "moved", "right", "predictions", "score"],
)
def test_what_left_its_usual_is_found(
    tmp_path: Path, columns: str, concern: str, said: str
) -> None:
    """Each thing that is looked at is a concern when it alone is planted, and told with numbers."""
    with living(tmp_path, source(tmp_path, "lending", replacing(columns))) as trip:
        answer = trip.answer("health")
    assert answer.severity is Severity.WARNING
    (found,) = answer.findings
    assert found.kind == concern
    assert said in found.text


def test_fewer_requests_are_an_alarm_and_more_a_warning(tmp_path: Path) -> None:
    """A model that gets a third of its usual requests needs a look sooner than a busy one."""
    fewer = f"SELECT * FROM ({requests(start=START)}) WHERE score < 0.33 OR NOT {TODAY}"
    more = (
        "SELECT * REPLACE (request_id || '-' || k AS request_id) "
        f"FROM ({requests(start=START)}), range(3) AS t(k) WHERE k = 0 OR {TODAY}"
    )
    sources = [source(tmp_path, "fewer", fewer), source(tmp_path, "more", more)]
    with living(tmp_path, *sources) as trip:
        answer = trip.answer("health")
        less = trip.answer("health fewer")
    assert "fewer needs a look: it gets only 3" in less.headline
    assert less.severity is Severity.ALARM
    assert "“more” gets 3.0 times as many requests as usual." in {
        each.text for each in answer.findings
    }


def test_a_quiet_time_is_as_usual(tmp_path: Path) -> None:
    """A model that nobody asks on Sundays is as usual on one, without a request."""
    query = f"SELECT * FROM ({requests(start=START - 7 * DAY)}) WHERE isodow(ts) < 6"
    sunday = datetime(2026, 11, 22, 20, tzinfo=UTC)
    with living(tmp_path, source(tmp_path, "office", query), now=sunday) as trip:
        answer = trip.answer("health last 6 hours")
    assert answer.headline == "office has no requests in the last 6 hours, as usual"
    assert answer.severity is Severity.GOOD


def test_odd_logs_spoil_nothing(tmp_path: Path) -> None:
    """Empty, one row, constant, all NULL, and without any role but the time: a line each."""
    nothing = requests(until=datetime(2026, 10, 19, tzinfo=UTC))
    null = "NULL::DOUBLE AS latency_ms, NULL::DOUBLE AS income, NULL::DOUBLE AS score"
    constant = "80.0 AS latency_ms, 5 AS income, 0.5 AS score, 1 AS prediction, 1 AS repaid"
    sources = [
        source(tmp_path, "empty", nothing),
        source(tmp_path, "one", requests(start=NOW - timedelta(minutes=5), every=300)),
        source(tmp_path, "null", replacing(null)),
        source(tmp_path, "constant", replacing(constant)),
        '[sources.bare]\nfiles = "bare/*.parquet"\n[sources.bare.roles]\ntime = "ts"',
    ]
    write(tmp_path / "bare" / "requests.parquet", requests(start=START))
    with living(tmp_path, *sources) as trip:
        answer = trip.answer("health")
    states = {name: str(row["state"]) for name, row in rows(answer).items()}
    assert states["empty"] == "has no requests in the last 24 hours"
    assert states["one"] == "has too little past to say"
    assert {states[name] for name in ("null", "constant", "bare")} == {"is as usual"}
    assert rows(answer)["null"]["p95"] is None
    assert rows(answer)["bare"]["failed"] is None


def test_progress_is_told_model_by_model_and_it_can_be_cancelled(fleet: Trip) -> None:
    """Each model is named as its turn comes, with the share that is done; and then it stops."""
    told: list[tuple[str, float | None]] = []
    services = fleet.house.services
    logs: Logs = services.logs(now=NOW, zone=ANA.tz, progress=lambda *at: told.append(at))
    found = Health(models=("sound", "failing"), window=window("last 24 hours"))
    found.answer(logs)
    mine = [each for each in told if each[0].startswith("Looking")]
    assert mine == [("Looking at sound", 0.0), ("Looking at failing", 0.5)]
    stopped = services.logs(now=NOW, zone=ANA.tz, cancelled=lambda: True)
    with pytest.raises(Cancelled):
        found.answer(stopped)


def test_no_model_at_all_is_said(fleet: Trip) -> None:
    """Without a declared model, or with none that the asker may see, that is the answer."""
    logs = fleet.house.services.logs(now=NOW, zone=ANA.tz)
    logs.models = ()
    answer = Health(models=None, window=window("last 24 hours")).answer(logs)
    assert (answer.severity, answer.headline) == (Severity.UNKNOWN, "No model is declared yet")
