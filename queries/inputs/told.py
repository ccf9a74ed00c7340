"""What happened to one input, in one plain sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.inputs.changes import InputChange, Verdict
from queries.measures.columns.spreads import Spread
from queries.measures.counting.jumps import Jump
from queries.statistics.rates import wilson
from queries.wording.asked import Asked
from queries.wording.jumped import since_then

SEVERITY = {
    Verdict.EMPTIED: Severity.ALARM,
    Verdict.INFINITE: Severity.ALARM,
    Verdict.SHIFTED: Severity.WARNING,
    Verdict.RENEWED: Severity.WARNING,
    Verdict.GONE: Severity.WARNING,
    Verdict.FILLED: Severity.WARNING,
}


@dataclass(frozen=True)
class Told:
    """All inputs compared, the worst change first.

    ``than`` says with what (“in the reference set”), ``jumps`` when an emptied input emptied,
    ``caveats`` what was compared otherwise than one would think, or not at all; ``spread`` is that
    of the worst, where it is a number that shifted.
    """

    asked: Asked
    changes: tuple[InputChange, ...]
    than: str
    jumps: Mapping[str, Jump | None]
    caveats: tuple[str, ...] = ()
    spread: Spread | None = None

    @property
    def changed(self) -> tuple[InputChange, ...]:
        """Inputs of which something is to be said, the worst first."""
        return tuple(each for each in self.changes if each.verdicts)

    @property
    def sayable(self) -> tuple[InputChange, ...]:
        """Inputs that could be compared at all."""
        return tuple(each for each in self.changes if each.verdicts or not each.why)


def happened(change: InputChange, verdict: Verdict, than: str) -> str:
    """Say what happened to an input, as a sentence without its full stop."""
    match verdict:
        case Verdict.EMPTIED:
            return f"“{change.name}” is missing in {_missing(change)} of requests"
        case Verdict.FILLED:
            return f"“{change.name}” is filled more: missing in {_missing(change)} of requests"
        case Verdict.INFINITE:
            now = change.compared.now
            infinite = wilson(now.infinite, now.rows)
            return f"“{change.name}” is infinite in {_share(infinite)} of requests"
        case Verdict.GONE:
            return _gone(change, than)
        case Verdict.RENEWED:
            return f"“{change.name}” holds {_never_seen(change, than)}"
        case Verdict.SHIFTED:
            return f"“{change.name}” shifted: {moved(change, than)}"


def before_too(change: InputChange, verdict: Verdict, than: str) -> str:
    """Say how it was before, where a verdict is about a share of requests."""
    if verdict not in (Verdict.EMPTIED, Verdict.FILLED, Verdict.INFINITE):
        return ""
    return f"{_share(_numbers(change, verdict)['before'])} {than}"


def finding(change: InputChange, verdict: Verdict, told: Told) -> Finding:
    """Tell one thing that happened to one input, with its numbers."""
    text = happened(change, verdict, told.than)
    numbers = _numbers(change, verdict)
    jump = told.jumps.get(change.name) if verdict is Verdict.EMPTIED else None
    if jump:
        text += f", {since_then(jump, told.asked)}"
        numbers["during"] = jump.during
    if before := before_too(change, verdict, told.than):
        text += f"; {before}"
    if verdict is Verdict.SHIFTED:
        text += f" (shift {words.number(change.compared.effect)})"
    return Finding(verdict.value, SEVERITY[verdict], f"{text}.", numbers)


def _numbers(change: InputChange, verdict: Verdict) -> dict[str, Number]:
    before, now = change.compared.before, change.compared.now
    match verdict:
        case Verdict.EMPTIED | Verdict.FILLED:
            return {"missing": change.missing, "before": change.missing_before}
        case Verdict.INFINITE:
            return {
                "infinite": wilson(now.infinite, now.rows),
                "before": wilson(before.infinite, before.rows),
            }
        case Verdict.RENEWED:
            return {"unseen": wilson(change.compared.unseen_rows, now.rows)}
        case Verdict.GONE:
            return {"before": wilson(round(change.gone[0][1] * before.n), before.n)}
        case Verdict.SHIFTED:
            why = "compared with what chance makes of it"
            return {"shift": Number(change.compared.effect, now.n, why=why)}


def moved(change: InputChange, than: str) -> str:
    """Say from where to where an input's values shifted."""
    before, now = change.compared.before, change.compared.now
    if most := change.compared.moved:
        if most.value is None:
            return _never_seen(change, than)
        value = f"“{words.shortened(most.value, 40)}”"
        return f"{value} in {words.share(most.now)}, {words.share(most.before)} {than}"
    mean, was = words.number(now.mean), words.number(before.mean)
    if now.constant and not before.constant:
        return f"always {mean}, {was} on average {than}"
    if mean == was:
        return f"{mean} on average as {than}, but spread differently"
    return f"{mean} on average, {was} {than}"


def _never_seen(change: InputChange, than: str) -> str:
    value, _ = change.compared.unseen[0]
    named, share = f"“{words.shortened(value, 60)}”", words.share(change.unseen_share)
    if change.compared.unseen_categories == 1:
        return f"{named} in {share} of requests, never seen {than}"
    count = words.count(change.compared.unseen_categories)
    return f"{count} values never seen {than}, in {share} of requests, most often {named}"


def _gone(change: InputChange, than: str) -> str:
    value, share = change.gone[0]
    others = len(change.gone) - 1
    more = f", nor {words.counted(others, 'other value')} that it had" if others else ""
    named = f"“{words.shortened(value, 60)}”"
    return f"“{change.name}” is never {named} any more ({words.share(share)} {than}){more}"


def _missing(change: InputChange) -> str:
    return _share(change.missing)


def _share(number: Number) -> str:
    return words.share(number.value, number.low, number.high)
