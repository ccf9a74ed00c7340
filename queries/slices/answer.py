"""Slices in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, FollowUp, Severity
from queries.core.writing import quote
from queries.measures.places.axes import MOST_VALUES
from queries.slices.charts import chart
from queries.slices.findings import findings
from queries.slices.tables import tables
from queries.slices.told import Told, share_here, share_of
from queries.statistics.estimates import ENOUGH
from queries.wording.standings import standing_name


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head = headline(told)
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=tuple(_follow_ups(told))[:5],
    )


def headline(told: Told) -> str:
    """One sentence: which slice is worst, and how the whole moved."""
    report, name = told.report, told.asked.name
    now = report.usual.now
    if not now.n:
        return f"{name}: too early to say where it is worst {told.asked.reading.text}"
    if now.n < ENOUGH:
        few = words.counted(now.n, told.unit)
        return f"{name}: only {few} {told.asked.reading.text}, too few to say where it is worst"
    if report.worst:
        worst = report.worst[0]
        where = f"{told.worst_of_all} for {standing_name(worst)}: {share_here(worst)} {told.what}"
        return f"{name}: {where}, elsewhere {share_of(worst.elsewhere)}"
    share = share_of(now)
    if not report.standings:
        return f"{name}: no slice is large enough to say; {share} {told.what} in all"
    return f"{name}: no slice stands out; {share} {told.what}"


def _severity(told: Told) -> Severity:
    report = told.report
    if report.usual.now.n < ENOUGH:
        return Severity.UNKNOWN
    # Either way: whether it is for the worse has been said, and some subjects are worse when lower.
    gained = abs((report.usual.now.value or 0.0) - (report.usual.usual.value or 0.0))
    if told.is_worse and gained >= report.subject.matters:
        return Severity.ALARM
    if any(told.is_unusual(each) for each in report.worst):
        return Severity.WARNING
    return Severity.NOTE if report.worst or told.is_worse else Severity.GOOD


def _summary(told: Told) -> str:
    report = told.report
    now, usual = report.usual.now, report.usual.usual
    if now.value is None:
        return ""
    said = f"Of {words.counted(now.n, told.unit)} {told.asked.reading.text}, "
    said += f"{share_of(now)} {told.what_of_them}."
    if usual.low is not None and usual.high is not None:
        said += f" {told.asked.a_usual} has {words.share_range(usual.low, usual.high)}."
    elif usual.value is not None:
        said += f" Before, it was {words.share(usual.value, now.low, now.high)}."
    compared = len(report.standings)
    if not compared:
        return said
    return (
        f"{said} {words.counted(compared, 'slice')} {'was' if compared == 1 else 'were'} compared."
    )


def _caveats(told: Told) -> Iterator[str]:
    report, asked = told.report, told.asked
    if told.of == "performance" and asked.source.decided:
        chosen = words.listed([f"“{value}”" for value in asked.source.decided], last="or")
        yield f"This speaks of requests with the decision {chosen} alone."
    if report.apart:
        days = words.counted(report.apart, "day")
        yield f"{days} {'is' if report.apart == 1 else 'are'} left out: not all outcomes are in."
    if report.small:
        slices = words.counted(report.small, "slice")
        yield f"{slices} with fewer than {ENOUGH} {told.unit}s can't be judged."
    if report.counted.lumped:
        columns = words.listed([f"“{name.replace('_', ' ')}”" for name in report.counted.lumped])
        yield f"Of {columns} the {MOST_VALUES} commonest values were looked at, others together."
    if report.counted.unpaired:
        pairs = words.counted(report.counted.unpaired, "pair")
        yield f"{pairs} of columns with too many values were not looked at."
    if told.of == "slow":
        limit = words.duration_ms(float(report.subject.counted))
        yield f"Slow means over {limit}: usually about one request in twenty takes longer."
    if report.usual.unusual is None and report.usual.usual.why and report.usual.now.n:
        yield f"Whether all this is usual can't be said: {report.usual.usual.why}."
    if report.worst:
        yield "That a slice stands out doesn't say what makes it so."


def _follow_ups(told: Told) -> Iterator[FollowUp]:
    asked, of = told.asked, told.of
    if not told.report.usual.now.n:
        if not asked.source.undated:
            text = f"slices {quote(asked.source.name)} last 60 days of {of}"
            yield FollowUp("Look further back", text)
        return
    worst = next((each for each in told.report.worst if told.condition(each.group)), None)
    if worst:
        yield from _look_at(told, standing_name(worst), told.condition(worst.group))
    if not asked.source.undated:
        part = told.condition(worst.group) if worst else ""
        label = "What changed there?" if worst else "What changed?"
        yield FollowUp(label, asked.next("changes", where=part))
    if (by := told.closed) and of in ("errors", "performance"):
        yield FollowUp(f"By {by.replace('_', ' ')}", asked.next(of, by=by))


def _look_at(told: Told, name: str, part: str) -> Iterator[FollowUp]:
    """Questions about the requests of one slice, given as conditions."""
    asked, where = told.asked, words.shortened(name, 50)
    match told.of:
        case "errors":
            yield FollowUp(f"Failures: {where}", asked.next("errors", where=part))
            yield FollowUp("See them", asked.next("find", where=f"failed = yes and {part}"))
        case "performance":
            yield FollowUp(f"How good: {where}", asked.next("performance", where=part))
        case "slow":
            slow = f"latency_ms > {float(told.report.subject.counted):.10g} and {part}"
            yield FollowUp("See the slow ones", asked.next("find", order="slowest", where=slow))
        case _:
            yield FollowUp(f"See them: {where}", asked.next("find", where=part))
