"""Small logs with something planted in them, and a whole plainlogs over them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.settings import load
from bot.wiring import House, house
from commands.ask import ask
from commands.ports import Person, Place
from commands.replies import Answered
from queries.core.answer import Answer
from queries.core.grammar import parse
from tests.duck import session

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
"""A Monday, 15:30 in Berlin."""
ONSET = datetime(2026, 11, 23, 8, 50, tzinfo=UTC)
ANA = Person("U1", "ana", "Europe/Berlin", "ana@example.com")
BEN = Person("U2", "ben", "America/New_York", "ben@example.com")
CHANNEL = Place("slack", "C1")
SECRET = "sentinel"  # noqa: S105 - no password, but what must not be seen
"""Stands in every value of the columns that nobody may see."""

_REQUESTS = """
    WITH drawn AS (
        SELECT
            i,
            TIMESTAMP '{start}' + i * INTERVAL '{every}' AS ts,
            ['emea', 'amer', 'apac', 'anz'][1 + i % 4] AS region,
            ('0x' || substr(md5('u' || i), 1, 8))::BIGINT / 4294967296.0 AS u,
            ('0x' || substr(md5('v' || i), 1, 8))::BIGINT / 4294967296.0 AS v,
            ('0x' || substr(md5('w' || i), 1, 8))::BIGINT / 4294967296.0 AS w
        FROM range({rows}) AS numbers(i)
    ),
    told AS (
        SELECT *, {broken} AS broken,
            CASE WHEN region = 'amer' AND ts >= TIMESTAMP '2026-11-20 12:00' THEN '2.3'
                WHEN region = 'emea' AND ts >= TIMESTAMP '2026-11-23 08:40' THEN '2.3'
                ELSE '2.2' END AS version
        FROM drawn
    )
    SELECT
        ts, 'r' || i AS request_id, region, version,
        CASE WHEN {failed} THEN 500 ELSE 200 END AS status,
        CASE WHEN broken AND ({failed}) THEN 'feature_missing: income'
            WHEN {failed} THEN 'timeout' END AS error,
        CASE WHEN broken THEN 900 ELSE 120 END + 100 * v AS latency_ms,
        CASE WHEN broken THEN NULL ELSE 1000 + round(4000 * v) END AS income,
        18 + floor(50 * w) AS age,
        v AS score, (v > 0.5)::INTEGER AS prediction, (0.8 * v + 0.2 * w > 0.5)::INTEGER AS repaid,
        ['old', 'new'][1 + (i // 8) % 2] AS variant, w < 0.03 AS overruled,
        '{secret}-person-' || i % 500 AS person, '{secret}' || i || '@example.com' AS email,
        '{secret}-' || ['f', 'm'][1 + (i // 4) % 2] AS sex
    FROM told
"""
BROKEN = "region = 'emea' AND ts >= TIMESTAMP '2026-11-23 08:50'"
FAILED = "u < CASE WHEN broken THEN 0.4 ELSE 0.012 END"


def requests(
    *,
    start: datetime = datetime(2026, 10, 19, tzinfo=UTC),
    until: datetime = NOW,
    every: int = 60,
    broken: str = "false",
    failed: str = FAILED,
) -> str:
    """Give the SQL of a log with a request every so many seconds, until just before a moment.

    ``broken`` is where an input is empty, ``failed`` which requests fail, each as a condition.
    """
    return _REQUESTS.format(
        start=f"{start:%Y-%m-%d %H:%M:%S}",
        every=f"{every} seconds",
        rows=int((until - start).total_seconds()) // every,
        broken=broken,
        failed=failed,
        secret=SECRET,
    )


def write(path: Path, query: str) -> None:
    """Write the rows of a query as a Parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with session() as duck:
        # Or the machine's own zone would be in the file's times.
        duck.execute("SET TimeZone = 'UTC'")
        duck.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def declared(
    name: str = "lending", place: str = "", roles: Mapping[str, str | None] | None = None
) -> str:
    """Give the declaration of a planted log; a role given as None is left out.

    ``place`` is where it lies, as lines of TOML; a folder of its own name by default.
    """
    columns: dict[str, str | None] = {
        "time": "ts",
        "request_id": "request_id",
        "version": "version",
        "status": "status",
        "error": "error",
        "latency_ms": "latency_ms",
        "score": "score",
        "prediction": "prediction",
        "outcome": "repaid",
        "entity_id": "person",
        "variant": "variant",
        "override": "overruled",
        **(roles or {}),
    }
    lines = [f'{role} = "{column}"' for role, column in columns.items() if column]
    return textwrap.dedent(
        f"""
        [sources.{name}]
        title = "{name.title()} decisions"
        simulated = true
        task = "binary"
        {place or f'files = "{name}/*.parquet"'}
        {"" if columns["time"] else "undated = true"}
        {_experiment(name) if columns["request_id"] else ""}
        [sources.{name}.visibility]
        email = "hidden"
        person = "hidden"
        [sources.{name}.roles]
        dimensions = ["region"]
        features = ["income", "age"]
        protected = ["sex"]
        """
    ) + "\n".join(lines)


def _experiment(name: str) -> str:
    key = f"sources.{name}.experiments.prices"
    metrics = f"[{key}.metrics.income]\nmean = 'income'\n[{key}.metrics.age]\nmean = 'age'"
    return f"[{key}]\nsplit = {{ old = 1, new = 1 }}\nunit = 'request_id'\n{metrics}"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Give the moment at which it stands."""
        return self.now


@dataclass(frozen=True)
class Trip:
    """A whole plainlogs over some logs, and people who ask it."""

    house: House
    clock: Clock
    folder: Path

    def ask(self, text: str, person: Person = ANA, *, private: bool = False) -> Answered:
        """Ask what was typed."""
        services = self.house.services
        question = parse(text, services.catalog(), person.tz)
        return ask(question, person, CHANNEL, services, private=private)

    def answer(self, text: str, person: Person = ANA) -> Answer:
        """Ask, for the answer alone."""
        return self.ask(text, person).answer


@contextmanager
def living(folder: Path, *declarations: str, now: datetime = NOW) -> Iterator[Trip]:
    """Declare sources in a folder and open a plainlogs over them, its catalog looked up."""
    file = folder / "plainlogs.toml"
    file.write_text("\n".join(declarations or (declared(),)), encoding="utf-8")
    clock = Clock(now)
    with house(load(file, {}), clock, state_url=f"sqlite:///{folder / 'state.db'}") as rooms:
        rooms.known.refresh()
        yield Trip(rooms, clock, folder)


@contextmanager
def small(folder: Path) -> Iterator[Trip]:
    """Ten days of a request every two minutes, for what doesn't depend on what is found."""
    write(
        folder / "lending" / "requests.parquet", requests(start=NOW - timedelta(days=10), every=120)
    )
    with living(folder) as trip:
        yield trip
