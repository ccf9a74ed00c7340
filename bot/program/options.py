"""Options that several commands of the program share."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import FILE


def parser(name: str, about: str) -> argparse.ArgumentParser:
    """Begin the parser of one command."""
    return argparse.ArgumentParser(prog=f"plainlogs {name}", description=about)


def add_config(to: argparse.ArgumentParser) -> None:
    """Let the configuration file be named; ``PLAINLOGS_CONFIG`` is the default."""
    default = Path(os.environ.get("PLAINLOGS_CONFIG", FILE))
    to.add_argument("--config", type=Path, default=default, metavar="FILE")


def moment(text: str) -> datetime:
    """Read a time; one without a zone is UTC. Raises ArgumentTypeError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time; write it like 2026-11-23T15:30+01:00"
        ) from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
