"""Google Sheets: a new spreadsheet per answer, complete and shared, or none at all."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import requests
import structlog

from bot.spreadsheets.google import drive
from bot.spreadsheets.google.client import (
    GoogleRefused,
    PatientClient,
    Sleep,
    SpreadsheetFailed,
)
from bot.spreadsheets.google.filling import Filling
from bot.spreadsheets.google.layout import begin, finish, tabs_of
from bot.spreadsheets.google.values import bodies
from bot.spreadsheets.pace import Pace
from commands.ports import Progress, Workbook, Written, never, silent
from queries.core.words import counted, listed

_FOLDER = re.compile(r"(?:^|/folders/)([A-Za-z0-9_-]{5,})(?:[/?#].*)?$")

log = structlog.get_logger(__name__)


class GoogleSheets:
    """Writes workbooks to a folder of Google Drive; what ``WriteSpreadsheet`` describes."""

    def __init__(
        self,
        session: Callable[[], requests.Session],
        folder: str,
        *,
        sleep: Sleep,
        rng: np.random.Generator,
    ) -> None:
        match = _FOLDER.search(folder.strip())
        if not match:
            raise SpreadsheetFailed(
                f"“{folder}” is no Google Drive folder: give the address that the browser shows for"
                " it, or the last part of that."
            )
        self._session, self._folder = session, match[1]
        self._sleep, self._rng = sleep, rng

    def check(self) -> str:
        """Give the folder's name if spreadsheets can be put there. Raises SpreadsheetFailed."""
        with self._session() as session:
            return drive.folder_name(self._client(session), self._folder)

    def __call__(
        self,
        workbook: Workbook,
        *,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> Written:
        """Create, fill and share a spreadsheet; remove it if anything goes wrong on the way.

        Raises TooManyCells before anything is sent, Cancelled, AccessRevoked, SpreadsheetFailed.
        """
        tabs = tabs_of(workbook)
        pace = Pace(workbook.sheets, progress, cancelled)
        pace.check()
        with self._session() as session:
            client = self._client(session)
            # A run may be opened again and gets a new spreadsheet, so that its id would find the
            # earlier one.
            attempt = self._rng.bytes(12).hex()
            file = drive.create(client, self._folder, workbook.title, workbook.run, attempt)
            try:
                filling = Filling(workbook, tabs, pace)
                # The grid first: values beyond it are refused.
                _update(client, file, begin(tabs, workbook))
                for body in bodies(filling.runs()):
                    pace.check()
                    client.values_batch_update(file.id, body)
                # Filters and formats follow what was written, which only now is known.
                _update(client, file, finish(tabs, filling.written, filling.first))
                pace.check()
                unshared = _share(client, file, workbook.people)
            except BaseException:
                _discard(client, file)
                raise
        size = counted(sum(filling.written[1:]), "row")
        return Written(" ".join((f"{size}.", *filling.left_out(), *unshared)), url=file.url)

    def _client(self, session: requests.Session) -> PatientClient:
        return PatientClient(session, sleep=self._sleep, rng=self._rng)


def _update(
    client: PatientClient, file: drive.DriveFile, body: dict[str, list[dict[str, object]]]
) -> None:
    """Send a batch update, which is carried out whole or not at all.

    After a try whose answer was lost, "already exists" says that it was carried out.
    """
    if not body["requests"]:
        return
    try:
        client.batch_update(file.id, body)
    except GoogleRefused as refused:
        if not (refused.after_doubt and "already exists" in refused.message):
            raise


def _share(client: PatientClient, file: drive.DriveFile, people: tuple[str, ...]) -> list[str]:
    """Share with each in turn, and say with whom that was not possible."""
    if not people:
        return ["Your e-mail address isn't known, so it could be shared with nobody."]
    refusals: dict[str, str] = {}
    for email in people:
        try:
            drive.share(client, file, email)
        except GoogleRefused as refused:
            refusals[email] = refused.message
    if not refusals:
        return []
    reasons = " ".join(dict.fromkeys(refusals.values()))
    return [f"It could not be shared with {listed([*refusals])}: {reasons}"]


def _discard(client: PatientClient, file: drive.DriveFile) -> None:
    try:
        drive.discard(client, file)
    except SpreadsheetFailed as error:
        log.warning("a half-written spreadsheet was left", url=file.url, error=str(error))
