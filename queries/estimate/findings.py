"""What stands out about an estimate, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.estimate.told import Miss, Told
from queries.measures.performance.slices import Standout
from queries.wording.before import IN_REFERENCE
from queries.wording.differences import off_by, typically_off
from queries.wording.performance.told import amount, two_cases


def findings(told: Told) -> Iterator[Finding]:
    """Tell what is known beside the headline: how it turned out, then what may mislead."""
    if told.now is None:
        return
    if miss := told.miss:
        yield _checked(told, miss)
    if worst := told.worst:
        yield _slice(told, worst)
    if told.is_unfamiliar:
        yield _unfamiliar(told)
    yield _calibration(told)
    ranking = told.report.estimated.get("roc_auc")
    if ranking is not None and ranking.value is not None and told.metric != "roc_auc":
        yield _ranking(told, ranking)


def _checked(told: Told, miss: Miss) -> Finding:
    numbers = {"estimated": miss.estimated, "realised": miss.realised}
    turned = amount(miss.realised, told.metric, miss.estimated)
    band = words.share_range(miss.estimated.low or 0.0, miss.estimated.high or 0.0)
    requests = words.counted(told.report.checked.requests if told.report.checked else 0, "request")
    text = f"Of the {requests} whose outcomes count, {turned} turned out right"
    if told.metric == "roc_auc":
        text = f"Of the {requests} whose outcomes count, {turned} of pairs were ranked rightly"
    if not miss.left:
        text += f", inside the band of their estimate ({band})."
        return Finding("turned out", Severity.GOOD, text, numbers)
    text += f", outside the band of their estimate ({band}): what scores mean has changed"
    if abs(miss.by) < told.matters:
        text += f", by {off_by(miss.by)}, less than what matters."
        return Finding("turned out", Severity.NOTE, text, numbers)
    level = Severity.ALARM if miss.by < 0 else Severity.WARNING
    return Finding("turned out", level, f"{text} by {off_by(miss.by)}.", numbers)


def _slice(told: Told, worst: Standout) -> Finding:
    split = str(told.by).replace("_", " ")
    by = f"{split} {words.value(worst.value)}"
    here, elsewhere = (amount(each, told.metric) for each in (worst.here, worst.elsewhere))
    numbers = {"worst": worst.here, "elsewhere": worst.elsewhere}
    if worst.clear:
        text = f"Lowest for {by}: probably {here}, elsewhere {elsewhere}."
        return Finding("slice", Severity.WARNING, text, numbers)
    text = f"No {split} stands out. The lowest is {by}: probably {here}, elsewhere {elsewhere}."
    return Finding("slice", Severity.NOTE, text, numbers)


def _unfamiliar(told: Told) -> Finding:
    found = told.report.unfamiliar
    share, inputs = (found.share, found.inputs) if found else (Number(None, 0), ())
    most = words.listed([f"“{name}”" for name, _ in inputs[:3]])
    text = (
        f"{words.share(share.value, share.low, share.high)} of these requests have an input that "
        f"the reference set never held, most often {most}: what is estimated for them is a guess."
    )
    return Finding("unfamiliar inputs", Severity.WARNING, text, {"share": share})


def _calibration(told: Told) -> Finding:
    found = told.report.calibration
    # Any score that ranks can be read so; only one between 0 and 1 can be off.
    if found.error.value is None:
        text = "The scores are no probabilities; they are read by what came true in the reference."
        return Finding("reference scores", Severity.NOTE, text)
    error, numbers = off_by(found.error.value), {"error": found.error}
    if found.is_off(told.matters):
        text = (
            f"In the reference set the scores themselves were typically off by {error}. The "
            "estimate corrects them by what came true there, and rests on that holding still."
        )
        return Finding("reference scores", Severity.WARNING, text, numbers)
    text = f"In the reference set the scores meant what they say: {typically_off(found.error)}."
    return Finding("reference scores", Severity.NOTE, text, numbers)


def _ranking(told: Told, number: Number) -> Finding:
    source, said = told.asked.source, amount(number, "roc_auc")
    text = f"{two_cases(source)}, it probably ranks the right one first in {said}"
    numbers = {"roc_auc": number}
    before = told.report.reference.metrics.get("roc_auc") if told.report.reference else None
    if before is not None and before.value is not None:
        text += f"; {amount(before, 'roc_auc')} {IN_REFERENCE}"
        numbers["before"] = before
    level = Severity.ALARM if told.is_worse("roc_auc") else Severity.NOTE
    return Finding("ranking", level, f"{text}.", numbers)
