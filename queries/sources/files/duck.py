"""Files through the embedded DuckDB: one source's rows for one ask."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from queries.core.catalog import ColumnKind
from queries.core.doors.rows import OUTCOMES, Dataset, Fetched, Held, Stored
from queries.core.errors import Cancelled, LogUnreadable
from queries.core.source import Source
from queries.core.times.spans import Span
from queries.core.words import echoed
from queries.sources import outcomes, requests
from queries.sources.cells.wanted import Wanted
from queries.sources.files.dialect import HOLD_IN
from queries.sources.files.embedded import drop
from queries.sources.files.facts import Facts
from queries.sources.files.folder import Folder
from queries.sources.files.leftout import LeftOut
from queries.sources.files.listing import FileAt
from queries.sources.files.looking import Looking
from queries.sources.files.mending import NoRoom, condemn_damaged, may_be_mended, raised
from queries.sources.requests import Repeated
from queries.sources.running import NO_OPTIONS, Ask, Runner
from queries.sources.shapes import WITH_ZONE
from queries.sources.sourcerows import SourceRows

# A file replaced by an atomic rename failed one read in fifty where this was tried.
_ATTEMPTS = 3
_COMPARED, _MOST_KNOWN = 2_000_000, 10_000
_INSTANT = timedelta(microseconds=1)
_NUMBERS = count(1)
"""Names what is held: all asks of a process share the one database in memory."""
T = TypeVar("T")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def together(files: Iterable[Facts]) -> Iterator[tuple[Facts, ...]]:
    """Group files whose ids are compared with each other: neighbours, of so many rows in all.

    A request that is logged again is so soon after; to compare all ids of a large log would take
    longer than its answer.
    """
    group: list[Facts] = []
    for facts in files:
        if group and sum(each.rows for each in group) + facts.rows > _COMPARED:
            yield tuple(group)
            group = []
        group.append(facts)
    if group:
        yield tuple(group)


@dataclass
class FileStore:
    """What is kept of one source's files between asks: facts, never rows."""

    folders: Mapping[str, Folder]
    looks: dict[str, Looking] = field(init=False)
    surplus: dict[tuple[FileAt, ...], int] = field(default_factory=dict)
    repeated: dict[tuple[FileAt, ...], Repeated] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give each place a way to look at it."""
        self.looks = {name: Looking(folder.facts) for name, folder in self.folders.items()}


@dataclass
class Snapshot:
    """The files of one place as an ask sees them; looked at once, and again after a failure."""

    folder: Folder
    look: Callable[[], list[Facts]]
    _facts: list[Facts] | None = None

    def all(self) -> list[Facts]:
        """Give every file's facts."""
        if self._facts is None:
            self._facts = self.look()
        return self._facts

    def good(self) -> list[Facts]:
        """Give the facts of the files that can be read."""
        return [facts for facts in self.all() if not facts.problem]

    def refresh(self) -> None:
        """Look at the folder again."""
        self._facts = self.look()


