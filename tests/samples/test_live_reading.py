"""What somebody sees who reads the log while it goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Thread

import duckdb

from bot.samples.lending.live import Live
from bot.samples.lending.plan import minute_of
from bot.samples.lending.simulate import simulate
from tests.samples.conftest import AT, PLAN, Clock

MINUTES = 40


def planned(first: int, end: int) -> list[str]:
    """Give the request ids that the plan has from minute ``first`` to before ``end``, sorted."""
    keys = simulate(PLAN, first, end).asked.key
    return sorted(f"{key:016x}" for key in keys.tolist())


def test_a_reader_finds_a_whole_stretch_each_row_once(folder: Path) -> None:
    """While minutes are added over a full hour, every look finds all rows up to some minute."""
    clock = Clock(AT)
    live = Live(folder, clock)

    def go_on() -> None:
        for _ in range(MINUTES):
            clock.now += timedelta(minutes=1)
            live.catch_up()

    writer = Thread(target=go_on)
    writer.start()
    began = minute_of(AT.replace(hour=10, minute=0))
    reached = set()
    with duckdb.connect() as engine:
        engine.execute("SET parquet_metadata_cache = true")
        while writer.is_alive():
            files = [str(p) for p in (folder / "lending" / "log").glob("2026-11-23T1*.parquet")]
            try:
                log = engine.read_parquet(files)
                seen = log.project("request_id, epoch_ms(ts) // 60000").fetchall()
            except duckdb.Error:  # the file was replaced under the reader, who lists again
                continue
            end = max(minute for _, minute in seen) + 1
            assert sorted(request_id for request_id, _ in seen) == planned(began, end)
            reached.add(end)
    writer.join()
    assert len(reached) > MINUTES // 10
    assert max(reached) > minute_of(AT) + 30
