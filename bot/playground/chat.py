"""chat.*: posting, updating, deleting, and messages only one person sees."""

from __future__ import annotations

from bot.playground.call import Call, Method
from bot.playground.records import Conversation, Refused
from bot.playground.workspace import Json


def _content(call: Call) -> Json:
    for name in ("attachments", "markdown_text"):
        if call.args.get(name):
            raise Refused("invalid_arguments", f"the playground does not know {name}")
    return {
        "text": call.text("text", ""),
        "blocks": call.structure("blocks"),
        "metadata": call.structure("metadata"),
    }


def thread(conversation: Conversation, ts: str) -> Json:
    """Check that a message can have replies, and give the field that makes one of them."""
    parent = conversation.messages.get(ts)
    if parent is None or parent.get("thread_ts", ts) != ts:
        raise Refused("cannot_reply_to_message")
    return {"thread_ts": ts}


def _target(call: Call) -> Conversation:
    """Where a message may go: channels the app is in, public ones with a scope, people."""
    slack, wanted = call.slack, call.text("channel")
    if wanted in slack.stacks:
        return slack.direct(wanted)
    conversation = call.channel()
    if slack.workspace.bot.user_id not in conversation.members:
        if slack.grants.lacks("chat:write.public"):
            raise Refused("not_in_channel")
    elif conversation.kind == "app" and not slack.grants.messages_tab:
        raise Refused("messages_tab_disabled")
    return conversation


def post_message(call: Call) -> Json:
    """chat.postMessage."""
    slack, conversation = call.slack, _target(call)
    content = slack.compose(_content(call), what="chat.postMessage")
    if parent := call.text("thread_ts", ""):
        content |= thread(conversation, parent)
    message = slack.post(conversation, slack.bot_author(), content)
    answer = {"channel": conversation.id, "ts": message["ts"], "message": message}
    if len(call.text("text", "")) > len(message["text"]):
        answer["warning"] = "message_truncated"
    return answer


def _own(call: Call, refusal: str) -> tuple[Conversation, Json]:
    conversation = call.channel()
    message = conversation.messages.get(call.text("ts"))
    if message is None:
        raise Refused("message_not_found")
    if message.get("bot_id") != call.slack.workspace.bot.bot_id:
        raise Refused(refusal)
    return conversation, message


def update(call: Call) -> Json:
    """chat.update: blocks that are not given stay, an empty list removes them."""
    slack = call.slack
    conversation, message = _own(call, "cant_update_message")
    content = _content(call)
    if content["blocks"] is None and "blocks" in message:
        content["blocks"] = message["blocks"]
    if not content["text"] and content["blocks"]:
        content["text"] = message["text"]
    kept = slack.compose(content, what="chat.update")
    if "blocks" not in kept:
        message.pop("blocks", None)
    stamp = {"user": slack.workspace.bot.user_id, "ts": slack.next_ts()}
    message.update(kept, edited=stamp)
    slack.show(conversation, message)
    return {
        "channel": conversation.id,
        "ts": message["ts"],
        "text": message["text"],
        "message": message,
    }


def delete(call: Call) -> Json:
    """chat.delete: the app's own messages only."""
    conversation, message = _own(call, "cant_delete_message")
    call.slack.remove(conversation, message["ts"])
    return {"channel": conversation.id, "ts": message["ts"]}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: shown to one member, never stored, no files."""
    slack, user = call.slack, call.text("user")
    conversation = call.channel(member=True)
    if user not in conversation.members:
        raise Refused("user_not_in_channel")
    content = slack.compose_whisper(_content(call), what="chat.postEphemeral")
    if parent := call.text("thread_ts", ""):
        content |= thread(conversation, parent)
    message = slack.whisper(conversation.id, user, content)
    return {"message_ts": message["ts"]}


def permalink(call: Call) -> Json:
    """chat.getPermalink."""
    conversation, ts = call.channel(), call.text("message_ts")
    if ts not in conversation.messages:
        raise Refused("message_not_found")
    address = f"{call.base}/archives/{conversation.id}/p{ts.replace('.', '')}"
    return {"channel": conversation.id, "permalink": address}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",), tier=60),
    "chat.update": Method(update, ("chat:write",)),
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), tier=100),
    "chat.getPermalink": Method(permalink, tier=100),
}
