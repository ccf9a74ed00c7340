"""Whether the log holds the columns by which its rows are chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from queries.core.doors.absent import unheld
from queries.core.doors.rows import Dataset
from queries.core.errors import LogUnreadable
from queries.core.source import Source
from queries.sources.cells.expressions import columns_named
from queries.sources.cells.roles import are_nested


def check_where(
    source: Source,
    where: str,
    types: Callable[[str], Sequence[tuple[str, int]]],
    names: Callable[[], Collection[str]],
) -> None:
    """Refuse conditions on columns that the log doesn't hold, as no row would meet them.

    ``types`` gives the types of a column in the log, ``names`` all that are there.
    Raises LogUnreadable with the nearest that is there.
    """
    named = columns_named((), where)
    wrong = [each for each in named if not types(each) or are_nested("where", types(each))]
    if wrong:
        place = Dataset.PRODUCTION
        said = (unheld(source, names(), "where", each, place).sentence for each in wrong)
        raise LogUnreadable(
            f"{source.title}: {' '.join(said)} Correct `where` under [sources.{source.name}] in "
            "plainlogs.toml."
        )
