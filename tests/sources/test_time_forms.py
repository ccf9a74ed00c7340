"""Times as programs write them: each form is read, or it is said that it can't be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from queries.core.errors import LogUnreadable
from queries.core.log import Log
from queries.core.times.spans import Span
from tests.sources.records import FORMATS, place

_DAYS = range(1, 21)

FORMS: Mapping[str, tuple[list[str], str, Mapping[str, str]]] = {
    "Python's logging": (
        [f"2026-11-{i:02} 10:00:00,123" for i in _DAYS],
        "2026-11-01 10:00:00.123",
        {},
    ),
    "slashes": ([f"2026/11/{i:02} 10:00:00" for i in _DAYS], "2026-11-01 10:00", {}),
    "German": ([f"{i:02}.11.2026 10:00" for i in _DAYS], "2026-11-01 10:00", {}),
    "day first": ([f"{i}/11/2026 10:00" for i in _DAYS], "2026-11-01 10:00", {}),
    "month first": ([f"11/{i}/2026 9:05" for i in _DAYS], "2026-11-01 09:05", {}),
    "a zone's name": (
        [f"2026-11-{i:02} 10:00:00 Europe/Berlin" for i in _DAYS],
        "2026-11-01 09:00",
        {},
    ),
    "a zone's letters": ([f"2026-11-{i:02} 10:00:00 EST" for i in _DAYS], "2026-11-01 15:00", {}),
    "summer time": ([f"2026-07-{i:02} 10:00:00 CEST" for i in _DAYS], "2026-07-01 08:00", {}),
    "an access log": (
        [f"{i:02}/Nov/2026:10:00:00 +0100" for i in _DAYS],
        "2026-11-01 09:00",
        {},
    ),
    "mail": ([f"{i:02} Nov 2026 10:00:00 GMT" for i in _DAYS], "2026-11-01 10:00", {}),
    "English": ([f"Nov {i}, 2026 10:00:00" for i in _DAYS], "2026-11-01 10:00", {}),
    "without signs": ([f"202611{i:02}T101112Z" for i in _DAYS], "2026-11-01 10:11:12", {}),
    "a source's zone": (
        [f"{i:02}.11.2026 10:00" for i in _DAYS],
        "2026-11-01 09:00",
        {"zone": "Europe/Berlin"},
    ),
    "a declared format": (
        [f"{i} Nov 26 10h00 +0200" for i in _DAYS],
        "2026-11-01 08:00",
        {"time_format": "%d %b %y %Hh%M %z"},
    ),
    "declared day first": (
        [f"{i:02}/11/2026 10:00" for i in range(1, 10)],
        "2026-11-01 10:00",
        {"time_format": "%d/%m/%Y %H:%M"},
    ),
}


@pytest.mark.parametrize("kind", ["csv", "jsonl", "postgres"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_read(
    form: str, kind: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """All rows lie at the moments that were written, and none is left out."""
    written, first, declared = FORMS[form]
    records = [{"t": each, "x": "1"} for each in written]
    log = opened(**place(kind, tmp_path, postgres_url, records), **declared, roles={"time": "t"})
    extent = log.extent()
    assert extent is not None
    assert extent.start == datetime.fromisoformat(first).replace(tzinfo=UTC)
    rows = log.aggregate({"n": sa.func.count()}, spans=[Span(extent.start, extent.end)])
    assert rows == [{"n": len(written)}]
    assert log.left_out == []


@pytest.mark.parametrize("per_second", [1, 1000, 1_000_000, 1_000_000_000])
@pytest.mark.parametrize("kind", FORMATS)
def test_files_may_count_from_1970_each_in_its_own_unit(
    kind: str, per_second: int, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """Seconds to nanoseconds are told by their size, and no answer says that they were left out."""
    records = [{"t": (1_764_532_195 + i) * per_second, "x": "1"} for i in range(20)]
    log = opened(**place(kind, tmp_path, postgres_url, records), roles={"time": "t"})
    extent = log.extent()
    assert extent is not None
    assert extent.start == datetime(2025, 11, 30, 19, 49, 55, tzinfo=UTC)
    assert log.aggregate({"n": sa.func.count()}, spans=[extent]) == [{"n": 20}]
    assert log.left_out == []


def test_two_files_may_count_in_different_units(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """One file's seconds and the next one's milliseconds are both times of this year."""
    (tmp_path / "a.csv").write_text("t\n" + "".join(f"{1_764_532_195 + i}\n" for i in range(9)))
    later = (f"{1_764_632_195_123 + i}\n" for i in range(9))
    (tmp_path / "b.csv").write_text("t\n" + "".join(later))
    log = opened(files="*.csv", roles={"time": "t"})
    extent = log.extent()
    assert extent is not None
    assert extent.start == datetime(2025, 11, 30, 19, 49, 55, tzinfo=UTC)
    assert log.aggregate({"n": sa.func.count()}, spans=[extent]) == [{"n": 18}]


def test_one_number_among_written_times_is_the_odd_one(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Where a program began to write its times in another form, most of the file tells which."""
    written = "".join(f"{i:02}.11.2026 10:00\n" for i in _DAYS)
    (tmp_path / "a.csv").write_text("t\n1764532195\n" + written)
    log = opened(files="a.csv", roles={"time": "t"})
    extent = log.extent()
    assert extent is not None
    assert log.aggregate({"n": sa.func.count()}, spans=[extent]) == [{"n": 20}]
    assert log.left_out == ["a.csv: left out 1 row whose “t” is no time, such as “1764532195”."]


