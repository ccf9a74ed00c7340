"""An answer as a channel message: who asked, verdict, findings, picture, table, origin, buttons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.slack.rendering.blocks import bullets, context, headline, paragraphs
from bot.slack.rendering.buttons import row
from bot.slack.rendering.card import card
from bot.slack.rendering.limits import ALT_TEXT, DETAILS, Detail, first_fitting, fits_message
from bot.slack.rendering.message import Message
from bot.slack.rendering.tables import left_out, table_blocks
from bot.slack.rendering.text import Json, clean, cut, fallback, one_line
from commands.replies import Answered
from queries.core.answer import Answer, Severity
from queries.core.provenance import Provenance
from queries.core.words import counted, moment, time_range

SIGNS = {
    Severity.ALARM: "🔴 Alarm",
    Severity.WARNING: "🟠 Warning",
    Severity.NOTE: "🔵 Note",
    Severity.GOOD: "🟢 Good",
    Severity.UNKNOWN: "⚪ Can't tell",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What to say about the chart: the id of an uploaded file, or why there is none."""

    file: str = ""
    missing: str = ""


NO_PICTURE = Picture()


def answer_message(
    answered: Answered, picture: Picture = NO_PICTURE, extra: tuple[str, ...] = ()
) -> Message:
    """Render an answer. ``extra`` are sentences of the platform, such as a hint to invite it.

    What is too large for one message is shortened step by step, and says so.
    """
    details = ((answer_blocks(answered, each, picture, extra), each) for each in DETAILS)
    blocks = first_fitting((blocks, fits_message(blocks)) for blocks, _ in details)
    answer = answered.answer
    words = f"{SIGNS[answer.severity]}: {answer.headline} {answer.summary}"
    return Message(fallback(words), blocks, answered.provenance.run)


def answer_blocks(
    answered: Answered, detail: Detail, picture: Picture, extra: tuple[str, ...]
) -> list[Json]:
    """Lay an answer out with so much detail."""
    answer, origin = answered.answer, answered.provenance
    zone, most = _zone(origin.zone), detail.sentence
    shortened = "This is shortened to fit a message. The spreadsheet has all of it."
    closing = (*_caveats(answered, detail), *([shortened] if detail != DETAILS[0] else []))
    return [
        *context(_asked(answered), min(most, 300)),
        headline(f"{SIGNS[answer.severity]} · {cut(one_line(answer.headline), most)}"),
        *paragraphs(cut(clean(answer.summary), most)),
        *card(answer.facts, detail, zone, origin.asked_at),
        *_findings(answer, detail),
        *_picture(answer, picture, detail),
        *_table(answer, detail, zone, origin.asked_at),
        *context((*closing, *extra), most),
        *context([origin_line(origin)], 600),
        *row(answered.follow_ups, detail.buttons, detail.value),
        *row(answered.buttons, detail.buttons),
    ]


def origin_line(origin: Provenance) -> str:
    """One line: the log, the absolute range with its zone, how fresh, how much, who, which run."""
    zone = _zone(origin.zone)
    source = cut(one_line(origin.source), 100)
    said = not origin.simulated or "simulated" in source.lower()
    parts = [source if said else f"{source} (simulated data)"]
    if origin.start and origin.end:
        parts.append(_range(origin.start, origin.end, zone, origin.asked_at))
    if origin.data_through:
        parts.append(f"data through {_moment(origin.data_through, zone, origin.asked_at)}")
    parts.append(f"{counted(origin.rows_read, 'row')} read")
    parts += [f"asked by {cut(one_line(origin.asker), 80)}", f"run {cut(one_line(origin.run), 80)}"]
    return " · ".join(parts)


def _asked(answered: Answered) -> list[str]:
    origin = answered.provenance
    lines = [answered.intro, f"{origin.asker} asked: {origin.question}"]
    return lines + (["Only you can see this."] if answered.private else [])


def _findings(answer: Answer, detail: Detail) -> list[Json]:
    shown = [cut(clean(each.text), detail.sentence) for each in answer.findings[: detail.findings]]
    more = len(answer.findings) - len(shown)
    if more > 0:
        shown.append(f"{counted(more, 'more finding')}: see the spreadsheet.")
    return bullets(shown)


def _picture(answer: Answer, picture: Picture, detail: Detail) -> list[Json]:
    if answer.chart is None:
        return []
    if not picture.file:
        return context([picture.missing], 300)
    alt = cut(one_line(answer.chart.alt), min(ALT_TEXT, detail.sentence)) or "A chart"
    return [{"type": "image", "slack_file": {"id": picture.file}, "alt_text": alt}]


def _table(answer: Answer, detail: Detail, zone: ZoneInfo, now: datetime) -> list[Json]:
    if not answer.tables:
        return []
    # Slack takes one table a message.
    table = answer.tables[0]
    shown = table_blocks(table, detail, zone, now)
    titled = context([table.title], 150) if shown else []
    return titled + shown + context([table.note, left_out(table, detail)], detail.sentence)


def _caveats(answered: Answered, detail: Detail) -> list[str]:
    left = (f"Left out: {each}" for each in answered.left_out)
    every = [one_line(each) for each in chain(answered.answer.caveats, left)]
    shown = every[: detail.caveats]
    if len(every) > len(shown):
        shown.append(f"{counted(len(every) - len(shown), 'more note')}: see the spreadsheet.")
    return shown


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _range(start: datetime, end: datetime, zone: ZoneInfo, now: datetime) -> str:
    try:
        return time_range(start, end, zone, now)
    except OverflowError:  # at the edge of what a calendar holds
        return f"{start:%Y-%m-%d} to {end:%Y-%m-%d}"


def _moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    try:
        return moment(at, zone, now)
    except OverflowError:
        return f"{at:%Y-%m-%d}"
