"""A message ready to be sent, and what is sent with every one of them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.rendering.text import Json

EVENT_TYPE = "plainlogs_answer"


@dataclass(frozen=True)
class Message:
    """Blocks, the words for a notification, and the run that the message answers, if any."""

    text: str
    blocks: list[Json]
    run: str = ""

    @property
    def content(self) -> Json:
        """The part that every way of sending understands."""
        return {"text": self.text, "blocks": self.blocks}

    @property
    def metadata(self) -> Json | None:
        """What finds the message again after a send whose reply was lost."""
        if not self.run:
            return None
        return {"event_type": EVENT_TYPE, "event_payload": {"run": self.run}}