def test_fractions_of_seconds_since_1970_count(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Python's time.time() is read to the microsecond."""
    (tmp_path / "a.csv").write_text("t\n1764532195.123456\n1764532196.5\n")
    log = opened(files="a.csv", roles={"time": "t"})
    extent = log.extent()
    assert extent is not None
    assert extent.start == datetime(2025, 11, 30, 19, 49, 55, 123456, tzinfo=UTC)
    assert log.aggregate({"n": sa.func.count()}, spans=[extent]) == [{"n": 2}]


@pytest.mark.parametrize("kind", ["csv", "parquet", "postgres"])
def test_words_for_never_are_no_times(
    kind: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """The years 1 and 9999 place no request, don't stretch the log, and are counted."""
    written = [f"2026-11-20 10:00:{i:02}" for i in range(30)]
    written += ["9999-12-31 00:00:00", "0001-01-01 00:00:00"]
    records = [{"t": each, "x": "1"} for each in written]
    log = opened(**place(kind, tmp_path, postgres_url, records), roles={"time": "t"})
    extent = log.extent()
    assert extent is not None
    assert extent.start == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert log.aggregate({"n": sa.func.count()}, spans=[extent]) == [{"n": 30}]
    log.aggregate({"n": sa.func.count(log.column("time"))})
    (said,) = log.left_out
    assert "left out 2 rows whose “t” is no time, such as “0001-01-01" in said


def test_a_date_that_may_be_either_way_round_is_not_guessed(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Where no day is over 12, the declaration has to say which number is the day."""
    (tmp_path / "a.csv").write_text("t\n" + "".join(f"0{i}/11/2026 10:00\n" for i in range(1, 10)))
    log = opened(files="a.csv", roles={"time": "t"})
    with pytest.raises(LogUnreadable, match="no time in “t” can be read") as caught:
        log.extent()
    assert "time_format" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "says"),
    [("%Q", "has %Q, which means nothing"), ("%H:%M", "names no day"), ("%", "has %, which")],
)
def test_a_format_that_means_nothing_is_refused(
    written: str, says: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A mistake in time_format is named with what is known."""
    with pytest.raises(Exception, match=says):
        opened(files="a.csv", time_format=written, roles={"time": "t"})
