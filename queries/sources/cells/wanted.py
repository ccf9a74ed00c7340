"""One column to read, and what to make of what it holds."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.doors.rows import Field
from queries.core.formulas.tree import Formula


@dataclass(frozen=True, slots=True)
class Wanted:
    """One column to read: how the place names it, and what it is to be.

    One with a ``formula`` is computed instead. ``labels`` are what is told for its values, which
    are read as ``read``. ``unread`` asks whether there is a value that can't be read, ``clock``
    what the log's own clock shows where a time doesn't say its zone.
    """

    column: str
    field: Field
    formula: Formula | None = None
    labels: tuple[tuple[str, str], ...] = ()
    read: Field | None = None
    unread: bool = False
    clock: bool = False

    @property
    def raw(self) -> Wanted:
        """The column as it is read, before its labels are told."""
        return Wanted(self.column, self.read or self.field, unread=self.unread, clock=self.clock)
