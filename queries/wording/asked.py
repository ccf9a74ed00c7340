"""What was asked, for the words of an answer: the source, the time, the conditions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from queries.core.filters import Filter, parse_conditions
from queries.core.kinds.narrowing import narrowed
from queries.core.source import Source
from queries.core.times.reading import Reading
from queries.core.times.spans import Span
from queries.core.times.when import exactly
from queries.core.writing import quote


@dataclass(frozen=True, slots=True)
class Asked:
    """The source and the reading of its log that an answer speaks of."""

    source: Source
    reading: Reading
    where: tuple[Filter, ...] = ()

    @property
    def name(self) -> str:
        """The model, and to which part of it the question was narrowed."""
        if not self.where:
            return self.source.name
        return f"{self.source.name} where {' and '.join(map(str, self.where))}"

    def moment(self, at: datetime) -> str:
        """A moment in the asker's zone, with its day where it isn't today or could be another."""
        return self.reading.moment(at)

    def next(
        self,
        question: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        **given: str,
    ) -> str:
        """Write a next question over the same range, or between moments, as canonical text.

        ``given`` are further parameters by name, without those that are empty; ``where`` is one
        more condition or several joined by “and”, which narrow what was asked. The range is
        absolute, so that it means the same to whoever clicks.
        """
        parts = [question, quote(self.source.name)]
        span = self.reading.covered or self.reading.span
        if span:
            span = Span(since or span.start, until or span.end)
            parts.append(str(exactly(span, self.reading.zone)))
        conditions = narrowed(self.where, parse_conditions(given.pop("where", "")))
        parts += [f"{name} {quote(value)}" for name, value in given.items() if value]
        if conditions:
            parts.append("where " + " and ".join(map(str, conditions)))
        return " ".join(parts)

    def anytime(self, question: str, **given: str) -> str:
        """Write a next question over the whole log; ``given`` are as in ``next``."""
        where = given.pop("where", "")
        named = [f"{name} {quote(value)}" for name, value in given.items()]
        parts = [question, quote(self.source.name), "all", *named]
        return " ".join([*parts, *([f"where {where}"] if where else [])])

    def everywhere(self, question: str) -> str:
        """Write a next question about all models over the same range."""
        covered = self.reading.covered
        return f"{question} {exactly(covered, self.reading.zone)}" if covered else question

    @property
    def a_usual(self) -> str:
        """“A usual day”, “A usual week”, or “This time in a usual week”."""
        span = self.reading.span
        length = span.end - span.start if span else timedelta()
        # A day on which the clocks change is a day too, and so is a week with one.
        if timedelta(hours=23) <= length <= timedelta(hours=25):
            return "A usual day"
        if timedelta(days=6, hours=23) <= length <= timedelta(days=7, hours=1):
            return "A usual week"
        return "The same time in other weeks"
