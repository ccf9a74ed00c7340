"""Where it is worst and what explains the change, asked of logs with something planted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Finding, Severity
from queries.core.charts import BarChart
from queries.core.errors import NotAnswerable
from tests.asking import asking, rows
from tests.questions.planted import Trip, write

LOG = {
    "ts": "stamp",
    "id": "'r' || i",
    "region": "['emea', 'amer', 'apac', 'anz'][1 + i % 4]",
    "channel": "['app', 'web'][1 + CAST(floor(w * 2) AS INTEGER)]",
    "status": "CASE WHEN u < 0.02 THEN 500 ELSE 200 END",
    "took": "100 + 50 * v",
    "score": "u",
    "prediction": "(u > 0.5)::INTEGER",
    "decision": "CASE WHEN u > 0.4 THEN 'approve' ELSE 'decline' END",
    "happened": "CASE WHEN v < 0.1 THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER",
    "sex": "['f', 'm'][1 + (i // 4) % 2]",
}
ROLES: dict[str, Any] = {
    "time": "ts",
    "request_id": "id",
    "status": "status",
    "latency_ms": "took",
    "prediction": "prediction",
    "score": "score",
    "outcome": "happened",
    "decision": "decision",
    "dimensions": ["region", "channel"],
    "protected": ["sex"],
}
TODAY = "stamp >= TIMESTAMP '2026-11-22 12:00'"


def answer(
    folder: Path,
    text: str = "slices x last 24 hours",
    *,
    log: Mapping[str, str] | None = None,
    days: int = 36,
    every: int = 30,
    **declared: Any,
) -> Answer:
    """Write a log of a request every so many seconds, and ask one question of it."""
    query = rows(days * 86_400 // every, {**LOG, **(log or {})}, every=every)
    write(folder / "log.parquet", query)
    source = {"files": "log.parquet", "task": "binary", "roles": ROLES} | declared
    with asking({"x": source}, folder) as house:
        return house.answer(text)


def kinds(found: Answer, kind: str) -> list[Finding]:
    """The findings of a kind."""
    return [each for each in found.findings if each.kind == kind]


def table(found: Answer, title: str) -> list[dict[str, Any]]:
    """The rows of a table."""
    (one,) = [each for each in found.tables if each.title == title]
    names = [column.name for column in one.columns]
    return [dict(zip(names, row, strict=True)) for row in one.rows]


def test_a_region_that_fails_is_named_and_explains_the_rise(lending: Trip) -> None:
    """The planted region is worst, carries the rise, and is the one button away."""
    found = lending.answer("slices lending last 24 hours")
    assert found.severity is Severity.ALARM
    assert found.headline == (
        "lending: worst for region emea: 10 % of requests fail, elsewhere 1.4 %"
    )
    assert "usually 1.1 % there" in kinds(found, "slice")[0].text
    (explained,) = kinds(found, "explained")
    assert "from within region emea" in explained.text
    change, part = explained.numbers["change"], explained.numbers["largest"]
    assert part.value == pytest.approx(change.value, rel=0.1)
    assert isinstance(found.chart, BarChart)
    assert found.chart.bars[0].label == "region emea"
    assert found.chart.bars[0].emphasis
    texts = [step.text for step in found.follow_ups]
    assert texts[0].endswith("where region = emea")
    assert "where failed = yes and region = emea" in texts[1]
    accounts = table(found, "What explains the change")
    assert {row["column"] for row in accounts} == {"version", "region", "sex"}
    for row in accounts:
        assert row["within"] + row["between"] == pytest.approx(row["change"])


def test_an_even_log_has_no_worst_slice(tmp_path: Path) -> None:
    """Where every slice fails alike nothing is named, and the answer is good news."""
    found = answer(tmp_path)
    assert found.severity is Severity.GOOD
    assert found.headline == "x: no slice stands out; 2.1 % of requests fail"
    assert not found.findings
    assert len(table(found, "Pairs")) == 4 * 2 + 4 * 2 + 2 * 2


def test_a_rise_that_no_slice_carries_is_not_called_even(tmp_path: Path) -> None:
    """Where no slice is shown to differ, that is all that is said, with what was too small."""
    status = f"CASE WHEN u < CASE WHEN {TODAY} THEN 0.06 ELSE 0.02 END THEN 500 ELSE 200 END"
    rare = "CASE WHEN i % 2000 = 0 THEN 'rare' ELSE 'usual' END"
    found = answer(tmp_path, log={"status": status, "channel": rare})
    (explained,) = kinds(found, "explained")
    assert explained.text.endswith(
        "No column explains it: that it rose more in some slices than in others isn't shown, and "
        "1 slice was too small to be judged."
    )


def test_a_slice_that_is_as_before_is_not_called_the_same(tmp_path: Path) -> None:
    """What a slice was before is told beside it, and that no difference is shown."""
    status = "CASE WHEN u < 0.02 OR (i % 4 = 0 AND u < 0.2) THEN 500 ELSE 200 END"
    found = answer(tmp_path, log={"status": status})
    said = kinds(found, "slice")[0].text
    assert re.search(r"; before \d+\.\d+ % there, no difference shown\.$", said), said


def test_a_slice_that_is_new_is_not_drawn_beside_the_worst(tmp_path: Path) -> None:
    """The longest bar is the worst slice: one that wasn't there before stands in the table."""
    new = f"CASE WHEN {TODAY} AND i % 20 = 1 THEN 'kiosk' ELSE 'web' END"
    rate = f"CASE WHEN {TODAY} AND i % 20 = 1 THEN 0.6 WHEN i % 4 = 0 THEN 0.2 ELSE 0.02 END"
    log = {"channel": new, "status": f"CASE WHEN u < {rate} THEN 500 ELSE 200 END"}
    found = answer(tmp_path, log=log)
    assert isinstance(found.chart, BarChart)
    assert "kiosk" in " ".join(row["slice"] for row in table(found, "Worst slices"))
    labels = [bar.label for bar in found.chart.bars]
    assert labels[0] == "region emea"
    assert not any("kiosk" in label for label in labels)


