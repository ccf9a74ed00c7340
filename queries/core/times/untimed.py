"""A log whose rows have no time: which is not an empty one."""

from __future__ import annotations

import sqlalchemy as sa

from queries.core import words
from queries.core.log import Log


def no_time(log: Log) -> str:
    """Say why no row of a log has a time, where it has rows; nothing for one that is empty."""
    source = log.source
    key = f"`time` under [sources.{source.name}.roles] in plainlogs.toml"
    for each in log.lacking():
        if each.name == "time":
            inside = each.sentence[:1].lower() + each.sentence[1:]
            return f"{source.title} has no times that can be read: {inside} Correct {key}."
    # Counted, as what is known of a table is that it is there, and not how many rows it has.
    rows = int(log.aggregate({"rows": sa.func.count()})[0]["rows"]) if log.has("time") else 0
    if not rows and source.where:
        return (
            f"{source.title} has no row that `where` under [sources.{source.name}] chooses: "
            f"{source.where}. Correct it in plainlogs.toml, or look at where the log lies."
        )
    if not rows:
        return ""
    return (
        f"{source.title} has no times that can be read: of {words.counted(rows, 'row')} none has "
        f"one in “{source.columns['time']}”. Correct {key}."
    )
