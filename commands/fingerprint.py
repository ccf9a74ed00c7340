"""What stands for an answer's numbers, so that a later look can say whether the log has changed."""

from __future__ import annotations

import hashlib
import math

from queries.core.answer import Answer
from queries.core.value import Cell


def fingerprint(answer: Answer) -> str:
    """Give a digest of an answer's headline and rows.

    To seven digits: an engine adds up in another order each time, and the last digits vary.
    """
    rows = [[tuple(map(_settled, row)) for row in table.rows] for table in answer.tables]
    return hashlib.sha256(repr((answer.headline, rows)).encode()).hexdigest()


_NOTHING = 1e-12
"""What is smaller is what adding up and taking away leaves of nothing."""


def _settled(cell: Cell) -> Cell:
    if not isinstance(cell, float):
        return cell
    # Amounts have few decimals, so that many a sum lies right between two roundings; times π none.
    return f"{cell * math.pi:.7g}" if abs(cell) > _NOTHING else "0"
