"""A request that a platform delivers again is taken once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from commands.state import seen
from commands.state.engine import connect

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_the_second_of_two_equal_requests_is_not_new(state: sa.Engine) -> None:
    """A key is new once, another key is new of its own."""
    assert seen.first_time(state, "trigger-1", NOW)
    assert not seen.first_time(state, "trigger-1", NOW + timedelta(minutes=5))
    assert seen.first_time(state, "trigger-2", NOW)


def test_of_many_at_once_exactly_one_is_new(state: sa.Engine, state_url: str) -> None:
    """Sixteen threads on four engines that bring the same request find it new once."""
    engines = [connect(state_url) for _ in range(4)]
    with ThreadPoolExecutor(16) as threads:
        new = list(threads.map(lambda i: seen.first_time(engines[i % 4], "same", NOW), range(16)))
    for engine in engines:
        engine.dispose()
    assert sum(new) == 1


def test_pruning_forgets_the_old_alone(state: sa.Engine) -> None:
    """What is older than the bound is forgotten and would be new again; the rest is not."""
    seen.first_time(state, "old", NOW - timedelta(days=2))
    seen.first_time(state, "young", NOW)
    assert seen.prune(state, NOW - timedelta(days=1)) == 1
    assert seen.first_time(state, "old", NOW)
    assert not seen.first_time(state, "young", NOW)
