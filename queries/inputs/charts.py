"""The worst changed input as a picture: what is missing, how its values are spread, its shares.

Where nothing changed, how far each input lies from what it is compared with.
"""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Bar, BarChart, Chart
from queries.core.number import Number
from queries.inputs.changes import InputChange, Verdict
from queries.inputs.told import Told
from queries.statistics.rates import wilson
from queries.wording.spreads import Shown, shape, shares

BARS = 8
_ABOUT_MISSING = (Verdict.EMPTIED, Verdict.FILLED)


def chart(told: Told, title: str) -> Chart | None:
    """Draw the input that changed most; nothing where none could be compared."""
    worst = told.changed[0] if told.changed else None
    if worst is None:
        return _shifts(told, title)
    if worst.verdicts[0] in _ABOUT_MISSING:
        return _missing(told, title)
    if worst.verdicts[0] is Verdict.INFINITE:
        return _infinite(told, title)
    shown = Shown(title, worst.name, told.than)
    if told.spread:
        return shape(shown, told.spread)
    if worst.compared.largest:
        return shares(shown, worst.compared.largest, worst.compared.now.n)
    return _shifts(told, title)


def _missing(told: Told, title: str) -> BarChart:
    ranked = sorted(told.changes, key=lambda each: -_apart(each))
    found = [(each, each.missing, each.missing_before) for each in ranked]
    return _rates(told, title, "missing", found, _ABOUT_MISSING)


def _infinite(told: Told, title: str) -> BarChart:
    found = [
        (each, wilson(now.infinite, now.rows), wilson(before.infinite, before.rows))
        for each in told.changes
        if (now := each.compared.now) and (before := each.compared.before)
    ]
    found.sort(key=lambda each: -(each[1].value or 0.0))
    return _rates(told, title, "infinite", found, (Verdict.INFINITE,))


def _rates(
    told: Told,
    title: str,
    what: str,
    found: list[tuple[InputChange, Number, Number]],
    stand_out: tuple[Verdict, ...],
) -> BarChart:
    bars = tuple(
        Bar(
            each.name,
            now.value,
            now.low,
            now.high,
            reference=before.value,
            emphasis=bool(set(stand_out) & set(each.verdicts)),
        )
        for each, now, before in found[:BARS]
    )
    listed = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    alt = f"{title}. Chart of the share of requests in which each input is {what}: {listed}."
    label = f"requests in which the input is {what}"
    return BarChart(title, alt, bars, "share", label, reference_label=told.than)


def _apart(change: InputChange) -> float:
    return max(change.missing.value or 0.0, abs(change.gained.value or 0.0))


def _shifts(told: Told, title: str) -> BarChart | None:
    known = [each for each in told.changes if each.compared.effect is not None and not each.why]
    ranked = sorted(known, key=lambda each: -(each.compared.effect or 0.0))
    bars = tuple(
        Bar(
            each.name,
            each.compared.effect,
            reference=each.compared.chance.high,
            emphasis=Verdict.SHIFTED in each.verdicts,
        )
        for each in ranked[:BARS]
    )
    if not bars:
        return None
    listed = words.listed([f"{bar.label} {words.number(bar.value)}" for bar in bars])
    return BarChart(
        title,
        f"{title}. Chart of the shift of each input: {listed}.",
        bars,
        "number",
        "shift (0 alike, 1 nothing in common)",
        limit=told.asked.source.matters.drift,
        limit_label="matters",
        reference_label="by chance",
    )
