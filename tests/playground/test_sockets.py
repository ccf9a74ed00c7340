"""Payloads over Socket Mode: acknowledged or not, sent again, and shared among sockets."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as websocket

from bot.playground import PlaygroundServer
from tests.playground.conftest import APP, Connect
from tests.playground.echo import Echo, asked


def test_a_refresh_loses_nothing(slack: PlaygroundServer, echo: Echo) -> None:
    """After disconnect refresh_requested, the next command waits for the new socket."""
    asked(slack, "one")
    slack.refresh_sockets()
    slack.as_user("ana").slash("#ml-alerts", "/echo two")
    slack.wait(lambda: slack.messages("#ml-alerts")[-1]["text"] == "two")
    assert slack.refusals == []
    assert all(each.seconds is not None for each in slack.deliveries)


def test_a_redelivery_is_told_as_one(slack: PlaygroundServer, echo: Echo) -> None:
    """The same payload comes again in a new envelope that counts the attempt."""
    asked(slack)
    slack.redeliver(slack.deliveries[0])
    slack.wait(lambda: len(echo.got) == 2)
    assert echo.got[0]["trigger_id"] == echo.got[1]["trigger_id"]
    first, again = (each.envelope for each in slack.deliveries[:2])
    assert first["envelope_id"] != again["envelope_id"]
    assert again["retry_attempt"] == 1


def test_a_command_may_be_answered_in_its_acknowledgement(
    slack: PlaygroundServer, connect: Connect
) -> None:
    """An acknowledgement with text is shown to the asker alone."""

    def define(app: AsyncApp) -> None:
        @app.command("/now")
        async def now(ack: Any) -> None:
            await ack("Only you")

    connect(define)
    ana = slack.as_user("ana")
    ana.slash("#ml-alerts", "/now")
    assert [each["text"] for each in ana.whispers("#ml-alerts")] == ["Only you"]


@pytest.mark.parametrize("ack_seconds", [0.2])
def test_silence_is_told_to_the_person_and_written_down(
    slack: PlaygroundServer, connect: Connect
) -> None:
    """Without an acknowledgement in time, the person is told and the test can see it."""

    def define(app: AsyncApp) -> None:
        @app.command("/slow")
        async def slow(ack: Any) -> None:
            await asyncio.Event().wait()
            await ack()

    connect(define)
    ana = slack.as_user("ana")
    ana.slash("#ml-alerts", "/slow")
    assert "did not respond" in ana.whispers()[0]["text"]
    assert [each.error for each in slack.refusals] == ["operation_timeout"]
    assert slack.deliveries[0].late


def test_payloads_go_to_any_socket_in_turn(slack: PlaygroundServer, connect: Connect) -> None:
    """Of two connected processes each gets some of the payloads, and none gets one twice."""
    first, second = Echo(), Echo()
    connect(first.define)
    connect(second.define)
    slack.wait(lambda: slack.parts.hub.connected == 2)
    for text in ("one", "two"):
        slack.as_user("ana").slash("#ml-alerts", f"/echo {text}")
    slack.wait(lambda: first.got and second.got)
    assert {first.got[0]["text"], second.got[0]["text"]} == {"one", "two"}


def test_ten_sockets_are_enough(slack: PlaygroundServer) -> None:
    """Slack greets ten sockets, takes each address once, and opens no eleventh."""
    client = WebClient(base_url=slack.api_url)
    addresses = [client.apps_connections_open(app_token=APP)["url"] for _ in range(11)]
    with ExitStack() as sockets:
        for address in addresses[:10]:
            socket = sockets.enter_context(websocket(address))
            assert json.loads(socket.recv())["type"] == "hello"
        for address in (addresses[10], addresses[0]):
            with pytest.raises(InvalidStatus):
                websocket(address)
    errors = [each.error for each in slack.refusals]
    assert errors == ["too_many_websockets", "invalid_ticket"]
