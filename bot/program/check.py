"""Say what is missing to run for real, each thing with its remedy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape

from bot.checks import Check, sheet_checks, slack_checks, source_checks, token_checks
from bot.program.options import add_config, parser
from bot.settings import Settings, load
from bot.wiring import house


def run(argv: Sequence[str]) -> int:
    """Print every check. Gives 0 where nothing needed is missing, else 1."""
    options = parser("check", __doc__ or "")
    options.add_argument("--offline", action="store_true", help="don't call Slack or Google")
    add_config(options)
    arguments = options.parse_args(argv)
    settings = load(arguments.config, os.environ)
    console = Console(highlight=False)
    console.print(f"[green]ok[/]       {escape(str(settings.file))} can be read")
    missing = 0
    for check in _checks(settings, online=not arguments.offline):
        console.print(_line(check))
        missing += not (check.is_fine or check.is_optional)
    console.print(_sum(missing))
    return 1 if missing else 0


def _checks(settings: Settings, *, online: bool) -> Iterator[Check]:
    with house(settings, lambda: datetime.now(UTC)) as rooms:
        yield Check("the database for what plainlogs remembers", True)
        yield from source_checks(rooms)
    tokens = list(token_checks(settings.slack))
    yield from tokens
    if online and all(token.is_fine for token in tokens):
        yield from slack_checks(settings.slack)
    yield from sheet_checks(settings.sheets, online=online)


def _line(check: Check) -> str:
    if check.is_fine:
        return f"[green]ok[/]       {escape(check.what)}"
    word = "[yellow]optional[/]" if check.is_optional else "[red]missing[/] "
    return f"{word} {escape(check.what)}: {escape(check.remedy)}"


def _sum(missing: int) -> str:
    if not missing:
        return "Ready: `plainlogs serve` connects to Slack."
    things = "thing is" if missing == 1 else "things are"
    return f"{missing} {things} missing to run for real."
