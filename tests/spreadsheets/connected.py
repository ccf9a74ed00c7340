"""The Google writer, connected to the stand-in."""

from __future__ import annotations

import numpy as np

from bot.spreadsheets.google import GoogleSheets
from tests.spreadsheets.drive_stand_in import FOLDER
from tests.spreadsheets.google_stand_in import Google
from tests.spreadsheets.grid import Grid

ANA = "ana@example.org"
HAPPY = [
    "files.create",
    "spreadsheets.batchUpdate",
    "spreadsheets.values.batchUpdate",
    "spreadsheets.batchUpdate",
    "permissions.create",
]


class Naps:
    """Remembers how long it was asked to sleep, and sleeps not at all."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def __call__(self, seconds: float) -> None:
        """Remember a nap."""
        self.taken.append(seconds)


def sheets(google: Google, naps: Naps | None = None) -> GoogleSheets:
    """The writer, connected to the stand-in."""
    rng = np.random.default_rng(7)
    return GoogleSheets(google.session, FOLDER, sleep=naps or Naps(), rng=rng)


def only_grid(google: Google) -> Grid:
    """The spreadsheet that was made, which is the only one."""
    (file,) = google.drive.files.values()
    return file.grid
