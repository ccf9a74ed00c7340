"""Schedules: the truth about what recurs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from commands.digests.recurrence import weekly
from commands.ports import Person, Place
from commands.state import deliveries, schedules
from commands.state.deliveries import Status
from commands.state.schedules import Schedule

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SLOT = datetime(2026, 11, 23, 8, tzinfo=UTC)
DIGEST = Schedule(
    id="s1",
    owner=Person("U1", "ana", "Europe/Berlin", "ana@example.com"),
    place=Place("slack", "C1"),
    place_name="#ml",
    question="errors lending last 24 hours",
    question_zone="Europe/Berlin",
    title="What fails?",
    recurrence=weekly(frozenset(range(5)), 9, 0, "Europe/Berlin"),
    created_at=NOW,
)


def _fail(state: sa.Engine, times: int, bound: int = 5) -> None:
    for number in range(times):
        with state.begin() as connection:
            schedules.failed(connection, "s1", f"why {number}", NOW, bound)


def test_a_schedule_comes_back_equal(state: sa.Engine) -> None:
    """What was stored is given back whole, and an unknown id gives nothing."""
    schedules.add(state, DIGEST)
    assert schedules.get(state, "s1") == DIGEST
    assert schedules.get(state, "s2") is None


def test_a_person_owns_what_they_set_up(state: sa.Engine) -> None:
    """Only a person's own schedules are given, oldest first."""
    older = replace(DIGEST, id="s0", created_at=NOW - timedelta(days=1))
    other = replace(DIGEST, id="s9", owner=replace(DIGEST.owner, id="U9"))
    for each in (DIGEST, older, other):
        schedules.add(state, each)
    assert schedules.owned(state, "U1") == (older, DIGEST)


def test_active_ones_come_with_the_last_slot_of_the_ledger(state: sa.Engine) -> None:
    """A schedule begins at its creation and goes on from the latest slot that is written down."""
    schedules.add(state, DIGEST)
    assert schedules.active(state) == ((DIGEST, NOW),)
    for days in (3, 1, 2):
        deliveries.miss(state, "s1", SLOT + timedelta(days=days), "", NOW)
    assert schedules.active(state) == ((DIGEST, SLOT + timedelta(days=3)),)


@pytest.mark.parametrize("failures", [4, 5, 7])
def test_the_bound_of_failures_in_a_row_pauses(state: sa.Engine, failures: int) -> None:
    """Four failures don't pause, five do, and the reason kept is that of the fifth."""
    schedules.add(state, DIGEST)
    _fail(state, failures)
    found = schedules.get(state, "s1")
    assert found is not None
    assert found.failures == failures
    assert (found.paused_at, found.paused_why) == ((NOW, "why 4") if failures > 4 else (None, ""))
    assert bool(schedules.active(state)) is (failures < 5)


def test_a_success_between_failures_counts_from_zero(state: sa.Engine) -> None:
    """Failures are counted in a row alone."""
    schedules.add(state, DIGEST)
    _fail(state, 4)
    with state.begin() as connection:
        schedules.succeeded(connection, "s1")
    _fail(state, 4)
    found = schedules.get(state, "s1")
    assert found is not None
    assert found.paused_at is None


def test_a_deleted_schedule_is_gone_but_its_ledger_stays(state: sa.Engine) -> None:
    """Deletion ends the schedule and what was under way for it, and keeps what was sent."""
    schedules.add(state, DIGEST)
    first = deliveries.claim(state, "s1", SLOT, "r1", SLOT)
    assert first is not None
    with state.begin() as connection:
        deliveries.sent(connection, first, "m1")
    second = deliveries.claim(state, "s1", SLOT + timedelta(days=1), "r2", SLOT)
    assert second is not None
    schedules.delete(state, "s1", NOW)
    assert schedules.get(state, "s1") is None
    assert schedules.owned(state, "U1") == ()
    assert schedules.active(state) == ()
    assert not deliveries.renew(state, second, SLOT)
    ledger = deliveries.ledger(state, "s1")
    assert [each.status for each in ledger] == [Status.SENT, Status.DROPPED]
