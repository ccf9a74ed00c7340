"""The logs that the documentation's examples ask: the samples, and the declared log's own."""

from __future__ import annotations

import csv
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import queries
from bot.samples.write import write_samples
from queries.core.question import names, question
from tests.asking import Asking, asking
from tests.docs.markdown import ROOT, example

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
CONNECT = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BROKEN = timedelta(hours=3)
"""For so long each request from France has failed."""


def write_churn(folder: Path) -> None:
    """Write 40 days of the log that is declared there, a request every two minutes."""
    header, *shown = csv.reader(example(CONNECT, "log").splitlines())
    (folder / "logs" / "churn").mkdir(parents=True)
    with (folder / "logs" / "churn" / "requests.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(dict(zip(header, row, strict=True)) for row in shown)
        for number in range(40 * 24 * 30):
            at = NOW - timedelta(minutes=2 * number + 1)
            writer.writerow(_request(number, at))


def _request(number: int, at: datetime) -> dict[str, str | int]:
    country = ("DE", "FR", "PL")[number % 3]
    fails = number % 61 == 0 or (country == "FR" and NOW - at < BROKEN)
    told = {} if fails else {"predicted": "left" if number % 5 else "stayed", "happened": "stayed"}
    return {
        "id": 2000 + number,
        "asked_at": f"{at:%Y-%m-%d %H:%M:%S}",
        "country": country,
        "plan": "basic" if number % 2 else "pro",
        "age_days": number % 700,
        "logins": number % 30,
        "status": 500 if fails else 200,
        "error": "timeout" if fails else "",
        **told,
    }


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """The samples, much smaller, and the log that the documentation declares, all opened."""
    folder = tmp_path_factory.mktemp("logs")
    write_samples(folder, NOW, 1, lambda _what, _share: None, rows_per_day=600)
    write_churn(folder)
    declared = tomllib.loads((folder / "plainlogs.toml").read_text(encoding="utf-8"))["sources"]
    declared |= tomllib.loads(example(CONNECT, "declare"))["sources"]
    with asking(declared, folder, now=NOW) as opened:
        yield opened


@pytest.fixture
def pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lay the example of a question among the others, as the one file that it is."""
    found = re.search(r"<!-- example: question, queries/(\w+)\.py -->", CONTRIBUTING)
    assert found
    assert found[1] not in names(), "the example is a question by now: show another one"
    (tmp_path / f"{found[1]}.py").write_text(example(CONTRIBUTING, "question"), encoding="utf-8")
    monkeypatch.setattr(queries, "__path__", [*queries.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    _forget()
    yield
    _forget()
    sys.modules.pop(f"queries.{found[1]}", None)


# Which questions there are is looked up once a process.
def _forget() -> None:
    names.cache_clear()
    question.cache_clear()
