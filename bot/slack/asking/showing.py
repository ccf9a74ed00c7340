"""An answer into a channel: the words at once, the picture when it is ready."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.asking.pictures import show_when_ready, upload_picture
from bot.slack.ports import Core
from bot.slack.rendering.answered import NO_PICTURE, Picture, answer_message
from bot.slack.rendering.text import one_line
from bot.slack.talk import Talk, reason
from bot.slack.work import Work
from commands.replies import Answered
from queries.core.charts import Chart

log = structlog.get_logger("plainlogs.slack")

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""What Slack says of a placeholder that somebody has deleted meanwhile, or that is too old."""
NO_PICTURE_TODAY = "The picture could not be shown; the numbers are all here."


@dataclass(frozen=True)
class Showing:
    """Posts answers and fills placeholders. ``extra`` are sentences that stand below."""

    core: Core
    talk: Talk
    work: Work

    async def post(self, answered: Answered, channel: str, extra: tuple[str, ...] = ()) -> str:
        """Post an answer, then its picture; give the message's ts. Raises SlackApiError."""
        message = answer_message(answered, NO_PICTURE, extra)
        ts = await self.talk.post(channel, message)
        await self.picture(answered, channel, ts, extra)
        return ts

    async def fill(
        self, answered: Answered, channel: str, ts: str, extra: tuple[str, ...] = ()
    ) -> None:
        """Put an answer where its placeholder stands, then its picture."""
        message = answer_message(answered, NO_PICTURE, extra)
        try:
            await self.talk.update(channel, ts, message)
        except SlackApiError as error:
            if reason(error) not in GONE:
                raise
            ts = await self.talk.post(channel, message)
        await self.picture(answered, channel, ts, extra)

    async def picture(
        self, answered: Answered, channel: str, ts: str, extra: tuple[str, ...] = ()
    ) -> None:
        """Put the picture into a posted answer. If it fails the words stay, and say so.

        Raises nothing: the answer is posted already.
        """
        chart = answered.answer.chart
        if chart is None:
            return
        try:
            file = await self._upload(chart, answered.provenance.run)
            shown = answer_message(answered, Picture(file), extra)
            await show_when_ready(lambda: self.talk.update(channel, ts, shown))
        except Exception as error:  # whatever is wrong with a picture, the answer stands
            log.error("no picture", run=answered.provenance.run, exc_info=error)
            await self._without(answered, channel, ts, extra)

    async def _without(
        self, answered: Answered, channel: str, ts: str, extra: tuple[str, ...]
    ) -> None:
        message = answer_message(answered, Picture(missing=NO_PICTURE_TODAY), extra)
        try:
            await self.talk.update(channel, ts, message)
        except Exception as error:  # the words stand as they were posted
            log.error("not said that the picture failed", exc_info=error)

    async def _upload(self, chart: Chart, run: str) -> str:
        png = await self.work.picture(self.core.draw, chart)
        name = f"plainlogs-{run}"
        return await upload_picture(self.talk.client, png, name, one_line(chart.alt))
