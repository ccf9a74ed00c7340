"""Modals and Home: views.open, push, update, publish, and the stack a person sees."""

from __future__ import annotations

from typing import Any

from bot.playground.blocks import unrendered, view_problem, with_ids
from bot.playground.call import Call, Method
from bot.playground.records import Refused
from bot.playground.state import Slack
from bot.playground.values import state_of
from bot.playground.workspace import Json

STACK = 3
FLAGS = ("clear_on_close", "notify_on_close")


def show_stack(slack: Slack, user: str) -> None:
    """Tell a person's pages which modals are open, the top one last."""
    stack = [slack.views[view] for view in slack.stacks[user]]
    slack.tell({"type": "views", "stack": stack}, [user])


def owner(slack: Slack, view_id: str) -> str:
    """Find who has a view open; Refused if nobody has."""
    for user, stack in slack.stacks.items():
        if view_id in stack or slack.homes.get(user) == view_id:
            return user
    raise Refused("not_found")


def _checked(slack: Slack, view: Any, view_id: str) -> Json:
    if problem := view_problem(view):
        raise Refused(problem.error, *problem.messages)
    slack.pictures_ready(view["blocks"])
    if kinds := unrendered(view["blocks"]):
        slack.refuse("views", "not_rendered_by_the_playground", kinds)
    external = view.get("external_id")
    others = (each for each in slack.views.values() if each["id"] != view_id)
    if external and any(each["external_id"] == external for each in others):
        raise Refused("duplicate_external_id")
    return {
        "type": view["type"],
        **{name: view.get(name) for name in ("title", "submit", "close")},
        **{name: view.get(name, "") for name in ("callback_id", "private_metadata", "external_id")},
        **{name: view.get(name, False) for name in FLAGS},
        "blocks": with_ids(view["blocks"], lambda: slack.next_id("b")),
    }


def _new(slack: Slack, view: Any, here: str, under: str | None = None) -> Json:
    identity = slack.next_id("V")
    content = _checked(slack, view, identity)
    bot = slack.workspace.bot
    slack.views[identity] = {
        "id": identity,
        "team_id": slack.workspace.team_id,
        "app_installed_team_id": slack.workspace.team_id,
        "app_id": bot.app_id,
        "bot_id": bot.bot_id,
        **content,
        "state": {"values": state_of(content["blocks"], {}, here)},
        "previous_view_id": under,
        "root_view_id": slack.views[under]["root_view_id"] if under else identity,
        "hash": _hash(slack),
    }
    return slack.views[identity]


def _hash(slack: Slack) -> str:
    return f"{int(slack.clock().timestamp())}.{slack.next_id('h')}"


def replace(slack: Slack, view_id: str, view: Any) -> Json:
    """Give an open view new content; what people entered stays where the element is the same."""
    user, old = owner(slack, view_id), slack.views[view_id]
    content = _checked(slack, view, view_id)
    if content["type"] != old["type"]:
        raise Refused(
            "invalid_arguments", "a view cannot change its type [json-pointer:/view/type]"
        )
    values = state_of(content["blocks"], old["state"]["values"])
    old.update(content, state={"values": values}, hash=_hash(slack))
    if old["type"] == "home":
        slack.tell({"type": "home", "view": old}, [user])
    else:
        show_stack(slack, user)
    return old


def push(slack: Slack, user: str, view: Any, here: str = "") -> Json:
    """Put a modal on top of a person's stack, which holds 3 at most."""
    stack = slack.stacks[user]
    if len(stack) >= STACK:
        raise Refused("push_limit_reached")
    _modal(view)
    new = _new(slack, view, here, stack[-1] if stack else None)
    stack.append(new["id"])
    show_stack(slack, user)
    return new


def drop(slack: Slack, user: str, view_id: str | None = None) -> list[Json]:
    """Close a view, or all of them; give the closed ones, top first."""
    stack = slack.stacks[user]
    going = [view_id] if view_id else stack[::-1]
    slack.stacks[user] = [each for each in stack if each not in going]
    show_stack(slack, user)
    return [slack.views.pop(each) for each in going]


def _modal(view: Any) -> None:
    if isinstance(view, dict) and view.get("type") == "home":
        raise Refused("invalid_arguments", "a home view cannot be opened [json-pointer:/view/type]")


def open_view(call: Call) -> Json:
    """views.open: a trigger opens a modal alone on its stack, or on top where it came from one."""
    slack, view = call.slack, call.structure("view")
    trigger = slack.exchange(call.text("trigger_id"))
    if trigger.view in slack.stacks[trigger.user]:
        return {"view": push(slack, trigger.user, view, trigger.channel)}
    _modal(view)
    new = _new(slack, view, trigger.channel)
    drop(slack, trigger.user)
    slack.stacks[trigger.user] = [new["id"]]
    show_stack(slack, trigger.user)
    return {"view": new}


def push_view(call: Call) -> Json:
    """views.push: a trigger from within an open modal puts another on top."""
    slack, view = call.slack, call.structure("view")
    trigger = slack.exchange(call.text("trigger_id"))
    if trigger.view not in slack.stacks[trigger.user]:
        raise Refused("not_found")
    return {"view": push(slack, trigger.user, view, trigger.channel)}


def update_view(call: Call) -> Json:
    """views.update: by view_id or external_id, guarded by a hash where one is given."""
    slack, view = call.slack, call.structure("view")
    wanted = call.text("view_id", "") or call.text("external_id")
    for each in slack.views.values():
        if wanted in (each["id"], each["external_id"]):
            break
    else:
        raise Refused("not_found")
    if call.text("hash", each["hash"]) != each["hash"]:
        raise Refused("hash_conflict")
    return {"view": replace(slack, each["id"], view)}


def publish(call: Call) -> Json:
    """views.publish: a person's Home tab."""
    slack, user, view = call.slack, call.text("user_id"), call.structure("view")
    if user not in slack.stacks:
        raise Refused("invalid_arguments", "invalid user_id [json-pointer:/user_id]")
    if not slack.grants.home_tab:
        raise Refused("not_enabled")
    if not isinstance(view, dict) or view.get("type") != "home":
        raise Refused("invalid_arguments", "must be a home view [json-pointer:/view/type]")
    known = slack.homes.get(user)
    if known:
        if call.text("hash", slack.views[known]["hash"]) != slack.views[known]["hash"]:
            raise Refused("hash_conflict")
        return {"view": replace(slack, known, view)}
    new = _new(slack, view, "")
    slack.homes[user] = new["id"]
    slack.tell({"type": "home", "view": new}, [user])
    return {"view": new}


METHODS = {
    "views.open": Method(open_view, tier=100),
    "views.push": Method(push_view, tier=100),
    "views.update": Method(update_view, tier=100),
    "views.publish": Method(publish, tier=100),
}