def test_the_bars_of_pairs_are_named_alike(tmp_path: Path) -> None:
    """Where one pair's name is too long for a bar, all pairs are named by their values alone."""
    bad = "(i % 4 = 0 AND w < 0.5) OR (i % 4 = 1 AND (i // 4) % 2 = 0)"
    log = {
        "channel": "'a channel of a very long name' || (w < 0.5)::INTEGER",
        "status": f"CASE WHEN u < 0.02 OR (({bad}) AND u < 0.4) THEN 500 ELSE 200 END",
    }
    found = answer(tmp_path, log=log)
    assert isinstance(found.chart, BarChart)
    labels = {bar.label for bar in found.chart.bars}
    assert {"emea + a channel of a very long name1", "amer + f"} <= labels


def test_a_pair_is_found(tmp_path: Path) -> None:
    """A failure of one channel in one region is told as such, not as either alone."""
    broken = f"{TODAY} AND i % 4 = 0 AND w < 0.5 AND u < 0.4"
    status = f"CASE WHEN u < 0.02 OR ({broken}) THEN 500 ELSE 200 END"
    found = answer(tmp_path, log={"status": status})
    assert found.headline.startswith("x: worst for region emea with channel app: 4")
    assert len(kinds(found, "slice")) == 1
    through = {row["value"]: row["through"] for row in table(found, "By region")}
    assert through["emea"] == "region emea with channel app"
    assert found.follow_ups[0].text.endswith("where region = emea and channel = app")


def test_requests_that_move_are_told_from_slices_that_change(tmp_path: Path) -> None:
    """When no region changes but more requests come from a bad one, that is what is said."""
    where = f"CASE WHEN v < CASE WHEN {TODAY} THEN 0.5 ELSE 0.1 END THEN 'bad' ELSE 'good' END"
    rate = "CASE WHEN region = 'bad' THEN 0.2 ELSE 0.02 END"
    query = rows(36 * 2880, LOG | {"region": where}, every=30)
    status = f"SELECT * REPLACE (CASE WHEN score < {rate} THEN 500 ELSE 200 END AS status)"
    write(tmp_path / "log.parquet", f"{status} FROM ({query})")
    source = {"files": "log.parquet", "task": "binary", "roles": ROLES}
    with asking({"x": source}, tmp_path) as house:
        found = house.answer("slices x last 24 hours")
    (explained,) = kinds(found, "explained")
    within, between = explained.numbers["within"], explained.numbers["between"]
    assert between.value == pytest.approx(0.4 * 0.18, abs=0.01)
    assert abs(within.value or 0.0) < 0.01
    assert "as requests moved between them" in explained.text


