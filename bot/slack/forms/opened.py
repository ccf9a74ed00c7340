"""What a modal remembers about the place it was opened from: its ``private_metadata``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from bot.slack.rendering.limits import PRIVATE_METADATA
from bot.slack.rendering.text import Json
from queries.core.question import Raw


@dataclass(frozen=True, slots=True)
class Opened:
    """What a modal is about, and where its result belongs.

    ``subject`` is a question's name or a run id; ``url`` the response_url of what opened it;
    ``zone`` the person's, so that a submission is checked without asking Slack again; ``raw``
    is what was entered on an earlier page.
    """

    channel: str
    verb: str = ""
    subject: str = ""
    url: str = ""
    zone: str = "UTC"
    thread: str = ""
    raw: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def about(self, verb: str, subject: str, raw: Raw | None = None) -> Opened:
        """The same place, about something else."""
        return replace(self, verb=verb, subject=subject, raw=raw or {})

    def fits(self) -> bool:
        """Say whether all of it can travel with a modal."""
        return len(_written(self)) <= PRIVATE_METADATA

    def dumps(self) -> str:
        """Write it as JSON; without the response_url where that makes it too long."""
        return _written(self if self.fits() else replace(self, url=""))


def opened(view: Json) -> Opened:
    """Read what a modal of ours remembers."""
    kept = json.loads(view["private_metadata"])
    raw = {name: tuple(values) for name, values in kept.pop("raw", {}).items()}
    return Opened(**kept, raw=raw)


def _written(known: Opened) -> str:
    kept = {name: value for name, value in asdict(known).items() if value}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
