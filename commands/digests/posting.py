"""What digests need of a platform, and the two ways in which posting can go wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from commands.ports import Person, Place
from commands.replies import Answered, Note


class NotSent(Exception):
    """The message was surely not posted; the text says why, for the digest's owner.

    ``passing`` is true where trying again may help, ``wait`` the least time before that.
    """

    def __init__(self, why: str, *, passing: bool, wait: timedelta = timedelta()) -> None:
        super().__init__(why)
        self.passing, self.wait = passing, wait


class MaybeSent(Exception):
    """Nobody can say whether the message was posted: the answer to the request never came."""


class Venue(Protocol):
    """Whether and how a place can be posted to by itself, asked when a digest is set up."""

    def refusal(self, place: Place) -> str:
        """Say why the bot can't post there and what would mend it; empty where it can."""
        ...

    def called(self, place: Place) -> str:
        """Name the place as people do: “#ml-alerts”."""
        ...


class Deliver(Protocol):
    """Posts digests on one platform. Called in a worker thread, never twice at once.

    A private place means the owner's direct message with the bot, whatever its channel.
    """

    def post(self, place: Place, owner: Person, answered: Answered) -> str:
        """Post the answer, marked with its run id; give the message's id.

        Raises:
            NotSent: it was surely not posted.
            MaybeSent: it may have been posted.
        """
        ...

    def find(self, place: Place, owner: Person, run: str) -> str | None:
        """Look for the message marked with a run id, and give its id if it stands there.

        Raises:
            NotSent, MaybeSent: the place can't be looked at (now).
        """
        ...

    def tell(self, person: Person, note: Note) -> None:
        """Say something to one person by direct message. Raises NotSent or MaybeSent."""
        ...
