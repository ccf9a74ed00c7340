"""What is called slow: unchanged minutes are not, and a fifth of slow requests is."""

from __future__ import annotations

from tests.measures.verdict_simulations import called_slow


def test_unchanged_minutes_are_not_called_slow() -> None:
    """Of 400 unchanged times of 200 requests, at most 1 in 20 is called slower by its share."""
    assert called_slow(400) <= 0.05


def test_a_fifth_of_slow_requests_is_seen() -> None:
    """Where a fifth of 200 requests take four times as long, that is seen in 8 of 10 times."""
    assert called_slow(200, 0.2) >= 0.8
