"""What to ask next of single records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from queries.core import words
from queries.core.answer import FollowUp
from queries.core.value import Cell
from queries.wording.asked import Asked

MOST = 3
_SHOWN_ID = 50
_DECIDED = ("decision", "prediction", "score")


def next_steps(asked: Asked, rows: Sequence[Mapping[str, Cell]]) -> tuple[FollowUp, ...]:
    """Offer to trace the first of the records shown that have an id and were decided."""
    ids = [str(row["request_id"]) for row in rows if _can_be_traced(row)]
    return tuple(_steps(asked, list(dict.fromkeys(ids)), len(rows)))


def _steps(asked: Asked, ids: Sequence[str], shown: int) -> Iterator[FollowUp]:
    for wanted in ids[:MOST]:
        label = "Why this decision?" if shown == 1 else f"Why {_short(wanted)}?"
        yield FollowUp(label, asked.anytime("trace", id=wanted))


def _short(wanted: str) -> str:
    return words.shortened(wanted, _SHOWN_ID)


def _can_be_traced(row: Mapping[str, Cell]) -> bool:
    has_id = str(row.get("request_id") or "").strip(" `") != ""
    return has_id and any(row.get(name) not in (None, "") for name in _DECIDED)
