"""The catalog: looked up at the start, refreshed in the background, read without waiting."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

import structlog

from bot.declared import Doubt, doubts
from commands.ports import Clock, OpenLogs
from queries.core.catalog import Catalog, SourceCard
from queries.core.errors import PlainError, unforeseen
from queries.core.log import Log
from queries.core.times.untimed import no_time
from queries.sources.declaration.declare import Source
from queries.sources.seen import look

log = structlog.get_logger("plainlogs")


class Known:
    """What is known of every source without touching its log."""

    def __init__(self, sources: tuple[Source, ...], logs: OpenLogs, clock: Clock) -> None:
        self._sources, self._logs, self._clock = sources, logs, clock
        self._catalog = Catalog({source.name: _unread(source) for source in sources})

    def __call__(self) -> Catalog:
        """Give the catalog as last refreshed."""
        return self._catalog

    def refresh(self) -> Mapping[str, str]:
        """Look at every log again. Gives, by source, what could not be read; the rest is kept."""
        cards = dict(self._catalog.sources)
        failed = {}
        for source in self._sources:
            try:
                cards[source.name] = self._look(source.name)
            except PlainError as error:
                failed[source.name] = str(error)
                log.warning("a log can't be read", source=source.name, why=str(error))
            # A trouble of one log must not keep the others from being read.
            except Exception as error:
                failed[source.name] = unforeseen(error)
                log.exception("a log can't be read", source=source.name)
        # All at once: others read the catalog meanwhile, on their own threads and without waiting.
        self._catalog = replace(self._catalog, sources=cards)
        return failed

    def doubts(self, name: str) -> tuple[Doubt, ...]:
        """Give what a source declares and its log doesn't hold; nothing where it can't be read."""
        try:
            return tuple(doubts(self._open(name)))
        except PlainError as error:
            return (Doubt(str(error)),)
        except Exception as error:
            log.exception("a declaration can't be compared", source=name)
            return (Doubt(unforeseen(error)),)

    def warn(self) -> None:
        """Write into the log of the program what is declared otherwise than the logs are."""
        for source in self._sources:
            for each in self.doubts(source.name):
                if each.is_sure:
                    log.warning("a declaration doubted", source=source.name, why=each.text)

    def no_time(self, name: str) -> str:
        """Say why no row of a log has a time, where it has rows."""
        return no_time(self._open(name))

    def prepare(self) -> None:
        """Find out what the first question about outcomes would wait for: which come twice.

        Only of files, of which that is remembered. What can't be read is left to whoever asks.
        """
        logs = self._logs(now=self._clock(), zone=ZoneInfo("UTC"), patient=True)
        for source in self._sources:
            if source.outcomes is None or not source.outcomes.place.files:
                continue
            with suppress(PlainError):
                opened = logs.of(source.name)
                if opened.has("outcome"):
                    opened.relation({"outcome": opened.column("outcome")})

    def _look(self, name: str) -> SourceCard:
        return look(self._open(name))

    def _open(self, name: str) -> Log:
        return self._logs(now=self._clock(), zone=ZoneInfo("UTC"), patient=True).of(name)


def _unread(source: Source) -> SourceCard:
    """A card of what is declared, for a source whose log has not been read yet."""
    roles = {*source.roles, *source.outcome_columns}
    if roles & {"status", "error"}:
        roles.add("failed")
    if source.scores:
        roles.add("score")
    return SourceCard(
        name=source.name,
        title=source.title,
        task=source.task,
        simulated=source.simulated,
        undated=source.undated,
        roles=frozenset(roles),
        columns={},
        dimensions=dict.fromkeys(source.dimensions, ()),
        features=source.features,
        experiments={name: tuple(each.metrics) for name, each in source.experiments.items()},
        protected=source.protected,
    )
