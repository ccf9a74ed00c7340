"""Digests into Slack: posted once, found again, and failures told apart by what is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.playground import Fault
from bot.slack.deliver import outcome
from commands.digests.posting import MaybeSent, NotSent
from commands.ports import Person, Place
from commands.replies import Note
from tests.slack.conftest import Trip
from tests.slack.core import refusal
from tests.slack.judges import types
from tests.slack.samples import ANSWERED

ANA = Person("U0ANA00001", "ana", "Europe/Berlin")
LENDING = Place("slack", "C0LENDING1")
DIGEST = replace(ANSWERED, intro="What fails? · every day at 09:00 · set up by ana")


def test_post_and_find(trip: Trip) -> None:
    """A digest is posted with its picture and its name, and found again by its run id."""
    deliver = trip.bot.bot.deliver
    ts = deliver.post(LENDING, ANA, DIGEST)
    (message,) = trip.slack.messages("#lending")
    assert message["ts"] == ts
    assert "set up by ana" in str(message["blocks"][0])
    assert "image" in types(message["blocks"])
    assert deliver.find(LENDING, ANA, "7f3a") == ts
    assert deliver.find(LENDING, ANA, "other") is None


def test_private_place(trip: Trip) -> None:
    """A digest for one person goes to the direct messages."""
    deliver, place = trip.bot.bot.deliver, Place("slack", "C0LENDING1", private=True)
    ts = deliver.post(place, ANA, DIGEST)
    assert [each["ts"] for each in trip.slack.messages(trip.direct())] == [ts]
    assert deliver.find(place, ANA, "7f3a") == ts
    assert trip.slack.messages("#lending") == []


def test_reply_lost(trip: Trip) -> None:
    """Where the reply to a post was lost it may have been sent, is not sent again, and is found."""
    deliver = trip.bot.bot.deliver
    trip.slack.fail_next("chat.postMessage", Fault(reply_lost=True))
    with pytest.raises(MaybeSent):
        deliver.post(LENDING, ANA, DIGEST)
    (message,) = trip.slack.messages("#lending")
    assert deliver.find(LENDING, ANA, "7f3a") == message["ts"]


def test_rates_are_waited_for(trip: Trip) -> None:
    """A rate limit is waited for as long as Slack says."""
    trip.slack.fail_next("chat.postMessage", Fault(retry_after=1))
    trip.bot.bot.deliver.post(LENDING, ANA, DIGEST)
    assert len(trip.slack.messages("#lending")) == 1


def test_picture_fails(trip: Trip) -> None:
    """A digest whose picture can't be uploaded is posted all the same, and says so."""
    trip.slack.fail_next("files.getUploadURLExternal", Fault(error="storage_limit_reached"))
    trip.bot.bot.deliver.post(LENDING, ANA, DIGEST)
    assert "The picture could not be shown" in str(trip.slack.messages("#lending"))


def test_picture_not_ready(trip: Trip) -> None:
    """A picture that Slack is still processing is tried again, and shown in the end."""
    trip.slack.fail_next("chat.update", *[Fault(error="invalid_blocks")] * 2)
    trip.bot.bot.deliver.post(LENDING, ANA, DIGEST)
    assert "image" in types(trip.slack.messages("#lending")[0]["blocks"])


def test_no_member_any_more(trip: Trip) -> None:
    """A channel that the bot was removed from is a failure that trying again does not mend."""
    with pytest.raises(NotSent, match="invite me") as caught:
        trip.bot.bot.deliver.post(Place("slack", "C0RANDOM01"), ANA, DIGEST)
    assert not caught.value.passing
    assert [each.error for each in trip.slack.refusals] == ["not_in_channel"]
    trip.slack.refusals.clear()


def test_tell(trip: Trip) -> None:
    """An owner is told by direct message."""
    trip.bot.bot.deliver.tell(ANA, Note("It was not posted.", "A digest did not come"))
    trip.message("It was not posted.", trip.direct())


@pytest.mark.parametrize(
    ("place", "refusal", "called"),
    [
        (LENDING, "", "#lending"),
        (Place("slack", "C0RANDOM01"), "not a member of #random-no-bot", "#random-no-bot"),
        (Place("slack", "D0ANA00001", private=True), "", "your direct messages"),
    ],
)
def test_places(trip: Trip, place: Place, refusal: str, called: str) -> None:
    """A place says whether it can be posted to, how to mend it, and what people call it."""
    places = trip.bot.bot.deliver.places
    why = places.refusal(place)
    assert refusal in why
    assert ("/invite @plainlogs" in why) == bool(refusal)
    assert places.called(place) == called


def test_unknown_channel(trip: Trip) -> None:
    """A private channel without the bot is refused as one that it is no member of."""
    place = Place("slack", "C0NOWHERE1")
    assert "I am not a member" in trip.bot.bot.deliver.places.refusal(place)
    assert trip.bot.bot.deliver.places.called(place) == "this channel"
    trip.slack.refusals.clear()


def _api_error(data: Any, headers: dict[str, str] | None = None) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=200,
    )
    return refusal(response)


@pytest.mark.parametrize(
    ("error", "kind", "passing", "wait"),
    [
        (_api_error({"error": "ratelimited"}, {"Retry-After": "30"}), NotSent, True, 30),
        (_api_error({"error": "is_archived"}), NotSent, False, 0),
        (_api_error({"error": "invalid_auth"}), NotSent, False, 0),
        (_api_error({"error": "internal_error"}), MaybeSent, None, 0),
        (_api_error("upstream connect error"), MaybeSent, None, 0),
        (TimeoutError(), MaybeSent, None, 0),
        (aiohttp.ServerDisconnectedError(), MaybeSent, None, 0),
    ],
)
def test_outcomes(error: Exception, kind: type, passing: bool | None, wait: int) -> None:
    """Only where Slack said no, or was never reached, is a message surely not sent."""
    found = outcome(error)
    assert type(found) is kind
    if isinstance(found, NotSent):
        assert (found.passing, found.wait.total_seconds()) == (passing, wait)
