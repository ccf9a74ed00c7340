"""The only place where concrete things meet: services, and the commands as Slack calls them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.known import Known
from bot.settings import Settings, SheetSettings
from bot.slack.ports import Core
from bot.spreadsheets import write_file
from commands.ask import ask
from commands.change import change
from commands.digests.listing import delete, list_digests
from commands.digests.schedule import create, echo, schedule_form
from commands.explain import explain
from commands.export import export
from commands.form import question_form
from commands.ports import Clock, Services, WriteSpreadsheet
from commands.refuse import refused
from commands.share import share
from commands.state.engine import connect
from commands.state.migrate import migrate
from commands.state.seen import first_time
from commands.submit import submit
from commands.understand import understand
from queries.core.errors import PlainError
from queries.sources.opening import open_logs

if TYPE_CHECKING:
    from bot.spreadsheets.google import GoogleSheets


@dataclass(frozen=True)
class House:
    """Everything that runs: the services for commands, and the catalog to refresh."""

    settings: Settings
    services: Services
    known: Known


@contextmanager
def house(settings: Settings, clock: Clock, *, state_url: str = "") -> Iterator[House]:
    """Open logs, state and catalog; close them in the end.

    ``state_url`` is used instead of the configured one: a single question asked in a terminal
    needs no record that outlives it. Raises PlainError where a log or the state can't be opened.
    """
    opened = open_logs(settings.sources, settings.engine, clock)
    state = connect(state_url or settings.state_url)
    try:
        _prepare(state)
        known = Known(settings.sources, opened.logs, clock)
        services = Services(
            clock=clock,
            catalog=known,
            logs=opened.logs,
            state=state,
            spreadsheet=spreadsheets(settings.sheets),
            # Of 4 bytes, two of 80,000 asks would share an id as likely as not; of 6, two of 20
            # million.
            new_id=lambda: secrets.token_hex(6),
        )
        yield House(settings, services, known)
    finally:
        state.dispose()
        opened.close()


class StateUnreachable(PlainError):
    """The database for what plainlogs remembers can't be used; the text says why."""


def _prepare(state: sa.Engine) -> None:
    try:
        migrate(state)
    except DBAPIError as error:
        why = next(iter(str(error.orig).strip().splitlines()), "no reason")
        raise StateUnreachable(
            "The database for what plainlogs remembers, "
            f"{state.url.render_as_string()}, can't be used: {why}. Check that it runs, and that "
            "its url is right."
        ) from error


def spreadsheets(settings: SheetSettings) -> WriteSpreadsheet:
    """Google Sheets where credentials and a folder are configured, else an Excel file."""
    if not (settings.credentials and settings.folder):
        return write_file
    return google_sheets(settings)


def google_sheets(settings: SheetSettings) -> GoogleSheets:
    """Google Sheets in the configured folder. Raises PlainError for a folder that is none."""
    # Google's packages are heavy, and only wanted where they are configured.
    from bot.spreadsheets.google import GoogleSheets, sessions  # noqa: PLC0415

    return GoogleSheets(
        sessions(Path(settings.credentials)),
        settings.folder,
        sleep=time.sleep,
        rng=np.random.default_rng(),
    )


def slack_core(services: Services) -> Core:
    """Bind every command that Slack calls to its services."""
    # Drawing takes half a second to import, and what is only asked in a terminal needs none.
    from bot.charts import draw  # noqa: PLC0415

    catalog, clock = services.catalog, services.clock
    return Core(
        understand=lambda text, zone: understand(text, catalog(), zone),
        question_form=lambda name, raw, zone, *, problems, audience: question_form(
            name, raw, catalog(), zone, problems, audience
        ),
        submit=lambda name, raw, zone: submit(name, raw, catalog(), zone),
        ask=lambda question, asker, place, *, private, progress, cancelled: ask(
            question,
            asker,
            place,
            services,
            private=private,
            progress=progress,
            cancelled=cancelled,
        ),
        change=lambda run, person: change(run, person, services),
        explain=lambda run, person: explain(run, person, services),
        export=lambda run, person: export(run, person, services),
        share=lambda run, person: share(run, person, services),
        schedule_form=lambda run, person: schedule_form(run, person, services),
        echo=lambda raw, person: echo(raw, person, clock()),
        create_digest=lambda run, raw, person, place, venue: create(
            run, raw, person, place, services, venue
        ),
        list_digests=lambda person: list_digests(person, services),
        delete_digest=lambda digest, person: delete(digest, person, services),
        refused=lambda error: refused(error, services.new_id),
        first_time=lambda key: first_time(services.state, key, clock()),
        draw=draw,
    )
