"""A real Bolt app over Socket Mode: commands, buttons, modals, suggestions, pictures, events."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from contextlib import ExitStack
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as websocket

from bot.playground import PlaygroundServer
from tests.playground.conftest import APP, Connect, SteppedClock
from tests.playground.test_blocks import actions, button, field, modal, option, plain, section
from tests.playground.test_files import PNG, picture
from tests.playground.test_webapi import error_of

Json = dict[str, Any]

FORM = modal(
    field(
        {"type": "plain_text_input", "action_id": "name", "initial_value": "lending"},
        block_id="name",
    ),
    field(
        {"type": "external_select", "action_id": "region", "min_query_length": 0},
        block_id="region",
        optional=True,
        dispatch_action=True,
    ),
    callback_id="form",
    notify_on_close=True,
)


class Echo:
    """A throwaway app: echoes commands, opens a form, shows a picture, and keeps what it got."""

    def __init__(self) -> None:
        self.got: list[Json] = []
        self.errors: list[str] = []
        self.answer: Json = {}

    def define(self, app: AsyncApp) -> None:
        """Register the listeners."""
        app.command("/echo")(self.echo)
        app.action("open")(self.open)
        app.action("region")(self.region)
        app.options("region")(self.regions)
        app.view("form")(self.submitted)
        app.view_closed("form")(self.closed)
        app.event("message")(self.event)
        app.event("app_mention")(self.event)
        app.event("app_home_opened")(self.event)
        app.event("member_joined_channel")(self.event)

    async def echo(self, ack: Any, body: Json, client: Any) -> None:
        """Repeat what was typed, with a button and a picture."""
        await ack()
        self.got.append(body)
        posted = await client.chat_postMessage(channel=body["channel_id"], text="Asking…")
        file = (await client.files_upload_v2(filename="a.png", content=PNG))["files"][0]["id"]
        while not (await client.files_info(file=file))["file"]["mimetype"]:
            await asyncio.sleep(0)
        blocks = [section(body["text"]), picture(file), actions(button(action_id="open"))]
        where = {"channel": posted["channel"], "ts": posted["ts"]}
        await client.chat_update(**where, text=body["text"], blocks=blocks)

    async def open(self, ack: Any, body: Json, client: Any) -> None:
        """Open the form."""
        await ack()
        self.got.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async def regions(self, ack: Any, payload: Json) -> None:
        """Offer regions."""
        known = [each for each in ("emea", "apac") if payload["value"] in each]
        await ack(options=[option(each.upper(), each) for each in known])

    async def region(self, ack: Any, body: Json, client: Any) -> None:
        """Redraw the form when a region is chosen."""
        await ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        view = FORM | {"blocks": [*FORM["blocks"], section(f"Region {chosen}")]}
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    async def submitted(self, ack: Any, body: Json) -> None:
        """Answer a submission as the test wants it answered."""
        self.got.append(body)
        await ack(**self.answer)

    async def closed(self, ack: Any, body: Json) -> None:
        """Keep what was closed."""
        await ack()
        self.got.append(body)

    async def event(self, body: Json) -> None:
        """Keep an event."""
        self.got.append(body)


@pytest.fixture
def echo(connect: Connect) -> Echo:
    """Connect the throwaway app."""
    app = Echo()
    connect(app.define)
    return app


def asked(slack: PlaygroundServer, text: str = "hello") -> Json:
    """Let Ana ask, and give the app's answer once it is complete."""
    slack.as_user("ana").slash("#ml-alerts", f"/echo {text}")
    message: Json = slack.wait(lambda: [m for m in slack.messages("#ml-alerts") if "blocks" in m])[
        -1
    ]
    return message


def opened(slack: PlaygroundServer) -> Json:
    """Open the form from the answer's button."""
    ana = slack.as_user("ana")
    ana.click(asked(slack), "open")
    slack.wait(lambda: ana.views)
    return ana.view


def test_the_whole_way_is_never_refused(slack: PlaygroundServer, echo: Echo) -> None:
    """Command, message with picture, button, modal, suggestion, update, submission."""
    view = opened(slack)
    ana = slack.as_user("ana")
    assert [each["value"] for each in ana.suggest(view, "region", "em")] == ["emea"]
    ana.click(view, "region", "emea")
    slack.wait(lambda: len(ana.view["blocks"]) == 3)
    assert ana.submit(ana.view, {"name": "employment"}) == {}
    assert ana.views == []
    values = echo.got[-1]["view"]["state"]["values"]
    assert values["name"]["name"]["value"] == "employment"
    assert values["region"]["region"]["selected_option"]["value"] == "emea"
    assert slack.refusals == []
    assert all(each.ack is not None and not each.late for each in slack.deliveries)


