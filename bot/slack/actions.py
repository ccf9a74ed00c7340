"""What each button does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from slack_sdk.errors import SlackApiError

from bot.slack.asking.showing import Showing
from bot.slack.entry import Entry
from bot.slack.forms.form import form_view
from bot.slack.forms.modals import memory
from bot.slack.places import Places
from bot.slack.rendering.notes import (
    choice_message,
    link_message,
    note_message,
    note_view,
    words_message,
)
from bot.slack.rendering.text import Json, fallback
from bot.slack.talk import NOT_A_MEMBER, Where, reason
from commands.digests.schedule import CannotSchedule
from commands.form import EVERYONE
from commands.ports import Person, Place
from commands.replies import Action, Choice, Link, Verb
from queries.core.question import Raw

PATIENCE = 1.0
"""Seconds after which somebody who waits for a spreadsheet is told that it is being written."""
SENT_ALONE = "I have sent the spreadsheet to you alone, in our direct messages."
CANT_SHARE = "I can't post there: I am not a member of that channel. Invite me, then share again."


@dataclass(frozen=True)
class Actions:
    """The verbs of buttons, each a flow of its own."""

    entry: Entry
    showing: Showing
    places: Places

    async def act(self, action: Action, person: Person, where: Where) -> None:
        """Do what was clicked."""
        verbs: Mapping[Verb, Callable[[str, Person, Where], Awaitable[None]]] = {
            Verb.ASK: self.entry.text,
            Verb.MENU: self._menu,
            Verb.FORM: self._form,
            Verb.CHANGE: self._change,
            Verb.EXPLAIN: self._explain,
            Verb.EXPORT: self._export,
            Verb.SCHEDULE: self._schedule,
            Verb.UNSCHEDULE: self._unschedule,
            Verb.CANCEL: self._cancel,
            Verb.SHARE: self._share,
            Verb.HELP: self._help,
        }
        await verbs[action.verb](action.value, person, where)

    async def _menu(self, _value: str, person: Person, where: Where) -> None:
        await self.entry.text("", person, where)

    async def _help(self, topic: str, person: Person, where: Where) -> None:
        await self.entry.text(f"help {topic}".strip(), person, where)

    async def _form(self, name: str, person: Person, where: Where) -> None:
        form = self.entry.core.question_form(name, {}, person.tz, problems={}, audience=EVERYONE)
        await self.entry.modals.form(form, person, where)

    async def _change(self, run: str, person: Person, where: Where) -> None:
        async def make() -> Json:
            form = await self.entry.work.quick(self.entry.core.change, run, person)
            return form_view(form, memory(person, where))

        await self.entry.modals.fill("Change…", make, person, where)

    async def _explain(self, run: str, person: Person, where: Where) -> None:
        async def make() -> Json:
            explain = partial(self.entry.core.explain, run, person)
            return note_view(await self.entry.work.long(explain))

        await self.entry.modals.fill("How was this computed?", make, person, where)

    async def schedule(self, run: str, raw: Raw, person: Person, where: Where) -> None:
        """Set up a digest, as was said in the modal."""
        create = partial(self.entry.core.create_digest, run, raw, person)
        note = await self.entry.work.quick(create, place_of(where), self.places)
        await self.entry.say(note, where)

    async def _schedule(self, run: str, person: Person, where: Where) -> None:
        async def make() -> Json:
            # Before anybody fills in a form in vain; setting the digest up looks again.
            if why := await self.places.why_not(place_of(where)):
                raise CannotSchedule(why)
            form = await self.entry.work.quick(self.entry.core.schedule_form, run, person)
            return form_view(form, memory(person, where))

        await self.entry.modals.fill("Every morning…", make, person, where)

    async def _unschedule(self, digest: str, person: Person, where: Where) -> None:
        core, talk, quick = self.entry.core, self.entry.talk, self.entry.work.quick
        note = await quick(core.delete_digest, digest, person)
        await talk.whisper(where, note_message(note))
        if where.ephemeral and where.url:
            left = await quick(core.list_digests, person)
            shown = choice_message(left) if isinstance(left, Choice) else note_message(left)
            # An ephemeral message can be changed by its response_url alone.
            await talk.respond(where.url, shown, replace=True)

    async def _cancel(self, token: str, person: Person, where: Where) -> None:
        await self.entry.asking.cancel(token, person, where)

    async def _share(self, run: str, person: Person, where: Where) -> None:
        share = partial(self.entry.core.share, run, person)
        answered, place = await self.entry.work.long(share)
        try:
            await self.showing.post(answered, place.channel)
        except SlackApiError as error:
            if reason(error) not in NOT_A_MEMBER:
                raise
            await self.entry.talk.whisper(where, words_message(CANT_SHARE))
        else:
            await self.entry.talk.whisper(where, words_message("Shared in the channel."))

    async def _export(self, run: str, person: Person, where: Where) -> None:
        export = partial(self.entry.core.export, run, person)
        writing = asyncio.ensure_future(self.entry.work.long(export))
        # Not `wait_for`, which would cancel the writing when the time is over.
        await asyncio.wait({writing}, timeout=PATIENCE)
        if not writing.done():
            await self.entry.talk.whisper(where, words_message("Writing the spreadsheet…"))
        found = await writing
        try:
            if found.private:
                await self._hand_over(found, person, where)
            else:
                await self._attach(found, where.channel, where.thread or where.ts)
        except SlackApiError as error:
            if reason(error) not in NOT_A_MEMBER:
                raise
            await self._hand_over(found, person, where)

    async def _hand_over(self, found: Link, person: Person, where: Where) -> None:
        """Give a spreadsheet to one person, in the direct messages."""
        # Where the answer stood it could only be an ephemeral message, and those take no files.
        channel = await self.entry.talk.direct(person.id)
        if channel == where.channel:
            await self._attach(found, channel, where.thread or where.ts)
            return
        await self._attach(found, channel, "")
        await self.entry.talk.whisper(where, words_message(SENT_ALONE))

    async def _attach(self, found: Link, channel: str, thread: str) -> None:
        talk = self.entry.talk
        if not found.content:
            await talk.post(channel, link_message(found), thread)
            return
        await talk.call(
            talk.client.files_upload_v2(
                channel=channel,
                thread_ts=thread or None,
                content=found.content,
                filename=found.file_name,
                title=found.file_name,
                initial_comment=fallback(found.text),
            )
        )


def place_of(where: Where) -> Place:
    """Where a digest goes that is set up from a message."""
    return Place("slack", where.channel, private=where.direct)
