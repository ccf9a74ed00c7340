"""The planted log that most whole trips ask, written once, and a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.conftest_postgres import postgres_url
from tests.questions.planted import BROKEN, NOW, Trip, declared, living, requests, write

__all__ = ["postgres_url"]


@pytest.fixture(scope="session")
def lending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trip]:
    """Five weeks of requests; since 09:50 in Berlin one region lacks an input and fails."""
    folder = tmp_path_factory.mktemp("planted")
    write(folder / "lending" / "requests.parquet", requests(broken=BROKEN, every=30))
    write(folder / "reference" / "requests.parquet", requests(until=NOW - timedelta(days=28)))
    reference = '[sources.lending.reference]\nfiles = "reference/*.parquet"\noutcome = "repaid"'
    with living(folder, declared(), reference) as trip:
        yield trip
