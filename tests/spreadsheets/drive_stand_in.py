"""Drive's files and the spreadsheets in them, in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.spreadsheets.grid import Grid, Unknown

FOLDER = "folder-of-answers"
SHEET = "application/vnd.google-apps.spreadsheet"
_SEARCH = re.compile(
    r"'([^']+)' in parents and trashed = false"
    r" and appProperties has \{ key='([^']+)' and value='([^']+)' \}"
)


class Fails(Exception):
    """An answer with another status than 200, with Google's word for the reason."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        self.status, self.reason, self.message = status, reason, message
        super().__init__(message)


@dataclass
class File:
    """A file in Drive, with the spreadsheet in it."""

    name: str
    parents: list[str]
    app_properties: Mapping[str, str]
    grid: Grid = field(default_factory=Grid)
    permissions: list[Mapping[str, Any]] = field(default_factory=list)
    notified: list[str] = field(default_factory=list)
    trashed: bool = False


class Drive:
    """A folder in a shared drive. ``strangers`` have no Google account."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.strangers: set[str] = set()
        self.may_add = self.may_delete = True

    def carry_out(
        self, what: str, where: Mapping[str, str], query: Mapping[str, list[str]], body: Any
    ) -> Any:
        """Carry out an operation by its id. Raises Unknown, Refused or Fails."""
        built: dict[str, Callable[[], Any]] = {
            "drive.files.create": lambda: self._create(query, body),
            "drive.files.list": lambda: self._list(query),
            "drive.files.get": lambda: self._folder(where["fileId"], query),
            "drive.files.delete": lambda: self._delete(where["fileId"], query),
            "drive.files.update": lambda: self._update(where["fileId"], query, body),
            "drive.permissions.create": lambda: self._permit(where["fileId"], query, body),
            "sheets.spreadsheets.batchUpdate": lambda: self._sheet(where).batch_update(body),
            "sheets.spreadsheets.values.batchUpdate": lambda: self._sheet(where).write(body),
        }
        if what not in built:
            raise Unknown(what)
        return built[what]()

    def _folder(self, id_: str, query: Mapping[str, list[str]]) -> Any:
        _in_shared_drives(query)
        if id_ != FOLDER:
            raise Fails(404, "notFound", f"File not found: {id_}.")
        return {
            "name": "Answers",
            "mimeType": "application/vnd.google-apps.folder",
            "capabilities": {"canAddChildren": self.may_add},
        }

    def _update(self, id_: str, query: Mapping[str, list[str]], body: Any) -> Any:
        if body != {"trashed": True}:
            raise Unknown(f"an update of {body}")
        self._file(id_, query).trashed = True
        return {}

    def _create(self, query: Mapping[str, list[str]], body: Any) -> Any:
        _in_shared_drives(query)
        if body["parents"] != [FOLDER]:
            raise Fails(404, "notFound", f"File not found: {body['parents']}.")
        if body["mimeType"] != SHEET:
            raise Unknown(f"files of type {body['mimeType']}")
        # Google's limit for a property's name and value together.
        if any(len((key + value).encode()) > 124 for key, value in body["appProperties"].items()):
            raise Fails(400, "badRequest", "A property is longer than 124 bytes.")
        id_ = f"sheet{len(self.files) + 1}"
        self.files[id_] = File(body["name"], body["parents"], body["appProperties"])
        return {"id": id_, "webViewLink": f"https://docs.google.com/spreadsheets/d/{id_}/edit"}

    def _list(self, query: Mapping[str, list[str]]) -> Any:
        _in_shared_drives(query)
        match = _SEARCH.fullmatch(query["q"][0])
        if not match or query["includeItemsFromAllDrives"] != ["true"]:
            raise Unknown(f"a search for {query['q'][0]}")
        folder, key, value = match.groups()
        return {
            "files": [
                {"id": id_, "webViewLink": f"https://docs.google.com/spreadsheets/d/{id_}/edit"}
                for id_, file in self.files.items()
                if not file.trashed
                and folder in file.parents
                and file.app_properties.get(key) == value
            ]
        }

    def _delete(self, id_: str, query: Mapping[str, list[str]]) -> None:
        self._file(id_, query)
        if not self.may_delete:
            raise Fails(403, "insufficientFilePermissions", "You may not delete this file.")
        del self.files[id_]

    def _permit(self, id_: str, query: Mapping[str, list[str]], body: Any) -> Any:
        file = self._file(id_, query)
        if body["emailAddress"] in self.strangers:
            raise Fails(400, "invalidSharingRequest", "There is no Google account with it.")
        file.permissions.append(body)
        if query.get("sendNotificationEmail", ["true"]) != ["false"]:
            file.notified.append(body["emailAddress"])
        return {"id": f"permission{len(file.permissions)}"}

    def _file(self, id_: str, query: Mapping[str, list[str]]) -> File:
        _in_shared_drives(query)
        return self._known(id_)

    def _sheet(self, where: Mapping[str, str]) -> Grid:
        return self._known(where["spreadsheetId"]).grid

    def _known(self, id_: str) -> File:
        if id_ not in self.files:
            raise Fails(404, "notFound", f"File not found: {id_}.")
        return self.files[id_]


def _in_shared_drives(query: Mapping[str, list[str]]) -> None:
    if query.get("supportsAllDrives") != ["true"]:
        raise Fails(404, "notFound", "File not found: it is in a shared drive.")
