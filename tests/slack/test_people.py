"""Who somebody is, remembered for a while, and whoever Slack does not tell about."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.people import KEPT_SECONDS, People
from commands.ports import Person
from tests.slack.core import refusal


class Users(AsyncWebClient):
    """Answers users.info from a dictionary, and counts."""

    def __init__(self, known: dict[str, dict[str, Any]]) -> None:
        super().__init__(token="xoxb-none")  # noqa: S106 (no token)
        self.known, self.calls = known, 0

    async def users_info(self, *, user: str, **_: Any) -> Any:
        """Give somebody known, or refuse as Slack does."""
        self.calls += 1
        if user not in self.known:
            raise refusal({"ok": False, "error": "user_not_found"})
        return {"user": self.known[user]}


ANA = {
    "name": "ana",
    "real_name": "Ana Petrović",
    "tz": "Europe/Berlin",
    "profile": {"display_name": "", "email": "ana@example.com"},
}


@pytest.mark.parametrize(
    ("found", "person"),
    [
        (ANA, Person("U1", "Ana Petrović", "Europe/Berlin", "ana@example.com")),
        ({**ANA, "profile": {"display_name": "ana p"}}, Person("U1", "ana p", "Europe/Berlin")),
        ({"name": "ana", "tz": "Mars/Olympus"}, Person("U1", "ana", "UTC")),
        ({"tz": None, "profile": None}, Person("U1", "U1", "UTC")),
    ],
)
def test_person(found: dict[str, Any], person: Person) -> None:
    """A name, a zone and an e-mail as far as Slack tells them."""
    assert asyncio.run(People(Users({"U1": found})).get("U1")) == person


def test_remembered_for_a_while() -> None:
    """Slack is asked once in half an hour; whom it does not know is asked for again."""
    users, now = Users({"U1": ANA}), [0.0]
    people = People(users, lambda: now[0])

    async def scene() -> list[int]:
        calls = []
        for later in (0.0, KEPT_SECONDS - 1, KEPT_SECONDS + 1):
            now[0] = later
            await people.get("U1")
            calls.append(users.calls)
        for _ in range(2):
            assert (await people.get("U2")).zone == "UTC"
            calls.append(users.calls)
        return calls

    assert asyncio.run(scene()) == [1, 1, 2, 3, 4]
