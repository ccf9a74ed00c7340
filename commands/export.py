"""Open an answer as a spreadsheet: the full result over the recorded range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from commands.ports import Person, Progress, Services, Workbook, never, silent
from commands.replay import Replayed, check_reader, replay
from commands.replies import Link
from queries.core import words
from queries.core.answer import Answer, Column, RowStream, Table
from queries.core.value import Cell


def export(
    run: str,
    person: Person,
    services: Services,
    *,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> Link:
    """Write the spreadsheet of a recorded ask. A private one opens for its asker alone.

    Raises PlainError.
    """
    check_reader(run, person, services, "open this as a spreadsheet")
    replayed = replay(run, services, progress=progress, cancelled=cancelled)
    book = workbook(replayed, person)
    written = services.spreadsheet(book, progress=progress, cancelled=cancelled)
    changed = " The log has changed since it was asked; the numbers differ now."
    return Link(
        text=written.note + (changed if replayed.changed else ""),
        label="Open the spreadsheet",
        url=written.url,
        file_name=written.file_name,
        content=written.content,
        private=replayed.asked.private,
    )


def workbook(replayed: Replayed, person: Person) -> Workbook:
    """Lay out the full result: every table a tab, and what it is about."""
    answer, asked = replayed.computed.answer, replayed.asked
    local = asked.asked_at.astimezone(replayed.logs.zone)
    return Workbook(
        # The time has no colon, which file names and titles of Excel's sheets can't hold.
        title=f"{' '.join(_about_what(replayed))} {local:%Y-%m-%d %H.%M}",
        run=asked.run,
        zone=replayed.logs.zone,
        sheets=sheets(answer),
        about=about(replayed, person),
        people=tuple(filter(None, (person.email,))),
        one_page=replayed.question.one_page,
    )


def sheets(answer: Answer) -> tuple[RowStream, ...]:
    """Every table as a stream of rows, facts first; all records instead of their first page."""
    tables = [_stream(table) for table in answer.tables]
    if answer.every_row is not None:
        tables[:1] = [answer.every_row]
    if answer.facts:
        tables.insert(0, _stream(_at_a_glance(answer)))
    return tuple(tables)


def _at_a_glance(answer: Answer) -> Table:
    columns = (
        Column("fact", "fact", "text"),
        Column("value", "value", "text"),
        Column("note", "note", "text"),
    )
    rows = tuple((each.label, each.value, each.note or None) for each in answer.facts)
    return Table("At a glance", columns, rows)


def about(replayed: Replayed, person: Person) -> tuple[tuple[str, str], ...]:
    """What the About tab says, label by label."""
    answer, origin, zone = (
        replayed.computed.answer,
        replayed.computed.provenance,
        replayed.logs.zone,
    )
    rows = [
        ("Question", origin.question),
        ("Answer", answer.headline),
        ("In more words", answer.summary),
        *(("Finding", finding.text) for finding in answer.findings),
        ("Log", origin.source + (" (simulated data)" if origin.simulated else "")),
    ]
    if origin.start and origin.end:
        rows.append(("Time covered", words.time_range(origin.start, origin.end, zone)))
    if origin.data_through:
        rows.append(("Latest row", _written(origin.data_through, zone)))
    rows += [
        ("Asked at", _written(origin.asked_at, zone)),
        ("Asked by", origin.asker),
        ("Opened for", person.name),
        ("Run", origin.run),
        *((f"What “{word}” means", meaning) for word, meaning in answer.definitions.items()),
        *(("Note", caveat) for caveat in answer.caveats),
        *(("Left out", sentence) for sentence in origin.left_out),
    ]
    if replayed.changed:
        rows.append(("Note", "The log has changed since this was asked; the numbers differ now."))
    return tuple((label, text) for label, text in rows if text)


def _written(at: datetime, zone: ZoneInfo) -> str:
    """A moment as it stays readable in a file: with its date and zone."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"


def _about_what(replayed: Replayed) -> list[str]:
    """The question's name, and its model where it is about one."""
    model = getattr(replayed.question, "model", None)
    return [replayed.question.name, *([str(model)] if model else [])]


def _stream(table: Table) -> RowStream:
    def batches() -> Iterator[Sequence[tuple[Cell, ...]]]:
        yield table.rows

    return RowStream(table.title, table.columns, len(table.rows), batches)
