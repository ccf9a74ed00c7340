"""Two versions of one logistic model, and whether a loan would really be repaid.

Version 2.2 does not look at late payments: its score is the exact chance of repayment given the
other inputs, so it is well calibrated. Version 2.3 looks at them and so ranks better, but it also
marks down everybody who was on a career break, which has nothing to do with repayment.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from bot.samples.chance import Booleans, Floats
from bot.samples.lending.applicants import LATE_SHARES, Inputs

THRESHOLD = 0.80

_A_LATE_PAYMENT = -1.15
_A_CAREER_BREAK = -1.1
_REMINDERS_HELP = 0.25


def repayment_log_odds(given: Inputs) -> Floats:
    """Give the log-odds of repayment of a person without late payments."""
    monthly = given.loan_amount / given.loan_term_months
    log_odds: Floats = (
        2.75
        + 0.75 * (np.log(given.income + 1) - 10.5)
        + 0.15 * (given.band - 2)
        - 4.6 * (given.debt_ratio - 0.33)
        + 0.06 * (np.minimum(given.employment_years, 20) - 6)
        - 5.0 * (monthly / (given.income / 12) - 0.15)
        - 0.16 * (given.credit_lines - 2.4)
    )
    return log_odds


def score(given: Inputs, log_odds: Floats, newer: Booleans) -> Floats:
    """Give the chance of repayment as versions 2.2 and 2.3 (where ``newer``) see it."""
    unaware = sum(
        share * expit(log_odds + _A_LATE_PAYMENT * late) for late, share in enumerate(LATE_SHARES)
    )
    marked_down = _A_CAREER_BREAK * (given.career_break_months > 0)
    aware = expit(log_odds + _A_LATE_PAYMENT * given.late_payments + marked_down)
    seen: Floats = np.where(newer, aware, unaware).round(6)
    return seen


def chance_of_repayment(given: Inputs, log_odds: Floats, reminded: Booleans) -> Floats:
    """Give the true chance that each loan is repaid; reminders of due payments help a little."""
    odds = log_odds + _A_LATE_PAYMENT * given.late_payments + _REMINDERS_HELP * reminded
    chance: Floats = expit(odds)
    return chance