def test_a_command_arrives_as_slack_sends_it(slack: PlaygroundServer, echo: Echo) -> None:
    """A slash command carries who, where, what, and where to answer."""
    asked(slack, "a <b> & c")
    (body,) = echo.got
    assert body["text"] == "a <b> & c"
    assert body["channel_name"] == "ml-alerts"
    assert body["user_id"] == "U0ANA00001"
    assert body["response_url"].startswith(slack.url)


def test_a_press_arrives_as_slack_sends_it(slack: PlaygroundServer, echo: Echo) -> None:
    """A button's press carries the message, the state around it and a response_url."""
    opened(slack)
    body = echo.got[-1]
    assert body["container"]["channel_id"] == body["channel"]["id"] == "C0MLALERTS"
    assert body["message"]["ts"] == body["container"]["message_ts"]
    assert body["actions"][0]["type"] == "button"
    assert body["state"] == {"values": {}}


ANSWERS: dict[str, tuple[Json, dict[str, str], int]] = {
    "nothing": ({}, {}, 0),
    "clear": ({"response_action": "clear"}, {}, 0),
    "errors": ({"response_action": "errors", "errors": {"name": "No."}}, {"name": "No."}, 1),
    "update": ({"response_action": "update", "view": FORM}, {}, 1),
    "push": ({"response_action": "push", "view": FORM}, {}, 2),
}


@pytest.mark.parametrize(("answer", "errors", "left"), ANSWERS.values(), ids=ANSWERS.keys())
def test_a_submission_is_answered_in_its_acknowledgement(
    slack: PlaygroundServer, echo: Echo, answer: Json, errors: dict[str, str], left: int
) -> None:
    """Each response_action does to the stack what Slack does."""
    view = opened(slack)
    echo.answer = answer
    ana = slack.as_user("ana")
    assert ana.submit(view) == errors
    assert len(ana.views) == left
    assert slack.refusals == []


WRONG_ANSWERS = {
    "errors for no field": {"response_action": "errors", "errors": {"other": "No."}},
    "an unknown action": {"response_action": "dance"},
    "a wrong view": {"response_action": "update", "view": {"type": "modal", "blocks": []}},
}


@pytest.mark.parametrize("answer", WRONG_ANSWERS.values(), ids=WRONG_ANSWERS.keys())
def test_a_wrong_answer_to_a_submission_is_written_down(
    slack: PlaygroundServer, echo: Echo, answer: Json
) -> None:
    """What Slack could not use shows as trouble in the modal, and among the refusals."""
    view = opened(slack)
    echo.answer = answer
    assert "trouble" in slack.as_user("ana").submit(view)[""]
    assert [each.what for each in slack.refusals] == ["view_submission"]


def test_slack_s_own_checks_come_first(slack: PlaygroundServer, echo: Echo) -> None:
    """A required field that is empty is refused without asking the app."""
    view = opened(slack)
    before = len(slack.deliveries)
    assert list(slack.as_user("ana").submit(view, {"name": None})) == ["name"]
    assert len(slack.deliveries) == before


def test_closing_is_told_where_wanted(slack: PlaygroundServer, echo: Echo) -> None:
    """notify_on_close brings view_closed."""
    slack.as_user("ana").close(opened(slack))
    assert echo.got[-1]["type"] == "view_closed"
    assert echo.got[-1]["is_cleared"] is False


def test_events_arrive(slack: PlaygroundServer, echo: Echo) -> None:
    """Messages, mentions, an opened Home and an invitation come as events."""
    ana = slack.as_user("ana")
    ana.write("@plainlogs", "hello")
    ana.write("#lending", "hey <@U0BOT00009>, <b>?")
    ana.open_home()
    ana.write("#random-no-bot", "not heard")
    ana.write("#random-no-bot", "/invite @plainlogs")
    slack.wait(lambda: len(echo.got) == 5)
    events = [each["event"] for each in echo.got]
    assert [(each["type"], each.get("channel_type")) for each in events] == [
        ("message", "im"),
        ("message", "channel"),
        ("app_mention", None),
        ("app_home_opened", None),
        ("member_joined_channel", None),
    ]
    assert events[1]["text"] == "hey <@U0BOT00009>, &lt;b&gt;?"
    assert slack.refusals == []


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


