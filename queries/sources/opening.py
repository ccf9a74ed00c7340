"""Opens declared sources once, and gives each ask its logs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore, Lock
from zoneinfo import ZoneInfo

import duckdb

from queries.core.crowds.ledger import Ledger
from queries.core.doors.rows import OUTCOMES, Dataset, Rows
from queries.core.errors import LogUnreadable
from queries.core.log import Log, Occurring
from queries.core.logs import Logs
from queries.core.source import Source, Visibility
from queries.sources.canonical import WORDED, fixed_kind, is_measured
from queries.sources.cells.expressions import columns_named
from queries.sources.cells.words import missing_words
from queries.sources.databases.rows import WarehouseRows
from queries.sources.databases.warehouse import Warehouse
from queries.sources.files.columnnames import ColumnNames
from queries.sources.files.duck import DuckRows, FileStore
from queries.sources.files.embedded import DuckDriver, engine_over, locked_root
from queries.sources.files.folder import Columns, Folder
from queries.sources.files.listing import root_of
from queries.sources.patterns import expanded, patterns
from queries.sources.running import Ask, Runner, never
from queries.sources.sourcerows import columns_of, places_of

Progress = Callable[[str, float | None], None]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How much an engine may use. ``concurrent`` statements run at once; others wait."""

    threads: int = 2
    memory_limit: str = "2GB"
    temp_directory: str = ""
    temp_limit: str = "10GB"
    row_cap: int = 200_000
    deadline_seconds: float = 60.0
    concurrent: int = 4


class OpenLogs:
    """Every declared source behind one locked DuckDB and one connection pool a warehouse."""

    def __init__(
        self, sources: Sequence[Source], settings: EngineSettings, clock: Callable[[], datetime]
    ) -> None:
        self._sources = {source.name: source for source in sources}
        self._settings, self._clock = settings, clock
        self._gate = BoundedSemaphore(settings.concurrent)
        self._root = locked_root(_options(settings), _directories(sources))
        engine = engine_over(self._root, settings.concurrent)
        deadline = settings.deadline_seconds
        self._files = Runner(engine, DuckDriver(), deadline=deadline, gate=self._gate)
        self._occurring: dict[str, Occurring] = {source.name: {} for source in sources}
        self._ledgers = {source.name: Ledger() for source in sources}
        self._warehouses: dict[str, Warehouse] = {}
        self._lock = Lock()
        self._stores = {source.name: self._store(source) for source in sources}
        self._names = {
            source.name: ColumnNames(source.place, _plain(source), self._cursor)
            for source in sources
            if source.place.files and patterns(source)
        }
        self._expanded: dict[str, Source] = {}

    @property
    def sources(self) -> Mapping[str, Source]:
        """Give the declared sources by name."""
        return self._sources

    def logs(
        self,
        now: datetime | None = None,
        zone: ZoneInfo | None = None,
        progress: Progress = lambda _text, _share: None,
        cancelled: Callable[[], bool] = never,
        *,
        patient: bool = False,
    ) -> Logs:
        """Give what one ask may touch. It stops soon after ``cancelled`` gives true.

        A ``patient`` one waits for files to be looked through, however long that takes.
        """
        ask = Ask(progress, cancelled, patient)
        moment, zone = now or self._clock(), zone or ZoneInfo("UTC")

        def open_log(model: str) -> Log:
            source, store = self._now(self._sources[model])
            rows = self._rows(source, store, ask, moment)
            return Log(
                source=source,
                rows=rows,
                row_cap=self._settings.row_cap,
                now=moment,
                zone=zone,
                occurring=self._occurring[model],
                ledger=self._ledgers[model],
            )

        return Logs(
            now=moment,
            zone=zone,
            progress=progress,
            cancelled=ask.cancelled,
            models=tuple(self._sources),
            open_log=open_log,
        )

    def close(self) -> None:
        """Close every engine."""
        self._files.engine.dispose()
        self._root.close()
        for warehouse in self._warehouses.values():
            warehouse.close()

    def _now(self, declared: Source) -> tuple[Source, FileStore]:
        """Give a source with the columns that its patterns stand for now, and what is kept of it.

        A log that can't be read says so itself, to whoever asks; until then its columns stay.
        """
        name = declared.name
        if patterns(declared):
            with suppress(LogUnreadable):
                found = expanded(declared, self._columns_of(declared))
                with self._lock:
                    if found != self._expanded.get(name):
                        # Other columns are to be looked at, of which nothing is known.
                        self._stores[name] = self._store(found)
                        self._expanded[name] = found
        with self._lock:
            return self._expanded.get(name, declared), self._stores[name]

    def _columns_of(self, source: Source) -> Sequence[str]:
        if source.place.files:
            return self._names[source.name].all()
        at = source.place
        there = self._warehouse(at.url).columns(at.rows or at.table)
        # What has no plain type, such as JSON, holds objects.
        return tuple(name for name, type_ in there.items() if type_ != "OTHER")

    def _rows(self, source: Source, store: FileStore, ask: Ask, now: datetime) -> Rows:
        if source.place.url:
            return WarehouseRows(source, self._warehouse(source.place.url), ask, now)
        return DuckRows(source, store, self._files, ask, now)

    def _warehouse(self, url: str) -> Warehouse:
        # Two first asks at once would open two pools, of which one is never closed.
        with self._lock:
            if url not in self._warehouses:
                deadline, concurrent = self._settings.deadline_seconds, self._settings.concurrent
                self._warehouses[url] = Warehouse(url, deadline=deadline, concurrent=concurrent)
            return self._warehouses[url]

    def _store(self, source: Source) -> FileStore:
        if not source.place.files:
            return FileStore({})
        return FileStore(
            {
                name: Folder(place, _columns(source, name), source.zone, self._cursor)
                for name, place in places_of(source).items()
            }
        )

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._root.cursor()
        # A setting of the session, which a cursor doesn't take over from the root.
        cursor.execute("SET TimeZone = 'UTC'")
        return cursor


