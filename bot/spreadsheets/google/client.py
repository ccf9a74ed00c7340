"""gspread's HTTP client with patience: bounded tries, time limits, and errors in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

import numpy as np
import requests
from google.auth.exceptions import RefreshError, TransportError
from gspread.http_client import FileType, HTTPClient, ParamsType

from queries.core.errors import PlainError

_TRIES = 7
_TIME_LIMITS = (10.0, 190.0)  # to connect, and to answer: Google itself gives up after 180 s
_LONGEST_WAIT = 64.0
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
# Google says some of its rate limits with 403, like a full storage, which no waiting mends.
_RATE_LIMITS = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})

Sleep = Callable[[float], None]


class SpreadsheetFailed(PlainError):
    """A spreadsheet could not be written; nothing half-written is left."""


class AccessRevoked(SpreadsheetFailed):
    """Google no longer accepts the credentials: whatever writes regularly has to stop."""


class GoogleBusy(SpreadsheetFailed):
    """Google didn't answer, or asked to wait, as often as it was tried.

    ``wait`` is how many seconds Google asked for. ``unknown`` when it may have acted all the same.
    """

    def __init__(self, message: str, *, wait: float = 0.0, unknown: bool = False) -> None:
        self.wait, self.unknown = wait, unknown
        super().__init__(message)


class GoogleRefused(SpreadsheetFailed):
    """Google answered no. ``after_doubt`` when an earlier try may have been carried out."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        self.status, self.reason, self.message = status, reason, message
        self.after_doubt = False
        super().__init__(f"Google refused ({reason or f'HTTP {status}'}): {message}")


# gspread's own BackOffHTTPClient goes on for hours and ends in a RecursionError, repeats refusals
# for a full storage, and never a broken connection.
class PatientClient(HTTPClient):
    """Seven tries at most, with growing, uneven waits, on what passes by itself."""

    def __init__(
        self, session: requests.Session, *, sleep: Sleep, rng: np.random.Generator
    ) -> None:
        super().__init__(None, session)  # type: ignore[arg-type]  # None where a session is given
        self._sleep, self._rng = sleep, rng

    def request(
        self,
        method: str,
        endpoint: str,
        params: ParamsType | None = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: FileType = None,
        headers: MutableMapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request that may safely be sent again. Raises SpreadsheetFailed."""
        doubt = False
        for number in range(_TRIES):
            try:
                return self.attempt(
                    method,
                    endpoint,
                    params=params,
                    data=data,
                    json=json,
                    files=files,
                    headers=headers,
                )
            except GoogleBusy as busy:
                doubt = doubt or busy.unknown
                if number == _TRIES - 1:
                    raise
                self.wait(number, busy.wait)
            except GoogleRefused as refused:
                refused.after_doubt = doubt
                raise
        raise AssertionError("the last try returns or raises")

    def attempt(self, method: str, endpoint: str, **parts: Any) -> requests.Response:
        """Send a request once. Raises GoogleBusy where it is worth trying again."""
        try:
            response = self.session.request(method, endpoint, timeout=_TIME_LIMITS, **parts)
        except RefreshError as error:
            raise _refresh_failed(error) from error
        except (requests.ConnectionError, requests.Timeout, TransportError) as error:
            raise GoogleBusy(
                "Google couldn't be reached. Try again later.", unknown=True
            ) from error
        except requests.exceptions.ChunkedEncodingError as error:
            raise GoogleBusy(
                "Google broke off its answer. Try again later.", unknown=True
            ) from error
        if response.ok:
            return response
        raise _failure(response)

    def wait(self, number: int, asked: float = 0.0) -> None:
        """Wait before the next try: about 1, 2, 4, … seconds, and at least what Google asked."""
        # Uneven, so that those who were refused together don't come back together.
        usual = min(_LONGEST_WAIT, 2.0**number) * (0.5 + self._rng.random())
        self._sleep(max(usual, min(asked, 2 * _LONGEST_WAIT)))


def _refresh_failed(error: RefreshError) -> SpreadsheetFailed:
    if "invalid_grant" in str(error):
        return AccessRevoked(
            "Google no longer accepts the credentials for spreadsheets (invalid_grant): they were"
            " revoked or have expired. An administrator has to renew them."
        )
    if error.retryable:
        return GoogleBusy("Google's sign-in didn't answer. Try again later.")
    return SpreadsheetFailed(f"Google's sign-in refused the credentials for spreadsheets: {error}")


def _failure(response: requests.Response) -> SpreadsheetFailed:
    reason, message = _reason(response)
    status = response.status_code
    if status in _PASSING or (status == HTTPStatus.FORBIDDEN and reason in _RATE_LIMITS):
        asked = response.headers.get("Retry-After", "")
        return GoogleBusy(
            f"Google is busy or limits us (HTTP {status}). Try again in a few minutes.",
            wait=float(asked) if asked.isdigit() else 0.0,
            unknown=status >= HTTPStatus.INTERNAL_SERVER_ERROR,
        )
    return GoogleRefused(status, reason, message)


def _reason(response: requests.Response) -> tuple[str, str]:
    """The reason in Google's own word, and its sentence; whatever the answer's body is."""
    try:
        error = response.json()["error"]
        details = error.get("errors") or [{}]
        reason = details[0].get("reason") or error.get("status") or ""
        return str(reason), str(error.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return "", response.text[:200]
