"""files.*: getUploadURLExternal, the upload itself, completeUploadExternal, info."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from bot.playground.call import Call, Method
from bot.playground.chat import thread
from bot.playground.records import Refused, StoredFile
from bot.playground.state import Slack
from bot.playground.workspace import Json

MOST_BYTES = 1_000_000_000
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def kind_of(stored: StoredFile) -> str:
    """Guess the media type from the name, as Slack shows it once the file is processed."""
    return mimetypes.guess_type(stored.name)[0] or "application/octet-stream"


def described(slack: Slack, stored: StoredFile, base: str) -> Json:
    """Describe a file as files.info does; type and size come once it is processed."""
    ready = stored.complete and stored.polls_left <= 0
    mimetype = kind_of(stored) if ready else ""
    suffix = PurePosixPath(stored.name).suffix.removeprefix(".")
    address = f"{base}/files/{stored.id}/{stored.name}"
    return {
        "id": stored.id,
        "name": stored.name,
        "title": stored.title or stored.name,
        "mimetype": mimetype,
        "filetype": suffix if ready else "",
        "size": len(stored.content),
        "user": slack.workspace.bot.user_id,
        "mode": "hosted",
        "url_private": address,
        "url_private_download": f"{address}?download=1",
        "permalink": address,
        "channels": sorted(each for each in stored.shared if each.startswith("C")),
        "ims": sorted(each for each in stored.shared if each.startswith("D")),
        "created": int(slack.clock().timestamp()),
    }


def upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: where to send so many bytes."""
    name, length = call.text("filename"), call.number("length", 0)
    if not 0 < length <= MOST_BYTES:
        raise Refused("invalid_arguments", "[ERROR] length must be at least 1")
    identity = call.slack.next_id("F")
    call.slack.files[identity] = StoredFile(identity, PurePosixPath(name).name, length)
    return {"upload_url": f"{call.base}/upload/v1/{identity}", "file_id": identity}


def receive(slack: Slack, identity: str, content: bytes) -> tuple[int, str]:
    """Take the bytes of an announced file; give status and text as files.slack.com does."""
    stored = slack.files.get(identity)
    if stored is None or stored.content:
        slack.refuse("upload", "invalid_upload_url", [identity])
        return 404, "not found"
    if len(content) != stored.length:
        slack.refuse("upload", "wrong_length", [f"{stored.length} announced, {len(content)} sent"])
        return 400, "length does not match"
    stored.content = content
    return 200, f"OK - {len(content)}"


def complete(call: Call) -> Json:
    """files.completeUploadExternal: finish uploads, and share them in one channel if given."""
    slack, listed = call.slack, call.structure("files")
    if not isinstance(listed, list) or not listed:
        raise Refused("invalid_arguments", "[ERROR] files must be a list")
    uploads = [slack.files.get(str(each.get("id"))) for each in listed]
    if not all(stored and stored.content and not stored.complete for stored in uploads):
        raise Refused("file_not_found")
    found = [stored for stored in uploads if stored]
    channel = call.text("channel_id", "") or call.text("channels", "")
    place = None
    if channel:
        with_channel = Call(slack, call.hub, {**call.args, "channel": channel}, call.base)
        # Where the bot is no member Slack takes no file, whatever its scopes.
        place = with_channel.channel(member=True)
    parent = call.text("thread_ts", "")
    reply = thread(place, parent) if place and parent else {}
    for stored, each in zip(found, listed, strict=True):
        stored.title, stored.complete = str(each.get("title") or stored.name), True
        stored.polls_left = slack.picture_polls if kind_of(stored) in PICTURES else 0
    if place:
        for stored in found:
            stored.shared.add(place.id)
        shapes = [
            described(slack, stored, call.base) | {"mimetype": kind_of(stored)} for stored in found
        ]
        content = {
            "text": call.text("initial_comment", ""),
            "files": shapes,
            "upload": True,
            **reply,
        }
        slack.post(place, slack.bot_author(), content)
    return {"files": [described(slack, stored, call.base) for stored in found]}


def info(call: Call) -> Json:
    """files.info; asking brings a picture one poll nearer to being usable."""
    stored = call.slack.files.get(call.text("file"))
    if stored is None or not stored.complete:
        raise Refused("file_not_found")
    shape = described(call.slack, stored, call.base)
    stored.polls_left -= 1
    return {"file": shape}


METHODS = {
    "files.getUploadURLExternal": Method(upload_url, ("files:write",), tier=100),
    "files.completeUploadExternal": Method(complete, ("files:write",), tier=100),
    "files.info": Method(info, ("files:read",), tier=100),
}
