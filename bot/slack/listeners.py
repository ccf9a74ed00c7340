"""Slack's requests, each acknowledged first and then done once, whatever is delivered again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack.actions import Actions
from bot.slack.entry import Entry
from bot.slack.forms.form import CONFIRM, FORM
from bot.slack.forms.inputs import RELOAD
from bot.slack.forms.opened import Opened, opened
from bot.slack.forms.submission import again, judge, place_of
from bot.slack.people import People
from bot.slack.rendering.buttons import PREFIX, pressed
from bot.slack.rendering.text import Json, unescaped
from bot.slack.talk import Where
from commands.ports import Person
from commands.replies import Verb

log = structlog.get_logger("plainlogs.slack")
_ANYTHING = re.compile(".*", re.DOTALL)


@dataclass(frozen=True)
class Listeners:
    """Thin: read the payload, acknowledge, hand over."""

    entry: Entry
    actions: Actions
    people: People
    slash: str = "/ml"

    def register(self, app: AsyncApp) -> None:
        """Let the app hear every command, click and submission."""
        app.command(re.compile("^/"))(self.command)
        app.action(re.compile(f"^{PREFIX}"))(self.click)
        app.action(re.compile(f"^{RELOAD}:"))(self.reload)
        # Links and fields send clicks too, which people see fail unless they are acknowledged. Bolt
        # takes the first that fits, so this stands last.
        app.action(_ANYTHING)(_acknowledge)
        app.view(FORM)(self.submit)
        app.view(CONFIRM)(self.confirm)
        app.view_closed(_ANYTHING)(_acknowledge)

    async def command(self, ack: AsyncAck, body: Json) -> None:
        """``/ml …``, and a shortcut such as ``/ml-errors …``, which stands for ``/ml errors …``."""
        # Slack waits 3 seconds for this, so that nothing at all is done before it.
        await ack()
        where = Where(body["user_id"], body["channel_id"], body["response_url"], body["trigger_id"])
        shortcut = body["command"].removeprefix(self.slash).removeprefix("-")
        text = unescaped(f"{shortcut} {body.get('text') or ''}").strip()

        async def work(person: Person) -> None:
            await self.entry.text(text, person, where)

        await self._once(body["trigger_id"], where, work)

    async def click(self, ack: AsyncAck, body: Json) -> None:
        """A button of ours, on a message or in a modal."""
        await ack()
        where, action = clicked_at(body), pressed(body["actions"][0])
        if action is None:
            log.warning("unknown button", action=body["actions"][0].get("action_id"))
            return

        async def work(person: Person) -> None:
            await self.actions.act(action, person, where)

        await self._once(body["trigger_id"], where, work)

    async def reload(self, ack: AsyncAck, body: Json) -> None:
        """A choice in a form that changes the form."""
        await ack()
        view = body["view"]
        # Only forms of questions change with a choice. To draw one twice is harmless, so that this
        # is not remembered as taken.
        if opened(view).verb != Verb.ASK.value:
            return
        try:
            await self.entry.talk.update_view(view["id"], again(view, self.entry.core))
        except Exception as error:
            await self._apologise(error, clicked_at(body))

    async def submit(self, ack: AsyncAck, body: Json) -> None:
        """A form: judged inside the acknowledgement, asked after it."""
        view, user = body["view"], body["user"]
        # Before the acknowledgement, as errors reach a field in it alone; so nothing slow may be
        # asked, and the name is the one that Slack sends along.
        judged = judge(view, self.entry.core, user["id"], user.get("name", user["id"]))
        await ack(**judged.ack)
        if (ask := judged.ask) is None:
            return
        where = submitted_at(body, opened(view))

        async def work(person: Person) -> None:
            await self.entry.do(ask, person, where)

        await self._once(body["trigger_id"], where, work)

    async def confirm(self, ack: AsyncAck, body: Json) -> None:
        """“Schedule”, after the next runs were said."""
        # The form lies below the confirmation and is done as well.
        await ack(response_action="clear")
        known = opened(body["view"])
        where = submitted_at(body, known)

        async def work(person: Person) -> None:
            await self.actions.schedule(known.subject, known.raw, person, where)

        await self._once(body["trigger_id"], where, work)

    async def _once(
        self, key: str, where: Where, work: Callable[[Person], Awaitable[None]]
    ) -> None:
        """Do a request unless it was taken already, and leave nobody without a reply."""
        structlog.contextvars.bind_contextvars(user=where.user, channel=where.channel)
        try:
            # By the trigger's id, which a redelivery repeats, while its envelope is a new one. To
            # drop whatever is marked as a retry would lose requests of which the first delivery
            # never came.
            if not await self._first_time(key):
                log.info("delivered again")
                return
            await work(await self.people.get(where.user))
        except Exception as error:
            await self._apologise(error, where)

    async def _first_time(self, key: str) -> bool:
        try:
            return await self.entry.work.quick(self.entry.core.first_time, f"slack:{key}"[:255])
        except Exception as error:  # better answered twice than not at all
            log.error("not remembered", exc_info=error)
            return True

    async def _apologise(self, error: Exception, where: Where) -> None:
        try:
            await self.entry.wrong(error, where)
        except Exception as another:
            log.error("nobody could be told", error=repr(error), exc_info=another)


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


def clicked_at(body: Json) -> Where:
    """Where something was clicked: on a message, or in a modal opened from somewhere."""
    user, container = body["user"]["id"], body.get("container", {})
    if view := body.get("view"):
        known = place_of(view)
        return _from_modal(user, known, body.get("trigger_id", ""), view["id"])
    return Where(
        user=user,
        channel=container.get("channel_id", ""),
        url=body.get("response_url", ""),
        trigger=body.get("trigger_id", ""),
        ts=container.get("message_ts", ""),
        thread=container.get("thread_ts", ""),
        ephemeral=bool(container.get("is_ephemeral")),
    )


def submitted_at(body: Json, known: Opened) -> Where:
    """Where the result of a submitted modal belongs; the modal itself is gone."""
    return _from_modal(body["user"]["id"], known, "", "")


def _from_modal(user: str, known: Opened, trigger: str, view: str) -> Where:
    return Where(user, known.channel, known.url, trigger, thread=known.thread, view=view)
