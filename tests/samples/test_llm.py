"""The simulated language-model service has the shape of the published trace, and what is told."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy.stats import ks_2samp

from bot.samples.llm.shape import SERVICES
from bot.samples.llm.simulate import GROWN_MINUTES, write_llm
from queries.core.errors import NotAnswerable
from tests.asking import Asking, asking
from tests.samples.conftest import AT, one_row

PUBLISHED = {"conversation": "conv", "code": "code"}
TOKENS = {"prompt_tokens": "ContextTokens", "output_tokens": "GeneratedTokens"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the hour in it."""
    folder = tmp_path_factory.mktemp("llm")
    write_llm(folder, AT, 1)
    return folder


@pytest.fixture(scope="module")
def hour(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the hour as the view ``log``, with whether it is from before the planted end."""
    with duckdb.connect() as engine:
        engine.read_parquet(str(folder / "requests.parquet")).create_view("requests")
        grown = (AT - timedelta(minutes=GROWN_MINUTES)).replace(tzinfo=None)
        engine.execute("SET VARIABLE grown = $1::TIMESTAMP", [grown])
        engine.sql("SELECT *, ts < getvariable('grown') AS before FROM requests").create_view("log")
        yield engine


@pytest.mark.parametrize("column", TOKENS)
@pytest.mark.parametrize("service", PUBLISHED)
def test_tokens_are_spread_as_in_the_published_trace(
    hour: duckdb.DuckDBPyConnection,
    published_data: Callable[[str], Path],
    service: str,
    column: str,
) -> None:
    """No share of requests up to a length differs by more than 8 points, no median by 5 %."""
    trace = published_data("azure_llm_inference_2023") / "requests.parquet"
    real = hour.sql(
        f"SELECT {TOKENS[column]} FROM '{trace}' WHERE service = '{PUBLISHED[service]}'"
    ).fetchnumpy()[TOKENS[column]]
    ours = hour.sql(
        f"SELECT {column} FROM log WHERE before AND service = '{service}' AND status = 200"
    ).fetchnumpy()[column]
    assert ks_2samp(real, ours).statistic < 0.08
    assert np.median(ours) == pytest.approx(np.median(real), rel=0.05, abs=1)


def test_requests_come_as_often_and_as_unevenly_as_in_the_published_trace(
    published_data: Callable[[str], Path], tmp_path: Path
) -> None:
    """Over ten seeds an hour has as many to within 10 %; minutes vary alike to within a third."""
    trace = published_data("azure_llm_inference_2023") / "requests.parquet"
    for seed in range(10):
        write_llm(tmp_path / str(seed), AT, seed)
    for service in SERVICES:
        real = _minutes(str(trace), PUBLISHED[service.name])
        ours = _minutes(f"{tmp_path}/*/requests.parquet", service.name, hours=10)
        assert ours[0] == pytest.approx(real[0], rel=0.1)
        assert ours[1] == pytest.approx(real[1], rel=0.33)


def _minutes(files: str, service: str, hours: int = 1) -> tuple[float, float]:
    """Requests an hour, and how much the minutes of an hour vary, as a part of their mean."""
    with duckdb.connect() as engine:
        total, squares = one_row(
            engine,
            f"""SELECT sum(n), sum(n * n) FROM (
                    SELECT count(*) AS n FROM read_parquet('{files}', filename = true)
                    WHERE service = '{service}' GROUP BY filename, date_trunc('minute', ts))""",
        )
    mean = float(total) / (60 * hours)
    return float(total) / hours, (float(squares) / (60 * hours) - mean**2) ** 0.5 / mean


def test_the_end_is_as_told(hour: duckdb.DuckDBPyConnection) -> None:
    """In the last ten minutes prompts and latency double and 18 % are refused, in one service."""
    rows = hour.sql(
        """SELECT service, before, median(prompt_tokens),
               median(latency_ms) FILTER (status = 200), avg((status = 429)::INT)
           FROM log GROUP BY ALL"""
    ).fetchall()
    told = {(service, before): numbers for service, before, *numbers in rows}
    for service, factor, refused in (("conversation", 2, 0.18), ("code", 1, 0.003)):
        usual, last = told[service, True], told[service, False]
        assert last[0] == pytest.approx(factor * usual[0], rel=0.15)
        assert last[1] == pytest.approx(factor * usual[1], rel=0.15)
        assert last[2] == pytest.approx(refused, abs=0.03)
        assert usual[2] == pytest.approx(0.003, abs=0.003)


def test_every_output_token_takes_its_time(hour: duckdb.DuckDBPyConnection) -> None:
    """Latency grows with the output, by 25 to 31 ms a token; what failed has no output."""
    slope, failed = one_row(
        hour,
        """SELECT regr_slope(latency_ms, output_tokens) FILTER (status = 200 AND before),
               count(output_tokens) FILTER (status <> 200) FROM log""",
    )
    assert 25 < slope < 31
    assert failed == 0


@pytest.fixture(scope="module")
def asked(folder: Path) -> Iterator[Asking]:
    """Open the hour as the samples declare it."""
    declared = tomllib.loads(
        (resources.files("bot.samples") / "plainlogs.toml").read_text("utf-8")
    )["sources"]
    with asking({"llm": declared["llm"] | {"files": "requests.parquet"}}, folder, now=AT) as house:
        yield house


def test_what_began_is_found_without_any_past(asked: Asking) -> None:
    """The service that refuses is named with its onset, and that no past is there is said."""
    reply = asked.ask("errors llm last hour")
    assert re.search(r"failures in service conversation rose .* 14:20", reply.answer.headline)
    assert any("no comparable past" in each for each in reply.answer.caveats)
    assert reply.provenance.simulated


@pytest.mark.parametrize("text", ["performance llm last hour", "inputs llm last hour"])
def test_what_the_log_cannot_tell_is_refused_plainly(asked: Asking, text: str) -> None:
    """Nothing is right or wrong and nothing goes in: the refusal says what to declare."""
    with pytest.raises(NotAnswerable, match=r"declares no (task|features).*\[sources\.llm"):
        asked.ask(text)


def test_records_show_tokens(asked: Asking) -> None:
    """A record has the tokens and the times."""
    table = asked.answer("find llm last hour slowest limit 3").tables[0]
    names = {column.name for column in table.columns}
    assert {"prompt_tokens", "output_tokens", "first_token_ms", "service"} <= names
