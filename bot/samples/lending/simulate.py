"""One lot of requests, simulated from their arrival to what became of the loans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bot.samples.chance import Booleans, Floats, Integers, uniform
from bot.samples.lending.applicants import Customers, Inputs, customers, inputs
from bot.samples.lending.plan import LATAM, MINUTES_A_DAY, Plan
from bot.samples.lending.scoring import (
    attributions,
    chance_of_repayment,
    contributions,
    repayment_log_odds,
    score,
)
from bot.samples.lending.serving import (
    APPROVED,
    NO_ERROR,
    Served,
    newer_version,
    serve,
    treatment,
)
from bot.samples.lending.traffic import Requests, requests

LONGEST_DELAY_DAYS = 9

_DAY_MS = MINUTES_A_DAY * 60_000
# Days until the earliest report, and over how many more they are spread.
_REPAID_AFTER = (4.0, 5.0)
_DEFAULTED_AFTER = (2.0, 5.5)


@dataclass(frozen=True, slots=True)
class Lot:
    """The requests of a stretch of time. ``repaid`` is what each loan, if granted, comes to.

    Where ``mislogged``, the log has ``instalment_share`` by the year's income, not the month's;
    the score was computed rightly. ``attributions`` are in log-odds, by input.
    """

    asked: Requests
    who: Customers
    given: Inputs
    mislogged: Booleans
    score: Floats
    attributions: Mapping[str, Floats]
    served: Served
    repaid: Booleans

    @property
    def granted(self) -> Booleans:
        """Say which requests led to a loan, and so to an outcome."""
        granted: Booleans = (self.served.error == NO_ERROR) & (self.served.decision == APPROVED)
        return granted


def simulate(plan: Plan, first: int, end: int) -> Lot:
    """Give the requests of the minutes ``first`` (included) to ``end`` (excluded), in order."""
    asked = requests(plan, first, end)
    who = customers(plan, asked)
    given = inputs(plan, asked, who)
    contributed = contributions(given)
    log_odds = repayment_log_odds(contributed)
    newer = newer_version(plan, asked, who)
    treated = treatment(plan, asked, who)
    scored = score(given, log_odds, newer)
    served = serve(plan, asked, given, newer, treated, scored)
    chance = chance_of_repayment(given, log_odds, treated, served.overridden)
    return Lot(
        asked=asked,
        who=who,
        given=given,
        mislogged=newer & (asked.region == LATAM) & plan.mislogging(asked.minute),
        score=scored,
        attributions=attributions(given, contributed, newer),
        served=served,
        repaid=uniform(asked.key, "repaid") < chance,
    )


def reported(lot: Lot) -> Integers:
    """Give when each outcome is reported, in milliseconds: missed instalments come in first."""
    earliest, spread = np.where(
        lot.repaid, np.array([_REPAID_AFTER]).T, np.array([_DEFAULTED_AFTER]).T
    )
    days = earliest + spread * uniform(lot.asked.key, "reported")
    moments: Integers = lot.asked.milliseconds + (days * _DAY_MS).astype(np.int64)
    return moments
