"""The page of simulations tells of every promise, and of none that is broken without a reason."""

from __future__ import annotations

import pytest

from bench.promise import Goal
from bench.promises import ALARMS, FINDS, INTERVALS
from tests.docs.markdown import ROOT, rows

TOLD = {cells[0]: cells for cells in rows((ROOT / "docs" / "truth.md").read_text("utf-8"))}
PROMISED = {each.of: each.why for each in INTERVALS} | {each.said: "" for each in (*ALARMS, *FINDS)}


def test_every_promise_is_told() -> None:
    """The page has a row for each promise and no other; write it anew where this fails."""
    assert set(TOLD) == set(PROMISED)


@pytest.mark.parametrize("said", TOLD)
def test_what_is_missed_is_explained(said: str) -> None:
    """A promise is kept, or stands with the reason why not."""
    assert TOLD[said][-1] == "yes" or PROMISED[said]


@pytest.mark.parametrize(
    ("goal", "words", "kept", "missed"),
    [
        (Goal(high=0.05), "at most 5 %", 0.05, 0.051),
        (Goal(low=0.9), "at least 90 %", 0.9, 0.89),
        (Goal(0.93, 0.97), "93 to 97 %", 0.95, 0.98),
    ],
)
def test_a_goal_says_what_it_wants(goal: Goal, words: str, kept: float, missed: float) -> None:
    """A goal is written in words, and met within its limits only."""
    assert str(goal) == words
    assert (goal.met(kept), goal.met(missed)) == ("yes", "**no**")
