"""Who and what is in the local workspace, and what the app's manifest allows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the workspace; ``zone`` is an IANA name, ``colour`` paints the avatar."""

    id: str
    handle: str
    name: str
    email: str
    zone: str
    locale: str
    colour: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that exists from the start; ``bot`` says whether the app is a member."""

    id: str
    name: str
    topic: str = ""
    private: bool = False
    bot: bool = True


@dataclass(frozen=True, slots=True)
class Bot:
    """The app under its ids; ``name`` is what people see beside its messages."""

    user_id: str = "U0BOT00009"
    bot_id: str = "B0BOT00009"
    app_id: str = "A0APP00001"
    name: str = "plainlogs"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A team: its people, its channels and the one app that is installed."""

    team_id: str
    name: str
    domain: str
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    bot: Bot = Bot()

    def person(self, who: str) -> Person:
        """Find somebody by id or handle; KeyError if there is nobody of that name."""
        for person in self.people:
            if who in (person.id, person.handle):
                return person
        raise KeyError(who)


SAMPLE = Workspace(
    team_id="T0TEAM0001",
    name="Acme",
    domain="acme",
    people=(
        Person(
            id="U0ANA00001",
            handle="ana",
            name="Ana Petrović",
            email="ana@example.com",
            zone="Europe/Berlin",
            locale="en-GB",
            colour="#1d7a5f",
        ),
        Person(
            id="U0BEN00002",
            handle="ben",
            name="Ben Carter",
            email="ben@example.com",
            zone="America/New_York",
            locale="en-US",
            colour="#b3541e",
        ),
    ),
    channels=(
        Channel("C0MLALERTS", "ml-alerts", "What the models are up to"),
        Channel("C0LENDING1", "lending", "The lending product"),
        Channel("C0GENERAL1", "general", "For everyone"),
        # So that people and tests meet a channel in which the bot can't speak.
        Channel("C0RANDOM01", "random-no-bot", "The app is not a member here", bot=False),
    ),
)


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command of the manifest, as the composer completes it."""

    command: str
    description: str
    usage_hint: str = ""


@dataclass(frozen=True, slots=True)
class Grants:
    """What the manifest grants the app. None means that everything is granted."""

    scopes: frozenset[str] | None = None
    commands: tuple[Command, ...] | None = None
    events: frozenset[str] | None = None
    interactive: bool = True
    socket_mode: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    messages_read_only: bool = False

    @classmethod
    def of(cls, manifest: Mapping[str, Any] | None) -> Grants:
        """Read an app manifest (schema 1 or 2); without one, everything is granted."""
        if manifest is None:
            return cls()
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        return cls(
            scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            commands=tuple(
                Command(each["command"], each["description"], each.get("usage_hint", ""))
                for each in features.get("slash_commands", ())
            ),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            interactive=bool(settings.get("interactivity", {}).get("is_enabled", False)),
            socket_mode=bool(settings.get("socket_mode_enabled", False)),
            home_tab=bool(home.get("home_tab_enabled", False)),
            messages_tab=bool(home.get("messages_tab_enabled", True)),
            messages_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
        )

    def lacks(self, scope: str) -> bool:
        """Tell whether a scope was not granted."""
        return self.scopes is not None and scope not in self.scopes
