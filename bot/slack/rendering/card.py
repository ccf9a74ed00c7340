"""The facts of a single case as a card: two columns of names and values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.slack.rendering.limits import FIELDS, Detail
from bot.slack.rendering.tables import written
from bot.slack.rendering.text import Json, cut, escaped, has_markup, one_line, plain
from queries.core.answer import Column, Fact


def card(facts: Sequence[Fact], detail: Detail, zone: ZoneInfo, now: datetime) -> list[Json]:
    """Lay the facts out in one section, or nothing; what is long is cut."""
    if not facts:
        return []
    most = max(20, detail.sentence // 10)
    fields = [_field(fact, most, zone, now) for fact in facts[:FIELDS]]
    return [{"type": "section", "fields": fields}]


def _field(fact: Fact, most: int, zone: ZoneInfo, now: datetime) -> Json:
    """One fact, its name in bold; as plain text where its value would be read as markup."""
    value = written(fact.value, Column("", fact.label, fact.type), zone, now)
    label, value = (cut(one_line(each), most) for each in (fact.label, value))
    note = cut(one_line(fact.note), most)
    lines = [value or "–", *([note] if note else [])]
    if any(map(has_markup, lines)):
        # Three texts of ``most`` and what stands between them.
        return plain(f"{label}: {' · '.join(lines)}", 3 * most + 8)
    return {
        "type": "mrkdwn",
        "text": "\n".join([f"*{escaped(label)}*", *map(escaped, lines)]),
        "verbatim": True,
    }
