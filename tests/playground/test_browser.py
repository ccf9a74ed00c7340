"""The page in a real browser, with a real Bolt app behind it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from slack_bolt.async_app import AsyncApp

from bot.playground import PlaygroundServer
from tests.playground.blocks import (
    PNG,
    actions,
    button,
    field,
    modal,
    option,
    plain,
    section,
    table,
)
from tests.playground.conftest import Connect
from tests.playground.echo import Echo, asked

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Start one browser for all these tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, slack: PlaygroundServer) -> Iterator[Page]:
    """Open the page as Ana; an error in a script fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    opened.goto(slack.url)
    opened.get_by_test_id("channel:ml-alerts").wait_for()  # drawn once the page hears live
    yield opened
    context.close()
    assert errors == []


def say(page: Page, text: str) -> None:
    """Type something and press Enter."""
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("composer").press("Enter")


def test_the_main_way_by_hand(page: Page, slack: PlaygroundServer, connect: Connect) -> None:
    """Command, picture, button, modal with typeahead and redraw, field error, submission."""
    echo = Echo()
    connect(echo.define)
    say(page, "/echo *bold* and &lt;b&gt;no markup&lt;/b&gt;")
    message = page.get_by_test_id("message")
    expect(message.get_by_test_id("picture")).to_be_visible()
    expect(message.locator("b", has_text="bold")).to_be_visible()
    expect(message).to_contain_text("<b>no markup</b>")
    page.get_by_test_id("action:open").click()
    page.get_by_test_id("action:name").fill("typed by hand")
    page.get_by_test_id("action:region").click()
    page.get_by_test_id("option:apac").click()
    expect(page.get_by_test_id("modal")).to_contain_text("Region apac")
    expect(page.get_by_test_id("action:name")).to_have_value("typed by hand")
    echo.answer = {"response_action": "errors", "errors": {"name": "No such model."}}
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("error:name")).to_have_text("No such model.")
    expect(page.get_by_test_id("action:name")).to_be_focused()
    echo.answer = {}
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_have_count(0)
    values = echo.got[-1]["view"]["state"]["values"]
    assert values["name"]["name"]["value"] == "typed by hand"
    assert slack.refusals == []


