"""All models, looked at one by one: a log that can't be read is a line, and spoils no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.errors import LogUnreadable, NotAnswerable, PlainError, TookTooLong, unforeseen
from queries.core.logs import Logs
from queries.core.source import Source
from queries.core.times.reading import read
from queries.core.times.when import Window
from queries.health.vitals import Concern, Vitals, vitals


@dataclass(frozen=True)
class Line:
    """One model, and what was found of it; or why nothing could be (``problem``)."""

    source: Source
    vitals: Vitals | None
    problem: str = ""

    @property
    def name(self) -> str:
        """The model's name."""
        return self.source.name

    @property
    def concern(self) -> Concern | None:
        """What about it is worst, if anything asks to be looked at."""
        return next(iter(self.vitals.concerns), None) if self.vitals else None

    @property
    def needs_a_look(self) -> bool:
        """Say whether something is wrong with it, its log included."""
        return bool(self.problem or self.concern)


def look(logs: Logs, models: Sequence[str], window: Window) -> tuple[Line, ...]:
    """Look at each model in turn; the worst line first.

    Raises BadQuestion where the window is no time, and Cancelled.
    """
    lines = []
    for at, name in enumerate(models):
        logs.progress(f"Looking at {name}", at / len(models))
        log = logs.of(name)
        try:
            lines.append(Line(log.source, vitals(log, read(log, window, logs))))
        except (LogUnreadable, NotAnswerable, TookTooLong) as error:
            # Its statements don't count among those that the answer rests on.
            logs.set_aside(name)
            lines.append(Line(log.source, None, str(error)))
        except PlainError:
            raise
        # Whatever is wrong with one log, the others are told.
        except Exception as error:
            logs.set_aside(name)
            lines.append(Line(log.source, None, unforeseen(error)))
    return tuple(sorted(lines, key=_rank))


def _rank(line: Line) -> tuple[float, float, str]:
    if line.concern is Concern.SILENT:
        return 0, 0.0, line.name
    if line.problem:
        return 1, 0.0, line.name
    if line.concern and line.vitals:
        return 2 + list(Concern).index(line.concern), -_size(line.vitals), line.name
    judged = line.vitals is not None and line.vitals.judged
    return (99 if judged else 98), 0.0, line.name


def _size(found: Vitals) -> float:
    """How far the worst of it lies from usual, as a factor."""
    if found.errors and Concern.ERRORS in found.concerns:
        return found.errors.times.value or float("inf")
    if found.slowest and Concern.LATENCY in found.concerns:
        return found.slowest.times.value or 0.0
    return 0.0
