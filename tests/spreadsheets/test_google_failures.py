"""Google Sheets when something goes wrong: one whole spreadsheet, or none and a plain word."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.credentials import Credentials

from bot.spreadsheets.google import (
    AccessRevoked,
    GoogleSheets,
    SpreadsheetFailed,
    sessions,
)
from queries.core.answer import RowStream
from queries.core.errors import Cancelled
from queries.core.value import Cell
from tests.spreadsheets import discovery
from tests.spreadsheets.books import COLUMNS, ROWS, sheet, workbook
from tests.spreadsheets.connected import ANA, HAPPY, Naps, sheets
from tests.spreadsheets.drive_stand_in import FOLDER
from tests.spreadsheets.google_stand_in import Failure, Google

PERSON = {"client_id": "c", "client_secret": "s", "refresh_token": "r"}
PASSING: list[Failure] = [
    429,
    500,
    503,
    (403, "userRateLimitExceeded"),
    "lost before",
    "lost after",
]


@pytest.mark.parametrize("failure", PASSING)
@pytest.mark.parametrize("call", range(1, 6))
def test_a_passing_failure_at_any_call_changes_nothing(
    google: Google, call: int, failure: Failure
) -> None:
    """Whichever call fails once, and however, one whole spreadsheet is there, shared once."""
    google.failures = {call: failure}
    naps = Naps()
    sheets(google, naps)(workbook(sheet(), people=(ANA,)))
    (file,) = google.drive.files.values()
    assert len(file.grid.tab("Errors by region").table()) == 6
    assert ANA in {permission["emailAddress"] for permission in file.permissions}
    assert len(naps.taken) == 1


@pytest.mark.parametrize("failure", [500, "lost after", (403, "storageQuotaExceeded"), 404])
@pytest.mark.parametrize("call", HAPPY[1:4])
def test_a_lasting_failure_leaves_nothing(google: Google, call: str, failure: Failure) -> None:
    """Whichever call keeps failing, the begun spreadsheet is removed and the error is plain."""
    google.failing = {call: failure}
    with pytest.raises(SpreadsheetFailed):
        sheets(google)(workbook(sheet(), people=(ANA,)))
    assert google.drive.files == {}


def test_a_failing_log_removes_the_spreadsheet(google: Google) -> None:
    """An error while rows are read passes through, and the begun file is gone."""

    def broken() -> Iterator[Sequence[tuple[Cell, ...]]]:
        yield ROWS
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        sheets(google)(workbook(RowStream("a", COLUMNS, 10, broken)))
    assert google.drive.files == {}
    assert google.ids()[-1] == "files.delete"


def test_where_deleting_is_not_allowed_it_goes_to_the_bin(google: Google) -> None:
    """Not every member of a shared drive may delete: then the file is put in the bin."""
    google.drive.may_delete = False
    google.failing = {"spreadsheets.values.batchUpdate": 400}
    with pytest.raises(SpreadsheetFailed):
        sheets(google)(workbook(sheet()))
    assert [file.trashed for file in google.drive.files.values()] == [True]


def test_a_lasting_rate_limit_ends_after_seven_tries(google: Google) -> None:
    """The waits grow, are uneven, and end: seven tries, never a minute over two."""
    google.failing = {"files.create": 429}
    naps = Naps()
    with pytest.raises(SpreadsheetFailed, match="busy"):
        sheets(google, naps)(workbook(sheet()))
    assert google.ids() == ["files.create"] * 7
    assert [0.5 * 2**n <= nap <= 1.5 * 2**n for n, nap in enumerate(naps.taken)] == [True] * 6
    assert sum(naps.taken) <= 120


def test_a_create_with_an_unknown_end_is_looked_for_first(google: Google) -> None:
    """After a lost answer the file that was made is found and used; a second is never made."""
    google.failures = {1: "lost after", 2: 500}
    sheets(google)(workbook(sheet()))
    assert google.ids()[:4] == ["files.create", "files.list", "files.list", HAPPY[1]]
    assert list(google.drive.files) == ["sheet1"]


def test_two_exports_of_one_run_do_not_share_a_file(google: Google) -> None:
    """Another attempt at the same run never takes up the file of the first."""
    write = sheets(google)
    write(workbook(sheet()))
    google.failures = {len(google.calls) + 1: "lost before"}
    write(workbook(sheet()))
    assert list(google.drive.files) == ["sheet1", "sheet2"]


def test_cancelling_between_chunks_removes_the_spreadsheet(google: Google) -> None:
    """Cancelled on the way, nothing stays; cancelled before, nothing is sent."""
    answers = iter([False, False, False, True])
    with pytest.raises(Cancelled):
        sheets(google)(workbook(sheet()), cancelled=lambda: next(answers))
    assert google.drive.files == {}
    assert "files.delete" in google.ids()
    calls = len(google.calls)
    with pytest.raises(Cancelled):
        sheets(google)(workbook(sheet()), cancelled=lambda: True)
    assert len(google.calls) == calls


def test_progress_is_told(google: Google) -> None:
    """The share written is told batch by batch."""
    told: list[float | None] = []
    sheets(google)(workbook(sheet()), progress=lambda _, share: told.append(share))
    assert told == [0.4, 0.8, 1.0]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ((403, "storageQuotaExceeded"), "shared drive"),
        ((404, "notFound"), "share the folder with that account"),
        ((403, "insufficientFilePermissions"), "share the folder with that account"),
    ],
)
def test_a_refused_folder_says_what_to_do(google: Google, failure: Failure, words: str) -> None:
    """When no file can be created the message names the remedy, and nothing is tried twice."""
    google.failing = {"files.create": failure}
    with pytest.raises(SpreadsheetFailed, match=words):
        sheets(google)(workbook(sheet()))
    assert google.ids() == ["files.create"]


def revocable(google: Google) -> requests.Session:
    """A session of a person whose authorization the stand-in may call revoked."""
    untyped: Any = Credentials
    person = untyped.from_authorized_user_info(PERSON)
    session: requests.Session = cast(Any, AuthorizedSession)(
        person, auth_request=cast(Any, Request)(google.session())
    )
    session.mount("https://", google.session().get_adapter("https://x"))
    return session


def test_revoked_access_is_an_error_of_its_own(google: Google) -> None:
    """invalid_grant is told apart, so that a schedule can be stopped and its owner told."""
    google.grant_is_valid = False
    rng = np.random.default_rng(1)
    write = GoogleSheets(lambda: revocable(google), FOLDER, sleep=Naps(), rng=rng)
    with pytest.raises(AccessRevoked, match="renew"):
        write(workbook(sheet()))
    google.grant_is_valid = True
    assert write(workbook(sheet())).url


def test_only_google_is_reachable(google: Google) -> None:
    """The tests' session refuses every host but Google's, before anything is sent."""
    with google.session() as session:
        for url in ("https://example.org/", "http://sheets.googleapis.com/", "http://127.0.0.1/"):
            with pytest.raises(ValueError, match="tried to reach"):
                session.get(url, timeout=5)


def test_unknown_operations_are_never_answered_with_success(google: Google) -> None:
    """What the stand-in doesn't have is 501, and what Google's description forbids is 400."""
    sheets(google)(workbook(sheet()))
    drive, spreadsheets = "https://www.googleapis.com/drive/v3", "https://sheets.googleapis.com/v4"
    with google.session() as session:
        answers = [
            session.get(f"{spreadsheets}/spreadsheets/sheet1", timeout=5),
            session.post(f"{spreadsheets}/spreadsheets/sheet1:explode", timeout=5),
            session.post(f"{drive}/files/sheet1/permissions", json={"withLink": False}, timeout=5),
            session.get(f"{drive}/files", params={"supportsAllDrives": "True"}, timeout=5),
            session.get(f"{drive}/files", params={"limit": "3"}, timeout=5),
            session.post(
                f"{spreadsheets}/spreadsheets/sheet1/values:batchUpdate",
                json={
                    "valueInputOption": "RAW",
                    "data": [{"range": "About!A9:A9", "values": [[1]]}],
                },
                timeout=5,
            ),
        ]
    assert [answer.status_code for answer in answers] == [501, 501, 400, 400, 400, 400]
    assert len(discovery.operations()) > 50


def test_the_folder_can_be_checked(google: Google) -> None:
    """The folder's name is given where it can be used, else what to do."""
    assert sheets(google).check() == "Answers"
    google.drive.may_add = False
    with pytest.raises(SpreadsheetFailed, match="“Answers” but not add files"):
        sheets(google).check()
    rng = np.random.default_rng(1)
    elsewhere = GoogleSheets(google.session, "not-a-folder", sleep=Naps(), rng=rng)
    with pytest.raises(SpreadsheetFailed):
        elsewhere.check()