def test_a_thread_takes_no_commands(slack: PlaygroundServer, echo: Echo) -> None:
    """Slack has no slash commands in threads."""
    ana = slack.as_user("ana")
    ana.write("#ml-alerts", "/echo x", thread=asked(slack)["ts"])
    assert "not supported in threads" in ana.whispers()[0]["text"]
    assert len(echo.got) == 1


MANIFEST = {
    "features": {"slash_commands": [{"command": "/echo", "description": "Repeat"}]},
    "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True}},
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "files:write", "files:read"]}},
}


@pytest.mark.parametrize("manifest", [MANIFEST])
def test_only_what_the_manifest_declares_arrives(slack: PlaygroundServer, echo: Echo) -> None:
    """Undeclared commands are not valid, undeclared events are not sent."""
    ana = slack.as_user("ana")
    ana.slash("#ml-alerts", "/other x")
    ana.write("@plainlogs", "hello")
    assert "not a valid command" in ana.whispers()[0]["text"]
    assert slack.deliveries == []
    asked(slack)
    assert slack.refusals == []


def test_a_trigger_lives_three_seconds_and_is_used_once(
    slack: PlaygroundServer, echo: Echo, web: WebClient, clock: SteppedClock
) -> None:
    """A trigger_id is exchanged once, expires by the clock, and cannot be invented."""
    opened(slack)
    used = echo.got[-1]["trigger_id"]
    assert error_of(web.views_open, trigger_id=used, view=FORM) == "exchanged_trigger_id"
    assert error_of(web.views_open, trigger_id="1.2.x", view=FORM) == "invalid_trigger_id"
    old = echo.got[0]["trigger_id"]
    clock.step(seconds=3.5)
    assert error_of(web.views_open, trigger_id=old, view=FORM) == "expired_trigger_id"


def test_the_stack_holds_three(slack: PlaygroundServer, echo: Echo, web: WebClient) -> None:
    """Two views can be pushed on the first, each by a trigger from the one below."""
    view = opened(slack)
    ana = slack.as_user("ana")
    for depth in (2, 3):
        ana.click(ana.view, "region", "emea")
        trigger = slack.deliveries[-1].envelope["payload"]["trigger_id"]
        slack.wait(lambda: len(ana.view["blocks"]) == 3)
        web.views_push(trigger_id=trigger, view=FORM)
        assert len(ana.views) == depth
    ana.click(ana.view, "region", "emea")
    trigger = slack.deliveries[-1].envelope["payload"]["trigger_id"]
    assert error_of(web.views_push, trigger_id=trigger, view=FORM) == "push_limit_reached"
    assert ana.view["root_view_id"] == view["id"]
    ana.close(ana.view, everything=True)
    assert ana.views == []


def test_an_update_keeps_what_was_typed_and_minds_the_hash(
    slack: PlaygroundServer, echo: Echo, web: WebClient
) -> None:
    """views.update keeps values of unchanged elements; an old hash or a closed view is refused."""
    view = opened(slack)
    old = view["hash"]
    ana = slack.as_user("ana")
    ana.click(view, "name", "typed")
    changed = web.views_update(view_id=view["id"], hash=old, view=FORM)["view"]
    assert changed["state"]["values"]["name"]["name"]["value"] == "typed"
    update = web.views_update
    assert error_of(update, view_id=view["id"], hash=old, view=FORM) == "hash_conflict"
    ana.close(view)
    assert error_of(update, view_id=view["id"], view=FORM) == "not_found"


def test_home_is_published_for_one_person(slack: PlaygroundServer, web: WebClient) -> None:
    """views.publish replaces a person's Home, and refuses a modal."""
    home = {"type": "home", "blocks": [section()]}
    first = web.views_publish(user_id="U0ANA00001", view=home)["view"]
    again = web.views_publish(user_id="U0ANA00001", view=home, hash=first["hash"])["view"]
    assert first["id"] == again["id"]
    assert error_of(web.views_publish, user_id="U0ANA00001", view=FORM) == "invalid_arguments"


