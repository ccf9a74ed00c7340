"""Signed sessions from a credentials file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import credentials as person_credentials
from google.oauth2 import service_account

from bot.spreadsheets.google.client import SpreadsheetFailed

_SCOPES = (
    # Not drive.file, with which a folder that people made could not be seen.
    "https://www.googleapis.com/auth/drive",
    "https://www.googleapis.com/auth/spreadsheets",
)
# google-auth has types, but its functions have none
_Person: Any = person_credentials.Credentials
_Service: Any = service_account.Credentials
_Session: Any = AuthorizedSession


def sessions(file: Path) -> Callable[[], requests.Session]:
    """What opens sessions signed by a service account's key or a person's authorization.

    Raises SpreadsheetFailed, naming the file, where it is neither.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        credentials: Any
        if found["type"] == "service_account":
            credentials = _Service.from_service_account_info(found, scopes=_SCOPES)
        else:
            credentials = _Person.from_authorized_user_info(found, _SCOPES)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SpreadsheetFailed(
            f"{file} can't be used as Google credentials ({error})."
            " It has to be the JSON key of a service account, or an authorized user's file."
        ) from error
    return lambda: cast(requests.Session, _Session(credentials))
