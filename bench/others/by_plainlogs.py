"""plainlogs' own answer, timed as for somebody who asks a bot that runs: from text to answer."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from bench.make_log import DAYS, END
from bot.settings import load
from bot.wiring import house
from commands.ask import ask
from commands.ports import Person, Place
from queries.core.grammar import parse
from queries.core.question import question as imported


def main(question: str, log: Path) -> None:
    """Ask, and tell how long it took and what the answer holds."""
    settings = load(log / "plainlogs.toml", {})
    # As a bot that runs has imported it.
    imported(question)
    with house(settings, lambda: END, state_url="sqlite://") as rooms:
        rooms.known.refresh()
        begun = time.perf_counter()
        who, where = Person("bench", "bench", "UTC"), Place("terminal", "bench", private=True)
        asked = parse(f"{question} bench last {DAYS} days", rooms.services.catalog(), who.tz)
        answer = ask(asked, who, where, rooms.services).answer
        seconds = time.perf_counter() - begun
    numbers = sum(len(row) for table in answer.tables for row in table.rows)
    sys.stdout.write(json.dumps({"seconds": seconds, "computed": f"{numbers:,} cells"}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
