"""Ask declared sources the whole way: typed text in, the reply as ``--json`` prints it out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from bot.known import Known
from bot.spreadsheets import write_file
from bot.terminal import as_json
from commands.ask import ask
from commands.ports import Person, Place, Services
from commands.replies import Answered
from commands.state.engine import connect
from commands.state.migrate import migrate
from commands.understand import Ask, understand
from queries.core.answer import Answer
from queries.sources.declaration.declare import declare
from queries.sources.opening import EngineSettings, open_logs

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""Noon on a Monday."""

ENGINE = EngineSettings()

# Traces of code in a sentence: Python's words, braces, doubled signs, unrounded numbers.
_NO_WORDS = re.compile(
    r"\b(None|nan|inf|True|False|unknown|null)\b|[{}\n]|  |\.\.| [.,;:]|Number\(|\d\.\d{5}"
)

HERE = Place("terminal", "terminal", private=True)


@dataclass(frozen=True)
class Asking:
    """Services over declared sources at a fixed time, with a record of asks that is forgotten."""

    services: Services
    zone: str = "UTC"

    def ask(self, text: str) -> Answered:
        """Ask what was typed, and check that the words read well.

        Fails where the text is no whole question. Raises PlainError.
        """
        person = Person("ana", "ana", self.zone)
        understood = understand(text, self.services.catalog(), person.tz)
        assert isinstance(understood, Ask), understood
        answered = ask(understood.question, person, HERE, self.services)
        check_words(answered.answer)
        return answered

    def answer(self, text: str) -> Answer:
        """Ask, and give the answer alone."""
        return self.ask(text).answer

    def tables(self, text: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Ask, and give the rows of every table by its title, as ``--json`` prints them."""
        printed = json.loads(as_json(self.ask(text)))
        return {table["title"]: table["rows"] for table in printed["tables"]}


def check_words(answer: Answer) -> None:
    """Hold what people read to the form of sentences, without a trace of what computed it."""
    sentences = [each.text for each in answer.findings] + [*answer.caveats]
    sentences += [answer.summary] if answer.summary else []
    for text in (answer.headline, *sentences):
        assert not _NO_WORDS.search(text), text
    assert answer.headline[-1] not in ".:;,", answer.headline
    for text in sentences:
        assert text[-1] in ".?", text
        assert text[0].isupper() or text[0] in "“1234567890", text


@contextmanager
def asking(
    sources: Mapping[str, Any],
    base: Path,
    *,
    now: datetime = NOW,
    zone: str = "UTC",
    engine: EngineSettings = ENGINE,
) -> Iterator[Asking]:
    """Open sources as plainlogs.toml would declare them, with everything else for real."""

    def clock() -> datetime:
        return now

    declared = declare(sources, base)
    opened = open_logs(declared, engine, clock)
    state = connect("sqlite://")
    numbers = count(1)
    try:
        migrate(state)
        known = Known(declared, opened.logs, clock)
        known.refresh()
        yield Asking(
            Services(clock, known, opened.logs, state, write_file, lambda: f"run{next(numbers)}"),
            zone,
        )
    finally:
        state.dispose()
        opened.close()


def rows(
    count: int,
    columns: Mapping[str, str],
    *,
    until: datetime = NOW,
    every: int = 60,
    salt: str = "",
) -> str:
    """Give the SQL of so many rows, a row every so many seconds until just before a moment.

    ``columns`` are SQL by name, over ``i`` (from 0), ``stamp`` and the even draws ``u``, ``v``,
    ``w`` within 0 to 1, which ``salt`` changes.
    """
    draws = ", ".join(
        # By md5, which is the same everywhere: tests hold answers to exact numbers of these draws.
        f"('0x' || substr(md5('{name}{salt}' || i), 1, 8))::BIGINT / 4294967296.0 AS {name}"
        for name in ("u", "v", "w")
    )
    start = f"TIMESTAMP '{until:%Y-%m-%d %H:%M:%S}' - INTERVAL '{count * every} seconds'"
    listed = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    return (
        f"SELECT {listed} FROM (SELECT i, {start} + i * INTERVAL '{every} seconds' AS stamp, "
        f"{draws} FROM range({count}) AS numbers(i))"
    )
