"""The spreadsheet as a file in Google Drive: created once, shared, and removed if it fails."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from gspread.urls import DRIVE_FILES_API_V3_URL, SPREADSHEET_DRIVE_URL
from gspread.utils import MimeType

from bot.spreadsheets.google.client import (
    GoogleBusy,
    GoogleRefused,
    PatientClient,
    SpreadsheetFailed,
)

_TRIES = 7
_ATTEMPT = "plainlogs_attempt"


@dataclass(frozen=True, slots=True)
class DriveFile:
    """A file by its id, and the address at which people open it."""

    id: str
    url: str


def create(client: PatientClient, folder: str, name: str, run: str, attempt: str) -> DriveFile:
    """Create an empty spreadsheet in the folder. Raises SpreadsheetFailed.

    A create is not repeated blindly: after a failure with an unknown end, a file that bears the
    ``attempt`` is looked for first.
    """
    body = {
        "name": name,
        "mimeType": MimeType.google_sheets.value,
        "parents": [folder],
        "appProperties": {"plainlogs_run": run[:80], _ATTEMPT: attempt},
    }
    # A service account has no storage of its own: its files have to lie in a shared drive.
    params = {"supportsAllDrives": "true", "fields": "id,webViewLink"}
    for number in range(_TRIES):
        try:
            answer = client.attempt("post", DRIVE_FILES_API_V3_URL, params=params, json=body).json()
            return DriveFile(answer["id"], answer.get("webViewLink") or _address(answer["id"]))
        except GoogleRefused as refused:
            raise _not_created(refused, folder) from refused
        except GoogleBusy as busy:
            if number == _TRIES - 1:
                raise
            client.wait(number, busy.wait)
            if busy.unknown and (found := _find(client, folder, attempt)):
                return found
    raise AssertionError("the last try returns or raises")


def share(client: PatientClient, file: DriveFile, email: str) -> None:
    """Let a person open and edit the file, without an e-mail to them. Raises SpreadsheetFailed."""
    client.request(
        "post",
        f"{DRIVE_FILES_API_V3_URL}/{file.id}/permissions",
        params={"supportsAllDrives": "true", "sendNotificationEmail": "false", "fields": "id"},
        json={"type": "user", "role": "writer", "emailAddress": email},
    )


def discard(client: PatientClient, file: DriveFile) -> None:
    """Delete the file, or put it in the bin where deleting is not allowed to us.

    Members of a shared drive who are not its organisers may only do the latter.
    """
    url, params = f"{DRIVE_FILES_API_V3_URL}/{file.id}", {"supportsAllDrives": "true"}
    try:
        client.request("delete", url, params={**params})
    except GoogleRefused as refused:
        if refused.status == HTTPStatus.FORBIDDEN:
            client.request("patch", url, params={**params}, json={"trashed": True})
        elif refused.status != HTTPStatus.NOT_FOUND:
            raise


def folder_name(client: PatientClient, folder: str) -> str:
    """The folder's name, once it is sure that files can be put there. Raises SpreadsheetFailed."""
    params = {
        "supportsAllDrives": "true",
        "fields": "name,mimeType,driveId,capabilities(canAddChildren)",
    }
    try:
        answer = client.request(
            "get", f"{DRIVE_FILES_API_V3_URL}/{folder}", params={**params}
        ).json()
    except GoogleRefused as refused:
        raise _not_created(refused, folder) from refused
    if answer["mimeType"] != "application/vnd.google-apps.folder":
        raise SpreadsheetFailed(f"“{answer['name']}” in Google Drive is a file, not a folder.")
    if not answer["capabilities"]["canAddChildren"]:
        raise SpreadsheetFailed(
            f"The bot may see the folder “{answer['name']}” but not add files to it:"
            " make its account an editor (Content manager in a shared drive)."
        )
    return str(answer["name"])


def _find(client: PatientClient, folder: str, attempt: str) -> DriveFile | None:
    query = (
        f"'{folder}' in parents and trashed = false"
        f" and appProperties has {{ key='{_ATTEMPT}' and value='{attempt}' }}"
    )
    params = {
        "q": query,
        "supportsAllDrives": "true",
        "includeItemsFromAllDrives": "true",
        "fields": "files(id,webViewLink)",
    }
    found = client.request("get", DRIVE_FILES_API_V3_URL, params={**params}).json()["files"]
    if not found:
        return None
    return DriveFile(found[0]["id"], found[0].get("webViewLink") or _address(found[0]["id"]))


def _address(file: str) -> str:
    return str(SPREADSHEET_DRIVE_URL % file)


def _not_created(refused: GoogleRefused, folder: str) -> SpreadsheetFailed:
    if refused.reason == "storageQuotaExceeded":
        return SpreadsheetFailed(
            "The bot's Google account has no room for files; a service account has none of its own."
            " Use a folder in a shared drive."
        )
    if refused.status in {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}:
        return SpreadsheetFailed(
            f"The bot's Google account can't use the spreadsheet folder {folder}"
            f" ({refused.reason or refused.status}):"
            " share the folder with that account as an editor."
        )
    return refused