def test_a_whole_that_disagrees_with_its_parts_is_named(tmp_path: Path) -> None:
    """When every region gets better and the whole gets worse, Simpson's paradox is named."""
    where = f"CASE WHEN v < CASE WHEN {TODAY} THEN 0.7 ELSE 0.1 END THEN 'bad' ELSE 'good' END"
    rates = "CASE WHEN region = 'bad' THEN 0.2 ELSE 0.04 END * CASE WHEN {} THEN 0.6 ELSE 1 END"
    query = rows(36 * 2880, LOG | {"region": where}, every=30)
    rate = rates.format(TODAY.replace("stamp", "ts"))
    status = f"SELECT * REPLACE (CASE WHEN score < {rate} THEN 500 ELSE 200 END AS status)"
    write(tmp_path / "log.parquet", f"{status} FROM ({query})")
    source = {"files": "log.parquet", "task": "binary", "roles": ROLES}
    with asking({"x": source}, tmp_path) as house:
        found = house.answer("slices x last 24 hours")
    (paradox,) = kinds(found, "paradox")
    assert "it rose in all, yet fell for nearly every region" in paradox.text
    assert {
        row["column"] for row in table(found, "What explains the change") if row["paradox"]
    } == {"region"}


@pytest.mark.parametrize(
    ("of", "log", "declared", "headline"),
    [
        (
            "slow",
            {"took": f"CASE WHEN {TODAY} AND i % 4 = 1 THEN 900 ELSE 100 END + 50 * v"},
            {},
            "x: slowest for region amer: 100 % of requests take over 148 ms, elsewhere 5.",
        ),
        (
            "performance",
            {"happened": "CASE WHEN v < 0.1 OR (i % 4 = 2 AND v < 0.3) THEN (u < 0.5) "
             "ELSE (u > 0.5) END::INTEGER"},
            {},
            "x: worst for region apac: 69 % of answers are right, elsewhere 90 %",
        ),
        (
            "decisions",
            {"decision": "CASE WHEN u > 0.4 AND i % 4 != 3 THEN 'approve' ELSE 'decline' END"},
            {"favourable": "approve"},
            "x: lowest for region anz: 0 % of decisions are “approve”, elsewhere 6",
        ),
        (
            "decisions",
            {"prediction": "(u > 0.5 OR i % 4 = 3)::INTEGER"},
            {},
            "x: highest for region anz: 100 % of decisions are “1”, elsewhere 49 %",
        ),
    ],
)  # fmt: skip
def test_each_subject(
    tmp_path: Path, of: str, log: dict[str, str], declared: dict[str, Any], headline: str
) -> None:
    """Slow requests, wrong answers and decisions are compared as failures are."""
    found = answer(tmp_path, f"slices x last 24 hours of {of}", log=log, **declared)
    assert found.headline.startswith(headline), found.headline
    assert found.follow_ups[0].text.endswith(found.headline.split(":")[1].split()[-1])


