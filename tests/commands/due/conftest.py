"""A bot with one digest, and what it logs."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from tests.commands.digest_fakes import digest
from tests.commands.due.bot import Bot


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """Keep what is logged from the screen, and give it."""
    with capture_logs() as events:
        yield events


@pytest.fixture
def bot(state: sa.Engine) -> Bot:
    """Give a bot, and a digest every weekday at 09:00 that was set up on Sunday."""
    digest(state)
    return Bot(state)
