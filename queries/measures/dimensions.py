"""By which columns a log can be split."""

from __future__ import annotations

from queries.core.logs import Log


def dimensions(log: Log) -> list[str]:
    """Give the declared dimensions that the log holds, and the version."""
    names = dict.fromkeys((*log.source.dimensions, "version"))
    return [name for name in names if log.has(name)]
