"""Opening modals, and filling them when their content is ready."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.slack.forms.form import form_view
from bot.slack.forms.opened import Opened
from bot.slack.ports import Core
from bot.slack.rendering.notes import refused_view, waiting_view
from bot.slack.rendering.text import Json
from bot.slack.talk import Talk, Where
from commands.ports import Person
from commands.replies import Form


def remembered(view: Json, person: Person, where: Where) -> Json:
    """Let a view know where it was opened from, for what is clicked in it."""
    return {**view, "private_metadata": memory(person, where).dumps()}


def memory(person: Person, where: Where) -> Opened:
    """What a modal must know of the place it is opened from."""
    return Opened(where.channel, url=where.url, zone=person.zone, thread=where.thread)


@dataclass(frozen=True)
class Modals:
    """Modals of one workspace."""

    core: Core
    talk: Talk

    async def show(self, view: Json, person: Person, where: Where) -> str:
        """Put a view into the modal that was clicked in, or open one; give its id."""
        kept = view if view.get("private_metadata") else remembered(view, person, where)
        if where.view:
            await self.talk.update_view(where.view, kept)
            return where.view
        return await self.talk.open(where.trigger, kept)

    async def form(self, form: Form, person: Person, where: Where) -> None:
        """Show a form."""
        await self.show(form_view(form, memory(person, where)), person, where)

    async def fill(
        self, title: str, make: Callable[[], Awaitable[Json]], person: Person, where: Where
    ) -> None:
        """Open a modal at once, as its trigger is soon spent, and fill it when ``make`` is done."""
        view_id = await self.show(waiting_view(title), person, where)
        try:
            view = await make()
        except Exception as error:  # said in the modal that is already open
            view = refused_view(self.core.refused(error), title)
        kept = view if view.get("private_metadata") else remembered(view, person, where)
        await self.talk.update_view(view_id, kept)
