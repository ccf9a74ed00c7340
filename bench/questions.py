"""Each question against the same numbers by hand-written SQL, in pairs, on one log."""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.by_hand import Case, Hand, analyst, every_case
from bench.make_log import END
from bot.settings import load
from bot.wiring import House, house
from commands.ask import ask
from commands.ports import Person, Place
from commands.replies import Answered
from queries.core.grammar import parse

# Both add up in an order of their own, so that the last digits differ.
TOLERANCE = 1e-9
WHO, WHERE = Person("analyst", "analyst", "UTC"), Place("terminal", "bench", private=True)


@dataclass(frozen=True)
class Pair:
    """One run of each, in seconds: the SQL by hand, the engine behind an ask, the whole ask."""

    hand: float
    engine: float
    whole: float


@dataclass(frozen=True)
class Measured:
    """What a question took; each ratio is the median over pairs."""

    text: str
    numbers: int
    statements: int
    rows: int
    pairs: Sequence[Pair]

    def median(self, of: Callable[[Pair], float]) -> float:
        """Give the median of something over the pairs."""
        return statistics.median(map(of, self.pairs))

    @property
    def engine_ratio(self) -> float:
        """How much longer the engine took than the SQL by hand."""
        return self.median(lambda pair: pair.engine / pair.hand)

    @property
    def whole_ratio(self) -> float:
        """How much longer the whole ask took, statistics and words included."""
        return self.median(lambda pair: pair.whole / pair.hand)


def measure(file: Path, runs: int, tell: Callable[[str], None]) -> list[Measured]:
    """Ask every question of a generated log and compute it by hand, ``runs`` times each in turn.

    Raises AssertionError where the two do not give the same numbers.
    """
    settings = load(file, {})
    with (
        tempfile.TemporaryDirectory() as spill,
        house(settings, lambda: END, state_url="sqlite://") as rooms,
    ):
        engine = settings.engine
        hand = analyst(file.parent, engine.threads, engine.memory_limit, Path(spill))
        rooms.known.refresh()
        found = []
        for case in every_case(hand):
            tell(case.text)
            found.append(_measured(case, rooms, hand, runs))
    return found


def _measured(case: Case, rooms: House, hand: Hand, runs: int) -> Measured:
    answer = _asked(case, rooms)
    # Before anything is timed; this run also warms both up.
    numbers = check(case, answer, hand)
    pairs = [_pair(case, answer, rooms, hand, ask_first=bool(run % 2)) for run in range(runs)]
    origin = answer.provenance
    return Measured(case.text, numbers, len(origin.statements), origin.rows_read, pairs)


def check(case: Case, answer: Answered, hand: Hand) -> int:
    """Assert that both give the same numbers, and tell how many there are."""
    ours, theirs = case.answered(answer), case.by_hand(hand, answer)
    missing = ours.keys() ^ theirs.keys()
    assert not missing, f"{case.text}: only one of the two has {sorted(missing)[:5]}"
    for key, value in ours.items():
        assert _same(value, theirs[key]), f"{case.text}: {key} is {value} and {theirs[key]} by hand"
    return len(ours)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, datetime):
        return bool(one.replace(tzinfo=None) == other)
    if isinstance(one, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(one == other)


def _pair(case: Case, answer: Answered, rooms: House, hand: Hand, *, ask_first: bool) -> Pair:
    """Run both, in turns the one or the other first, so that neither always meets warm files."""
    taken: dict[str, float] = {}

    def by_us() -> None:
        start = time.perf_counter()
        again = _asked(case, rooms)
        taken["whole"] = time.perf_counter() - start
        taken["engine"] = sum(each.seconds for each in again.provenance.statements)

    def by_hand() -> None:
        hand.seconds = 0.0
        case.by_hand(hand, answer)
        taken["hand"] = hand.seconds

    for each in (by_us, by_hand) if ask_first else (by_hand, by_us):
        each()
    return Pair(**taken)


def _asked(case: Case, rooms: House) -> Answered:
    question = parse(case.text, rooms.services.catalog(), WHO.tz)
    return ask(question, WHO, WHERE, rooms.services)
