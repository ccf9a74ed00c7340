"""A Google for the tests of its writer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.spreadsheets.google_stand_in import Google


@pytest.fixture
def google() -> Iterator[Google]:
    """A running stand-in."""
    with Google() as running:
        yield running
