"""Files: uploaded in three steps, usable in blocks only once processed, served safely."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground import PlaygroundServer
from tests.playground.blocks import PNG, picture
from tests.playground.test_webapi import ALERTS, RANDOM, error_of


def upload(web: WebClient, name: str, content: bytes, **more: Any) -> str:
    """Upload as the SDK does, and give the file's id."""
    answer = web.files_upload_v2(filename=name, content=content, **more)
    identity: str = answer["files"][0]["id"]
    return identity


def test_a_picture_is_usable_only_after_a_poll(web: WebClient, slack: PlaygroundServer) -> None:
    """The first use of a fresh picture is refused as Slack does; after files.info it is taken."""
    file = upload(web, "chart.png", PNG)
    say = web.chat_postMessage
    assert error_of(say, channel=ALERTS, text="x", blocks=[picture(file)]) == "invalid_blocks"
    assert slack.refusals[-1].messages == (
        "invalid slack file [json-pointer:/blocks/0/slack_file]",
    )
    assert web.files_info(file=file)["file"]["mimetype"] == "image/png"
    assert say(channel=ALERTS, text="x", blocks=[picture(file)])["ok"]


def test_polling_brings_a_picture_nearer(web: WebClient, slack: PlaygroundServer) -> None:
    """files.info has no type until the picture is processed."""
    slack.slack.picture_polls = 2
    file = upload(web, "chart.png", PNG)
    types = [web.files_info(file=file)["file"]["mimetype"] for _ in range(3)]
    assert types == ["", "", "image/png"]


def test_a_file_is_shared_with_its_words(web: WebClient, slack: PlaygroundServer) -> None:
    """A file completed with a channel appears there as a message, in its thread."""
    parent = web.chat_postMessage(channel=ALERTS, text="answer")["ts"]
    file = upload(
        web, "a.xlsx", b"PK", channel=ALERTS, thread_ts=parent, initial_comment="All of it"
    )
    message = slack.messages("#ml-alerts")[-1]
    assert (message["text"], message["thread_ts"]) == ("All of it", parent)
    assert message["files"][0]["id"] == file
    assert slack.files[file].content == b"PK"
    assert slack.files[file].shared == {ALERTS}


def test_files_go_only_where_the_app_is(web: WebClient) -> None:
    """Public posting does not cover uploads, and a person's id is no channel."""
    assert error_of(upload, web, "a.csv", b"a", channel=RANDOM) == "not_in_channel"
    assert error_of(upload, web, "a.csv", b"a", channel="U0ANA00001") == "channel_not_found"


def test_an_upload_is_what_was_announced(web: WebClient, slack: PlaygroundServer) -> None:
    """Bytes of another length are refused, and the file cannot be completed."""
    told = web.files_getUploadURLExternal(filename="a.csv", length=5)
    request = urllib.request.Request(told["upload_url"], b"1234", method="POST")  # noqa: S310 (this machine)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)  # noqa: S310 (this machine)
    complete = web.files_completeUploadExternal
    assert error_of(complete, files=[{"id": told["file_id"]}]) == "file_not_found"
    assert slack.refusals[0].error == "wrong_length"


def test_a_download_can_do_no_harm(web: WebClient, slack: PlaygroundServer) -> None:
    """Files are saved, never run: no sniffing, no scripts, a name that is only a name."""
    file = upload(web, "../ev'il.html", b"<script>alert(1)</script>")
    with urllib.request.urlopen(f"{slack.url}/files/{file}/x") as answer:  # noqa: S310 (this machine)
        headers = answer.headers
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''ev%27il.html"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_whisper_takes_no_files(web: WebClient, slack: PlaygroundServer) -> None:
    """Ephemeral messages have no pictures of Slack's files."""
    slack.slack.picture_polls = 0
    file = upload(web, "chart.png", PNG)
    whisper = web.chat_postEphemeral
    args = {"channel": ALERTS, "user": "U0ANA00001", "text": "x", "blocks": [picture(file)]}
    assert error_of(whisper, **args) == "invalid_blocks"
