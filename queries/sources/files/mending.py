"""What a failed statement over files means: whether a file is its reason, and which one."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
from sqlalchemy.exc import StatementError

from queries.core.errors import LogUnreadable, PlainError
from queries.sources.files.facts import Facts
from queries.sources.files.folder import Folder
from queries.sources.files.leftout import LeftOut
from queries.sources.files.parquet import is_huge

# A name that is not there, or a text that is no SQL: no page of a file can make that.
_OURS = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)


class NoRoom(LogUnreadable):
    """A statement that needs more memory than the engine may use."""


def may_be_mended(error: StatementError) -> bool:
    """Tell whether looking at the files again may help."""
    if isinstance(error.orig, duckdb.OutOfMemoryException):
        return is_huge(error.orig)
    return isinstance(error.orig, duckdb.Error)


def condemn_damaged(
    folder: Folder,
    good: list[Facts],
    error: StatementError,
    left_out: LeftOut,
    going: Callable[[], None],
) -> bool:
    """Read files whole that may be the reason; keep and say which are damaged. Tell of any.

    ``going`` is called before each, and raises where nobody waits any longer.
    """
    # No page can be the reason.
    if isinstance(error.orig, _OURS):
        return False
    found = False
    for facts in good:
        going()
        if problem := folder.probe(facts):
            folder.condemn(facts, problem)
            left_out.add(f"left out, as {problem}", folder.named(facts))
            found = True
    return found


def raised(title: str, error: StatementError, *, moved: bool) -> Exception:
    """Give what to raise for a failure that looking again did not help.

    ``moved`` says that files changed, or turned out damaged, meanwhile.
    """
    if isinstance(error.orig, PlainError):
        # Raised while parameters were bound, and wrapped by SQLAlchemy.
        return error.orig
    if isinstance(error.orig, duckdb.OutOfMemoryException):
        return NoRoom(
            f"{title}: this needs more memory than the program may use. Ask for a shorter "
            "time, or raise memory_limit in the settings."
        )
    if not moved and not _is_about_files(error.orig):
        return error
    # The first line: what follows it shows the statement, or where in the engine it was.
    said = str(error.orig).strip().partition("\n")[0]
    return LogUnreadable(
        f"{title}: its files kept changing or failing while they were read. Ask again; if it "
        f"stays, look at this: {said}"
    )


def _is_about_files(error: BaseException | None) -> bool:
    # A replaced or damaged file may fail as any of the engine's errors, mostly as the base class.
    ours = (*_OURS, duckdb.ConversionException, duckdb.NotSupportedError)
    return isinstance(error, duckdb.Error) and not isinstance(error, ours)
