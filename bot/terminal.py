"""A reply as text in a terminal, and an answer whole as JSON."""

from __future__ import annotations

import json
import math
import shlex
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table as Grid

from commands.replies import Answered, Choice, Form, Note, Refused, Verb
from commands.understand import Understood
from queries.core import words
from queries.core.answer import Answer, Column, Fact, Severity, Table
from queries.core.cells import shown
from queries.core.provenance import Provenance

SIGNS = {
    Severity.ALARM: "[bold red]!![/]",
    Severity.WARNING: "[bold yellow]![/]",
    Severity.NOTE: "·",
    Severity.GOOD: "[green]ok[/]",
    Severity.UNKNOWN: "?",
}

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def terminal(*, stderr: bool = False) -> Console:
    """Give the terminal to print on: what a log says is never taken for emoji or numbers."""
    return Console(stderr=stderr, highlight=False, emoji=False)


def print_answer(answered: Answered, console: Console) -> None:
    """Print an answer as it would stand in a channel, without its picture."""
    answer, zone = answered.answer, ZoneInfo(answered.provenance.zone)
    console.print(f"{SIGNS[answer.severity]} [bold]{harmless(answer.headline)}[/]")
    if answer.summary:
        console.print(harmless(answer.summary))
    if answer.facts:
        console.print(
            Padding(_card(answer.facts, zone, answered.provenance.asked_at), (0, 0, 0, 2))
        )
    for finding in answer.findings:
        console.print(Padding(f"{SIGNS[finding.severity]} {harmless(finding.text)}", (0, 0, 0, 2)))
    for table in answer.tables[:1]:
        console.print()
        console.print(_grid(table, zone, answered.provenance.asked_at))
        if table.note:
            console.print(f"[dim]{harmless(table.note)}[/]")
    console.print()
    for caveat in (*answer.caveats, *answered.left_out):
        console.print(f"[dim]Note: {harmless(caveat)}[/]")
    console.print(f"[dim]{harmless(provenance_line(answered.provenance))}[/]")
    for follow_up in answer.follow_ups:
        console.print(
            f"[dim]Next: {harmless(follow_up.label)}[/] plainlogs ask "
            + harmless(shlex.quote(follow_up.text)),
            # Unbroken, so that the command can be copied as one line.
            soft_wrap=True,
        )


def print_reply(reply: Understood, console: Console) -> int:
    """Print what stands in the way of asking, and what would help. Gives the exit code."""
    match reply:
        case Note():
            console.print(harmless(_unmarked(reply.text)))
            return 0
        case Refused():
            console.print(harmless(reply.text))
            if any(button.action.verb is Verb.MENU for button in reply.buttons):
                console.print("`plainlogs ask help` lists what you can ask.")
        case Choice():
            console.print(harmless(reply.text or reply.title))
            for button in reply.buttons:
                about = reply.descriptions.get(button.label, "")
                if button.action.verb in (Verb.ASK, Verb.FORM):
                    console.print(f"  {harmless(_unmarked(about) or button.action.value)}")
        case Form():
            _print_missing(reply, console)
        case _:
            console.print("Digests live in Slack: ask there with /ml digests.")
    return 2


def _print_missing(form: Form, console: Console) -> None:
    """Say what a question still lacks, as a form would show it."""
    for field in form.fields:
        if not field.problem and field.name not in form.lacking:
            continue
        choices = words.listed([option.value for option in field.options[:8]], last="or")
        hint = f" ({choices})" if choices and field.control == "choice" else ""
        console.print(harmless(field.problem or f"{field.label}?{hint}"))
    console.print(harmless(f"`plainlogs ask help {form.subject}` explains this question."))


def harmless(text: str) -> str:
    """Text from a log for a terminal: no markup, no control sequence, no turned direction."""
    return escape("".join(map(_seen, text)))


def _seen(character: str) -> str:
    harmful = unicodedata.category(character) in ("Cc", "Cs") and character != "\n"
    return "\ufffd" if harmful or character in _TURNING else character


def _unmarked(text: str) -> str:
    """Chat markup as plain text."""
    return text.replace("/ml ", "plainlogs ask ").replace("*", "").replace("`", "")


def provenance_line(origin: Provenance) -> str:
    """One line: the absolute range and its zone, data through, rows read, who asked, the run."""
    zone = ZoneInfo(origin.zone)
    parts = []
    if origin.start and origin.end:
        parts.append(words.time_range(origin.start, origin.end, zone, origin.asked_at))
    if origin.data_through:
        parts.append(f"data through {words.moment(origin.data_through, zone, origin.asked_at)}")
    parts.append(words.counted(origin.rows_read, "row") + " read")
    if origin.simulated:
        parts.append("simulated data")
    parts += [f"asked by {origin.asker}", f"run {origin.run}"]
    return " · ".join(parts)


def as_json(answered: Answered) -> str:
    """The whole answer: numbers, rows with column types and units, caveats, provenance."""
    answer: Answer = answered.answer
    whole = {
        "run": answered.provenance.run,
        "question": answered.provenance.question,
        "title": answered.title,
        "severity": answer.severity,
        "headline": answer.headline,
        "summary": answer.summary,
        "facts": answer.facts,
        "findings": answer.findings,
        "tables": [_table(table) for table in answer.tables],
        "chart": answer.chart,
        "caveats": answer.caveats,
        "definitions": dict(answer.definitions),
        "follow_ups": answer.follow_ups,
        "provenance": answered.provenance,
    }
    return json.dumps(_plain(whole), indent=2, ensure_ascii=False, allow_nan=False)


def _table(table: Table) -> dict[str, Any]:
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    return {"title": table.title, "columns": table.columns, "rows": rows, "note": table.note}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    # JSON has no word for these.
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _card(facts: Sequence[Fact], zone: ZoneInfo, now: datetime) -> Grid:
    """The facts of a single case: names, values, and what to make of them."""
    grid = Grid(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        grid.add_column()
    for fact in facts:
        value = shown(fact.value, Column("", fact.label, fact.type), zone, now)
        grid.add_row(f"[dim]{harmless(fact.label)}[/]", harmless(value), harmless(fact.note))
    return grid


def _grid(table: Table, zone: ZoneInfo, now: datetime) -> Grid:
    grid = Grid(box=None, pad_edge=False, header_style="dim")
    chosen = table.channel or tuple(column.name for column in table.columns)
    places = [at for at, column in enumerate(table.columns) if column.name in chosen]
    for at in places:
        column = table.columns[at]
        text = column.type in ("text", "time", "boolean")
        grid.add_column(harmless(column.heading), justify="left" if text else "right")
    for row in table.rows[: table.channel_rows]:
        grid.add_row(*(harmless(shown(row[at], table.columns[at], zone, now)) for at in places))
    hidden = len(table.rows) - table.channel_rows
    if hidden > 0:
        grid.add_row(f"[dim]and {words.count(hidden)} more[/]")
    return grid
