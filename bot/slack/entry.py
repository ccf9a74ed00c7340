"""From what was typed or chosen to what happens: every understood text has its reply."""

from __future__ import annotations

from dataclasses import dataclass, replace

from slack_sdk.errors import SlackApiError

from bot.slack.asking.flow import Asking
from bot.slack.forms.modals import Modals
from bot.slack.ports import Core
from bot.slack.rendering.notes import (
    choice_message,
    choice_view,
    note_message,
    note_view,
    refused_message,
    refused_view,
)
from bot.slack.rendering.text import Json
from bot.slack.talk import Talk, Where, reason
from bot.slack.work import Work
from commands.ports import Person
from commands.replies import Action, Button, Choice, Note, Refused, Verb
from commands.understand import Ask, ListDigests, Understood

TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
_LATE = Refused("Slack opens a form only within 3 seconds, and that was too late.", "Try again.")
ASKED = "Asked. The answer comes where you started from; you can close this."


@dataclass(frozen=True)
class Entry:
    """Takes what somebody wants and sees that they get a reply."""

    core: Core
    talk: Talk
    work: Work
    modals: Modals
    asking: Asking

    async def text(self, text: str, person: Person, where: Where) -> None:
        """Do what a text asks for."""
        await self.do(self.core.understand(text, person.tz), person, where)

    async def do(self, understood: Understood, person: Person, where: Where) -> None:
        """Ask, show a form, or say something."""
        match understood:
            case Ask():
                await self._ask(understood, person, where)
            case ListDigests():
                listed = await self.work.quick(self.core.list_digests, person)
                await self.say(listed, where)
            # The menu has a title and opens as a modal; corrections have none and are whispered.
            case Choice() if where.view or (where.trigger and understood.title):
                await self.modals.show(choice_view(understood), person, where)
            case Choice() | Note() | Refused():
                await self.say(understood, where, person)
            case _:
                await self.modals.form(understood, person, where)

    async def say(
        self, reply: Choice | Note | Refused, where: Where, person: Person | None = None
    ) -> None:
        """Say something to one person: in the modal they clicked in, else where they are."""
        if where.view and person is not None:
            await self.modals.show(_view(reply), person, where)
            return
        match reply:
            case Choice():
                await self.talk.whisper(where, choice_message(reply))
            case Note():
                await self.talk.whisper(where, note_message(reply))
            case Refused():
                await self.talk.whisper(where, refused_message(reply))

    async def wrong(self, error: Exception, where: Where) -> None:
        """Say what went wrong to the person it went wrong for."""
        late = isinstance(error, SlackApiError) and reason(error) in TOO_LATE
        menu = (Button("Open the menu", Action(Verb.MENU)),)
        refused = replace(_LATE, buttons=menu) if late else self.core.refused(error)
        await self.talk.whisper(where, refused_message(refused))

    async def _ask(self, ask: Ask, person: Person, where: Where) -> None:
        if where.ephemeral and where.url:
            # The suggestion that was clicked: only its response_url removes an ephemeral message.
            await self.talk.take_away(where.url)
        if where.view:
            note = note_view(Note(ASKED, ask.question.title))
            await self.modals.show(note, person, where)
        await self.asking.ask(ask, person, where)


def _view(reply: Choice | Note | Refused) -> Json:
    match reply:
        case Choice():
            return choice_view(reply)
        case Note():
            return note_view(reply)
        case Refused():
            return refused_view(reply, "plainlogs")