def test_pictures_files_and_threads(page: Page, slack: PlaygroundServer, connect: Connect) -> None:
    """A picture enlarges, a file downloads under its name, a thread opens and takes replies."""
    connect(Echo().define)
    parent = asked(slack)
    expect(page.get_by_test_id("picture")).to_be_visible()
    page.get_by_test_id("picture").click()
    expect(page.get_by_test_id("lightbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("lightbox")).to_have_count(0)
    page.get_by_test_id("message").hover()
    page.get_by_test_id("reply").click()
    page.get_by_test_id("reply-composer").fill("a reply")
    page.get_by_test_id("reply-composer").press("Enter")
    expect(page.locator("#replies")).to_contain_text("a reply")
    expect(page.get_by_test_id("thread-open")).to_contain_text("1 reply")
    assert slack.messages("#ml-alerts")[-1]["thread_ts"] == parent["ts"]
    assert slack.refusals == []


def test_a_file_is_downloaded_under_its_name(page: Page, slack: PlaygroundServer, web: Any) -> None:
    """A spreadsheet in a thread or channel is one click away."""
    web.files_upload_v2(filename="errors.xlsx", content=PNG, channel="C0MLALERTS")
    with page.expect_download() as download:
        page.get_by_test_id("file").click()
    assert download.value.suggested_filename == "errors.xlsx"


def test_commands_are_completed(page: Page, slack: PlaygroundServer, connect: Connect) -> None:
    """A slash offers what there is, with arrows and Enter; the chosen one waits for its words."""
    connect(Echo().define)
    composer = page.get_by_test_id("composer")
    composer.press_sequentially("/in")
    expect(page.get_by_test_id("commands")).to_contain_text("/invite")
    composer.press("Enter")
    expect(composer).to_have_value("/invite ")
    expect(page.get_by_test_id("commands")).to_be_hidden()
    assert slack.deliveries == []


def test_people_see_their_own_zone_and_their_own_whispers(
    page: Page, slack: PlaygroundServer, web: Any
) -> None:
    """Switching the person changes times, and hides what only the other one sees."""
    web.chat_postMessage(channel="C0MLALERTS", text="<!date^1795444200^at {time}|then>")
    web.chat_postEphemeral(channel="C0MLALERTS", user="U0ANA00001", text="psst")
    messages = page.locator("#messages")
    expect(messages).to_contain_text("at 15:30")
    expect(messages).to_contain_text("Only visible to you")
    page.get_by_test_id("person-ben").click()
    expect(messages).to_contain_text("at 9:30 AM")
    expect(messages).not_to_contain_text("psst")
    page.get_by_test_id("person-ana").click()
    expect(messages).to_contain_text("psst")
    page.reload()
    expect(messages).to_contain_text("at 15:30")
    expect(messages).not_to_contain_text("psst")


def test_the_clock_moves_on(page: Page) -> None:
    """The page's button moves the workspace's clock."""
    page.get_by_test_id("clock-advance-morning").click()
    expect(page.get_by_test_id("now")).to_contain_text("Tue 24 Nov, 09:00")


def test_what_cannot_be_shown_is_loud(page: Page, web: Any) -> None:
    """A block that the page does not know is an error in red, not a gap."""
    web.chat_postMessage(channel="C0MLALERTS", text="x", blocks=[{"type": "video"}])
    expect(page.get_by_test_id("cannot-render")).to_contain_text("a block of type video")


KINDS: list[tuple[str, dict[str, Any]]] = [
    ("static_select", {"options": [option("One", "1"), option("Two", "2")]}),
    ("users_select", {}),
    ("multi_users_select", {}),
    ("conversations_select", {}),
    ("channels_select", {}),
    ("multi_channels_select", {}),
    ("radio_buttons", {"options": [option("One", "1"), option("Two", "2")]}),
    ("checkboxes", {"options": [option("One", "1"), option("Two", "2")]}),
    ("datepicker", {}),
    ("timepicker", {}),
    ("datetimepicker", {}),
    ("number_input", {"is_decimal_allowed": True}),
    ("plain_text_input", {"multiline": True}),
]
FILLED: dict[str, dict[str, Any]] = {
    "static_select": {"selected_option": option("Two", "2")},
    "users_select": {"selected_user": "U0BEN00002"},
    "multi_users_select": {"selected_users": ["U0ANA00001", "U0BEN00002"]},
    "conversations_select": {"selected_conversation": "C0LENDING1"},
    "channels_select": {"selected_channel": "C0GENERAL1"},
    "multi_channels_select": {"selected_channels": ["C0GENERAL1"]},
    "radio_buttons": {"selected_option": option("Two", "2")},
    "checkboxes": {"selected_options": [option("One", "1"), option("Two", "2")]},
    "datepicker": {"selected_date": "2026-03-29"},
    "timepicker": {"selected_time": "09:05"},
    "datetimepicker": {"selected_date_time": 1774751400},
    "number_input": {"value": "1.5"},
    "plain_text_input": {"value": "two\nlines"},
}


def test_every_element_sends_what_slack_sends(
    page: Page, slack: PlaygroundServer, connect: Connect
) -> None:
    """Each kind of element, filled in by hand, arrives in Slack's shape."""
    echo = Echo()
    fields = [field({"type": k, "action_id": k, **more}, block_id=k) for k, more in KINDS]

    def define(app: AsyncApp) -> None:
        echo.define(app)

        @app.command("/form")
        async def form(ack: Any, body: Any, client: Any) -> None:
            await ack()
            view = modal(*fields, callback_id="form")
            await client.views_open(trigger_id=body["trigger_id"], view=view)

    connect(define)
    say(page, "/form")
    expect(page.get_by_test_id("modal")).to_be_visible()
    picks = {
        "static_select": ["2"],
        "users_select": ["U0BEN00002"],
        "multi_users_select": ["U0ANA00001", "U0BEN00002"],
        "conversations_select": ["C0LENDING1"],
        "channels_select": ["C0GENERAL1"],
        "multi_channels_select": ["C0GENERAL1"],
    }
    for kind, values in picks.items():
        for value in values:
            page.get_by_test_id(f"action:{kind}").click()
            page.get_by_test_id(f"field:{kind}").get_by_test_id(f"option:{value}").click()
    page.get_by_test_id("field:radio_buttons").get_by_text("Two").click()
    for label in ("One", "Two"):
        page.get_by_test_id("field:checkboxes").get_by_text(label).click()
    typed = {
        "datepicker": "2026-03-29",
        "timepicker": "09:05",
        "datetimepicker": "2026-03-29T04:30",
        "number_input": "1.5",
        "plain_text_input": "two\nlines",
    }
    for kind, text in typed.items():
        page.get_by_test_id(f"action:{kind}").fill(text)
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_have_count(0)
    values = echo.got[-1]["view"]["state"]["values"]
    assert {kind: values[kind][kind] for kind, _ in KINDS} == {
        kind: {"type": kind, **FILLED[kind]} for kind, _ in KINDS
    }
    assert slack.refusals == []


def test_a_dangerous_button_asks_first(page: Page, slack: PlaygroundServer, web: Any) -> None:
    """confirm shows its dialog; saying no tells the app nothing."""
    dialog = {key: plain(key) for key in ("title", "text", "confirm", "deny")}
    blocks = [actions(button(action_id="drop", style="danger", confirm=dialog))]
    web.chat_postMessage(channel="C0MLALERTS", text="x", blocks=blocks)
    page.get_by_test_id("action:drop").click()
    expect(page.get_by_test_id("confirm")).to_contain_text("title")
    page.get_by_role("button", name="deny").click()
    expect(page.get_by_test_id("confirm")).to_have_count(0)
    assert slack.deliveries == []


def test_keyboard_alone_is_enough(page: Page, slack: PlaygroundServer, connect: Connect) -> None:
    """A form is opened, filled in and submitted without a mouse."""
    echo = Echo()
    connect(echo.define)
    asked(slack)
    page.get_by_test_id("action:open").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("action:name")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("option:emea")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("modal")).to_contain_text("Region apac")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("modal")).to_have_count(0)
    slack.wait(lambda: echo.got[-1]["type"] == "view_closed")


def test_a_narrow_window_still_works(page: Page, web: Any) -> None:
    """At phone width nothing is cut off sideways, and the sidebar is one press away."""
    blocks = [section("word " * 60), table(3, 8, "a long cell")]
    web.chat_postMessage(channel="C0MLALERTS", text="x", blocks=blocks)
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.get_by_test_id("table")).to_be_visible()
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) == 390
    page.get_by_label("Show or hide the sidebar").click()
    page.get_by_test_id("channel:general").click()
    expect(page.locator("#channel-name")).to_have_text("general")
