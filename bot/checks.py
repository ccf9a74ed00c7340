"""What is missing to run for real: one line a thing, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.settings import SheetSettings, SlackSettings
from bot.slack.manifest import SCOPES
from bot.wiring import House, google_sheets
from queries.core import words
from queries.core.catalog import SourceCard
from queries.core.errors import PlainError

APPS = "https://api.slack.com/apps"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is needed: whether it is there, and if not what to do."""

    what: str
    is_fine: bool
    remedy: str = ""
    is_optional: bool = False


def source_checks(rooms: House) -> Iterator[Check]:
    """Look at every declared log, and at what of its declaration is not in it."""
    failed = rooms.known.refresh()
    for name, card in rooms.services.catalog().sources.items():
        what = f"log of {name}"
        if name in failed:
            yield Check(what, False, failed[name])
            continue
        doubts = rooms.known.doubts(name)
        columns = words.counted(len(card.columns), "column")
        if card.data_through is not None or card.undated:
            through = card.data_through
            said = f"data through {through:%Y-%m-%d %H:%M} UTC" if through else "undated"
            yield Check(f"{what}: {said}, {columns}", True)
        elif not any(each.about == "time" for each in doubts):
            yield Check(what, False, _no_times(rooms, card))
        for each in doubts:
            yield Check(what, False, each.text, is_optional=not each.is_sure)


def _no_times(rooms: House, card: SourceCard) -> str:
    """Say why nothing of a log can be placed in time up to now."""
    if card.first is not None:
        return (
            f"Its first row is of {card.first:%Y-%m-%d %H:%M} UTC, which is still to come. Look "
            "at the clock that logs, and at the `zone` that is declared."
        )
    return rooms.known.no_time(card.name) or "It holds no row yet; look at where it lies."


def token_checks(settings: SlackSettings) -> Iterator[Check]:
    """Say of each token whether it is there and looks as such a token does."""
    for name, token, prefix, where in (
        ("SLACK_BOT_TOKEN", settings.bot_token, "xoxb-", "Install App: Bot User OAuth Token"),
        (
            "SLACK_APP_TOKEN",
            settings.app_token,
            "xapp-",
            "Basic Information: App-Level Tokens, with the scope connections:write",
        ),
    ):
        remedy = f"Set it in the environment; at {APPS} it is under {where}."
        if token and not token.startswith(prefix):
            remedy = f"It must begin with {prefix}. {remedy}"
        yield Check(name, token.startswith(prefix), remedy)


def slack_checks(settings: SlackSettings) -> Iterator[Check]:
    """Ask Slack whether it takes the tokens, and whether every scope was granted."""
    yield from _asked("Slack takes the bot token", lambda: _scopes(settings))
    yield from _asked("Slack takes the app token", lambda: _connection(settings))


def _asked(what: str, ask: Callable[[], str]) -> Iterator[Check]:
    try:
        lacking = ask()
    except SlackApiError as error:
        why = error.response["error"]
        yield Check(what, False, f"Slack says {why}. Make the token anew at {APPS}.")
    except OSError as error:
        yield Check(what, False, f"Slack can't be reached: {error}.")
    else:
        yield Check(what, not lacking, lacking)


def _scopes(settings: SlackSettings) -> str:
    answer = WebClient(settings.bot_token, base_url=settings.api_url).auth_test()
    granted = str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(",")
    lacking = [scope for scope in SCOPES if scope not in granted]
    if not lacking:
        return ""
    return (
        f"The scopes {words.listed(lacking)} are missing. Paste manifest.yml anew under App "
        "Manifest and install the app again."
    )


def _connection(settings: SlackSettings) -> str:
    # It gives the address of a socket, which is left alone: that there is one says that the token
    # is good.
    WebClient(base_url=settings.api_url).apps_connections_open(app_token=settings.app_token)
    return ""


def sheet_checks(settings: SheetSettings, *, online: bool) -> Iterator[Check]:
    """Say whether Google Sheets can be written; without it, results are Excel files."""
    what = "Google Sheets"
    if not settings.credentials and not settings.folder:
        remedy = (
            "Not configured, so full results come as Excel files. To have Google Sheets, set "
            "folder and credentials under [spreadsheets]."
        )
        yield Check(what, False, remedy, is_optional=True)
    elif not settings.credentials or not Path(settings.credentials).is_file():
        where = settings.credentials or "nowhere"
        yield Check(
            what, False, f"The credentials are {where}: name a service account's JSON file."
        )
    elif not settings.folder:
        yield Check(what, False, "Name the folder of a Shared Drive under [spreadsheets].")
    elif online:
        try:
            name = google_sheets(settings).check()
        except PlainError as error:
            yield Check(what, False, str(error))
        else:
            yield Check(f"{what} in “{name}”", True)
