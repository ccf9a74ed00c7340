"""Calls that must not happen twice, and an ask cancelled at the last moment."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.state import RetryState

from bot.slack.app import ConnectionRetry
from bot.slack.asking.flow import FINISHED
from bot.slack.asking.progress import Progress
from tests.slack.conftest import Trip


@pytest.mark.parametrize(
    ("method", "again"),
    [
        ("chat.postMessage", False),
        ("chat.postEphemeral", False),
        ("files.completeUploadExternal", False),
        ("chat.update", True),
        ("views.update", True),
        ("users.info", True),
    ],
)
def test_what_is_tried_again(method: str, again: bool) -> None:
    """A call whose connection broke is repeated only where doing it twice changes nothing."""
    request = HttpRequest(method="POST", url=f"https://slack.com/api/{method}", headers={})
    retry = ConnectionRetry().can_retry_async(
        state=RetryState(), request=request, error=aiohttp.ServerDisconnectedError()
    )
    assert asyncio.run(retry) is again


def test_cancelled_while_waiting(trip: Trip) -> None:
    """An ask that is cancelled while it waits its turn never reads a log."""
    trip.core.let_answer.clear()
    for hours in (2, 3, 4):
        trip.ask(f"/ml errors lending last {hours} hours")
    waiting = trip.message("it is next")
    trip.until(lambda: len(trip.core.asks) == 2 or None)
    trip.slack.as_user("ana").click(waiting, "do:cancel:0")
    trip.message("Cancelled by ana")
    trip.core.let_answer.set()
    trip.until(lambda: sum("Alarm" in str(m) for m in trip.slack.messages("#lending")) == 2 or None)
    trip.ask("/ml errors lending last 5 hours")
    trip.message("last 5 hours")
    trip.until(lambda: sum("Alarm" in str(m) for m in trip.slack.messages("#lending")) == 3 or None)
    assert len(trip.core.asks) == 3


def test_cancelled_too_late(trip: Trip) -> None:
    """Cancelling what has finished says so and changes nothing."""
    trip.core.let_answer.clear()
    trip.ask("/ml errors lending")
    placeholder = dict(trip.message("Asking…"))
    trip.core.let_answer.set()
    answer = trip.message("Alarm")
    answer["blocks"] = [*answer["blocks"], *placeholder["blocks"][-1:]]
    trip.slack.as_user("ana").click(answer, "do:cancel:0")
    trip.whisper(FINISHED)
    assert "Alarm" in str(trip.slack.messages("#lending"))


def test_cancelled_but_answered_all_the_same(trip: Trip) -> None:
    """An answer that comes after it was cancelled is not shown."""
    trip.core.deaf = True
    trip.core.let_answer.clear()
    trip.ask("/ml errors lending")
    trip.slack.as_user("ana").click(trip.message("Asking…"), "do:cancel:0")
    trip.message("Cancelled by ana")
    trip.core.let_answer.set()
    trip.ask("/ml errors hiring")
    trip.until(lambda: "Alarm" in str(trip.slack.messages("#lending")[-1]) or None)
    assert "Cancelled by ana" in str(trip.slack.messages("#lending")[0])


def test_progress_is_shown_and_gives_way(trip: Trip) -> None:
    """Long work says in its placeholder what it does and how far it is, then gives its answer."""
    trip.core.let_answer.clear()
    trip.core.says = (("Counting failures", None),)
    trip.ask("/ml errors lending")
    trip.message("Asking… Counting failures.")
    trip.core.let_answer.set()
    trip.message("Alarm")
    trip.core.let_answer.clear()
    trip.core.says = (("Reading the log", 0.4),)
    trip.ask("/ml errors hiring")
    trip.message("Asking… Reading the log, 40 % done.")
    trip.core.let_answer.set()
    trip.until(lambda: sum("Alarm" in str(m) for m in trip.slack.messages("#lending")) == 2 or None)
    assert "Asking…" not in str(trip.slack.messages("#lending"))


@pytest.mark.parametrize(
    ("told_at", "shown"), [((1, 2), 0), ((3,), 1), ((3, 4, 5), 1), ((3, 5, 6, 9), 3)]
)
def test_progress_is_said_now_and_then(told_at: tuple[int, ...], shown: int) -> None:
    """Within three seconds of the last word nothing is shown, and a failure to show is borne."""
    said: list[str] = []

    async def show(words: str) -> None:
        said.append(words)
        raise RuntimeError("not today")

    async def scene() -> None:
        seconds = iter((0, *told_at, 99))
        progress = Progress(show, lambda: next(seconds))
        for at in told_at:
            progress(f"Step {at}", None)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await progress.finish()
        progress("Too late", None)
        await asyncio.sleep(0)

    asyncio.run(scene())
    assert len(said) == shown
