"""The rows of a reference set that a narrowed question is to be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.doors.rows import Dataset
from queries.core.filters import Filter
from queries.core.log import Log
from queries.measures.counting.expressions import Sample


@dataclass(frozen=True, eq=False)
class Narrowed:
    """The reference's rows that meet the conditions, and the columns that it lacks for others."""

    sample: Sample
    lacking: tuple[str, ...]


def narrowed_reference(log: Log, where: Sequence[Filter]) -> Narrowed:
    """Narrow the reference set as the question is, as far as it has the columns for it.

    EMEA's requests are compared with EMEA's; a reference without versions is compared whole.
    """
    fitting = [each for each in where if log.has(each.column, Dataset.REFERENCE)]
    lacking = dict.fromkeys(each.column for each in where if each not in fitting)
    return Narrowed(Sample(Dataset.REFERENCE, where=tuple(log.matches(fitting))), tuple(lacking))
