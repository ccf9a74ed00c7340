"""One process that posts digests when they are due, and what may befall it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from commands.digests.due import fire_due
from commands.digests.posting import MaybeSent, NotSent
from commands.state import deliveries
from commands.state.deliveries import Delivery, Status
from tests.commands.digest_fakes import FakeAsk, FakeChat, SetClock, services

MINUTE = timedelta(minutes=1)
BUSY = NotSent("Slack is busy.", passing=True)
LOST = MaybeSent("Slack did not answer.")


@dataclass
class Bot:
    """One process: a clock, an ask and a chat on a state that others may share."""

    state: sa.Engine
    clock: SetClock = field(default_factory=SetClock)
    ask: FakeAsk = field(default_factory=FakeAsk)
    chat: FakeChat = field(default_factory=FakeChat)
    name: str = "run"

    def __post_init__(self) -> None:
        self.services = services(self.state, self.clock, self.name)

    def fire(self, after: timedelta = timedelta()) -> int:
        """Move the clock on and do what is due."""
        self.clock.now += after
        return fire_due(self.clock.now, self.services, self.ask, {"slack": self.chat})

    def minutes(self, n: int) -> None:
        """Do what is due, once a minute."""
        for _ in range(n):
            self.fire(MINUTE)

    def ledger(self) -> tuple[Delivery, ...]:
        """The only schedule's slots so far."""
        return deliveries.ledger(self.state, "s1")

    def statuses(self) -> list[Status]:
        """What became of them."""
        return [each.status for each in self.ledger()]


class Killed(BaseException):
    """The process ends at once: nothing after it is done."""


def die() -> None:
    """End the process that asks."""
    raise Killed
