"""The flow of an ask: a placeholder, the answer in its turn, or what went wrong, in words."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from threading import Event

from slack_sdk.errors import SlackApiError

from bot.slack.asking.progress import Progress
from bot.slack.asking.showing import Showing
from bot.slack.rendering.answered import NO_PICTURE, answer_message
from bot.slack.rendering.buttons import possible
from bot.slack.rendering.message import Message
from bot.slack.rendering.notes import refused_message, words_message, working_message
from bot.slack.talk import NOT_A_MEMBER, Where, reason
from commands.ports import Person, Place
from commands.replies import Action, Answered, Button, Refused, Verb, Working
from commands.understand import Ask
from queries.core.errors import Cancelled
from queries.core.question import Question
from queries.core.words import counted

ALONE = "The answer goes to you alone, in our direct messages."
FINISHED = "That has already finished, or was asked before I was restarted."


@dataclass(frozen=True)
class Running:
    """An ask under way, and where its placeholder stands.

    Without ``ts`` there is no message of ours to change: the bot is no member of the channel,
    and everything is said at the response_url.
    """

    token: str
    person: Person
    question: Question
    where: Where
    channel: str
    ts: str = ""
    extra: tuple[str, ...] = ()
    cancelled: Event = field(default_factory=Event)

    @property
    def asked(self) -> str:
        """What was understood."""
        return f"{self.person.name} asked: {self.question}"


class Asking:
    """Asks, and lets their askers cancel them."""

    def __init__(self, showing: Showing, bot_name: str) -> None:
        self._showing, self._talk, self._core = showing, showing.talk, showing.core
        self._invite = f"I am not a member of this channel: /invite @{bot_name} brings pictures."
        self._running: dict[str, Running] = {}

    async def ask(self, ask: Ask, person: Person, where: Where) -> None:
        """Ask a question for somebody, and show what comes of it."""
        alone = ask.private or ask.question.private
        running = await self._begin(ask.question, person, where, alone=alone)
        try:
            answered = await self._answered(running, private=ask.private)
            # Whoever cancelled sees “Cancelled” in its place, and must not lose that to an answer.
            if not running.cancelled.is_set():
                await self._show(running, answered)
        except Exception as error:
            if not running.cancelled.is_set():
                await self._failed(running, self._core.refused(error))

    async def cancel(self, token: str, person: Person, where: Where) -> None:
        """Stop an ask, if it is one's own."""
        running = self._running.get(token)
        if running is None:
            await self._talk.whisper(where, words_message(FINISHED))
        elif running.person.id != person.id:
            words = f"Only {running.person.name}, who asked, can cancel this."
            await self._talk.whisper(where, words_message(words))
        else:
            running.cancelled.set()
            await self._replace(running, _cancelled(running))

    async def _begin(
        self, question: Question, person: Person, where: Where, *, alone: bool
    ) -> Running:
        """Post the placeholder where the answer will stand."""
        # Not the run's id, which there is only once the ask has begun.
        token = secrets.token_hex(8)
        channel = where.channel
        if alone:
            channel = await self._talk.direct(person.id)
            if channel != where.channel:
                await self._talk.whisper(where, words_message(ALONE))
        running = Running(token, person, question, where, channel)
        thread = where.thread if channel == where.channel else ""
        try:
            ts = await self._talk.post(channel, _working(running), thread)
        except SlackApiError as error:
            if reason(error) not in NOT_A_MEMBER:
                raise
            return await self._begin_apart(running)
        return replace(running, ts=ts)

    async def _begin_apart(self, running: Running) -> Running:
        """Begin where the bot may not post: at the response_url, else by direct message."""
        apart = replace(running, extra=(self._invite,))
        url = running.where.url
        if url and await self._talk.respond(url, _working(apart)):
            return apart
        channel = await self._talk.direct(running.person.id)
        return replace(apart, channel=channel, ts=await self._talk.post(channel, _working(apart)))

    async def _answered(self, running: Running, *, private: bool) -> Answered:
        where, person = running.where, running.person
        place = Place("slack", where.channel, where.thread, private=where.direct)

        async def tell(words: str) -> None:
            if running.ts and not running.cancelled.is_set():
                await self._talk.update(running.channel, running.ts, _working(running, words))

        progress = Progress(tell, self._core.seconds)

        def work() -> Answered:
            # It may have been cancelled while it waited for its turn.
            if running.cancelled.is_set():
                raise Cancelled("Cancelled.")
            return self._core.ask(
                running.question,
                person,
                place,
                private=private,
                progress=progress,
                cancelled=running.cancelled.is_set,
            )

        async def waits(ahead: int) -> None:
            queue = f"{counted(ahead, 'question')} before it" if ahead else "it is next"
            await tell(f"Asking… Others are being answered; {queue}.")

        self._running[running.token] = running
        try:
            return await self._showing.work.long(work, waits)
        finally:
            del self._running[running.token]
            # Before the answer: a late word of progress would be written over it.
            await progress.finish()

    async def _show(self, running: Running, answered: Answered) -> None:
        if running.ts:
            await self._showing.fill(answered, running.channel, running.ts, running.extra)
            return
        message = answer_message(answered, NO_PICTURE, running.extra)
        # What was said there first stays: a slash command has no message that could be replaced.
        if not await self._talk.respond(running.where.url, message, everyone=True):
            channel = await self._talk.direct(running.person.id)
            await self._showing.post(answered, channel, running.extra)

    async def _failed(self, running: Running, refused: Refused) -> None:
        """Say what went wrong to the asker alone; no placeholder stays behind in a channel."""
        message = refused_message(refused)
        if running.ts and running.channel != running.where.channel:
            await self._talk.update(running.channel, running.ts, message)
            return
        if running.ts:
            await self._talk.delete(running.channel, running.ts)
        await self._talk.whisper(running.where, message)

    async def _replace(self, running: Running, message: Message) -> None:
        if running.ts:
            await self._talk.update(running.channel, running.ts, message)
        else:
            await self._talk.whisper(running.where, message)


def _working(running: Running, words: str = "Asking…") -> Message:
    return working_message(Working(words, running.token), running.asked)


def _cancelled(running: Running) -> Message:
    again = Button("Ask again", Action(Verb.ASK, str(running.question)))
    buttons = [again] if possible(again) else []
    return words_message(f"Cancelled by {running.person.name}. {running.asked}", buttons)
