"""Log lines tell what happened, and never a secret."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from bot.logging import log_lines

TOKENS = ("xoxb-12-hush", "xapp-1-A0-hush")
ADDRESS = "postgresql+psycopg://me:hush@db/state"


@pytest.fixture
def restored() -> Iterator[None]:
    """Put logging back as it was."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_no_secret_reaches_a_log_line(restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Tokens and passwords are blotted out of words, nested values and tracebacks alike."""
    log_lines()
    log = structlog.get_logger("plainlogs")
    try:
        raise ValueError(f"{ADDRESS} refused {TOKENS[0]}")
    except ValueError as error:
        log.error(f"lost {TOKENS[1]}", sent={"with": [*TOKENS, 3]}, url=ADDRESS, exc_info=error)
    written = capsys.readouterr().err
    line = json.loads(written)
    assert "hush" not in written
    assert line["event"] == "lost ***"
    assert line["sent"] == {"with": ["***", "***", 3]}
    assert line["url"] == "postgresql+psycopg://***@db/state"
    assert "ValueError: postgresql+psycopg://***@db/state refused ***" in line["exception"]