def test_slow_requests_are_chosen_by_a_limit_that_can_be_read(tmp_path: Path) -> None:
    """What counts as slow has four digits, and the next question chooses what was counted."""
    took = "CASE WHEN i % 4 = 1 THEN 30000 * v ELSE 10000 * v END"
    query = rows(86_400 // 30, LOG | {"took": took}, every=30)
    write(tmp_path / "log.parquet", query)
    source = {"files": "log.parquet", "task": "binary", "roles": ROLES}
    with asking({"x": source}, tmp_path) as house:
        found = house.answer("slices x last 24 hours of slow")
        text = found.follow_ups[0].text
        seen = house.answer(text)
    assert re.search(r"latency_ms > \d{4}0 and region = amer$", text), text
    hits = {row["value"]: row["hits"] for row in table(found, "By region")}
    assert f": {hits['amer']} records" in seen.headline


def test_early_outcomes_do_not_count(tmp_path: Path) -> None:
    """Right answers are counted on mature days alone; what is left out is said."""
    late = {"came": "stamp + INTERVAL 36 HOURS"}
    roles = ROLES | {"outcome_time": "came"}
    found = answer(tmp_path, "slices x last 7 days of performance", log=late, roles=roles)
    assert "3 days are left out: not all outcomes are in." in found.caveats
    young = answer(tmp_path, "slices x last 24 hours of performance", log=late, roles=roles)
    assert young.severity is Severity.UNKNOWN
    assert young.headline == "x: too early to say where it is worst in the last 24 hours"
    assert young.follow_ups[0].text == "slices x last 60 days of performance"


def test_protected_attributes_are_split_by_and_never_filtered_to(tmp_path: Path) -> None:
    """A slice by a protected attribute is named, and no next question chooses its requests."""
    status = "CASE WHEN u < 0.02 OR ((i // 4) % 2 = 0 AND u < 0.3) THEN 500 ELSE 200 END"
    found = answer(tmp_path, log={"status": status})
    assert found.headline.startswith("x: worst for sex f: ")
    assert all("sex =" not in step.text for step in found.follow_ups)
    assert found.follow_ups[-1].text.endswith("by sex")


def test_many_values_are_taken_together(tmp_path: Path) -> None:
    """Of a column with more than 50 values the others are one slice, which nobody is sent to."""
    city = "'c' || CASE WHEN w < 0.7 THEN CAST(floor(w * 70) AS INTEGER) ELSE 100 + i % 9000 END"
    status = "CASE WHEN u < 0.02 OR (w >= 0.7 AND u < 0.3) THEN 500 ELSE 200 END"
    roles = ROLES | {"dimensions": ["region", "city"]}
    found = answer(tmp_path, log={"city": city, "status": status}, roles=roles)
    assert "Of “city” the 50 commonest values were looked at, others together." in found.caveats
    assert found.headline.startswith("x: worst for city (all others): ")
    assert all("all others" not in step.text for step in found.follow_ups)
    assert len(table(found, "By city")) <= 51


def test_empty_and_boolean_values_are_slices(tmp_path: Path) -> None:
    """Requests without a value are a slice of their own, to be chosen by being empty."""
    roles = ROLES | {"dimensions": ["region", "flag"]}
    log = {
        "region": "CASE WHEN i % 3 > 0 THEN 'emea' END",
        "flag": "i % 2 = 0",
        "status": "CASE WHEN u < 0.02 OR (i % 3 = 0 AND u < 0.3) THEN 500 ELSE 200 END",
    }
    found = answer(tmp_path, log=log, roles=roles)
    assert found.headline.startswith("x: worst for region (empty): ")
    assert found.follow_ups[0].text.endswith("where region is missing")
    assert {row["value"] for row in table(found, "By flag")} == {"yes", "no"}


def test_an_undated_log_is_compared_in_itself(tmp_path: Path) -> None:
    """A log without times has no usual, and its slices are compared with each other."""
    roles = {key: each for key, each in ROLES.items() if key != "time"}
    status = "CASE WHEN u < 0.02 OR (i % 4 = 0 AND u < 0.3) THEN 500 ELSE 200 END"
    found = answer(tmp_path, "slices x all", log={"status": status}, roles=roles, undated=True)
    assert found.headline.startswith("x: worst for region emea: ")
    assert "What explains the change" not in {each.title for each in found.tables}


def test_few_or_no_requests(tmp_path: Path) -> None:
    """Too few requests are said to be too few; none are said to be none."""
    few = answer(tmp_path, days=1, every=4320)
    assert few.severity is Severity.UNKNOWN
    assert few.headline == (
        "x: only 20 requests in the last 24 hours, too few to say where it is worst"
    )
    none = answer(tmp_path, "slices x last 24 hours where region = emeaa")
    assert none.summary == "No region in this time is “emeaa”. Did you mean “emea”?"


def test_a_week_with_a_clock_change(tmp_path: Path) -> None:
    """A window over the end of summer time is compared like any other."""
    query = rows(60 * 288, LOG, every=300)
    write(tmp_path / "log.parquet", query)
    source = {"files": "log.parquet", "task": "binary", "roles": ROLES}
    with asking({"x": source}, tmp_path, zone="Europe/Berlin") as house:
        found = house.answer("slices x 2026-10-22..2026-10-28")
    assert found.headline.startswith("x: no slice stands out; ")


@pytest.mark.parametrize(
    ("text", "without", "declared", "said"),
    [
        ("slices x of errors", ("status",), {}, "logs neither status nor error"),
        ("slices x of slow", ("latency_ms",), {}, "no column for “latency_ms”"),
        ("slices x of performance", ("outcome",), {}, "no column for “outcome”"),
        ("slices x of performance", (), {"task": "regression"}, "Ask `performance x`"),
        ("slices x of decisions", (), {"task": "none"}, "Set `favourable` under [sources.x]"),
        ("slices x", ("dimensions", "protected"), {}, "declares no columns to split by"),
        ("slices x", ("status", "outcome", "decision", "prediction", "latency_ms"), {}, "neither"),
    ],
)
def test_what_is_not_declared_is_named(
    tmp_path: Path, text: str, without: tuple[str, ...], declared: dict[str, Any], said: str
) -> None:
    """What a log lacks is said, with what to declare."""
    roles = {key: each for key, each in ROLES.items() if key not in without}
    with pytest.raises(NotAnswerable, match=re.escape(said)):
        answer(tmp_path, text, days=2, every=600, roles=roles, **declared)


def test_what_is_counted_by_default(tmp_path: Path) -> None:
    """Where no failures are logged, right answers are compared, and so on down to latency."""
    said = {
        ("status",): "of answers are right",
        ("status", "outcome"): "of decisions are “1”",
        ("status", "outcome", "decision", "prediction"): "of requests take over",
    }
    for without, phrase in said.items():
        roles = {key: each for key, each in ROLES.items() if key not in without}
        found = answer(tmp_path, days=2, every=60, roles=roles)
        assert phrase in found.headline, found.headline
