"""The page's endpoints without a browser: what is served, to whom, and how safely."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from bot.playground import PlaygroundServer
from bot.playground.page import FOLDER
from tests.playground.conftest import SteppedClock

Json = dict[str, Any]
ALERTS = "C0MLALERTS"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass(frozen=True)
class Client:
    """A plain HTTP client of one server."""

    server: PlaygroundServer

    def send(self, verb: str, path: str, body: str = "", **headers: str) -> Answer:
        """Send one request; nothing is followed or interpreted."""
        connection = http.client.HTTPConnection(self.server.url.removeprefix("http://"))
        connection.request(verb, path, body.encode(), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return Answer(answer.status, answer.headers, text)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for something."""
        return self.send("GET", path, **headers)

    def live(self, person: str, origin: str | None = None) -> ClientConnection:
        """Open what a page of this person listens to."""
        address = f"{self.server.url.replace('http', 'ws')}/page/live?person={person}"
        return connect(address, origin=Origin(origin) if origin else None)


@pytest.fixture
def page(slack: PlaygroundServer) -> Client:
    """Give a client of a playground without an app."""
    return Client(slack)


def act(page: Client, name: str, **body: Any) -> int:
    """Do something as Ana, and give the status."""
    return page.send("POST", f"/page/{name}", json.dumps({"person": "ana", **body}), **JSON).status


def test_the_page_is_complete(page: Client) -> None:
    """Everything that the page and its scripts name is served, under a strict policy."""
    index = page.get("/")
    assert "script-src 'self'" in index.headers["content-security-policy"]
    named = set(re.findall(r'"/static/([\w.]+)"', index.text))
    for script in FOLDER.glob("*.js"):
        named |= set(re.findall(r'from "\./([\w.]+)"', script.read_text()))
    assert len(named) > 10
    assert {page.get(f"/static/{name}").status for name in named} == {200}
    assert page.get("/static/..%2fapp.py").status == 404


def test_no_script_makes_markup_of_text() -> None:
    """Text becomes text nodes: nothing on the page parses markup or evaluates strings."""
    scripts = "".join(script.read_text() for script in FOLDER.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", scripts)


def test_only_this_machine_is_answered(page: Client) -> None:
    """A name that merely points here is not answered, and forms of other sites do nothing."""
    assert page.get("/", Host="evil.example").status == 400
    body = json.dumps({"person": "ana", "channel": ALERTS, "text": "x"})
    sent = page.send("POST", "/page/write", body, **{"Content-Type": "text/plain"})
    assert sent.status == 415


def test_a_page_is_told_everything_and_then_what_changes(page: Client) -> None:
    """An open page gets the workspace at first, and a message when somebody writes one."""
    with page.live("ana") as live:
        hello: Json = json.loads(live.recv())
        assert [each["name"] for each in hello["channels"]][:2] == ["ml-alerts", "lending"]
        assert act(page, "write", channel=ALERTS, text="hello") == 200
        assert json.loads(live.recv())["message"]["text"] == "hello"


def test_another_person_s_messages_stay_theirs(page: Client) -> None:
    """Ben's page has neither Ana's messages with the app nor what only she sees."""
    page.server.slack.whisper(ALERTS, "U0ANA00001", {"text": "psst"})
    with page.live("ben") as live:
        hello: Json = json.loads(live.recv())
    assert "D0ANA00001" not in {each["id"] for each in hello["channels"]}
    assert "psst" not in json.dumps(hello)


def test_nobody_else_has_a_page(page: Client) -> None:
    """A page for somebody who is not there is not opened."""
    with pytest.raises(InvalidStatus):
        page.live("eve")


def test_other_sites_hear_nothing(page: Client) -> None:
    """A site that opens this workspace's socket from its own page is not answered."""
    with page.live("ana", page.server.url):
        pass
    with pytest.raises(InvalidStatus):
        page.live("ana", "http://evil.example")


def test_what_is_gone_is_said_to_be_gone(page: Client) -> None:
    """An act on something that is no longer there is 404, not a crash."""
    press = {"channel": ALERTS, "ts": "1.0", "block_id": "b", "action_id": "a"}
    assert act(page, "press", **press) == 404
    assert act(page, "submit", view="V1", values={}) == 404
    assert act(page, "dance") == 404


STEPS = {"hour": "2026-11-23T15:30:00+00:00", "morning": "2026-11-24T08:00:00+00:00"}


@pytest.mark.parametrize(("step", "time"), STEPS.items(), ids=STEPS)
def test_the_clock_can_be_moved(page: Client, clock: SteppedClock, step: str, time: str) -> None:
    """One hour on, or to tomorrow at 09:00 where the person lives."""
    assert act(page, "clock", step=step) == 200
    assert clock().isoformat() == time
