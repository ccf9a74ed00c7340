"""Who somebody is: name, zone and e-mail by users.info, remembered for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.rendering.text import one_line
from bot.slack.talk import reason
from commands.ports import Person

log = structlog.get_logger("plainlogs.slack")
KEPT_SECONDS = 1_800.0


class People:
    """The people who asked lately."""

    def __init__(
        self, client: AsyncWebClient, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._monotonic = client, monotonic
        self._known: dict[str, tuple[float, Person]] = {}

    async def get(self, user: str) -> Person:
        """Give a person. Whom Slack does not tell about is known by id, in UTC, for this once."""
        kept = self._known.get(user)
        if kept and self._monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        try:
            answer = await self._client.users_info(user=user)
        except SlackApiError as error:
            log.warning("slack refused", method="users.info", error=reason(error))
            return kept[1] if kept else Person(user, user, "UTC")
        person = _person(user, answer["user"])
        self._known[user] = (self._monotonic(), person)
        return person


def _person(user: str, found: dict[str, object]) -> Person:
    profile = found.get("profile")
    known = profile if isinstance(profile, dict) else {}
    names = (known.get("display_name"), found.get("real_name"), found.get("name"), user)
    name = next(clean for each in names if (clean := one_line(str(each or ""))))
    return Person(user, name, _zone(str(found.get("tz") or "")), str(known.get("email") or ""))


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
