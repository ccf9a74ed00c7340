"""An hour of requests to a language-model service, ending at a moment, and what is planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np

from bot.samples.chance import (
    Booleans,
    Floats,
    Integers,
    Keys,
    choice,
    keys,
    normal,
    poisson,
    uniform,
)
from bot.samples.llm.shape import SERVICES, Service, tokens
from bot.samples.parquet import put_parquet

MINUTES = 60
GROWN_MINUTES = 10
"""For so long before the end the prompts of ``conversation`` have been twice as long."""
GROWN = "conversation"

_BUSIEST = 600.0
_OK, _LIMITED, _OUT_OF_MEMORY, _TIMEOUT = range(4)
_USUAL = (0.994, 0.003, 0.002, 0.001)
# Twice the tokens pass the limit by the minute, so that rate limits refuse nearly a fifth.
_WHILE_GROWN = (0.817, 0.18, 0.002, 0.001)

_ROWS = """
SELECT make_timestamp(milliseconds * 1000) AS ts, printf('%016x', key) AS request_id, service,
    CAST([200, 429, 500, 504][ended + 1] AS SMALLINT) AS status,
    [NULL, 'rate_limited: tokens per minute exceeded', 'worker ran out of memory',
        'timeout'][ended + 1] AS error,
    CAST(round(latency_ms) AS INTEGER) AS latency_ms,
    if(ended = 1, NULL, CAST(round(first_token_ms) AS INTEGER)) AS first_token_ms,
    CAST(prompt_tokens AS INTEGER) AS prompt_tokens,
    if(ended = 0, CAST(output_tokens AS INTEGER), NULL) AS output_tokens
FROM requests ORDER BY milliseconds, key
"""


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of one service in one hour, a position each; times in ms since 1970."""

    key: Keys
    milliseconds: Integers
    prompt_tokens: Integers
    output_tokens: Integers
    ended: Integers
    first_token_ms: Floats
    latency_ms: Floats


def write_llm(folder: Path, at: datetime, seed: int) -> None:
    """Write the hour before ``at`` (timezone-aware, a whole minute) as ``requests.parquet``."""
    first = int(at.astimezone(UTC).timestamp()) // 60 - MINUTES
    drawn = [(service.name, _simulate(service, first, seed)) for service in SERVICES]
    columns = {
        name: np.concatenate([getattr(requests, name) for _, requests in drawn])
        for name in Requests.__slots__
    }
    with duckdb.connect() as engine:
        named = [np.full(len(requests.key), name, object) for name, requests in drawn]
        engine.register("requests", {**columns, "service": np.concatenate(named)})
        put_parquet(engine.sql(_ROWS), folder / "requests.parquet")


def _simulate(service: Service, first: int, seed: int) -> Requests:
    minute = first + np.arange(MINUTES)
    at = keys(seed, f"llm {service.name} minutes", minute)
    counts = poisson(at, "requests", _rate(service, at))
    of = np.repeat(np.arange(MINUTES), counts)
    place = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    key = keys(seed, f"llm {service.name}", minute[of], place)
    grown = (of >= MINUTES - GROWN_MINUTES) & (service.name == GROWN)
    prompts = tokens(service.prompt_tokens, uniform(key, "prompt")) * np.where(grown, 2, 1)
    outputs = tokens(service.output_tokens, uniform(key, "output"))
    ended = np.where(grown, choice(key, "end", _WHILE_GROWN), choice(key, "end", _USUAL))
    first_token, latency = _times(key, prompts, outputs, ended, grown)
    millisecond = (60_000 * uniform(key, "millisecond")).astype(np.int64)
    return Requests(
        key=key,
        milliseconds=minute[of] * 60_000 + millisecond,
        prompt_tokens=prompts,
        output_tokens=outputs,
        ended=ended,
        first_token_ms=first_token,
        latency_ms=latency,
    )


def _rate(service: Service, minute: Keys) -> Floats:
    """Give the requests to be expected in each minute."""
    mean = service.requests / MINUTES
    if service.bursts:  # the trace's minutes vary as much as an exponential distribution does
        return np.minimum(-mean * np.log(uniform(minute, "burst")), _BUSIEST)
    swell = np.sin(np.linspace(0, 2 * np.pi, MINUTES) - np.pi / 3)
    return mean * (1 + 0.3 * swell) * np.exp(0.08 * normal(minute, "swell"))


def _times(
    key: Keys, prompts: Integers, outputs: Integers, ended: Integers, grown: Booleans
) -> tuple[Floats, Floats]:
    """Give the time to the first token and the whole time: each output token takes its time.

    While prompts are grown, requests also wait for each other, so that everything takes longer.
    """
    wait = np.where(grown, 2.0, 1.0)
    first_token: Floats = (
        (60 + 0.12 * prompts.astype(np.float64)) * wait * np.exp(0.25 * normal(key, "first token"))
    )
    latency: Floats = first_token + 28 * wait * outputs * np.exp(0.15 * normal(key, "a token"))
    refused = 5 + 10 * uniform(key, "refusal")
    broken = first_token + (latency - first_token) * uniform(key, "broken")
    cases = [ended == _LIMITED, ended == _OUT_OF_MEMORY, ended == _TIMEOUT]
    return first_token, np.select(cases, [refused, broken, np.full(len(key), 60_000.0)], latency)
