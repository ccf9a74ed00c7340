"""The ledger: who may send a slot, and when somebody else may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from commands.state import deliveries, schedules
from commands.state.deliveries import LEASE, Delivery, Status
from commands.state.engine import connect
from tests.commands.state.test_schedules import DIGEST

SLOT = datetime(2026, 11, 23, 8, tzinfo=UTC)
NOW = SLOT + timedelta(seconds=5)
LATER = NOW + LEASE


@pytest.fixture(autouse=True)
def _a_schedule(state: sa.Engine) -> None:
    schedules.add(state, DIGEST)


def _claimed(state: sa.Engine) -> Delivery:
    claimed = deliveries.claim(state, "s1", SLOT, "r1", NOW)
    assert claimed is not None
    return claimed


def test_a_slot_is_claimed_once(state: sa.Engine) -> None:
    """The second claim of a slot gets nothing, that of another slot does."""
    _claimed(state)
    assert deliveries.claim(state, "s1", SLOT, "r2", LATER) is None
    assert deliveries.miss(state, "s1", SLOT, "late", LATER) is None
    assert deliveries.claim(state, "s1", SLOT + timedelta(days=1), "r3", LATER)


def test_of_many_claims_at_once_one_succeeds(state: sa.Engine, state_url: str) -> None:
    """Twelve threads on four engines claim one slot once, and later take it over once."""
    engines = [connect(state_url) for _ in range(4)]

    def claim(number: int) -> Delivery | None:
        return deliveries.claim(engines[number % 4], "s1", SLOT, f"r{number}", NOW)

    def take(number: int) -> Delivery | None:
        return deliveries.take_over(engines[number % 4], won[0], LATER)

    with ThreadPoolExecutor(12) as threads:
        won = [each for each in threads.map(claim, range(12)) if each]
        assert len(won) == 1
        taken = [each for each in threads.map(take, range(12)) if each]
    for engine in engines:
        engine.dispose()
    assert [each.attempts for each in taken] == [2]
    assert deliveries.ledger(state, "s1") == tuple(taken)


def test_a_leased_slot_is_left_alone(state: sa.Engine) -> None:
    """Before its lease runs out nobody sees or gets a slot; from then on somebody does."""
    claimed = _claimed(state)
    before = LATER - timedelta(seconds=1)
    assert deliveries.lapsed(state, before) == ()
    assert deliveries.take_over(state, claimed, before) is None
    assert deliveries.lapsed(state, LATER) == (claimed,)
    taken = deliveries.take_over(state, claimed, LATER)
    assert taken == replace(claimed, attempts=2, claimed_at=LATER, lease_until=LATER + LEASE)


def test_whoever_was_overtaken_may_not_send(state: sa.Engine) -> None:
    """A slot taken over is no longer the first one's to renew, to postpone or to give up."""
    first = _claimed(state)
    second = deliveries.take_over(state, first, LATER)
    assert second is not None
    assert not deliveries.renew(state, first, LATER)
    deliveries.postpone(state, first, "slow", LATER + 9 * LEASE)
    with state.begin() as connection:
        assert not deliveries.fail(connection, first, Status.FAILED, "slow", LATER)
    assert deliveries.ledger(state, "s1") == (second,)
    assert deliveries.renew(state, second, LATER)


def test_whoever_renewed_may_not_be_overtaken(state: sa.Engine) -> None:
    """A holder that renews after its lease ran out keeps a slow rival from taking over."""
    claimed = _claimed(state)
    assert deliveries.renew(state, claimed, LATER)
    assert deliveries.take_over(state, claimed, LATER) is None


def test_a_postponed_slot_waits(state: sa.Engine) -> None:
    """A slot to be tried again is seen from the stated time on, with its error and run."""
    claimed = _claimed(state)
    again = NOW + timedelta(minutes=1)
    deliveries.postpone(state, claimed, "busy", again)
    assert deliveries.lapsed(state, again - timedelta(seconds=1)) == ()
    assert deliveries.lapsed(state, again) == (replace(claimed, error="busy", lease_until=again),)


def test_what_was_sent_is_sent_whoever_holds_it(state: sa.Engine) -> None:
    """A message that stands in the chat is written down even by a process that was overtaken."""
    first = _claimed(state)
    deliveries.take_over(state, first, LATER)
    with state.begin() as connection:
        assert deliveries.sent(connection, first, "m1")
    with state.begin() as connection:
        assert not deliveries.sent(connection, first, "m2")
    (found,) = deliveries.ledger(state, "s1")
    assert (found.status, found.message) == (Status.SENT, "m1")
    assert deliveries.lapsed(state, LATER + 9 * LEASE) == ()


def test_an_untold_failure_is_told_by_one(state: sa.Engine) -> None:
    """A failed slot can be taken for telling once, again after a lease, and never once told."""
    claimed = _claimed(state)
    with state.begin() as connection:
        assert deliveries.fail(connection, claimed, Status.FAILED, "broken", NOW)
    (untold,) = deliveries.untold(state, NOW, SLOT)
    assert deliveries.telling(state, untold, NOW)
    assert not deliveries.telling(state, untold, NOW)
    assert deliveries.untold(state, NOW, SLOT) == ()
    assert deliveries.telling(state, untold, LATER)
    deliveries.told(state, untold, LATER)
    assert deliveries.untold(state, LATER + 9 * LEASE, SLOT) == ()


def test_a_slot_needs_its_schedule(state: sa.Engine) -> None:
    """A delivery of no schedule is an error on both databases, never “another has it”."""
    with pytest.raises(sa.exc.IntegrityError):
        deliveries.claim(state, "nobody", SLOT, "r1", NOW)
    assert deliveries.ledger(state, "nobody") == ()
