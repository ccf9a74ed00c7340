"""Who asks for credit, and for which loan: the raw inputs of the model."""

from __future__ import annotations

from dataclasses import dataclass

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
from bot.samples.lending.plan import EMEA, Plan
from bot.samples.lending.traffic import REGION_SHARES, Requests

FEMALE = 0
BAND_LIMITS = (20_000, 35_000, 55_000, 90_000)
LATE_SHARES = (0.76, 0.16, 0.08)
MONTHS = np.array([12, 24, 36, 48, 60, 72, 84])

_SEX_SHARES = (0.48, 0.50, 0.02)
# By sex: this is how version 2.3, which never sees the sex, treats women worse.
_ON_A_CAREER_BREAK = np.array([0.36, 0.05, 0.20])
_POOL_DAYS = 30
_FAVOUR_FREQUENT = 1.4
_MEDIAN_INCOME = np.array([39_000, 47_000, 31_000, 23_000])
_USUAL_AMOUNT = np.array([8_000, 15_000, 21_000])
_BAND_USUALLY_EMPTY = 0.004
_EMPLOYMENT_USUALLY_EMPTY = 0.02


@dataclass(frozen=True, slots=True)
class Customers:
    """Who sent each request. ``number`` is unique within a region."""

    key: Keys
    number: Integers
    sex: Integers
    age: Integers
    given_name: Integers
    family_name: Integers
    postcode_area: Integers


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the model is given for each request; money in euros, times in years or months.

    ``band`` is the true income band; ``band_empty`` says where the log has none.
    """

    income: Floats
    band: Integers
    band_empty: Booleans
    debt_ratio: Floats
    employment_years: Floats
    employment_empty: Booleans
    credit_lines: Integers
    late_payments: Integers
    career_break_months: Integers
    loan_amount: Floats
    loan_term_months: Integers
    channel: Integers
    product: Integers


def customers(plan: Plan, asked: Requests) -> Customers:
    """Give each request its customer: some come once, some come back often."""
    pool = plan.rows_per_day * _POOL_DAYS * REGION_SHARES[asked.region]
    # A power above 1 favours low numbers: those customers come back often.
    number = (pool * uniform(asked.key, "customer") ** _FAVOUR_FREQUENT).astype(np.int64)
    key = keys(plan.seed, "customer", asked.region, number)
    return Customers(
        key=key,
        number=number,
        sex=choice(key, "sex", _SEX_SHARES),
        # Drawn by the customer's key, here and below, so that a customer is the same at each
        # request.
        age=(19 + 58 * uniform(key, "age") ** 1.5).astype(np.int64),
        given_name=(uniform(key, "given name") * 1e6).astype(np.int64),
        family_name=(uniform(key, "family name") * 1e6).astype(np.int64),
        postcode_area=(uniform(key, "postcode") ** 1.3 * 12).astype(np.int64),
    )


def inputs(plan: Plan, asked: Requests, who: Customers) -> Inputs:
    """Give what each request carries into the model, as it was before any transformation."""
    income = _income(asked, who)
    # By the request's key: what is asked for differs from one time to the next.
    product = choice(asked.key, "product", (0.55, 0.25, 0.20))
    employed = -7.5 * np.log(uniform(who.key, "employment"))
    debts = 0.33 + 0.12 * normal(who.key, "debts") + 0.03 * normal(asked.key, "debts")
    away = uniform(who.key, "career break") < _ON_A_CAREER_BREAK[who.sex]
    amount = _USUAL_AMOUNT[product] * np.exp(0.45 * normal(asked.key, "amount"))
    amount *= (income / _MEDIAN_INCOME[asked.region]) ** 0.4
    upstream_failed = plan.failing(asked.minute) & (asked.region == EMEA)
    return Inputs(
        income=income,
        band=np.searchsorted(BAND_LIMITS, income, side="right").astype(np.int64),
        band_empty=upstream_failed | (uniform(asked.key, "band") < _BAND_USUALLY_EMPTY),
        debt_ratio=np.clip(debts + plan.debt_ratio_drift(asked.minute), 0.0, 1.5).round(3),
        # Nobody has worked for longer than since coming of age.
        employment_years=np.minimum(employed, who.age - 18).round(1),
        employment_empty=uniform(asked.key, "employment") < _EMPLOYMENT_USUALLY_EMPTY,
        credit_lines=poisson(who.key, "credit lines", np.full(income.shape, 2.4)),
        late_payments=choice(who.key, "late payments", LATE_SHARES),
        career_break_months=(away * (6 + 30 * uniform(who.key, "months away"))).astype(np.int64),
        loan_amount=np.maximum(amount.round(-2), 500.0),
        loan_term_months=MONTHS[choice(asked.key, "term", (0.1, 0.2, 0.25, 0.2, 0.15, 0.06, 0.04))],
        channel=choice(asked.key, "channel", (0.42, 0.36, 0.16, 0.06)),
        product=product,
    )


def _income(asked: Requests, who: Customers) -> Floats:
    by_age = 0.75 + 0.5 * np.clip((who.age - 18) / 35, 0, 1)
    by_person = np.exp(0.48 * normal(who.key, "income"))
    this_time = np.exp(0.03 * normal(asked.key, "income"))
    income: Floats = (_MEDIAN_INCOME[asked.region] * by_age * by_person * this_time).round(-2)
    return income