class DuckRows(SourceRows):
    """One source's files as rows for one ask; see ``queries.core.doors.rows.Rows``."""

    def __init__(
        self, source: Source, store: FileStore, runner: Runner, ask: Ask, now: datetime
    ) -> None:
        super().__init__(source, now)
        self._store, self._runner, self._ask = store, runner, ask
        self._snapshots = {
            name: Snapshot(folder, partial(self._looked, store.looks[name]))
            for name, folder in store.folders.items()
        }
        self._left_out = LeftOut()

    def _looked(self, looking: Looking) -> list[Facts]:
        return looking.facts(self._ask, self._source.title, self._runner.deadline)

    @property
    def left_out(self) -> list[str]:
        """Give the sentences about what was left out so far."""
        return [*self._left_out.sentences(), *self._said]

    @property
    def lost(self) -> list[str]:
        """Give those of many rows that are lost."""
        return self._left_out.lost()

    @property
    def doubtful(self) -> list[str]:
        """Give those that make numbers doubtful."""
        return self._left_out.doubtful()

    def types(self, place: str, column: str) -> list[tuple[str, int]]:
        """Give the types in which the files that have a column hold it, with their rows."""
        snapshot = self._snapshots[place]
        good = snapshot.good()
        if snapshot.folder.lacks(column, good):
            return []
        return [(facts.columns[column], facts.rows) for facts in good if column in facts.columns]

    def names(self, place: str) -> Collection[str]:
        """Name the columns that the files hold; nothing of a place that is not declared."""
        snapshot = self._snapshots.get(place)
        return snapshot.folder.names(snapshot.good()) if snapshot else ()

    def parts(self, place: str, column: str, kind: ColumnKind) -> list[Stored]:
        """Tell how each file holds a column, in the order of their times."""
        snapshot = self._snapshots[place]
        held = (snapshot.folder.held(facts, column, kind) for facts in snapshot.good())
        return sorted(
            (one for one in held if one.rows),
            key=lambda one: one.span.start if one.span else _EARLIEST,
        )

    def may_misfit(self, place: str, one: Wanted) -> bool:
        """Tell whether some values of a column may turn out not to be of its kind."""
        snapshot = self._snapshots[place]
        there = (facts for facts in snapshot.good() if one.column in facts.columns)
        return any(
            snapshot.folder.shape(facts, one.column, one.field.kind).may_misfit for facts in there
        )

    def scan(
        self, place: str, wanted: Mapping[str, Wanted], spans: Sequence[Span] | None
    ) -> sa.Select[Any]:
        """Give the rows of a place within some spans, with the wanted columns."""
        snapshot = self._snapshots[place]
        for facts in snapshot.all():
            if facts.problem:
                reason = f"left out, as {facts.problem}"
                self._left_out.add(reason, snapshot.folder.named(facts))
        return snapshot.folder.scan(snapshot.good, self._left_out).select(wanted, spans)

    def repeated(self, spans: Sequence[Span] | None) -> Repeated:
        """Count the rows beyond the first of each request in the files that may lie in spans."""
        folder = self._snapshots[Dataset.PRODUCTION].folder
        near = folder.scan(self._snapshots[Dataset.PRODUCTION].good, LeftOut()).within(spans)
        found = [self._repeated(folder, files) for files in together(near)]
        return Repeated(sum(one.count for one in found), sum(one.rows for one in found))

    def _repeated(self, folder: Folder, files: tuple[Facts, ...]) -> Repeated:
        version = tuple(facts.file for facts in files)
        if version not in self._store.repeated:
            wanted = {"request_id": self.wanted(Dataset.PRODUCTION)["request_id"].raw}
            ids = folder.scan(lambda: files, LeftOut()).select(wanted, None)
            # A few versions are kept of each file that grows, and then all are counted anew.
            if len(self._store.repeated) > _MOST_KNOWN:
                self._store.repeated.clear()
            try:
                rows, different = self.fetch(requests.counting(ids)).rows[0]
            # What is damaged or went away is told when the rows are read, without these files.
            except LogUnreadable:
                return Repeated()
            self._store.repeated[version] = Repeated(rows - different, rows)
        return self._store.repeated[version]

    def surplus(self, select: sa.Select[Any]) -> int:
        """Count the outcomes beyond the first of each request, once per version of the files."""
        version = tuple(facts.file for facts in self._snapshots[OUTCOMES].good())
        if version not in self._store.surplus:
            surplus = int(self.fetch(outcomes.surplus(select)).rows[0][0])
            # Only the newest version is kept: nobody asks for an older one again.
            self._store.surplus = {version: surplus}
        return self._store.surplus[version]

    def fetch(self, select: sa.Select[Any], options: Mapping[str, Any] = NO_OPTIONS) -> Fetched:
        """Run one select; after a file was replaced or turned out damaged, run it again."""
        what = f"Reading {self._source.title}"
        moved = False
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._runner.fetch(select, self._ask, what, options)
            except StatementError as error:
                if attempt == _ATTEMPTS or not may_be_mended(error):
                    raise raised(self._source.title, error, moved=moved) from error
                moved |= self._look_again(error, thorough=attempt > 1)
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def held(self, select: sa.Select[Any]) -> Iterator[Held | None]:
        """Hold a select's rows in a table of the database in memory while the block lasts."""
        table = f"kept_{next(_NUMBERS)}"
        try:
            yield self._hold(select, table)
        finally:
            drop(self._runner.engine, table)

    def _hold(self, select: sa.Select[Any], table: str) -> Held | None:
        try:
            filled = self.fetch(select, {HOLD_IN: table})
        # Holding is only for speed: what doesn't fit is read again for each statement.
        except NoRoom:
            return None
        return Held(table, replace(filled, sql=f"CREATE TABLE {table} AS {filled.sql}"))

    def stream(self, select: sa.Select[Any], batch: int) -> Iterator[Fetched]:
        """Run one select and give its rows in batches."""
        what = f"Reading {self._source.title}"
        try:
            yield from self._runner.stream(select, batch, self._ask, what)
        except StatementError as error:
            # Rows were given already: it can't begin anew, but the next ask is to go well.
            moved = may_be_mended(error) and self._look_again(error, thorough=False)
            raise raised(self._source.title, error, moved=moved) from error

    def _look_again(self, error: StatementError, *, thorough: bool) -> bool:
        """Look at the files again after a failure, and for damaged ones; tell of any change."""
        moved, said = False, str(error.orig)
        told = any(
            facts.file.path in said for each in self._snapshots.values() for facts in each.good()
        )
        for snapshot in self._snapshots.values():
            before = snapshot.all()
            snapshot.refresh()
            changed = snapshot.all() != before
            # Mostly the error names the file; reading all of them whole is slow. Where nothing was
            # replaced and none is named, any of them may be damaged.
            every = thorough or not (changed or told)
            suspects = [facts for facts in snapshot.good() if every or facts.file.path in said]
            if condemn_damaged(snapshot.folder, suspects, error, self._left_out, self._go_on):
                snapshot.refresh()
                changed = True
            moved |= changed
        # Other files may hold columns in other types.
        self._wanted.clear()
        return moved

    def _go_on(self) -> None:
        if self._ask.cancelled():
            raise Cancelled("Cancelled.")

    def latest(self, now: datetime) -> datetime | None:
        """Give the latest time that is not after now, mostly from what is known of the files."""
        known = self._known_times()
        if known is None:
            return self._known_to_be(super().latest(now))
        end = now + _INSTANT
        closed = [span.end - _INSTANT for span in known if span.end <= end]
        straddling = [span.start for span in known if span.start < end < span.end]
        # Only files in which now lies have to be read; all others are
        # known by their own statistics.
        if straddling:
            found = self.asked_time(sa.func.max, [Span(min(straddling), end)])
            closed += [found] if found else []
        return max(closed, default=None)

    def extent(self) -> Span | None:
        """Give the span of all times, or None where there are none."""
        known = self._known_times()
        if known is None:
            return self._known_to_be(super().extent())
        return Span(min(s.start for s in known), max(s.end for s in known)) if known else None

    def _known_to_be(self, found: T | None) -> T | None:
        """Give what times were found; where there are rows, and no time can be read, say so."""
        if found is not None:
            return found
        unplaced = self._left_out.unplaced_of(self._source.roles["time"])
        rows = sum(facts.rows for facts in self._snapshots[Dataset.PRODUCTION].good())
        if not rows or unplaced.count < rows:
            return None
        like = f" It holds values such as {echoed(unplaced.example)}." if unplaced.example else ""
        raise LogUnreadable(
            f"{self._source.title}: no time in “{self._source.roles['time']}” can be read.{like} "
            "Correct `time` in plainlogs.toml, or say with `time_format` how they are written."
        )

    def _known_times(self) -> list[Span] | None:
        """Give each file's span by what is known of it, or None where a file has to be read."""
        time = self._source.roles.get("time")
        # What files say of their times is so of all their rows.
        if self._source.where:
            return None
        if time is None or "time" not in self.wanted(Dataset.PRODUCTION):
            return []
        spans = []
        for facts in self._snapshots[Dataset.PRODUCTION].good():
            if not facts.rows or time not in facts.columns:
                continue
            # Where clocks move, the first and last naive time need not be
            # the first and last moment.
            certain = self._source.zone.key == "UTC" or facts.columns[time] in WITH_ZONE
            if not certain or facts.first is None or facts.last is None:
                return None
            spans.append(Span(facts.first, facts.last + _INSTANT))
        return spans
