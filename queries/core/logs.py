"""What a question may touch for one ask: its logs, the clock, progress and cancellation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from queries.core.errors import BadQuestion, Cancelled, Problem
from queries.core.log import Log
from queries.core.nearest import nearest


@dataclass
class Logs:
    """What a question may touch. ``progress`` takes a sentence and a share of 1, or None.

    ``zone`` is the asker's, ``models`` are those that there are, ``cancelled`` tells whether the
    asker has cancelled.
    """

    now: datetime
    zone: ZoneInfo
    progress: Callable[[str, float | None], None]
    cancelled: Callable[[], bool]
    models: tuple[str, ...]
    open_log: Callable[[str], Log]
    opened: dict[str, Log] = field(default_factory=dict)

    def of(self, model: str) -> Log:
        """Give the log of a model. Raises BadQuestion where there is no such model."""
        self.check_cancelled()
        if model not in self.opened:
            if model not in self.models:
                near = nearest(model, self.models) or self.models
                raise BadQuestion(Problem("model", f"There is no model “{model}”.", near))
            self.opened[model] = self.open_log(model)
        return self.opened[model]

    def set_aside(self, model: str) -> None:
        """Leave out a log that can't be read: the answer rests on the others."""
        self.opened.pop(model, None)

    def check_cancelled(self) -> None:
        """Raise Cancelled when the person who asked has cancelled."""
        if self.cancelled():
            raise Cancelled("Cancelled.")