def _columns(source: Source, place: str) -> Columns:
    """Give what is declared of the columns of one of a source's places."""
    named = columns_of(source, place)
    moments = [column for name, column in named.items() if fixed_kind(source, name) == "time"]
    measured = [column for name, column in named.items() if is_measured(source, name)]
    where = source.where if place == Dataset.PRODUCTION else ""
    declared = columns_named(named.values(), where)
    return Columns(
        declared=declared,
        time=source.roles.get("time") if place != OUTCOMES else None,
        moments=moments,
        whole=[named[name] for name in WORDED if name in named],
        open=[column for column in declared if source.visible(column) is Visibility.OPEN],
        words=missing_words(source.missing),
        format=source.time_format,
        measured=columns_named(measured, ""),
    )


def _plain(source: Source) -> list[str]:
    """Give the columns that a source names without a pattern."""
    wild = patterns(source)
    return [column for name, column in source.columns.items() if name not in wild]


def open_logs(
    sources: Sequence[Source], settings: EngineSettings, clock: Callable[[], datetime]
) -> OpenLogs:
    """Open declared sources; nothing of a log is read before it is asked for."""
    return OpenLogs(sources, settings, clock)


def _options(settings: EngineSettings) -> dict[str, str | int | bool]:
    # Without a folder nothing spills: DuckDB's own default would be one where we were started.
    return {
        "threads": settings.threads,
        "memory_limit": settings.memory_limit,
        "temp_directory": settings.temp_directory,
        "max_temp_directory_size": settings.temp_limit,
    }


def _directories(sources: Sequence[Source]) -> list[str]:
    places = [place for source in sources for place in places_of(source).values()]
    roots = {root_of(pattern) for place in places for pattern in place.files}
    # Also with links followed: either may be the path that the engine is asked to open.
    return sorted(roots | {str(Path(root).resolve()) for root in roots})
