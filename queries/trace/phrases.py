"""One request's values and their places among the usual ones, in words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from queries.core import words
from queries.core.value import Cell
from queries.trace.formula_values import Cannot, Value
from queries.trace.places import LEAST, Place
from queries.trace.report import Traced
from queries.trace.request import Row

RARE, TAIL = 0.01, 0.025
"""A category rarer than this, and a number this far out on either side, is called unusual."""

_OFTEN = 0.05


def exact(value: Cell) -> str:
    """A logged value as it is, numbers to ten digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return words.value(value)
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinity" if value > 0 else "minus infinity"
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"


def brief(value: Cell) -> str:
    """A logged value as it stands in a sentence: numbers to three or four digits."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return exact(value)
    if value and not 1e-3 <= abs(value) < 1e12:
        return f"{value:.2e}"
    return words.number(value)


def signed(value: float) -> str:
    """A number with its sign: −1.1, +0.3."""
    return f"{'−' if value < 0 else '+'}{brief(abs(value))}"


def result(value: Value | None) -> str:
    """What an expression came to, or that it could not be computed."""
    return "" if value is None or isinstance(value, Cannot) else exact(value)


def apart(first: float, second: float) -> tuple[str, str]:
    """Two numbers that differ, with as many digits as show it; four decimals at most."""
    for one, other in ((brief(first), brief(second)), *_with_decimals(first, second)):
        if one != other:
            return one, other
    return brief(first), f"{brief(second)}, which differs from the fifth digit on"


def _with_decimals(first: float, second: float) -> Sequence[tuple[str, str]]:
    return [(f"{first:,.{n}f}", f"{second:,.{n}f}") for n in (2, 3, 4)]


def scores(score: float, threshold: float) -> tuple[str, str, str]:
    """A score, its threshold and the margin, with decimals that tell them apart."""
    margin = abs(score - threshold)
    digits = 2 if margin == 0 else min(4, max(2, 1 - math.floor(math.log10(margin))))
    return f"{score:,.{digits}f}", f"{threshold:,.{digits}f}", words.number(margin)


def place(one: Place) -> str:
    """Where a value lies: “higher than 97 % of requests”, “the same in 12 % of requests”."""
    if one.value is None:
        return _missing(one)
    if one.n < LEAST:
        return "too few to say"
    same = one.equal / one.n
    if one.below is None:
        return _same(one)
    above = one.n - one.below - one.equal
    if same >= _OFTEN:
        lower, higher = words.share(one.below / one.n), words.share(above / one.n)
        return f"the same in {words.share(same)}; {lower} are lower, {higher} higher"
    if not above:
        return f"the highest of {words.count(one.n)}"
    if not one.below:
        return f"the lowest of {words.count(one.n)}"
    middle = (one.below + one.equal / 2) / one.n
    if middle >= 0.5:
        return f"higher than {words.share(middle)} of requests"
    return f"lower than {words.share(1 - middle)} of requests"


def _missing(one: Place) -> str:
    lacking = one.rows - one.n
    if lacking <= 1 or not one.rows:
        return "missing, as in no other request"
    (k, n), now = one.empty, words.share(lacking / one.rows)
    before = words.share(k / n) if n else now
    until = f" ({before} until a day before)" if before != now else ""
    return f"missing, as in {now} of requests{until}"


def _same(one: Place) -> str:
    if one.equal <= 1:
        return "no other request had it"
    return f"the same in {words.share(one.equal / one.n)} of requests"


def rarity(one: Place) -> float | None:
    """How unusual a value is: the share of values at least as far out; None where unknown."""
    if one.value is None:
        k, n = one.empty
        return k / n if n >= LEAST else None
    if one.n < LEAST:
        return None
    if one.below is None:
        return one.equal / one.n
    middle = (one.below + one.equal / 2) / one.n
    return min(middle, 1 - middle)


def is_unusual(one: Place) -> bool:
    """Say whether a value is rare enough to be told."""
    rare = rarity(one)
    return rare is not None and rare <= (RARE if one.value is None or one.below is None else TAIL)


def ranked(found: Traced) -> list[Place]:
    """The inputs: empty ones that its error names, then the most unusual, unknown places last."""

    def rank(one: Place) -> tuple[bool, float]:
        rare = rarity(one)
        return not is_named(found, one), 1.0 if rare is None else rare

    return sorted((found.places.of[name] for name in found.inputs), key=rank)


def is_named(found: Traced, one: Place) -> bool:
    """Say whether an input is empty and the request's own error names it."""
    error = found.row.get("error")
    if one.value is not None or error in (None, ""):
        return False
    # As a word of its own: “age” is no part of “message”. \b would miss names that end in a sign.
    return bool(re.search(rf"(?<!\w){re.escape(one.name)}(?!\w)", str(error), re.IGNORECASE))


def empty(found: Traced) -> list[Place]:
    """The inputs whose being empty is told: the error names them, or they rarely are."""
    told = [one for one in ranked(found) if one.value is None]
    return [one for one in told if is_named(found, one) or is_unusual(one)]


def unusual(found: Traced) -> list[Place]:
    """The inputs with unusual values, the rarest first."""
    return [one for one in ranked(found) if one.value is not None and is_unusual(one)]


def failure(row: Row) -> Cell:
    """The error that stands in place of a decision; None where there is none, or one was made."""
    error = row.get("error")
    return error if said(row) is None and error != "" else None


def said(row: Row) -> Cell:
    """What was decided, or else predicted; None where nothing was."""
    both = (row.get(each) for each in ("decision", "prediction"))
    return next((each for each in both if each not in (None, "")), None)


def week(found: Traced) -> str:
    """The time that was compared with, within a sentence."""
    near = found.places.around
    if near.span is None:
        return "in the whole log"
    return "in the 7 days until then" if near.before else "in the log's first 7 days"