def respond(url: str, **body: Any) -> str:
    """Post to a response_url, and give ok or the name of the refusal."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 (this machine)
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 (this machine)
            return "ok" if json.load(answer)["ok"] else "?"
    except urllib.error.HTTPError as refused:
        error: str = json.load(refused)["error"]
        return error


def test_a_response_url_works_five_times_in_half_an_hour(
    slack: PlaygroundServer, echo: Echo, clock: SteppedClock
) -> None:
    """The sixth use is refused, and any use after 30 minutes."""
    opened(slack)
    from_command, from_press = (each["response_url"] for each in echo.got)
    kinds = [respond(from_command, text=str(each)) for each in range(6)]
    assert kinds == ["ok"] * 5 + ["used_url"]
    clock.step(minutes=31)
    assert respond(from_press, text="late") == "expired_url"


def test_a_response_url_answers_where_the_app_is_not_a_member(
    slack: PlaygroundServer, echo: Echo
) -> None:
    """In a channel without the app, the asker or everybody can be answered, in words only."""
    ana = slack.as_user("ana")
    ana.slash("#random-no-bot", "/echo x")
    slack.wait(lambda: echo.got)
    url = echo.got[0]["response_url"]
    slack.wait(lambda: slack.messages("#random-no-bot"))
    assert respond(url, text="to you") == "ok"
    assert respond(url, text="to all", response_type="in_channel") == "ok"
    assert respond(url, text="once more", replace_original=True) == "ok"
    assert [each["text"] for each in ana.whispers()] == ["to you", "once more"]
    assert slack.messages("#random-no-bot")[-1]["text"] == "to all"
    assert respond(url, text="x", blocks=[picture("F000000001")]) == "invalid_blocks"


def test_a_response_url_changes_what_was_pressed(slack: PlaygroundServer, echo: Echo) -> None:
    """A press's response_url replaces the message, adds to it, or deletes it."""
    opened(slack)
    url = echo.got[-1]["response_url"]
    assert respond(url, text="replaced", replace_original=True) == "ok"
    (message,) = slack.messages("#ml-alerts")
    assert message["text"] == "replaced"
    assert "blocks" not in message
    assert respond(url, text="added", replace_original=False) == "ok"
    assert [each["text"] for each in slack.as_user("ana").whispers()] == ["added"]
    assert respond(url, delete_original=True) == "ok"
    assert slack.messages("#ml-alerts") == []


def test_a_form_may_ask_where_to_answer(
    slack: PlaygroundServer, echo: Echo, web: WebClient
) -> None:
    """A chosen conversation brings a response_url of its own, even where the app is not."""
    opened(slack)
    ana = slack.as_user("ana")
    element = {"type": "conversations_select", "action_id": "to", "response_url_enabled": True}
    view = modal(field(element, block_id="where"), callback_id="form")
    web.views_update(view_id=ana.view["id"], view=view)
    ana.submit(ana.view, {"to": "C0RANDOM01"})
    (place,) = echo.got[-1]["response_urls"]
    assert (place["block_id"], place["channel_id"]) == ("where", "C0RANDOM01")
    assert respond(place["response_url"], text="here", response_type="in_channel") == "ok"
    assert slack.messages("#random-no-bot")[0]["text"] == "here"


def test_a_whisper_is_edited_by_its_response_url_alone(
    slack: PlaygroundServer, echo: Echo, web: WebClient
) -> None:
    """A press on an ephemeral message carries no message, but an address that replaces it."""
    web.chat_postEphemeral(
        channel="C0MLALERTS",
        user="U0ANA00001",
        text="psst",
        blocks=[actions(button(action_id="open", value="1"))],
    )
    ana = slack.as_user("ana")
    ana.click(ana.whispers()[0], "open")
    slack.wait(lambda: ana.views)
    assert "message" not in echo.got[-1]
    assert echo.got[-1]["container"]["is_ephemeral"] is True
    assert respond(echo.got[-1]["response_url"], text="louder", replace_original=True) == "ok"
    assert [each["text"] for each in ana.whispers()] == ["louder"]


def test_what_is_not_there_cannot_be_pressed(slack: PlaygroundServer, echo: Echo) -> None:
    """A test that presses what nobody sees fails, naming what there is."""
    with pytest.raises(LookupError, match="open"):
        slack.as_user("ana").click(asked(slack), "close")


def test_ids_follow_from_the_order_of_calls(slack: PlaygroundServer, echo: Echo) -> None:
    """The same acts give the same ids and stamps, run after run."""
    view = opened(slack)
    assert view["id"] == "V000000001"
    assert list(slack.files) == ["F000000001"]
    assert slack.messages("#ml-alerts")[0]["ts"] == "1795444200.000001"


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


def test_the_title_of_a_modal_is_checked_like_any_other(
    slack: PlaygroundServer, echo: Echo, web: WebClient
) -> None:
    """A view past its limits is refused with the place that is wrong."""
    opened(slack)
    view = FORM | {"title": plain("x" * 25)}
    assert error_of(web.views_update, view_id="V000000001", view=view) == "invalid_arguments"
    assert "json-pointer:/view/title/text" in slack.refusals[-1].messages[0]
