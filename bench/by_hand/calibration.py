"""Does 80 % mean 80 %: fifteen bins of the last 30 days' scores, and of the reference set's."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bench.bins_by_hand import Bin, bins, error
from bench.by_hand import Case, Hand, Numbers, Span, covered, table_rows
from bench.judged_by_hand import REFERENCE, arrived, join
from commands.replies import Answered

TEXT = "calibration bench last 30 days"


def cases(_hand: Hand) -> list[Case]:
    """Give the one question."""
    return [Case(TEXT, lambda hand, answer: by_hand(hand, covered(answer)), answered)]


def by_hand(hand: Hand, span: Span) -> Numbers:
    """Cut the scores of all mature days into bins of equally many, and count what came true."""
    known = arrived(hand, span)
    join(hand, span, known.begin)
    production = bins(hand, f"judged WHERE yes IS NOT NULL AND day IN {known.mature}")
    found = _in_all("production", production)
    for number, each in enumerate(production):
        said, came = each.stated / each.n, each.hits / each.n
        values = {"said": said, "came": came, "gap": 100 * each.gap, "n": each.n}
        found |= {(str(number), name): value for name, value in values.items()}
    return found | _in_all("reference", bins(hand, f"{REFERENCE} WHERE yes IS NOT NULL"))


def _in_all(dataset: str, found: Sequence[Bin]) -> Numbers:
    """Give how far off all bins are: the typical gap, the mean one, and the Brier score."""
    n = sum(each.n for each in found)
    values = {
        "n": n,
        "error": error(found),
        "plain": math.sqrt(sum(each.n * each.gap**2 for each in found) / n),
        "lean": 100 * sum(each.n * each.gap for each in found) / n,
        "brier": sum(each.squares for each in found) / n,
    }
    return {(dataset, name): value for name, value in values.items()}


def answered(answer: Answered) -> Numbers:
    """Read the same from the answer's tables; the simulated ranges are no matter of SQL."""
    by_bin, in_all = (list(table_rows(table)) for table in answer.answer.tables)
    found: Numbers = {}
    for number, row in enumerate(by_bin):
        found |= {(str(number), name): row[name] for name in ("said", "came", "gap", "n")}
    for row in in_all:
        names = ("n", "error", "plain", "lean", "brier")
        found |= {(str(row["dataset"]), name): row[name] for name in names}
    return found
