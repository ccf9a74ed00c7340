"""What happened when each request was served: version, errors, latency, decision, experiment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.samples.chance import (
    Booleans,
    Floats,
    Integers,
    choice,
    keys,
    normal,
    uniform,
)
from bot.samples.lending.applicants import Customers, Inputs
from bot.samples.lending.plan import CACHE_LASTS, EMEA, MINUTES_A_DAY, Plan
from bot.samples.lending.scoring import THRESHOLD
from bot.samples.lending.traffic import Requests

NO_ERROR, TIMEOUT, UPSTREAM, BAD_REQUEST, BAND_MISSING = range(5)
DECLINED, APPROVED = 0, 1

_USUAL_ERROR_RATE = 0.0125
# Days differ by more than chance makes them, as real ones do.
_DAY_TO_DAY = 0.10
_HOUR_TO_HOUR = 0.10
_ERROR_SHARES = (0.45, 0.32, 0.23)
_FALLBACK_FAILS = 0.33
_NEAR_THRESHOLD = 0.05
# By channel: web, app, partner, branch.
_OVERRULED_NEAR_IT = np.array([0.07, 0.07, 0.14, 0.22])
# So many customers draw anew that about 1 % of all are seen in both arms.
_IN_BOTH_ARMS = 0.055


@dataclass(frozen=True, slots=True)
class Served:
    """How each request was answered. ``error`` and ``decision`` are the codes above.

    ``decision`` is the final one, after ``overridden`` ones were turned round by a person;
    ``reason`` is an index into three reasons. ``enrolled`` requests belong to the experiment.
    """

    newer: Booleans
    error: Integers
    latency_ms: Floats
    queue_ms: Floats
    decision: Integers
    overridden: Booleans
    reason: Integers
    enrolled: Booleans
    treated: Booleans


def newer_version(plan: Plan, asked: Requests, who: Customers) -> Booleans:
    """Say who is served by version 2.3: always the same customers, more with each stage."""
    return uniform(who.key, "rollout") < plan.share_on_new_version(asked.minute, asked.region)


def treatment(plan: Plan, asked: Requests, who: Customers) -> Booleans:
    """Say who is in the experiment's treatment arm: half of the customers.

    Nearly all stay in it for good. A few are drawn anew with every request, as by a cookie that
    was not kept; about 1 % of all are seen in both arms.
    """
    drawn_anew = uniform(who.key, "cookie lost") < _IN_BOTH_ARMS
    key = np.where(drawn_anew, asked.key, who.key)
    return (uniform(key, "payment reminders") < 0.5) & plan.in_experiment(asked.minute)


def serve(
    plan: Plan, asked: Requests, given: Inputs, newer: Booleans, treated: Booleans, score: Floats
) -> Served:
    """Answer the requests: some fail, the rest are decided by score and sometimes by a person."""
    fallback = given.band_empty & ~_still_cached(plan, asked)
    error = _errors(plan, asked, fallback)
    approved = score >= THRESHOLD
    doubtful = np.abs(score - THRESHOLD) < _NEAR_THRESHOLD
    overridden = uniform(asked.key, "override") < np.where(
        doubtful, _OVERRULED_NEAR_IT[given.channel], 0.008
    )
    return Served(
        newer=newer,
        error=error,
        latency_ms=_latency(asked, error, fallback, newer),
        queue_ms=(4.0 * np.exp(0.7 * normal(asked.key, "queue"))).round(1),
        decision=np.where(approved ^ overridden, APPROVED, DECLINED),
        overridden=overridden,
        reason=choice(asked.key, "reason", (0.5, 0.3, 0.2)),
        enrolled=plan.in_experiment(asked.minute),
        treated=treated,
    )


def _still_cached(plan: Plan, asked: Requests) -> Booleans:
    since = asked.minute - plan.failure
    cached: Booleans = (asked.region == EMEA) & (since >= 0) & (since < CACHE_LASTS)
    return cached


def _errors(plan: Plan, asked: Requests, fallback: Booleans) -> Integers:
    day, hour = asked.minute // MINUTES_A_DAY, asked.minute // 60
    by_day = np.exp(_DAY_TO_DAY * np.clip(normal(keys(plan.seed, "day", day), "errors"), -2, 2))
    by_hour = np.exp(_HOUR_TO_HOUR * normal(keys(plan.seed, "hour", hour), "errors"))
    usual = uniform(asked.key, "error") < _USUAL_ERROR_RATE * by_day * by_hour
    error = np.where(usual, TIMEOUT + choice(asked.key, "error type", _ERROR_SHARES), NO_ERROR)
    missing = fallback & (uniform(asked.key, "fallback") < _FALLBACK_FAILS)
    return np.where(missing, BAND_MISSING, error)


def _latency(asked: Requests, error: Integers, fallback: Booleans, newer: Booleans) -> Floats:
    """Milliseconds: log-normal with a heavy tail; timeouts end at 3 s, fallbacks ask again."""
    shape, tail = normal(asked.key, "latency"), uniform(asked.key, "latency tail") < 0.015
    latency = 82.0 * np.exp(0.42 * shape) * np.where(tail, 6.0, 1.0) + 7.0 * newer
    latency += fallback * 190.0 * np.exp(0.5 * normal(asked.key, "fallback"))
    latency = np.where(error == TIMEOUT, 3000.0 + 40.0 * np.exp(shape), latency)
    latency = np.where(error == UPSTREAM, 420.0 * np.exp(0.6 * shape), latency)
    latency = np.where(error == BAD_REQUEST, 14.0 * np.exp(0.4 * shape), latency)
    return np.where(error == BAND_MISSING, latency + 350.0, latency).round(1)
