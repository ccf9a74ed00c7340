"""Changed inputs as a picture: what is missing where something emptied, else how far each moved."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Bar, BarChart
from queries.measures.input_changes import InputChange, Verdict
from queries.wording.input_words import Compared

BARS = 8
_ABOUT_MISSING = (Verdict.EMPTIED, Verdict.FILLED)


def chart(compared: Compared, title: str) -> BarChart | None:
    """Draw the inputs that stand out; nothing where none could be compared."""
    worst = compared.changed[0] if compared.changed else None
    if worst and worst.verdicts[0] in _ABOUT_MISSING:
        return _missing(compared, title)
    known = [each for each in compared.changes if each.compared.effect is not None and not each.why]
    return _shifts(compared, known, title) if known else None


def _missing(compared: Compared, title: str) -> BarChart:
    ranked = sorted(compared.changes, key=lambda each: -_apart(each))
    bars = tuple(
        Bar(
            each.name,
            each.missing.value,
            each.missing.low,
            each.missing.high,
            reference=each.missing_before.value,
            emphasis=bool(set(_ABOUT_MISSING) & set(each.verdicts)),
        )
        for each in ranked[:BARS]
    )
    listed = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    alt = f"{title}. Bars of the share of requests in which each input is missing: {listed}."
    label = "requests in which the input is missing"
    return BarChart(title, alt, bars, "share", label, reference_label=compared.than)


def _apart(change: InputChange) -> float:
    return max(change.missing.value or 0.0, abs(change.gained.value or 0.0))


def _shifts(compared: Compared, known: list[InputChange], title: str) -> BarChart:
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
    listed = words.listed([f"{bar.label} {words.number(bar.value)}" for bar in bars])
    return BarChart(
        title,
        f"{title}. Bars of the shift of each input: {listed}.",
        bars,
        "number",
        "shift (0 alike, 1 nothing in common)",
        limit=compared.asked.source.matters.drift,
        limit_label="matters",
        reference_label="by chance",
    )
