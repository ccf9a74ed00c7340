"""What is planted in the sample is put in order, and the innocent version is let off."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from queries.core.answer import Answer
from tests.asking import asking
from tests.samples.conftest import AT

DECLARED = files("bot.samples") / "plainlogs.toml"


@pytest.fixture(scope="module")
def answer(history: Path) -> Answer:
    """The answer to what changed in the last day, over the simulated history."""
    sources = tomllib.loads(DECLARED.read_text(encoding="utf-8"))["sources"]
    with asking({"lending": sources["lending"]}, history, now=AT) as services:
        return services.answer("changes lending last 24 hours")


def test_the_emptied_input_is_the_likely_first_cause(answer: Answer) -> None:
    """“income_band” emptied in EMEA minutes before a third of its requests failed, for that."""
    assert "“income_band” emptied in region EMEA at about 08:30" in answer.headline
    assert answer.headline.endswith("the likely first cause")
    (likely,) = [each for each in answer.findings if each.kind == "likely"]
    assert "in the same region, and they say “feature_missing: income_band”" in likely.text


def test_the_version_that_came_before_is_innocent(answer: Answer) -> None:
    """Version 2.3 reached EMEA ten minutes earlier; requests of both versions fail alike there."""
    (innocent,) = [each for each in answer.findings if each.kind == "innocent"]
    assert innocent.text.startswith("Version 2.3 arrived in region EMEA at 08:20")
    assert "doesn't explain" in innocent.text
    assert innocent.numbers["having"].value == pytest.approx(
        innocent.numbers["lacking"].value, abs=0.06
    )


def test_failures_and_latency_follow_within_minutes(answer: Answer) -> None:
    """Both begin when the cache has run out, 2 minutes later; nothing else changed."""
    line = answer.tables[0]
    names = [column.name for column in line.columns]
    since = {str(row[names.index("what")]): row[names.index("since")] for row in line.rows}
    assert sorted(since) == [
        "failures rose",
        "slow requests rose",
        "the input “income_band” emptied",
        "version 2.3 arrived",
    ]
    assert {row[names.index("where")] for row in line.rows} == {"region EMEA"}
    cache_ran_out = AT - timedelta(hours=6) + timedelta(minutes=2)
    for what in ("failures rose", "slow requests rose"):
        at = since[what]
        assert isinstance(at, datetime)
        assert abs(at - cache_ran_out) <= timedelta(minutes=5)
