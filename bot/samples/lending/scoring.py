"""Two versions of one logistic model, and whether a loan would really be repaid.

Version 2.2 does not look at late payments: its score is the exact chance of repayment given the
other inputs, so it is well calibrated. Version 2.3 looks at them and so ranks better, but it also
marks down everybody who was on a career break, which has nothing to do with repayment.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np
from scipy.special import expit, logit

from bot.samples.chance import Booleans, Floats
from bot.samples.lending.applicants import LATE_SHARES, Inputs

THRESHOLD = 0.80

_BASE = 2.75
_A_LATE_PAYMENT = -1.15
_A_CAREER_BREAK = -1.1
_REMINDERS_HELP = 0.25
# By channel: web, app, partner, branch.
_PEOPLE_SEE = np.array([0.0, 0.0, -1.1, 1.2])


def contributions(given: Inputs) -> Mapping[str, Floats]:
    """Give what each input, late payments aside, adds to a person's log-odds of repayment."""
    monthly = given.loan_amount / given.loan_term_months
    return {
        "income": 0.75 * (np.log(given.income + 1) - 10.5),
        "income_band": 0.15 * (given.band.astype(np.float64) - 2),
        "debt_ratio": -4.6 * (given.debt_ratio - 0.33),
        "employment_years": 0.06 * (np.minimum(given.employment_years, 20) - 6),
        "instalment_share": -5.0 * (monthly / (given.income / 12) - 0.15),
        "credit_lines": -0.16 * (given.credit_lines.astype(np.float64) - 2.4),
    }


def repayment_log_odds(contributed: Mapping[str, Floats]) -> Floats:
    """Give the log-odds of repayment of a person without late payments."""
    log_odds: Floats = reduce(np.add, contributed.values(), np.array(_BASE))
    return log_odds


def attributions(
    given: Inputs, contributed: Mapping[str, Floats], newer: Booleans
) -> dict[str, Floats]:
    """Give what each input added to the score's log-odds; with 2.75 they sum to the score's own.

    Version 2.2 knows no late payments, and takes off for them what it must on average.
    """
    log_odds = repayment_log_odds(contributed)
    known = _A_LATE_PAYMENT * given.late_payments
    return {
        **contributed,
        "late_payments": np.where(newer, known, logit(_unaware(log_odds)) - log_odds),
        "career_break_months": _A_CAREER_BREAK * (newer & (given.career_break_months > 0)),
    }


def score(given: Inputs, log_odds: Floats, newer: Booleans) -> Floats:
    """Give the chance of repayment as versions 2.2 and 2.3 (where ``newer``) see it."""
    marked_down = _A_CAREER_BREAK * (given.career_break_months > 0)
    aware = expit(log_odds + _A_LATE_PAYMENT * given.late_payments + marked_down)
    seen: Floats = np.where(newer, aware, _unaware(log_odds)).round(6)
    return seen


def _unaware(log_odds: Floats) -> Floats:
    """Give the chance of repayment over all numbers of late payments, as often as they occur."""
    chance: Floats = np.add.reduce(
        [share * expit(log_odds + _A_LATE_PAYMENT * late) for late, share in enumerate(LATE_SHARES)]
    )
    return chance


def chance_of_repayment(
    given: Inputs, log_odds: Floats, reminded: Booleans, overruled: Booleans
) -> Floats:
    """Give the true chance that each loan is repaid.

    Reminders of due payments help a little. People who overrule the model know something that it
    does not, or believe they do: those in branches choose well, those at partners badly.
    """
    odds = log_odds + _A_LATE_PAYMENT * given.late_payments + _REMINDERS_HELP * reminded
    odds += overruled * _PEOPLE_SEE[given.channel]
    chance: Floats = expit(odds)
    return chance
