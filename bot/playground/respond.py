"""Where an interaction may be answered without the Web API: response_url and ack payloads."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.records import Refused, ResponseUrl
from bot.playground.state import RESPONSE_URL_USES, Slack
from bot.playground.workspace import Json

KNOWN = {
    *("text", "blocks", "metadata", "thread_ts", "response_type"),
    *("replace_original", "delete_original", "unfurl_links", "unfurl_media"),
}


class Responder:
    """Answers by response_url: five in half an hour, wherever the interaction was."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack

    async def endpoint(self, request: Request) -> Response:
        """Take one POST to a response_url."""
        try:
            body = await request.json()
            self.use(request.path_params["key"], body)
        except ValueError:
            return self._refused(Refused("invalid_payload"))
        except Refused as refusal:
            return self._refused(refusal)
        return JSONResponse({"ok": True})

    def use(self, key: str, body: Json) -> None:
        """Spend one use of a response_url; Refused as Slack refuses."""
        url = self.slack.response_urls.get(key)
        if url is None or self.slack.clock() > url.expires:
            raise Refused("expired_url")
        if url.used >= RESPONSE_URL_USES:
            raise Refused("used_url")
        url.used += 1
        self.answer(url, body, "response_url")

    def answer(self, url: ResponseUrl, body: Json, what: str) -> None:
        """Post, replace or delete as the body says.

        Only what an interaction was *on* can be replaced: a slash command has no original, so
        there ``replace_original`` posts once more (as Slack does).
        """
        if unknown := body.keys() - KNOWN:
            raise Refused("invalid_arguments", f"unsupported field: {', '.join(sorted(unknown))}")
        if url.message and body.get("delete_original"):
            self._delete(url)
            return
        default = bool(url.message) and "response_type" not in body
        if url.message and body.get("replace_original", default):
            self._replace(url, body, what)
            return
        thread = {"thread_ts": url.thread} if url.thread else {}
        if body.get("response_type", "ephemeral") == "in_channel":
            content = self.slack.compose(body, what=what)
            conversation = self.slack.conversations[url.channel]
            self.slack.post(conversation, self.slack.bot_author(), content | thread)
        else:
            content = self.slack.compose_whisper(body, what=what)
            self.slack.whisper(url.channel, url.user, content | thread)

    def _replace(self, url: ResponseUrl, body: Json, what: str) -> None:
        ts = str(url.message)
        if ts in self.slack.whispers:
            content = self.slack.compose_whisper(body, what=what)
            self.slack.whisper(url.channel, url.user, content, ts)
            return
        conversation = self.slack.conversations[url.channel]
        message = conversation.messages.get(ts)
        if message is None:
            raise Refused("message_not_found")
        content = self.slack.compose(body, what=what)
        for name in {"blocks", "metadata"} - content.keys():
            message.pop(name, None)
        bot = self.slack.workspace.bot.user_id
        message.update(content, edited={"user": bot, "ts": self.slack.next_ts()})
        self.slack.show(conversation, message)

    def _delete(self, url: ResponseUrl) -> None:
        ts = str(url.message)
        if self.slack.whispers.pop(ts, None):
            self.slack.tell({"type": "deleted", "channel": url.channel, "ts": ts}, [url.user])
        elif ts in self.slack.conversations[url.channel].messages:
            self.slack.remove(self.slack.conversations[url.channel], ts)

    def _refused(self, refusal: Refused) -> Response:
        self.slack.refuse("response_url", refusal.error, refusal.messages)
        gone = refusal.error in ("expired_url", "used_url")
        body = {"ok": False, "error": refusal.error, "errors": list(refusal.messages)}
        return JSONResponse(body, 404 if gone else 400)