@pytest.mark.parametrize(
    "folder",
    [FOLDER, f"https://drive.google.com/drive/folders/{FOLDER}?usp=sharing", f" {FOLDER} "],
)
def test_a_folder_may_be_given_by_its_address(google: Google, folder: str) -> None:
    """People paste the browser's address; its last part is the id."""
    write = GoogleSheets(google.session, folder, sleep=Naps(), rng=np.random.default_rng(1))
    assert write(workbook(sheet())).url


def test_what_is_no_folder_is_said_at_once(google: Google) -> None:
    """An id that can't be one is refused when the writer is made, not at the first export."""
    with pytest.raises(SpreadsheetFailed, match="no Google Drive folder"):
        GoogleSheets(google.session, "a' or '1", sleep=Naps(), rng=np.random.default_rng(1))


@pytest.mark.parametrize("content", [None, "{}", "[]", "not json", '{"type": "service_account"}'])
def test_unusable_credentials_name_the_file(tmp_path: Path, content: str | None) -> None:
    """A missing or wrong credentials file is named, with what it has to be."""
    path = tmp_path / "key.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SpreadsheetFailed, match=r"key\.json .* JSON key"):
        sessions(path)


def test_a_persons_credentials_open_a_session(tmp_path: Path) -> None:
    """An authorized user's file is accepted as well as a service account's key."""
    path = tmp_path / "person.json"
    path.write_text(json.dumps({"type": "authorized_user", **PERSON}))
    with sessions(path)() as session:
        assert isinstance(session, AuthorizedSession)
