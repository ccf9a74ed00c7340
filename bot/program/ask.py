"""Ask one question here: the same answer as in a channel, as text, JSON, picture or spreadsheet."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path

import structlog
from rich.console import Console
from rich.status import Status

from bot.local_zone import local_zone
from bot.program.options import add_config, moment, parser
from bot.settings import load
from bot.spreadsheets import write_csv, write_excel
from bot.terminal import as_json, print_answer, print_reply, terminal
from bot.wiring import House, house
from commands.ask import ask
from commands.export import workbook
from commands.ports import Person, Place
from commands.replay import replay
from commands.understand import Ask, understand
from commands.zones import read_zone
from queries.core.charts import Chart
from queries.core.errors import BadQuestion, Problem
from queries.core.kinds.kind import BadValue

HERE = Place("terminal", "terminal", private=True)


def run(argv: Sequence[str]) -> int:
    """Ask, and print or write what was asked for. Gives 2 where the text is no question."""
    arguments = _options().parse_args(argv)
    # What happens beside the answer is told on the other stream, so that --json stays whole.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    _check_folders(arguments)
    settings = load(arguments.config, os.environ)
    now = arguments.at or datetime.now(UTC)
    person = Person("terminal", _name(), _zone(arguments.zone))
    with ExitStack() as stack:
        status = stack.enter_context(_status())
        rooms = stack.enter_context(house(settings, lambda: now, state_url="sqlite://"))
        status.update("Looking at the logs…")
        rooms.known.refresh()
        understood = understand(arguments.text, rooms.services.catalog(), person.tz)
        if not isinstance(understood, Ask):
            status.stop()
            return print_reply(understood, terminal(stderr=True))
        answered = ask(
            understood.question,
            person,
            HERE,
            rooms.services,
            progress=lambda what, share: status.update(_progress(what, share)),
        )
        _write(answered.provenance.run, person, rooms, arguments)
        status.stop()
        if arguments.png:
            _draw(answered.answer.chart, arguments.png)
        if arguments.json:
            print(as_json(answered))
        else:
            print_answer(answered, terminal())
    return 0


def _options() -> argparse.ArgumentParser:
    options = parser("ask", __doc__ or "")
    options.add_argument("text", help='for example "errors lending last 24 hours by region"')
    options.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    for name, what in (
        ("xlsx", "write the full result for Excel"),
        ("csv", "write the full result's first table as CSV"),
        ("png", "write the chart as a picture"),
    ):
        options.add_argument(f"--{name}", type=Path, metavar="FILE", help=what)
    options.add_argument("--at", type=moment, metavar="TIME", help="as if asked at this time")
    options.add_argument("--zone", help="your time zone (default: this machine's)")
    add_config(options)
    return options


def _name() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "you"


def _zone(name: str | None) -> str:
    if name is None:
        return local_zone()
    try:
        return read_zone(name)
    except BadValue as bad:
        raise BadQuestion(Problem("zone", bad.message, bad.nearest)) from None


def _status() -> Status:
    return Status("Opening…", console=Console(stderr=True, quiet=not sys.stderr.isatty()))


def _progress(what: str, share: float | None) -> str:
    return f"{what}…" if share is None else f"{what}… {share:.0%}"


def _check_folders(arguments: argparse.Namespace) -> None:
    """Refuse files that can't be written before anything is computed."""
    for file in filter(None, (arguments.xlsx, arguments.csv, arguments.png)):
        folder = file.absolute().parent
        if file.is_dir():
            raise BadQuestion(Problem(None, f"{file} is a folder. Name a file to write."))
        if not os.access(folder, os.W_OK):
            why = "can't be written to" if folder.is_dir() else "is no folder"
            raise BadQuestion(Problem(None, f"{file} can't be written: {folder} {why}."))


def _draw(chart: Chart | None, file: Path) -> None:
    if chart is None:
        terminal(stderr=True).print(f"This answer has no chart, so {file} was not written.")
        return
    # Drawing takes half a second to import, and few asks want a picture.
    from bot.charts import draw  # noqa: PLC0415

    file.write_bytes(draw(chart))


def _write(run: str, person: Person, rooms: House, arguments: argparse.Namespace) -> None:
    if not (arguments.xlsx or arguments.csv):
        return
    book = workbook(replay(run, rooms.services), person)
    if arguments.xlsx:
        write_excel(book, arguments.xlsx)
    if arguments.csv:
        write_csv(book.sheets[0], arguments.csv, book.zone)
