"""Digests into Slack: posted, looked for after an ambiguous end, and their owners told."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.asking.showing import Showing
from bot.slack.places import Places, wait_for
from bot.slack.rendering.answered import answer_message
from bot.slack.rendering.message import EVENT_TYPE
from bot.slack.rendering.notes import note_message
from bot.slack.talk import NOT_A_MEMBER, Talk, answer_of, reason
from commands.digests.posting import MaybeSent, NotSent
from commands.ports import Person, Place
from commands.replies import Answered, Note

T = TypeVar("T")
log = structlog.get_logger("plainlogs.slack")

SECONDS = 240.0
"""The longest that one call of ours may take, waiting for rates included."""
# The newest thousand messages: a lost one is looked for minutes after it was sent, as a rule.
_PAGES, _PAGE = 5, 200
# Slack's own failures, which may come after it has taken the message.
_UNCLEAR = frozenset({"internal_error", "fatal_error", "request_timeout"})
_PASSING = frozenset({"ratelimited", "service_unavailable", "team_added_to_org"})


@dataclass(frozen=True)
class SlackDeliver:
    """A ``commands.digests.posting.Deliver``: synchronous, for worker threads alone."""

    showing: Showing
    places: Places

    def post(self, place: Place, owner: Person, answered: Answered) -> str:
        """Post an answer, marked with its run id; give the message's ts.

        Raises:
            NotSent: it was surely not posted.
            MaybeSent: it may have been posted.
        """
        return self._done(self._post(place, owner, answered))

    def find(self, place: Place, owner: Person, run: str) -> str | None:
        """Look for the message marked with a run id, and give its ts if it stands there.

        Raises:
            NotSent, MaybeSent: the place can't be looked at (now).
        """
        return self._done(self._find(place, owner, run))

    def tell(self, person: Person, note: Note) -> None:
        """Say something to one person by direct message. Raises NotSent or MaybeSent."""
        self._done(self._tell(person, note))

    @property
    def _talk(self) -> Talk:
        return self.showing.talk

    def _done(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return wait_for(work, self.places.loop, SECONDS)
        except (SlackApiError, aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            raise outcome(error) from error

    async def _post(self, place: Place, owner: Person, answered: Answered) -> str:
        channel = await self._channel(place, owner)
        ts = await self._talk.post(channel, answer_message(answered))
        await self.showing.picture(answered, channel, ts)
        return ts

    async def _find(self, place: Place, owner: Person, run: str) -> str | None:
        channel, cursor = await self._channel(place, owner), ""
        for _ in range(_PAGES):
            answer = await self._talk.call(
                self._talk.client.conversations_history(
                    channel=channel,
                    limit=_PAGE,
                    cursor=cursor or None,
                    # Without it Slack leaves out what the message is known by.
                    include_all_metadata=True,
                )
            )
            for message in answer["messages"]:
                if _run_of(message) == run:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        return None

    async def _tell(self, person: Person, note: Note) -> None:
        await self._talk.post(await self._direct(person), note_message(note))

    async def _channel(self, place: Place, owner: Person) -> str:
        return await self._direct(owner) if place.private else place.channel

    async def _direct(self, person: Person) -> str:
        try:
            return await self._talk.direct(person.id)
        except (SlackApiError, aiohttp.ClientError, OSError) as error:
            found = outcome(error)
            if isinstance(found, NotSent):
                raise found from error
            # Opening the direct messages posts nothing yet, so nothing is in doubt.
            raise NotSent(f"Slack could not be reached: {error}", passing=True) from error


def outcome(error: Exception) -> NotSent | MaybeSent:
    """Say what is known of a message after sending it failed so."""
    # No connection came about; one that broke later may have carried the message.
    if isinstance(error, aiohttp.ClientConnectorError):
        return NotSent("Slack could not be reached.", passing=True)
    known = answer_of(error) if isinstance(error, SlackApiError) else {}
    name = str(known.get("error", ""))
    if not isinstance(error, SlackApiError) or not name or name in _UNCLEAR:
        return MaybeSent("Slack did not say whether it took the message.")
    if name in NOT_A_MEMBER:
        return NotSent("I can't post in that channel any more: invite me again.", passing=False)
    return NotSent(
        f"Slack refused the message ({reason(error)}).",
        passing=name in _PASSING,
        wait=timedelta(seconds=_retry_after(error)),
    )


def _retry_after(error: SlackApiError) -> int:
    text = str((getattr(error.response, "headers", None) or {}).get("Retry-After", ""))
    return int(text) if text.isdecimal() else 0


def _run_of(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("run", ""))
