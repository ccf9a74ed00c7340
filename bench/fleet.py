"""``health`` over ten models: the samples, with lending eight times under different names.

Asked three times of a process that has just started, as of a bot just after its start, when it
has looked at every log: the first ask finds nothing remembered beyond that.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bot.samples.write import write_samples
from bot.settings import load
from bot.wiring import house
from commands.ask import ask
from commands.ports import Person, Place
from queries.core.grammar import parse

AT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
AGAIN = 7
"""Further names of lending, beside the three samples."""


@dataclass(frozen=True)
class Fleet:
    """How many models were asked about, how many requests the most of them have, and the seconds.

    The first ask stands first.
    """

    models: int
    rows: int
    asks: Sequence[float]


def measure(folder: Path) -> Fleet:
    """Write the samples, name one of them more often, and ask in a process of its own."""
    write_samples(folder, AT, 7, lambda _said, _share: None)
    file = folder / "plainlogs.toml"
    declared = file.read_text(encoding="utf-8")
    begin = declared.index("[sources.lending]")
    lending = declared[begin : declared.index("[sources.llm]")]
    named = (lending.replace("sources.lending", f"sources.lending{at}") for at in range(AGAIN))
    file.write_text("\n".join([declared, *named]), encoding="utf-8")
    told = subprocess.run(  # noqa: S603 - our own module, by this interpreter
        [sys.executable, "-m", "bench.fleet", str(file)], check=True, capture_output=True
    )
    return Fleet(**json.loads(told.stdout))


def main(file: Path) -> None:
    """Ask three times and tell what each took."""
    settings, taken = load(file, {}), []
    who, where = Person("bench", "bench", "UTC"), Place("terminal", "bench", private=True)
    with house(settings, lambda: AT, state_url="sqlite://") as rooms:
        rooms.known.refresh()
        rooms.known.prepare()
        asked = parse("health", rooms.services.catalog(), who.tz)
        for _ in range(3):
            begun = time.perf_counter()
            ask(asked, who, where, rooms.services)
            taken.append(time.perf_counter() - begun)
    (rows,) = (
        duckdb.read_parquet(str(file.parent / "lending" / "log" / "*.parquet"))
        .count("*")
        .fetchall()[0]
    )
    sys.stdout.write(json.dumps({"models": len(settings.sources), "rows": rows, "asks": taken}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
