"""conversations.*, users.*, auth.test and apps.connections.open: who and what there is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.playground.call import SCOPE_OF_KIND, Call, Method
from bot.playground.records import Conversation, Refused
from bot.playground.workspace import Json, Person

PAGE = 1000


def described(call: Call, conversation: Conversation) -> Json:
    """Describe a conversation as conversations.info does."""
    bot = call.slack.workspace.bot.user_id
    direct = conversation.kind in ("im", "app")
    shape: Json = {
        "id": conversation.id,
        "is_channel": conversation.kind == "channel",
        "is_group": conversation.kind == "private",
        "is_im": direct,
        "is_mpim": False,
        "is_private": conversation.kind != "channel",
        "is_archived": False,
        "is_member": bot in conversation.members,
        "num_members": len(conversation.members),
    }
    if direct:
        return {**shape, "user": next(iter(conversation.members - {bot}))}
    return {**shape, "name": conversation.name, "topic": {"value": conversation.topic}}


def _listed(items: list[Json], key: str, call: Call) -> Json:
    """Give one page of a list, with the cursor to the next one."""
    start = call.number("cursor", 0)
    end = start + min(max(call.number("limit", 100), 1), PAGE)
    cursor = str(end) if end < len(items) else ""
    return {
        key: items[start:end],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def info(call: Call) -> Json:
    """conversations.info."""
    return {"channel": described(call, call.channel("read"))}


def members(call: Call) -> Json:
    """conversations.members."""
    conversation = call.channel("read")
    everyone = [{"id": each} for each in sorted(conversation.members)]
    page = _listed(everyone, "members", call)
    return {**page, "members": [each["id"] for each in page["members"]]}


def listing(call: Call) -> Json:
    """conversations.list: public channels, and whatever else was asked for and the app is in."""
    kinds = {"public_channel": "channel", "private_channel": "private", "im": "app"}
    wanted = [kinds[kind] for kind in call.text("types", "public_channel").split(",")]
    for kind in wanted:
        call.need(f"{SCOPE_OF_KIND[kind]}:read")
    bot = call.slack.workspace.bot.user_id
    found = [
        described(call, each)
        for each in call.slack.conversations.values()
        if each.kind in wanted and (each.kind == "channel" or bot in each.members)
    ]
    return _listed(found, "channels", call)


def open_direct(call: Call) -> Json:
    """conversations.open: the app's direct messages with one person."""
    conversation = call.slack.direct(call.text("users"))
    return {"already_open": True, "channel": {"id": conversation.id}}


def _history(call: Call, messages: list[Json]) -> Json:
    oldest, latest = call.text("oldest", ""), call.text("latest", "")
    inclusive = call.flag("inclusive")
    hidden = set() if call.flag("include_all_metadata") else {"metadata"}

    def within(ts: str) -> bool:
        if inclusive and ts in (oldest, latest):
            return True
        return (not oldest or ts > oldest) and (not latest or ts < latest)

    shown = [
        {name: value for name, value in each.items() if name not in hidden}
        for each in messages
        if within(each["ts"])
    ]
    return _listed(shown, "messages", call)


def history(call: Call) -> Json:
    """conversations.history: newest first, replies left out."""
    conversation = call.channel("history", member=True)
    messages = [
        each
        for each in conversation.messages.values()
        if each.get("thread_ts", each["ts"]) == each["ts"]
    ]
    return _history(call, messages[::-1])


def replies(call: Call) -> Json:
    """conversations.replies: a thread, its parent first."""
    conversation, ts = call.channel("history", member=True), call.text("ts")
    if ts not in conversation.messages:
        raise Refused("thread_not_found")
    thread = [
        each for each in conversation.messages.values() if each.get("thread_ts", each["ts"]) == ts
    ]
    return _history(call, thread)


def user(call: Call, person: Person) -> Json:
    """Describe somebody as users.info does; the e-mail address needs a scope of its own."""
    now: datetime = call.slack.clock().astimezone(ZoneInfo(person.zone))
    offset = now.utcoffset()
    profile = {"real_name": person.name, "display_name": person.handle}
    if not call.slack.grants.lacks("users:read.email"):
        profile["email"] = person.email
    shape: Json = {
        "id": person.id,
        "team_id": call.slack.workspace.team_id,
        "name": person.handle,
        "real_name": person.name,
        "deleted": False,
        "is_bot": False,
        "tz": person.zone,
        "tz_label": now.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
    }
    return {**shape, "locale": person.locale} if call.flag("include_locale") else shape


def _bot_user(call: Call) -> Json:
    bot = call.slack.workspace.bot
    return {
        "id": bot.user_id,
        "team_id": call.slack.workspace.team_id,
        "name": bot.name,
        "real_name": bot.name,
        "deleted": False,
        "is_bot": True,
        "profile": {"bot_id": bot.bot_id, "api_app_id": bot.app_id, "real_name": bot.name},
    }


def user_info(call: Call) -> Json:
    """users.info."""
    wanted = call.text("user")
    if wanted == call.slack.workspace.bot.user_id:
        return {"user": _bot_user(call)}
    for person in call.slack.workspace.people:
        if person.id == wanted:
            return {"user": user(call, person)}
    raise Refused("user_not_found")


def user_list(call: Call) -> Json:
    """users.list."""
    everyone = [user(call, each) for each in call.slack.workspace.people]
    return _listed([*everyone, _bot_user(call)], "members", call)


def by_email(call: Call) -> Json:
    """users.lookupByEmail."""
    for person in call.slack.workspace.people:
        if person.email == call.text("email"):
            return {"user": user(call, person)}
    raise Refused("users_not_found")


def auth_test(call: Call) -> Json:
    """auth.test: which app this token belongs to."""
    workspace = call.slack.workspace
    return {
        "url": f"{call.base}/",
        "team": workspace.name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.user_id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": False,
    }


def connect(call: Call) -> Json:
    """apps.connections.open: the one-use address of a socket."""
    return {"url": call.hub.connect_url(call.base)}


METHODS = {
    "auth.test": Method(auth_test, tier=100),
    "apps.connections.open": Method(connect, tier=20, caller="app"),
    "conversations.info": Method(info),
    "conversations.members": Method(members, tier=100),
    "conversations.list": Method(listing, tier=20),
    "conversations.open": Method(open_direct, ("im:write",)),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
    "users.info": Method(user_info, ("users:read",), tier=100),
    "users.list": Method(user_list, ("users:read",), tier=20),
    "users.lookupByEmail": Method(by_email, ("users:read.email",)),
}
